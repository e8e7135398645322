"""Whatever pages, files and the API tell of evidence, actions and experiments is what the plan and the publications allow.

The sibling of `test_surfaces`: organizations here hold drawn figures, decisions and trials too. Each surface is parsed and held
against what the domain's plan gives, read by an owner, by the leader of one unit, and by a program that acts for each.
"""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import mean
from typing import Any

import numpy as np
import pytest
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fixtures import any_waves, drawn_changes
from tests.fixtures.drawn_changes import Changes, Moved, Span, may_see
from tests.fixtures.organizations import program, token_of
from tests.fixtures.pages import CheckingClient, Page, words
from tests.fixtures.small_waves import SmallWave
from tests.results.test_surfaces import ASKED, CLOSED, NAMES, Series, Stored, series, store
from webapp.domain.evidence import MEASURES, Told
from webapp.domain.lamps import Sign
from webapp.domain.publication import Publication
from webapp.evidence import queries as book
from webapp.experiments.queries import Chosen
from webapp.extensions import db
from webapp.models import Action, Organization
from webapp.results import kept, lamps
from webapp.results.reading import unit_id
from webapp.transaction import transaction

OUTSIDE = re.compile(
    r"((?:[≤≥] )?\d+ %|hardly any|under half|half or more|under a quarter|a quarter to a half|half to three quarters|nearly all)"
    r" (active in a week|trained)"
)
LIVE = re.compile(r"(\d+) use cases? went live, of (\d+) people|(\d+\.\d) use cases went live for ten people")
OTHERS = re.compile(
    r"(One|\d+) other (?:team|unit)s? without an action there(?:, on average)?: (.*?) \((.*?)\)"
)
MARK = re.compile(r"(?:Move|Trial)-\d+")


@dataclass(frozen=True)
class Reader:
    client: CheckingClient
    program: CheckingClient
    span: Span


@dataclass(frozen=True)
class Drawn:
    """An organization with all that it holds, and its readers."""

    slug: str
    made: list[Publication]
    changes: Changes
    numbers: dict[str, int]
    readers: dict[str, Reader]


@pytest.fixture(scope="module", autouse=True)
def signs() -> Iterator[None]:
    """The drawn questionnaire's practices have signs too, so that its lamps are lit."""
    with pytest.MonkeyPatch.context() as patch:
        found = {"p": Sign("active", 25, 60), "q": Sign("trained", 25, 60), "r": Sign("shipped", 0.5, 2.0)}
        patch.setattr(lamps, "SIGNS", found)
        patch.setattr(lamps, "_built_in", lambda _reading: True)
        yield


def add(app: Flask, stored: Stored, seed: int, *acting: str) -> Drawn:
    """Draw what changes in a stored organization. acting: the units that decide on `q` in the first wave, instead of any."""
    with app.app_context():
        organization = db.session.query(Organization).filter_by(slug=stored.slug).one()
        random = np.random.default_rng(seed)
        changes = drawn_changes.draw(organization.name, stored.made, random, organization.smallest_group)
    if acting:
        ids = {name: unit for unit, name in changes.names.items()}
        changes.actions = [
            Moved(f"Move-{place}", ids[name], "q", stored.made[0].wave, CLOSED[0])
            for place, name in enumerate(acting)
        ]
    with app.app_context(), transaction() as session:
        drawn_changes.store(session, organization.id, changes, stored.made)
    with app.app_context():
        rows = db.session.query(Action).filter_by(organization_id=organization.id)
        numbers = {row.title: row.id for row in rows}
    readers = {
        who: Reader(client, program(app, token_of(app, organization, f"{who}@{stored.slug}.example")), span)
        for who, (client, span) in stored.readers.items()
    }
    return Drawn(stored.slug, stored.made, changes, numbers, readers)


def hold(found: Drawn, *parts: Callable[[Drawn, Reader], int]) -> int:
    """Hold everything, or some parts, against what may be told; how many figures there were."""
    every = parts or (_figures, _results, _marks, _since)
    return sum(part(found, reader) for reader in found.readers.values() for part in every)


