"""The demo organization: made-up teams whose answers go the real way, the same each time for a seed.

It tells a story that the product should find by itself: an island that is far ahead, a department that rises, one that
stands still, a team that hardly answers, one too small to show, leaders who see more than their teams, one of them by
name.
"""

import csv
import datetime as dt
import io
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from webapp import catalog, clock, questionnaires
from webapp.demo import actions, evidence, experiments
from webapp.domain.questionnaire import Questionnaire
from webapp.extensions import db
from webapp.models import Assessment, Member, MemberRole, Organization, Response, Unit, Wave, WaveUnit
from webapp.organizations import commands as organizations
from webapp.transaction import transaction
from webapp.units import commands as units
from webapp.waves import closing, opening, queries

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

OWNER = "owner@example.org"
STORY = (14, 160)  # teams and people
SLUG = "kestrel"
NAME = "Kestrel Freight"

# department -> team -> people
TEAMS: dict[str, dict[str, int]] = {
    "Customer": {"Onboarding": 9, "Support North": 18, "Support South": 16},
    "Corporate": {"Finance": 12, "Legal": 4, "People": 8},
    "Engineering": {"Booking": 14, "Data platform": 10, "Mobile": 10, "Tracking": 11},
    "Operations": {"Customs": 8, "Dispatch": 15, "Fleet": 12, "Warehouse": 20},
}
LEADERS = (
    "Customer",
    "Corporate",
    "Engineering",
    "Operations",
    "Data platform",
    "Support North",
    "Warehouse",
)

# What the organization starts from, in points of each practice.
BASE = {
    "decentralize": 46,
    "fire_ready_aim": 36,
    "solidify": 45,
    "simplify": 33,
    "amplify": 28,
    "room_to_try": 43,
    "open_doors": 41,
    "follow_value": 37,
    "build_and_check": 35,
}
START = {"Customer": 1, "Corporate": -3, "Engineering": -10, "Operations": -7}
RISE = {"Customer": 1.5, "Corporate": 0.5, "Engineering": 6.0, "Operations": 0.0}  # a wave
ISLAND, SILENT = "Data platform", "Fleet"
BELIEF, BELIEVES = (
    12,
    {"Support North": 42, "Warehouse": 24, "Data platform": 2},
)  # points that people believe more than they do
ISLAND_POINTS, ISLAND_AMPLIFY = 38, 10  # it is far ahead, and shows little of it to others
LEADERS_SEE, OVERRATES_BY = {"simplify": 22, "follow_value": 17, "decentralize": 14}, 30
OVERRATES = "Support North"
NAMED = {OVERRATES, ISLAND}
PERSON, NOISE = 0.5, 0.85  # in levels
OPTS_OUT, SKIPS = 0.04, 0.01


@dataclass(frozen=True)
class Plan:
    """Who there is: team -> (department, people)."""

    slug: str
    name: str
    teams: dict[str, tuple[str, int]]


def find() -> Organization | None:
    """A demo organization, if there is one."""
    return db.session.scalar(select(Organization).where(Organization.demo).order_by(Organization.id).limit(1))


