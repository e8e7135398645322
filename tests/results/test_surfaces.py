"""Whatever is shown of any series of waves is in its publications: pages, figures and files are parsed and held against them.

The organizations here hold no response, no ballot and no assessment: what a surface says cannot come from anywhere else.
What remains to be shown is that each figure stands where it belongs, and that nobody reads what is not theirs.
"""

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Any

import numpy as np
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from werkzeug.routing import Rule

from tests.fixtures import any_waves as attack
from tests.fixtures import derived
from tests.fixtures.documents import LIKELY, NO_SCORES, Document, as_csv, figures
from tests.fixtures.organizations import add_member, create, sign_in
from tests.fixtures.pages import CheckingClient, Page, words
from tests.fixtures.small_waves import SmallWave
from webapp import catalog, publications
from webapp.domain.publication import INDEX, Cell, Publication, UnitResult
from webapp.domain.tree import Tree
from webapp.models import Organization, QuestionnaireCopy, Unit, Wave
from webapp.results.reading import unit_id
from webapp.transaction import transaction

LEVELS = "[Never, Seldom, Sometimes, Often, Always]"
CLOSED = (date(2026, 1, 31), date(2026, 4, 30), date(2026, 7, 31))
NAMES = ("January", "April", "July")  # without digits, which would read as scores
RANGE = re.compile(r"(\d+)–(\d+)")
number = count(1)
Triples = set[tuple[int, int, int]]


def text_of(version: int) -> str:
    """A questionnaire whose second version changes one of three questions of a practice, and both of another."""
    newer = [f"        revision: {version}"]
    lines = ["key: surfaces", f"version: {version}", "title: Surfaces", "practices:"]
    for practice, referent, items in (("p", "self", 3), ("q", "self", 1), ("r", "team", 2)):
        lines += [
            f"  - key: {practice}",
            f"    title: Practice {practice.upper()}",
            f"    referent: {referent}",
            "    advice:",
            "      - {below: 80, do: Begin., first_step: Ask one., why: It helps., talk_first: Do we agree?}",
            "    items:",
        ]
        for place in range(1, items + 1):
            changed = practice == "r" or (practice, place) == ("p", 3)
            lines += [*_item(f"{practice}{place}", "team"), *(newer if changed else [])]
        if practice == "q":
            lines += [*_item("q_belief", "team"), "        scored: false", "        mirrors: q1"]
        lines += [*_item(f"{practice}_lead", "leader"), f"        mirrors: {practice}1"]
    return "\n".join(lines)


def _item(key: str, form: str) -> list[str]:
    return [
        f"      - key: {key}",
        f"        forms: [{form}]",
        f"        text: How often does {key} happen?",
        f"        levels: {LEVELS}",
    ]


TEXTS = tuple(text_of(version) for version in (1, 2))
ASKED = tuple(catalog.parse(text, catalog.digest_of(text)) for text in TEXTS)


@dataclass(frozen=True)
class Series:
    """Three waves of nearly the same people; the questionnaire changes before the last one."""

    waves: tuple[SmallWave, ...]
    led: int

    def published(self) -> list[Publication]:
        found: list[Publication] = []
        for wave in self.waves:
            found.append(wave.changed(earlier=tuple(found)).publication())
        return found