# --- figures from outside -----------------------------------------------------------------------------------------


def _figures(found: Drawn, reader: Reader) -> int:
    """The page of each measure, the file, and the API, cell by cell."""
    names, told = found.changes.names, found.changes.told
    seen = {unit: name for unit, name in names.items() if unit is None or may_see(unit, reader.span)}
    looked = 0
    for measure in MEASURES:
        for asked in ("", *(f"&unit={unit}" for unit in list(names)[1:3])):
            response = reader.client.get(f"/o/{found.slug}/evidence?measure={measure}{asked}")
            if response.status_code == 404:
                continue
            first, *rows = Page(response.text).all("table")[0].iter("tr")
            by_name = {drawn_changes.MONTHS[month]: units for month, units in told.items()}
            months = [by_name[words(one)[:3]] for one in first[1:]]
            for row in rows:
                head, *cells = [words(one) for one in row]
                unit = next(
                    (unit for unit, name in seen.items() if re.match(rf"{name}(?: \d+ of|$)", head)), 0
                )
                assert unit != 0, f"{head} is not the reader's"
                for units, cell in zip(months, cells, strict=True):
                    one = units.get(unit)
                    if measure == "spend":
                        assert (cell == "–no figure") == (one is None or one.spend is None), (head, cell)
                    else:
                        assert cell == drawn_changes.cell(one, measure), (head, measure, cell)
                    looked += 1
    rows = csv.DictReader(io.StringIO(reader.client.get(f"/o/{found.slug}/evidence/figures.csv").text))
    in_file = {(row["unit"], row["month"]): (row["people"], row["active"], row["trained"]) for row in rows}
    assert in_file == {
        (seen[unit], month): (str(one.people), _plain(one, "active"), _plain(one, "trained"))
        for month, units in told.items()
        for unit, one in units.items()
        if unit in seen
    }
    for month, units in told.items():
        answer = json.loads(reader.program.get(f"/api/v1/evidence?month={month}&limit=100").text)
        items = {item["unit"]: item for item in [*answer["items"], answer["whole"]] if item}
        assert items.keys() == units.keys() & seen.keys()
        for unit, item in items.items():
            for measure in ("active", "seats", "trained"):
                assert item[measure] == _sent(units[unit], measure)
            assert (item["active_days"], item["spend"]) == (units[unit].active_days, units[unit].spend)
    return looked


def _sent(one: Told, measure: Any) -> dict[str, Any] | None:
    share = one.share(measure)
    if share is None:
        return None
    ends = {"low": share.low, "high": share.high, "percent": share.percent, "word": share.word}
    return ends | {"of": one.covered[measure]}


def _plain(one: Told, measure: Any) -> str:
    share = one.share(measure)
    return "" if share is None else str(share.word if share.percent is None else share.percent)


# --- beside results -----------------------------------------------------------------------------------------------


def _results(found: Drawn, reader: Reader) -> int:
    """What the pages of a unit, of practices and of say and do tell from outside, unit by unit."""
    looked = 0
    for place, one in enumerate(found.made):
        beside, on = found.changes.beside(CLOSED[place]), CLOSED[place]
        base = f"/o/{found.slug}/results/{one.wave}"
        for spot, unit in enumerate(one.units):
            number = unit_id(unit.key)
            may = drawn_changes.may_say(found.changes, beside, number, unit, on)
            practice = f"{base}/practices/{'pqr'[(spot + place) % 3]}?unit={unit.key}"
            for path in (f"{base}/units/{unit.key}", practice):
                response = reader.client.get(path)
                if unit.key != "root" and not may_see(number, reader.span):
                    assert response.status_code == 404, path
                elif response.status_code == 200:
                    said = set(_said(Page(response.text).text()))
                    assert said <= may, (path, said, may)
                    looked += len(said)
        for against in ("active", "shipped"):
            looked += _say_and_do(found, reader, place, beside, f"{base}/hype", against)
    return looked


def _said(text: str) -> Iterator[str]:
    for pattern in (OUTSIDE, LIVE):
        yield from (one.group() for one in pattern.finditer(text))


