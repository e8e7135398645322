from dataclasses import dataclass

from sqlalchemy import select

from webapp import catalog
from webapp.domain.participation import in_steps, in_words
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.tree import Node, Tree
from webapp.extensions import db
from webapp.models import Wave, WaveUnit


def all_of(organization_id: int) -> list[Wave]:
    """The waves of an organization, the newest first."""
    return list(
        db.session.scalars(
            select(Wave).where(Wave.organization_id == organization_id).order_by(Wave.opened_on.desc(), Wave.id.desc())
        )
    )


def one(organization_id: int, wave_id: int) -> Wave:
    return db.session.execute(
        select(Wave).where(Wave.organization_id == organization_id, Wave.id == wave_id)
    ).scalar_one()


def questionnaire(wave: Wave) -> Questionnaire:
    """The questionnaire as the wave froze it."""
    return catalog.parse(wave.copy.text, wave.copy.digest)


def units(wave: Wave) -> list[WaveUnit]:
    return list(db.session.scalars(select(WaveUnit).where(WaveUnit.wave_id == wave.id).order_by(WaveUnit.position)))


def tree(rows: list[WaveUnit]) -> Tree:
    return Tree(tuple(Node(row.key, row.name, row.parent, row.headcount, row.leaders) for row in rows))


@dataclass(frozen=True, slots=True)
class Participation:
    """Who was asked: never who answered. Shares are given in words, for units of 2k people or more."""

    name: str
    position: int
    depth: int
    people: int
    share: str | None
    link: str | None


def participation(wave: Wave) -> tuple[list[Participation], int | None]:
    """Each unit's share in four words, and the whole organization's in steps of 5 % from 50 people on."""
    rows = units(wave)
    frozen = tree(rows)
    people = frozen.rolled_up([row.headcount for row in rows])
    answered = frozen.rolled_up([row.spent for row in rows])
    found = []
    for place, row in enumerate(rows):
        depth = len(list(frozen.ancestors(place))) - 1
        share = in_words(int(answered[place]), int(people[place]), wave.smallest_group)
        found.append(Participation(row.name, place, depth, int(people[place]), share, row.link))
    return found, in_steps(int(answered[0]), int(people[0]))
