"""An organization of fourteen teams with four published waves, made by hand; its figures are invented."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.fixtures.applications import application_in
from tests.fixtures.organizations import add_member, create, sign_in
from webapp import catalog, publications
from webapp.domain import findings, standing
from webapp.domain.intervals import interval
from webapp.domain.publication import (
    INDEX,
    Agreement,
    Cell,
    Constants,
    Finding,
    NamedLeader,
    Publication,
    Residual,
    SpreadFigures,
    UnitResult,
)
from webapp.extensions import db
from webapp.models import AuditEvent, Organization, QuestionnaireCopy, Unit, Wave
from webapp.results.reading import Reading
from webapp.transaction import transaction

Changed = Callable[..., Reading]
Retold = Callable[[Reading], Reading]

ROOT = Path(__file__).parents[2]
PRACTICES = (
    "decentralize",
    "fire_ready_aim",
    "solidify",
    "simplify",
    "amplify",
    "room_to_try",
    "open_doors",
    "follow_value",
    "build_and_check",
)
# name, key, parent, answers, head count, nine scores; without scores the unit is hidden
ROWS: tuple[tuple[str, str, int | None, int, int, tuple[int, ...]], ...] = (
    ("Kestrel Freight", "root", None, 120, 171, (49, 38, 47, 34, 30, 51, 42, 38, 36)),
    ("Customer", "u1", 0, 32, 43, (51, 38, 46, 36, 32, 51, 43, 38, 38)),
    ("Onboarding", "u2", 1, 7, 9, (53, 42, 44, 35, 32, 48, 50, 42, 33)),
    ("Support North", "u3", 1, 14, 18, (60, 44, 50, 46, 42, 58, 42, 36, 46)),
    ("Support South", "u4", 1, 11, 16, (37, 29, 41, 25, 20, 43, 39, 37, 32)),
    ("Corporate", "u5", 0, 19, 26, (41, 33, 40, 27, 28, 48, 38, 40, 29)),
    ("Finance", "u6", 5, 9, 12, (43, 35, 41, 32, 32, 52, 41, 49, 32)),
    ("Legal", "u7", 5, 0, 7, ()),
    ("People", "u8", 5, 0, 7, ()),
    ("Engineering", "u9", 0, 38, 45, (63, 50, 61, 49, 39, 65, 53, 46, 48)),
    ("Booking", "u10", 9, 12, 14, (61, 56, 52, 47, 45, 65, 45, 41, 48)),
    ("Data platform", "u11", 9, 9, 10, (89, 69, 88, 75, 45, 83, 79, 71, 74)),
    ("Mobile", "u12", 9, 8, 10, (53, 37, 50, 36, 32, 59, 47, 39, 31)),
    ("Tracking", "u13", 9, 9, 11, (49, 36, 57, 36, 33, 54, 42, 36, 36)),
    ("Operations", "u14", 0, 31, 57, (33, 26, 34, 18, 18, 36, 30, 28, 22)),
    ("Customs", "u15", 14, 6, 8, (48, 26, 40, 26, 24, 47, 30, 34, 26)),
    ("Dispatch", "u16", 14, 12, 15, (26, 29, 35, 12, 18, 39, 30, 29, 21)),
    ("Fleet", "u17", 14, 0, 12, ()),
    ("Warehouse", "u18", 14, 13, 22, (33, 23, 31, 20, 16, 27, 30, 24, 21)),
)
OTHERS_OF_CORPORATE = (10, 14, (40, 32, 39, 23, 25, 44, 36, 32, 26))
LEADERS = (70, 47, 53, 58, 42, 64, 57, 58, 40)


def residual_cells(key: str) -> tuple[tuple[int, int, int], ...]:
    n, invited, scores = OTHERS_OF_CORPORATE
    return ((n, invited, scores[PRACTICES.index(key)]),) if key in PRACTICES else ()


SPREAD = {
    key: SpreadFigures(
        mean_square_within=within,
        reach=reach,
        top_share=top,
        gini=0.3,
        lorenz=(0, 2, 7, 14, 22, 31, 41, 53, 67, 100 - top, 100),
        residual_cells=residual_cells(key),
    )
    for key, within, reach, top in (
        ("solidify", 450.0, 24, 20),
        ("simplify", 430.0, 8, 24),
        ("room_to_try", 470.0, 31, 19),
        ("self", 250.0, 18, 19),
    )
}
SHIFTS = (
    (12, 9, 10, 4, 5, 19, 7, 1, -6),
    (8, 5, 6, 3, 4, 12, 5, 2, -6),
    (3, 2, 3, -2, 1, 9, 1, 3, 2),
    (0,) * 9,
)
NAMES = ("February", "May", "August", "November")
KNOWN = Constants(phi=0.19, r=0.65)
KNOWN_INDEX = Constants(phi=0.08, r=0.85)


def cell(score: int, n: int, invited: int, known: Constants = KNOWN, **more: Any) -> Cell:
    score = min(95, max(5, score))
    low, high = interval(score, n, invited, known.phi, known.r)
    return Cell(n, invited, score, int(low), int(high), min(score // 20, 4), **more)


def cells(scores: tuple[int, ...], n: int, invited: int, **more: Any) -> dict[str, Cell]:
    if not scores:
        return {}
    found = {INDEX: cell(round(sum(scores) / len(scores)), n, invited, KNOWN_INDEX)}
    for place, key in enumerate(PRACTICES):
        word = ("mixed", "close", "mixed", "close", "close", "mixed", "close", "mixed", "close")[place]
        found[key] = cell(scores[place], n, invited, agreement=Agreement(word), unknown=4 + place, **more)
    return found


def marked(units: list[UnitResult]) -> list[UnitResult]:
    """Every shown leaf against the rest and in its quarter, as publishing does it."""
    leaves = [place for place, unit in enumerate(units) if unit.leaf and unit.teams]
    found = {place: dict(unit.teams) for place, unit in enumerate(units) if unit.teams}
    known = dict.fromkeys(PRACTICES, KNOWN) | {INDEX: KNOWN_INDEX}
    standing.mark(found, leaves, known, dict.fromkeys(PRACTICES, 1.0), (0, 20, 40, 60, 80), k=5)
    return [replace(unit, teams=found.get(place, {})) for place, unit in enumerate(units)]


def detailed(unit: UnitResult, questionnaire: Any, form: str) -> UnitResult:
    """What the detail plan allows: distribution, item means, agreement in numbers."""
    teams = dict(unit.teams)
    for variable in questionnaire.variables(form):
        if variable.scored:
            old = teams[variable.key]
            means = {
                item.key: max(0, (old.score or 0) + 6 * (-1) ** place)
                for place, item in enumerate(variable.items)
            }
            word = (
                "divided" if variable.key == "simplify" else old.agreement.word if old.agreement else "mixed"
            )
            teams[variable.key] = replace(
                old, histogram=(old.n - 6, 2, 2, 1, 1), item_means=means, agreement=Agreement(word, 0.9)
            )
    return replace(unit, teams=teams)


def published(wave: int, place: int, questionnaire: Any, digest: str, form: str = "team-core") -> Publication:
    """The `place`-th wave: its scores are those of the last one less a shift."""
    units = []
    for name, key, parent, n, invited, scores in ROWS:
        leaf = not any(row[2] is not None and ROWS[row[2]][1] == key for row in ROWS)
        earlier = tuple(score - shift for score, shift in zip(scores, SHIFTS[place], strict=bool(scores)))
        units.append(
            UnitResult(
                key,
                name,
                parent,
                invited,
                leaf,
                "over half" if invited >= 10 else None,
                cells(earlier, n, invited),
                {},
                low_response=bool(scores) and n < 0.6 * invited,
            )
        )
    units = [
        detailed(unit, questionnaire, form) if unit.teams and unit.teams[INDEX].n >= 10 else unit
        for unit in marked(units)
    ]
    leaders = {
        key: cell(score - SHIFTS[place][spot], 9, 11)
        for spot, (key, score) in enumerate(zip(PRACTICES, LEADERS, strict=True))
    }
    units[0] = replace(units[0], leaders=leaders | {INDEX: cell(54, 9, 11, KNOWN_INDEX)})
    lead = {
        key: cell(score, 1, 1)
        for key, score in zip(PRACTICES, (71, 58, 55, 66, 48, 74, 62, 57, 44), strict=True)
    }
    units[16] = replace(units[16], named=(NamedLeader(1, lead | {INDEX: cell(59, 1, 1, KNOWN_INDEX)}),))
    n, invited, scores = OTHERS_OF_CORPORATE
    others = cells(
        tuple(score - shift for score, shift in zip(scores, SHIFTS[place], strict=True)), n, invited
    )
    known = dict.fromkeys(PRACTICES, KNOWN) | {INDEX: KNOWN_INDEX}
    publication = Publication(
        wave=wave,
        name=f"{NAMES[place]} 2025",
        closed_on=f"2025-{2 + 3 * place:02}-28",
        questionnaire=questionnaire.identity,
        questionnaire_digest=digest,
        form=form,
        leader_form="leader-core",
        smallest_group=5,
        time_guard="standard",
        confidence=0.9,
        invited=171,
        participation=70,
        leaders_answered=9,
        constants=known,
        leader_constants=known,
        spread=SPREAD,
        units=tuple(units),
        residuals=tuple(Residual(5, (7, 8), key, found) for key, found in others.items()),
        leader_residuals=(),
        findings=(),
    )
    told = findings.added(publication, questionnaire)
    return replace(told, findings=(*told.findings, Finding("from_a_later_program", 0, None, {})))


def texts() -> tuple[str, str]:
    """The built-in questionnaire, and a second version of it."""
    text = (ROOT / "questionnaires" / "ai-adoption-1.yaml").read_text(encoding="utf-8")
    return text, second_version(text)


def second_version(text: str) -> str:
    """The questionnaire with other questions in one practice, and one of two changed in another."""
    text = text.replace("version: 1", "version: 2", 1)
    for item in ("P8.T1", "P8.T2", "P9.T2"):
        head, _, tail = text.partition(f"      - key: {item}\n")
        tail = tail.replace("        text: ", "        revision: 2\n        text: ", 1)
        text = f"{head}      - key: {item}\n{tail}"
    return text


def organization(app: Flask, slug: str, name: str) -> Organization:
    """An organization with its units, an owner, a leader of Operations and an auditor."""
    made = create(app, slug, name)
    with app.app_context(), transaction() as session:
        for spot, (title, _key, parent, _n, invited, _scores) in enumerate(ROWS[1:], 1):
            session.add(
                Unit(
                    id=made.id * 100 + spot,
                    organization_id=made.id,
                    parent_id=made.id * 100 + parent if parent else None,
                    name=title,
                    name_key=title.casefold(),
                    headcount=invited,
                    position=spot,
                )
            )
            session.flush()
    add_member(app, made, f"leader@{slug}.example", "leader", made.id * 100 + 14)
    add_member(app, made, f"auditor@{slug}.example", "auditor")
    return made


def wave(session: Any, organization_id: int, place: int, copy: QuestionnaireCopy) -> int:
    opened = Wave(
        organization_id=organization_id,
        questionnaire_copy_id=copy.id,
        questionnaire_key=copy.key,
        form="team-core",
        leader_form="leader-core",
        name=f"{NAMES[place]} 2025",
        status="published",
        opened_on=date(2025, 2 + 3 * place, 1),
        closes_on=None,
        closed_at=None,
        published_at=None,
        smallest_group=5,
        time_guard="standard",
    )
    session.add(opened)
    session.flush()
    return opened.id


def keyed(publication: Publication, organization_id: int) -> Publication:
    """The publication with the keys of the organization's own units."""
    units = tuple(
        unit if unit.key == "root" else replace(unit, key=f"u{organization_id * 100 + int(unit.key[1:])}")
        for unit in publication.units
    )
    return replace(publication, units=units)