def _say_and_do(
    found: Drawn, reader: Reader, place: int, beside: dict[int | None, Told], path: str, against: str
) -> int:
    """Row by row, and dot by dot."""
    response = reader.client.get(f"{path}?against={against}")
    if response.status_code == 404:
        return 0
    units = {unit.name: unit for unit in found.made[place].units}
    root = found.made[place].root
    looked = 0
    for row in list(Page(response.text).all("table")[0].iter("tr"))[1:]:
        head, *cells = [words(one) for one in row]
        unit = units.get(head) or (root if head == f"All of {root.name}" else None)
        assert unit is not None, head
        number = unit_id(unit.key)
        assert unit is root or may_see(number, reader.span), f"{head} is not the reader's"
        said = set(_said(" ".join(cells)))
        assert said <= drawn_changes.may_say(found.changes, beside, number, unit, CLOSED[place]), (
            head,
            cells,
        )
        looked += len(said)
    dots = json.loads(reader.client.get(f"{path}.json?against={against}").text)["data"][0]["customdata"]
    for dot in dots:
        unit = units[dot.partition(":")[0]]
        assert may_see(unit_id(unit.key), reader.span), dot
        assert set(_said(dot)) <= drawn_changes.may_say(
            found.changes, beside, unit_id(unit.key), unit, CLOSED[place]
        ), dot
    return looked


# --- actions and experiments --------------------------------------------------------------------------------------


def _marks(found: Drawn, reader: Reader) -> int:
    """Nobody reads the words of an action or of an experiment outside of their units, wherever they may stand."""
    moves = {one.title for one in found.changes.actions if may_see(one.unit, reader.span)}
    trials = {one.title for one in found.changes.experiments if may_see(one.unit, reader.span)}
    base = f"/o/{found.slug}"
    for path in ("actions", "actions/list", "actions/actions.csv", "experiments", "experiments/register.csv"):
        wanted = moves if path.startswith("actions") else trials
        assert set(MARK.findall(reader.client.get(f"{base}/{path}").text)) == wanted, path
    for path, wanted in (("actions/actions.xlsx", moves), ("experiments/register.xlsx", trials)):
        assert set(MARK.findall(_sheet(reader.client.get(f"{base}/{path}").data))) == wanted, path
    for path, wanted in (("actions", moves), ("experiments", trials)):
        assert set(MARK.findall(reader.program.get(f"/api/v1/{path}?limit=100").text)) == wanted, path
    text = reader.client.get(f"{base}/experiments/figures").text
    assert set(MARK.findall(text)) <= trials
    ideas = re.search(r"Of (\d+) ideas", Page(text).text())
    assert (int(ideas[1]) if ideas else 0) == (len(trials) if len(trials) >= 5 else 0)
    for one in found.made:
        overview = reader.client.get(f"{base}/?wave={one.wave}").text
        assert set(MARK.findall(overview)) <= moves | trials
    return len(moves | trials)


def _sheet(content: bytes) -> str:
    import zipfile  # noqa: PLC0415 - for these files alone

    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        return "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".xml"))


def _since(found: Drawn, reader: Reader) -> int:
    """What an action tells of later waves: published scores, and an average of those who may stand beside it."""
    looked = 0
    for action in found.changes.actions:
        response = reader.client.get(f"/o/{found.slug}/actions/{found.numbers[action.title]}")
        if not may_see(action.unit, reader.span):
            assert response.status_code == 404
            continue
        for line in Page(response.text).all("li"):
            text = words(line)
            later = next((place for place, name in enumerate(NAMES) if text.startswith(f"{name} ")), None)
            if later is not None:
                looked += _line(found, reader, action, found.made[later], text)
    return looked