@st.composite
def series(draw: st.DrawFn) -> Series:
    grown = attack.tree(draw(attack.heads(14)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    guard: Any = draw(st.sampled_from(["standard", "standard", "strict"]))
    rate, missing = draw(st.sampled_from([0.6, 0.8, 1.0])), draw(st.sampled_from([0.0, 0.2]))
    moving, k = draw(st.sampled_from([0.0, 0.3])), draw(st.integers(3, 5))
    found = []
    for place, closed in enumerate(CLOSED):
        heads = [node.headcount for node in grown.nodes]
        answers = attack.random_answers(random, grown, heads, 7, rate, missing)
        wave = SmallWave(ASKED[place // 2], grown, answers, k=k, guard=guard, closed=closed, id=place + 1)
        found.append(attack.with_leaders(wave, random, 0.1))
        grown = _moved(grown, random, moving)
    return Series(tuple(found), draw(st.integers(1, len(grown) - 1)))


def _moved(of: Tree, random: np.random.Generator, moving: float) -> Tree:
    """Some join, some leave."""
    nodes = []
    for node, below in zip(of.nodes, of.children, strict=True):
        change = int(random.integers(-3, 4)) if random.random() < moving else 0
        people = 0 if below or node.parent is None else max(1, node.headcount + change)
        nodes.append(replace(node, headcount=people, leaders=0))
    return Tree(tuple(nodes))


@dataclass(frozen=True)
class Stored:
    """An organization that holds publications and nothing else, and its readers: the owner and a leader of one unit."""

    slug: str
    made: list[Publication]
    readers: dict[str, tuple[CheckingClient, frozenset[int] | None]]


def store(app: Flask, drawn: Series) -> Stored:
    slug = f"org-{next(number)}"
    organization = create(app, slug, f"Organization {slug}")
    tree = drawn.waves[0].tree
    ids = {f"{node.key}": organization.id * 1000 + place for place, node in enumerate(tree.nodes) if place}
    made = []
    with app.app_context(), transaction() as session:
        for place, node in enumerate(tree.nodes):
            if node.parent is not None:
                above = tree.nodes[node.parent]
                session.add(
                    Unit(
                        id=ids[node.key],
                        organization_id=organization.id,
                        parent_id=ids.get(above.key),
                        name=node.name,
                        name_key=node.name.casefold(),
                        headcount=node.headcount,
                        position=place,
                    )
                )
                session.flush()
        copies = _copies(session, organization)
        for place, drawn_one in enumerate(drawn.published()):
            copy = copies[place // 2]
            wave = _wave(session, organization, place, copy, drawn_one)
            units = tuple(_keyed(unit, ids) for unit in drawn_one.units)
            publication = replace(
                drawn_one,
                wave=wave,
                name=NAMES[place],
                units=units,
                questionnaire_digest=copy.digest,
            )
            publications.store(session, organization_id=organization.id, publication=publication)
            made.append(publication)
    led = ids[tree.nodes[drawn.led].key]
    add_member(app, organization, f"leader@{slug}.example", "leader", led)
    span = frozenset(ids[tree.nodes[place].key] for place in tree.below(drawn.led))
    return Stored(
        slug,
        made,
        {
            "owner": (sign_in(app, organization, f"owner@{slug}.example"), None),
            "leader": (sign_in(app, organization, f"leader@{slug}.example"), span),
        },
    )


def _copies(session: Any, organization: Organization) -> list[QuestionnaireCopy]:
    copies = [
        QuestionnaireCopy(
            organization_id=organization.id,
            key="surfaces",
            version=version,
            digest=catalog.digest_of(text),
            text=text,
        )
        for version, text in enumerate(TEXTS, 1)
    ]
    session.add_all(copies)
    session.flush()
    return copies


def _wave(
    session: Any, organization: Organization, place: int, copy: QuestionnaireCopy, found: Publication
) -> int:
    wave = Wave(
        organization_id=organization.id,
        questionnaire_copy_id=copy.id,
        questionnaire_key=copy.key,
        form="team",
        leader_form="leader",
        name=NAMES[place],
        status="published",
        opened_on=CLOSED[place],
        smallest_group=found.smallest_group,
        time_guard=found.time_guard,
    )
    session.add(wave)
    session.flush()
    return wave.id


def _keyed(unit: UnitResult, ids: dict[str, int]) -> UnitResult:
    return unit if unit.key == "root" else replace(unit, key=f"u{ids[unit.key]}")


def seen(unit: UnitResult, span: frozenset[int] | None) -> bool:
    return span is None or unit.key == "root" or unit_id(unit.key) in span


def visible(made: list[Publication], span: frozenset[int] | None) -> set[tuple[int, int, int]]:
    """(score, low, high) of everything that a reader may see of a series."""
    cells: list[Cell] = []
    for publication in made:
        for unit in publication.units:
            if seen(unit, span):
                boards = [unit.teams, unit.leaders, *(named.cells for named in unit.named)]
                cells += [cell for board in boards for cell in board.values()]
        for residual in (*publication.residuals, *publication.leader_residuals):
            if all(seen(publication.units[place], span) for place in (residual.below, *residual.units)):
                cells.append(residual.cell)
    return {
        (cell.score, cell.low, cell.high)
        for cell in cells
        if cell.score is not None and cell.low is not None and cell.high is not None
    }


def addresses(app: Flask, stored: Stored) -> list[str]:
    """Every address of the feature `results` for each wave, for the whole and some units of the last."""
    found = []
    keys = [unit.key for unit in stored.made[-1].units]
    keys = [*keys[:1], *keys[1 :: max(1, len(keys) // 5)]]  # the whole, and some of the others
    pairs = [f"?unit={keys[0]}&unit={keys[-1]}", f"?unit={keys[len(keys) // 2]}&unit={keys[-1]}"]
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("results.") and "GET" in (rule.methods or ()):
            for publication in stored.made:
                for key in chosen(rule, publication, stored, keys):
                    values = {"slug": stored.slug, "wave_id": publication.wave, "key": key, "practice": "p"}
                    named = {name: values[name] for name in rule.arguments}
                    built = app.url_map.bind("localhost").build(rule.endpoint, named)
                    found += [built, *(built + pair for pair in pairs if "key" not in rule.arguments)]
    return list(dict.fromkeys(found))


def chosen(rule: Rule, publication: Publication, stored: Stored, keys: list[str]) -> list[str]:
    """The units for which an address is asked; a document, which takes its time, of one unit of the last wave."""
    if rule.rule.endswith(".pdf"):
        return [keys[publication.wave % len(keys)]] if publication is stored.made[-1] else []
    return keys if "key" in rule.arguments else keys[:1]


def triples(page: Page) -> Iterator[tuple[str, tuple[int, int, int]]]:
    """Scores with their ranges: “49 47–51” in tables, “49 (likely 47 to 51)” in sentences."""
    for element in page.elements:
        if element.tag == "small" and (found := RANGE.fullmatch(words(element))):
            around = words(page.parents[element])
            before = re.findall(r"\d+", around[: around.rindex(found[0])])
            assert before, f"a range without a score: {around}"
            yield around, (int(before[-1]), int(found[1]), int(found[2]))
    text = page.text()
    for found in LIKELY.finditer(text):
        around = text[max(0, found.start() - 30) : found.end()]
        if not NO_SCORES.search(around):
            yield around, (int(found[1]), int(found[2]), int(found[3]))


def of_page(path: str, text: str, allowed: set[tuple[int, int, int]]) -> int:
    """Hold every score of a page against the publications; how many there were."""
    looked = 0
    for around, triple in triples(Page(text)):
        assert triple in allowed, f"{path} says {around!r}, and no publication that the reader may see does"
        looked += 1
    return looked


def of_document(path: str, content: bytes, allowed: set[tuple[int, int, int]]) -> int:
    told = list(figures(Document(content).text))
    assert {triple for _around, triple in told} <= allowed, f"{path} says what no publication holds: {told}"
    return len(told)


def of_csv(path: str, text: str, publication: Publication, span: frozenset[int] | None) -> None:
    """The file holds each shown cell of the reader's units, as it is published, and no other."""
    rows = {(row["unit"], row["practice"]): row for row in csv.DictReader(io.StringIO(text))}
    wanted = {
        (unit.name, key): cell
        for unit in publication.units
        if seen(unit, span)
        for key, cell in unit.teams.items()
        if key in {"index", "p", "q", "r"}
    }
    assert rows.keys() == wanted.keys(), path
    for place, cell in wanted.items():
        told = tuple(rows[place][name] for name in ("score", "low", "high"))
        assert told == tuple("" if one is None else str(one) for one in (cell.score, cell.low, cell.high))
        assert rows[place]["n"] == ("" if cell.score is None else str(cell.n))


def of_json(
    path: str, text: str, made: list[Publication], span: frozenset[int] | None, more: Triples
) -> None:
    """A figure or file names only units that are the reader's, or right above them."""
    units = made[-1].units
    above = {unit.parent for unit in units if seen(unit, span)}  # a unit's row may say what it belongs to
    hidden = {unit.name for place, unit in enumerate(units) if not seen(unit, span) and place not in above}
    allowed = visible(made, span) | more
    for value in _values(json.loads(text)):
        if isinstance(value, str):
            assert value not in hidden, f"{path} names {value}"
        elif isinstance(value, dict):
            for triple in _figures(value):
                assert triple in allowed, f"{path} holds {triple}, and no publication that one may see does"


def _figures(plain: dict[str, Any]) -> Iterator[tuple[int, int, int]]:
    """Scores with their ranges: as a file has them, and as the points of a chart."""
    if {"score", "low", "high"} <= plain.keys():
        yield plain["score"], plain["low"], plain["high"]
    bars = plain.get("error_y")
    if bars:
        for score, below, above in zip(plain["y"], bars["arrayminus"], bars["array"], strict=True):
            if score is not None:
                yield score, score - below, score + above


def _values(plain: Any) -> Iterator[Any]:
    if isinstance(plain, dict):
        yield plain
        for key, value in plain.items():
            yield key
            yield from _values(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from _values(value)
    else:
        yield plain


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each example publishes three waves: no shrinking
)
@given(series())
def test_no_surface_shows_a_number_that_the_publications_do_not_hold(
    organizations: Flask, drawn: Series
) -> None:
    stored = store(organizations, drawn)
    looked = 0
    for client, span in stored.readers.values():
        allowed = visible(stored.made, span)
        for path in addresses(organizations, stored):
            response = client.get(path)
            named = (one for one in stored.made if f"/results/{one.wave}/" in path)
            publication = next(named, stored.made[-1])
            places = [place for place, unit in enumerate(publication.units) if seen(unit, span)]
            more = derived.besides(path, publication, places)
            if response.status_code == 404:
                figure = path.partition("?")[0].endswith((".json", ".pdf"))  # there may be nothing to draw
                assert span is not None or figure, path
            elif response.mimetype == "text/html":
                looked += of_page(path, response.text, allowed | more)
            elif response.mimetype == "application/pdf":
                looked += of_document(path, response.data, allowed)
            elif not response.mimetype.endswith("json"):
                of_csv(path, as_csv(response.data), publication, span)
            else:
                of_json(path, response.text, stored.made, span, more)
    whole = stored.made[-1].root.teams.get(INDEX)
    assert looked or whole is None or whole.score is None, "no page shows a score that is there"