def fill(app: Flask, organization_id: int) -> list[Publication]:
    made = []
    with app.app_context(), transaction() as session:
        copies = []
        for version, words in enumerate(texts(), 1):
            digest = catalog.digest_of(words)
            copies.append(
                QuestionnaireCopy(
                    organization_id=organization_id,
                    key="ai-adoption",
                    version=version,
                    digest=digest,
                    text=words,
                )
            )
        session.add_all(copies)
        session.flush()
        for place in range(4):
            copy = copies[place // 2]
            identity = wave(session, organization_id, place, copy)
            publication = keyed(
                published(identity, place, catalog.parse(copy.text, copy.digest), copy.digest),
                organization_id,
            )
            publications.store(session, organization_id=organization_id, publication=publication)
            made.append(publication)
    return made


@pytest.fixture(scope="session")
def kestrel(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[SimpleNamespace]:
    """The application with two organizations: one with four waves, one with none."""
    app = application_in(tmp_path_factory.mktemp("kestrel"), template)
    first, second = organization(app, "kestrel", "Kestrel Freight"), create(app, "heron", "Heron Mills")
    made = fill(app, first.id)
    yield SimpleNamespace(
        app=app,
        id=first.id,
        waves=[publication.wave for publication in made],
        last=made[-1],
        made=made,
        questionnaires=[catalog.parse(one, catalog.digest_of(one)) for one in texts() for _twice in (1, 2)],
        owner=sign_in(app, first, "owner@kestrel.example"),
        leader=sign_in(app, first, "leader@kestrel.example"),
        auditor=sign_in(app, first, "auditor@kestrel.example"),
        stranger=sign_in(app, second, "owner@heron.example"),
        actions=lambda: actions(app, first.id),
    )
    with app.app_context():
        db.engine.dispose()


def actions(app: Flask, organization_id: int) -> list[str]:
    """What the audit log says, in order."""
    found = select(AuditEvent.action).where(AuditEvent.organization_id == organization_id)
    with app.app_context():
        return list(db.session.scalars(found.order_by(AuditEvent.sequence)))


@pytest.fixture
def reading(kestrel: SimpleNamespace) -> Iterator[Reading]:
    """The last wave as an owner reads it, inside a request in English."""
    with kestrel.app.test_request_context():
        yield Reading("kestrel", kestrel.last, kestrel.questionnaires[-1])


@pytest.fixture
def changed() -> Changed:
    """`changed(reading, position, key, **values)`: the same reading with another cell of one unit."""

    def change(reading: Reading, position: int, key: str, **values: Any) -> Reading:
        units = list(reading.publication.units)
        teams = dict(units[position].teams)
        teams[key] = replace(teams[key], **values)
        units[position] = replace(units[position], teams=teams)
        publication = replace(reading.publication, units=tuple(units))
        return Reading(reading.slug, publication, reading.questionnaire, reading.span)

    return change


@pytest.fixture
def retold() -> Callable[[Reading], Reading]:
    """`retold(reading)`: the reading with what its changed figures say."""
    return lambda reading: replace(
        reading, publication=findings.added(reading.publication, reading.questionnaire)
    )


@pytest.fixture(scope="session")
def publish_four() -> Callable[[Flask], tuple[Organization, list[Publication]]]:
    """`publish_four(app)`: the organization and its four waves in another application."""

    def make(app: Flask) -> tuple[Organization, list[Publication]]:
        made = organization(app, "kestrel", "Kestrel Freight")
        return made, fill(app, made.id)

    return make


@pytest.fixture(scope="module")
def organizations(tmp_path_factory: pytest.TempPathFactory, template: Path) -> Iterator[Flask]:
    app = application_in(tmp_path_factory.mktemp("surfaces"), template)
    yield app
    with app.app_context():
        db.engine.dispose()