def _line(found: Drawn, reader: Reader, action: Moved, later: Publication, text: str) -> int:
    """Whether it tells of others, after all was held against the publications."""
    earlier = next(one for one in found.made if one.wave == action.wave)
    key = "root" if action.unit is None else f"u{action.unit}"
    scores = re.search(r"(\d+) → (\d+)", text)
    if scores:
        told = [one.units[one.position(key) or 0].teams[action.practice] for one in (earlier, later)]
        assert [int(scores[1]), int(scores[2])] == [one.score for one in told], text
        assert not any(one.guarded for one in told), text
    others = OTHERS.search(text)
    if not others or (action.practice == "p" and later is found.made[-1]):  # one of its questions changed
        return 0
    moved = found.changes.comparable(action, earlier, later, reader.span)
    assert (1 if others[1] == "One" else int(others[1])) == len(moved), (text, moved)
    called = re.match(r"(rose|fell) (\d+)", others[2])
    if called:
        assert abs(mean(moved) - int(called[2]) * (1 if called[1] == "rose" else -1)) <= 0.5, (text, moved)
    return 1


# --- the tests ----------------------------------------------------------------------------------------------------


@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(series(), st.integers(0, 2**32 - 1))
def test_no_surface_tells_more_of_changes_than_the_plan_and_the_publications(
    organizations: Flask, drawn: Series, seed: int
) -> None:
    assert hold(add(organizations, store(organizations, drawn), seed))


@pytest.fixture(scope="module")
def known(organizations: Flask) -> Drawn:
    """An organization large enough that each kind of fault shows in it."""
    random = np.random.default_rng(4)
    departments = {
        top: {f"{top}-{number}": 12 for number in range(size)} for top, size in (("D", 3), ("E", 4))
    }
    grown = any_waves.tree({**departments, "V": 7, "W": 3})
    heads = [node.headcount for node in grown.nodes]
    waves = [
        SmallWave(
            ASKED[place // 2],
            grown,
            any_waves.random_answers(random, grown, heads, 7, 0.95, 0.0),
            k=3,
            closed=closed,
            id=place + 1,
        )
        for place, closed in enumerate(CLOSED)
    ]
    found = add(organizations, store(organizations, Series(tuple(waves), 1)), 11, "D-0", "E-0", "E-1")
    for part in (_figures, _results, _marks, _since):
        assert hold(found, part), part
    return found


def _everybody(months: list[Any], *, k: int) -> frozenset[int]:
    del k
    return frozenset(unit for month in months for unit in month.figures)


Part = Callable[[Drawn, Reader], int]
FAULTS: dict[str, tuple[Part, str, Callable[..., Any] | int]] = {
    "every unit with figures is told": (_figures, "webapp.domain.evidence_plan.shown", _everybody),
    "numbers where there should be words": (
        _figures,
        "webapp.domain.evidence_plan._held",
        lambda _tree, planned, *_, **__: planned | True,
    ),
    "units outside of the span stand on the page": (
        _figures,
        "webapp.evidence.queries.readable",
        lambda organization_id, _span: book.places(organization_id),
    ),
    "a unit has the figures of the whole": (
        _results,
        "webapp.results.outside.Outside.told",
        lambda self, _reading, _position: self.snapshot.units.get(None) if self.snapshot else None,
    ),
    "actions of everybody": (
        _marks,
        "webapp.actions.queries._within",
        lambda actor, found: found.where(Action.organization_id == actor.organization.id),
    ),
    "experiments of everybody": (_marks, "webapp.experiments.asked.chosen", Chosen),
    "one unseen unit suffices for an average": (_since, "webapp.results.beside.LEAST_UNSEEN", 1),
    "those who acted stand beside": (
        _since,
        "webapp.results.beside._without",
        lambda reading, kind, _acted: [
            place
            for place, unit in enumerate(reading.publication.units)
            if (len(drawn_changes.up(reading.publication, place)) - 1, unit.leaf) == kind
        ],
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_would_be_found_out(known: Drawn, fault: str, monkeypatch: pytest.MonkeyPatch) -> None:
    part, target, wrong = FAULTS[fault]
    monkeypatch.setattr(target, wrong)
    _forget()
    with pytest.raises(AssertionError):
        hold(known, part)
    _forget()


def _forget() -> None:
    """Pages and figures that were made rightly are not to be had from memory."""
    kept._kept.clear()
    book._cache.clear()
