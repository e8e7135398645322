"""Organizations of a wanted size: made by the product's own commands, only the answers written in bulk."""

import io
import itertools
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import from_environment
from tests.benchmarks.server import environment
from webapp import create_app, prepare_database, questionnaires
from webapp.access import sessions
from webapp.extensions import db
from webapp.models import Organization, Wave, WaveUnit
from webapp.organizations import commands as organizations
from webapp.transaction import compact, transaction
from webapp.units import commands as units
from webapp.waves import opening, queries

FORM = "team"
ANSWERED = 0.8  # of the people asked
OWNER = "owner@example.org"
CHUNK = 20_000

Levels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Asked:
    """An organization with one open wave."""

    organization: int
    slug: str
    wave: int


def application(data: Path) -> Flask:
    app = create_app(from_environment(environment(data)))
    prepare_database(app)
    return app


def units_csv(count: int, people: int) -> bytes:
    """`count` units in three levels: a division for each hundred, a department for each ten, teams of unequal size."""
    divisions, departments = max(1, count // 100), max(1, count // 10)
    teams = count - divisions - departments
    weights = np.random.default_rng(3).lognormal(0, 0.5, teams)
    sizes = np.maximum(1, np.floor(people * weights / weights.sum())).astype(int)
    sizes[: people - sizes.sum()] += 1  # what flooring lost
    out = io.StringIO()
    out.write("unit,parent,headcount\n")
    out.writelines(f"Division {one},,\n" for one in range(divisions))
    out.writelines(f"Department {one},Division {one % divisions},\n" for one in range(departments))
    out.writelines(
        f"Team {one},Department {one % departments},{size}\n" for one, size in enumerate(sizes.tolist())
    )
    return out.getvalue().encode()


def ask(slug: str, *, units_count: int, people: int) -> Asked:
    """Make an organization and open a wave of the long form for it."""
    made = organizations.create_organization(slug=slug, name=slug.title(), owner=OWNER, by=None)
    units.import_units(organization=made, data=units_csv(units_count, people), file="units.csv", by=None)
    wave = open_wave(made)
    return Asked(made.id, slug, wave.id)


def open_wave(organization: Organization, name: str = "First") -> Wave:
    asked = questionnaires.available().get("ai-adoption")
    return opening.open_wave(
        organization=organization,
        questionnaire=asked.questionnaire,
        text=asked.text,
        form=FORM,
        name=name,
        by=None,
    )


def levels(count: int, items: int, places: npt.NDArray[np.int64], seed: int = 5) -> Levels:
    """(count, items) levels 1..5 that differ by place and person, with some opt-outs (6) and gaps (0)."""
    random = np.random.default_rng(seed)
    offset = random.normal(0, 0.6, int(places.max()) + 1).astype(np.float32)[places]
    person = random.standard_normal(count, dtype=np.float32) * 0.6
    exact = random.standard_normal((count, items), dtype=np.float32) * 0.7
    exact += (2.9 + offset + person)[:, np.newaxis]
    chosen = np.clip(np.floor(exact + 0.5), 1, 5).astype(np.uint8)
    draw = random.random((count, items), dtype=np.float32)
    chosen[draw < 0.03] = 6
    chosen[draw > 0.99] = 0
    return np.asarray(chosen)


def answer(asked: Asked, *, ballots: bool, total: int | None = None) -> int:
    """Write the wave's answers, and with `ballots` one for each person asked; returns how many answers.

    In bulk and on SQLite alone: a million of them through the product's own form would take an hour.
    """
    wave = queries.one(asked.organization, asked.wave)
    leaves = [unit for unit in queries.units(wave) if unit.headcount]
    counts = _counts([unit.headcount for unit in leaves], total)
    spent = {unit.position: count for unit, count in zip(leaves, counts, strict=True)}
    places = np.repeat(list(spent), counts)
    J = len(queries.questionnaire(wave).items(FORM))
    letters = np.frombuffer(b"-12345?", dtype=np.uint8)[levels(len(places), J, places)]
    texts = letters.tobytes().decode("ascii")
    order = np.random.default_rng(9).permutation(len(places)).tolist()  # they come in any order
    responses = (
        (
            asked.wave,
            secrets.token_bytes(16),
            asked.organization,
            int(places[row]),
            texts[row * J : row * J + J],
        )
        for row in order
    )
    with transaction() as session:
        _insert(session, "response (wave_id, id, organization_id, position, answers)", responses)
        if ballots:
            heads = {unit.position: unit.headcount for unit in leaves}
            _insert(
                session,
                "ballot (token_hash, organization_id, wave_id, position, shared, spent)",
                _minted(asked, heads, spent),
            )
        session.execute(
            update(WaveUnit),
            [
                {
                    "wave_id": asked.wave,
                    "position": position,
                    "spent": count,
                    "link": "single" if ballots else None,
                }
                for position, count in spent.items()
            ],
        )
    return len(places)


def _counts(heads: list[int], total: int | None) -> list[int]:
    """How many answer of each leaf: four in five, and in sum exactly `total` where one is given."""
    counts = [round(count * ANSWERED) for count in heads]
    missing = 0 if total is None else total - sum(counts)
    step = 1 if missing > 0 else -1
    for place in itertools.cycle(range(len(heads))):
        if missing == 0:
            return counts
        if 0 <= counts[place] + step <= heads[place]:
            counts[place] += step
            missing -= step
    return counts


def _insert(session: Session, target: str, rows: Iterable[tuple[object, ...]]) -> None:
    marks = ", ".join("?" * (target.count(",") + 1))
    connection = session.connection()
    rest = iter(rows)
    while chunk := list(itertools.islice(rest, CHUNK)):
        connection.exec_driver_sql(f"INSERT INTO {target} VALUES ({marks})", chunk)  # noqa: S608 - our own names


def _minted(asked: Asked, heads: dict[int, int], spent: dict[int, int]) -> Iterator[tuple[object, ...]]:
    """A ballot for each head, as `ballots issue` makes them: all of a unit in the order of their hashes."""
    for position, count in heads.items():
        for number, held in enumerate(sorted(secrets.token_bytes(32) for _ in range(count))):
            yield held, asked.organization, asked.wave, position, False, number < spent[position]


def signed_in(slug: str) -> dict[str, str]:
    """The cookie of a session of the owner."""
    organization = db.session.scalars(select(Organization).where(Organization.slug == slug)).one()
    opened = sessions.start(organizations.sign_in_secret(organization=organization, email=OWNER, by=None))
    if opened is None:
        raise RuntimeError("the owner could not sign in")
    return {sessions.cookie_name(): opened.secret}


def file_size(data: Path) -> int:
    """Bytes of the database, without holes and with nothing left in the log."""
    compact()
    return (data / "groundswell.sqlite").stat().st_size
