from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from flask_babel import get_locale, ngettext
from sqlalchemy import func, select

from webapp import asking, catalog, clock, publications, questionnaires
from webapp.domain.participation import in_steps, words
from webapp.domain.publication import Share
from webapp.domain.questionnaire import Questionnaire
from webapp.extensions import db
from webapp.models import Organization, Publishing, Unit, Wave, WaveUnit

if TYPE_CHECKING:
    from webapp.domain.tree import Tree


def all_of(organization_id: int) -> list[Wave]:
    """The waves of an organization, the newest first."""
    return list(
        db.session.scalars(
            select(Wave)
            .where(Wave.organization_id == organization_id)
            .order_by(Wave.opened_on.desc(), Wave.id.desc())
        )
    )


def one(organization_id: int, wave_id: int) -> Wave:
    return db.session.execute(
        select(Wave).where(Wave.organization_id == organization_id, Wave.id == wave_id)
    ).scalar_one()


def is_over(wave: Wave) -> bool:
    """Whether the last day of an open wave has passed: nobody can answer, and the worker is about to close it."""
    return wave.status == "open" and not asking.runs(wave)


@dataclass(frozen=True, slots=True)
class Tried:
    """How publishing a closed wave goes: tries so far, what failed last ("" when nothing was said), and the next try.

    runs: the last try has begun and is not through
    """

    tries: int
    fault: str
    next: datetime
    runs: bool


def tried(wave: Wave) -> Tried | None:
    found = db.session.get(Publishing, wave.id) if wave.status == "closed" else None
    if found is None:
        return None
    next_try = clock.in_zone(found.due, db.session.get_one(Organization, wave.organization_id).timezone)
    return Tried(found.tries, found.fault, next_try, runs=not found.fault and found.due > clock.now())


def questionnaire(wave: Wave) -> Questionnaire:
    """The questionnaire as the wave froze it."""
    return catalog.parse(wave.copy.text, wave.copy.digest)


def units(wave: Wave) -> list[WaveUnit]:
    return list(
        db.session.scalars(select(WaveUnit).where(WaveUnit.wave_id == wave.id).order_by(WaveUnit.position))
    )


def tree(rows: list[WaveUnit]) -> "Tree":
    from webapp.domain.tree import Node, Tree  # noqa: PLC0415 - NumPy stays out of start-up

    return Tree(tuple(Node(row.key, row.name, row.parent, row.headcount, row.leaders) for row in rows))


@dataclass(frozen=True, slots=True)
class Participation:
    """Who was asked: never who answered. Shares are given in words, for units of 2k people or more.

    `people` counts the whole subtree, `headcount` those who answer at this very unit; `inner` says that units lie
    below it, `path` names the units above it without the organization.
    """

    key: str
    name: str
    position: int
    depth: int
    people: int
    headcount: int
    share: Share | None
    link: str | None
    inner: bool
    path: tuple[str, ...]


def participation(wave: Wave) -> tuple[list[Participation], int | None]:
    """Each unit's share in four words, and the whole organization's in steps of 5 % from 50 people on."""
    rows = units(wave)
    frozen = tree(rows)
    heads, spent = [row.headcount for row in rows], [row.spent for row in rows]
    shares = words(frozen, spent, heads, wave.smallest_group)
    people = [int(count) for count in frozen.rolled_up(heads)]
    inner = {row.parent for row in rows}
    paths: list[tuple[str, ...]] = []
    found = []
    for place, row in enumerate(rows):
        above = () if not row.parent else (*paths[row.parent], rows[row.parent].name)
        paths.append(above)
        depth = 0 if row.parent is None else len(above) + 1
        found.append(
            Participation(
                row.key,
                row.name,
                place,
                depth,
                people[place],
                row.headcount,
                shares[place],
                row.link,
                inner=place in inner,
                path=above,
            )
        )
    return found, in_steps(sum(spent), people[0])


def readable(rows: list[Participation], span: frozenset[int] | None) -> list[Participation]:
    """The rows of a span of units (None: all); the organization's own row goes first and is for everybody."""
    if span is None:
        return rows
    keys = {f"u{unit_id}{end}" for unit_id in span for end in ("", "d")}
    return [row for row in rows if row.position == 0 or row.key in keys]


def quiet(rows: list[Participation]) -> list[str]:
    """Names of the teams of which under a quarter have answered."""
    return [row.name for row in rows if not row.inner and row.share == "under a quarter"]


def askable() -> dict[str, list[tuple[str, str]]]:
    """The forms that a wave may ask, by the title of their questionnaire: (KEY@VERSION/FORM, words); the default first."""
    catalogue = questionnaires.available()
    found = {}
    for published in catalogue.latest():
        asked = catalogue.in_language(published.questionnaire, str(get_locale()))
        forms = [form for form in asked.forms.values() if form.audience == "unit"]
        found[asked.title] = [
            (
                f"{asked.identity}/{form.name}",
                ngettext(
                    "%(title)s: %(num)s question",
                    "%(title)s: %(num)s questions",
                    len(asked.items(form.name)),
                    title=form.title,
                ),
            )
            for form in sorted(forms, key=lambda form: form != asked.default_form)
        ]
    return found


@dataclass(frozen=True, slots=True)
class AboutToAsk:
    """Whom a wave would ask that opened now."""

    units: int
    people: int


def about_to_ask(organization_id: int) -> AboutToAsk:
    row = db.session.execute(
        select(func.count(), func.coalesce(func.sum(Unit.headcount), 0)).where(
            Unit.organization_id == organization_id, Unit.closed.is_(False)
        )
    ).one()
    return AboutToAsk(units=row[0], people=row[1])


@dataclass(frozen=True, slots=True)
class Known:
    """One thing to know of a published wave: its kind, what is so, and what helps."""

    grade: str
    sentence: str
    to_do: str


def remarks(wave: Wave) -> list[Known]:
    """What to know before relying on a published wave, the gravest first."""
    from webapp.domain import quality  # noqa: PLC0415 - loads NumPy, which a start need not
    from webapp.waves import quality_words  # noqa: PLC0415 - likewise

    publication = publications.of_wave(wave.organization_id, wave.id)
    if publication is None:
        return []
    asked = questionnaire(wave)
    earlier = publications.history(wave.organization_id, publication)[:-1]
    before = questionnaire(one(wave.organization_id, earlier[-1].wave)) if earlier else None
    return [
        Known(quality_words.grade(remark), quality_words.sentence(remark, asked), quality_words.to_do(remark))
        for remark in quality.remarks(publication, asked, earlier, before)
    ]