def make(*, teams: int = STORY[0], people: int | None = None, waves: int = 4, seed: int = 2) -> Organization:
    """Add a demo organization with its published waves; without `people` its teams are as large as those of the story."""
    plan = _plan(teams, people or max(teams, teams * STORY[1] // STORY[0]))
    organization = organizations.create_organization(slug=plan.slug, name=plan.name, owner=OWNER, by=None)
    units.import_units(organization=organization, data=_csv(plan), file="demo.csv", by=None)
    published = questionnaires.available().get("ai-adoption")
    for number in range(waves):
        form = "team" if number == 0 and waves > 1 else "team-core"  # a full baseline, then the short form
        _wave(organization, published, form, plan, number=number, of=waves, seed=seed)
    experiments.add(organization, {team: _like(team) for team in plan.teams}, waves=waves, seed=seed)
    evidence.add(organization, plan.teams, _closing(organization, 0), waves=waves, seed=seed)
    actions.decide(organization)
    with transaction() as session:  # last, so that one that was cut off is not taken for whole
        session.execute(update(Organization).where(Organization.id == organization.id).values(demo=True))
    return organization


def _plan(teams: int, people: int) -> Plan:
    taken = set(db.session.scalars(select(Organization.slug)))
    slug = next(
        name for name in (SLUG, *(f"{SLUG}-{number}" for number in range(2, 10_000))) if name not in taken
    )
    name = NAME if slug == SLUG else f"{NAME} {slug.rpartition('-')[2]}"
    story = {
        team: (department, heads) for department, group in TEAMS.items() for team, heads in group.items()
    }
    if (teams, people) == STORY:
        return Plan(slug, name, story)
    return Plan(slug, name, _scaled(teams, people, story))


def _scaled(teams: int, people: int, story: dict[str, tuple[str, int]]) -> dict[str, tuple[str, int]]:
    """As many teams and people as asked for: the story's teams, then more of the same kind with numbers."""
    names = list(story)
    total = sum(heads for _department, heads in story.values())
    found: dict[str, tuple[str, int]] = {}
    for number in range(teams):
        name = names[number % len(names)]
        group = number // len(names) + 1
        department, heads = story[name]
        share = max(1, round(heads * people * len(names) / (total * teams)))
        division = department if group == 1 else f"{department} {1 + (group - 1) // 4}"
        found[name if group == 1 else f"{name} {group}"] = (division, share)
    return found


def _like(team: str) -> str:
    """The team of the story that one of a larger demo is like: "Dispatch" for "Dispatch 2"."""
    return team.rstrip("0123456789 ")


def _csv(plan: Plan) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["unit", "parent", "headcount", "leader_email"])
    for department in dict.fromkeys(department for department, _heads in plan.teams.values()):
        writer.writerow([department, "", "", _address(department)])
    for team, (department, heads) in plan.teams.items():
        writer.writerow([team, department, heads, _address(team)])
    return out.getvalue().encode()


def _address(unit: str) -> str:
    return f"lead-{unit.lower().replace(' ', '-')}@example.org" if unit in LEADERS else ""


def _wave(
    organization: Organization,
    published: catalog.Published,
    form: str,
    plan: Plan,
    *,
    number: int,
    of: int,
    seed: int,
) -> None:
    import numpy as np  # noqa: PLC0415 - not needed to serve

    closes = _closing(organization, of - 1 - number)
    wave = opening.open_wave(
        organization=organization,
        questionnaire=published.questionnaire,
        text=published.text,
        form=form,
        name=f"{closes:%B %Y}",
        closes_on=closes,
        opened_on=closes - dt.timedelta(days=14),
        by=None,
    )
    random = np.random.default_rng([seed, number])
    _answer(wave, published.questionnaire, plan, number, random)
    _assess(wave, published.questionnaire, plan, number, random)
    at = dt.datetime.combine(closes, dt.time(16))
    with transaction() as session:
        session.execute(update(Wave).where(Wave.id == wave.id).values(status="closed", closed_at=at))
    closing.publish(wave=wave, by=None)
    with transaction() as session:
        session.execute(update(Wave).where(Wave.id == wave.id).values(published_at=at))


def _closing(organization: Organization, before: int) -> dt.date:
    """When the wave closed that had `before` waves after it."""
    return clock.today(organization.timezone) - dt.timedelta(days=4 + 91 * before)


def _points(team: str, department: str, practice: str, number: int) -> float:
    """Where a team stands in a practice at a wave."""
    kind = department.rstrip("0123456789 ")
    points = BASE[practice] + START[kind] + RISE[kind] * number
    if team == ISLAND:
        points += ISLAND_AMPLIFY if practice == "amplify" else ISLAND_POINTS
    if practice == "room_to_try":
        points += 3.0 * number  # one thing that leaders did for everybody
    return points


def _levels(
    targets: "npt.NDArray[np.float64]", random: "np.random.Generator", *, noise: float = NOISE
) -> "npt.NDArray[np.int64]":
    """(R, J) levels 1..5 around targets in points."""
    import numpy as np  # noqa: PLC0415 - not needed to serve

    person = random.normal(0, PERSON if noise == NOISE else noise, (targets.shape[0], 1))
    person -= 0.7 * person.mean()  # a story for a few hundred people must not drown in their luck
    exact = 1 + targets / 25 + person + random.normal(0, noise, targets.shape)
    return np.clip(np.floor(exact + 0.5), 1, 5).astype(np.int64)


def _texts(
    levels: "npt.NDArray[np.int64]", random: "np.random.Generator", *, holes: bool = True
) -> list[str]:
    import numpy as np  # noqa: PLC0415 - not needed to serve

    letters = np.array(list("-12345?"))[levels]
    if holes:
        draw = random.random(levels.shape)
        letters = np.where(draw < OPTS_OUT, "?", np.where(draw > 1 - SKIPS, "-", letters))
    return ["".join(row) for row in letters]


def _answer(
    wave: Wave, questionnaire: Questionnaire, plan: Plan, number: int, random: "np.random.Generator"
) -> None:
    import numpy as np  # noqa: PLC0415 - not needed to serve

    items = questionnaire.items(wave.form)
    practices = [questionnaire.practice_of(item.key).key for item in items]
    hard = np.random.default_rng(7).normal(0, 5, len(items))  # some questions are harder than others
    rows = []
    spent = {}
    for unit in queries.units(wave):
        if unit.name not in plan.teams:
            continue
        department, heads = plan.teams[unit.name]
        rate = 0.12 if unit.name == SILENT else random.uniform(0.55, 0.95)
        answering = max(1, round(heads * rate))
        team_points = np.random.default_rng([11, unit.position]).normal(0, 2)
        targets = np.array(
            [
                _points(unit.name, department, practice, number)
                + team_points
                + hard[place]
                + (0 if items[place].scored else BELIEVES.get(unit.name, BELIEF))
                for place, practice in enumerate(practices)
            ]
        )
        levels = _levels(np.tile(targets, (answering, 1)), random)
        spent[unit.position] = answering
        rows += [
            {
                "wave_id": wave.id,
                "id": secrets.token_bytes(16),
                "organization_id": wave.organization_id,
                "position": unit.position,
                "answers": text,
            }
            for text in _texts(levels, random)
        ]
    with transaction() as session:
        for start in range(0, len(rows), 10_000):
            session.execute(insert(Response), rows[start : start + 10_000])
        for position, count in spent.items():
            session.execute(
                update(WaveUnit)
                .where(WaveUnit.wave_id == wave.id, WaveUnit.position == position)
                .values(spent=count, link="single")
            )


def _assess(
    wave: Wave, questionnaire: Questionnaire, plan: Plan, number: int, random: "np.random.Generator"
) -> None:
    """The leaders' own views: rosier than their teams', above all where it is about clarity and value."""
    import numpy as np  # noqa: PLC0415 - not needed to serve

    if wave.leader_form is None:
        return
    items = questionnaire.items(wave.leader_form)
    practices = [questionnaire.practice_of(item.key).key for item in items]
    rows = db.session.execute(
        select(Unit.name, Member.id, WaveUnit.position)
        .join(MemberRole, MemberRole.unit_id == Unit.id)
        .join(Member, Member.id == MemberRole.member_id)
        .join(WaveUnit, (WaveUnit.name == Unit.name) & (WaveUnit.wave_id == wave.id))
        .where(Unit.organization_id == wave.organization_id, MemberRole.role == "leader")
        .order_by(Unit.position)
    ).all()
    given = []
    for name, member_id, position in rows:
        department = plan.teams[name][0] if name in plan.teams else name
        seen = OVERRATES_BY if name == OVERRATES else 0
        targets = np.array(
            [
                _points(name, department, practice, number)
                + (seen or (0 if name == ISLAND else LEADERS_SEE.get(practice, 6)))
                for practice in practices
            ]
        )
        text = _texts(_levels(targets[np.newaxis], random, noise=0.25), random, holes=False)[0]
        given.append(
            Assessment(
                organization_id=wave.organization_id,
                wave_id=wave.id,
                position=position,
                member_id=member_id,
                shown_by_name=name in NAMED,
                answers=text,
            )
        )
    with transaction() as session:
        session.add_all(given)
