"""The three lamps of a practice in words: what its people, its leaders and figures from outside say of its score."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from flask_babel import gettext as _

from webapp.domain import lamps
from webapp.domain.evidence import Share, Told
from webapp.domain.lamps import SIGNS, Sign, State
from webapp.domain.publication import Cell, UnitResult
from webapp.filters import decimal
from webapp.results import addresses, sentences, wording
from webapp.results.outside import Outside
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.mirrors import Gap

MARKS: dict[State, str] = {"agree": "=", "disagree": "≠", "none": "–"}


@dataclass(frozen=True, slots=True)
class Lamp:
    """One lamp: a sign, its word, and why."""

    state: State
    mark: str
    word: str
    why: str


@dataclass(frozen=True, slots=True)
class Three:
    """A practice with its lamps."""

    key: str
    title: str
    href: str
    cell: Cell
    band: str
    team: Lamp
    leaders: Lamp
    evidence: Lamp


def of(reading: Reading, position: int, outside: Outside) -> list[Three]:
    """The lamps of every practice of which a unit shows a number."""
    unit = reading.unit(position)
    gaps = _gaps(reading, unit)
    found = []
    for practice, cell in reading.cells(position):
        if cell.score is None:
            continue
        sign = SIGNS.get(practice.key) if _built_in(reading) else None
        reach = outside.reach(reading, position, sign) if sign else None
        of_leaders = [gap for view in gaps for gap in view if gap.practice == practice.key]
        found.append(
            Three(
                key=practice.key,
                title=practice.title,
                href=addresses.of_practice(reading, practice.key, position),
                cell=cell,
                band=reading.band_name(cell, practice.key),
                team=_lamp(lamps.team(cell), _team(cell), known=cell.agreement is not None),
                leaders=_lamp(lamps.leaders(of_leaders), _leaders(of_leaders, unit), known=bool(of_leaders)),
                evidence=_lamp(
                    lamps.evidence(cell, sign, reach),
                    _evidence(reading, position, sign, outside),
                    known=reach is not None,
                ),
            )
        )
    return found


def practice(reading: Reading, position: int, key: str, outside: Outside) -> Three | None:
    """The lamps of one practice; None where the unit shows no number of it."""
    return next((one for one in of(reading, position, outside) if one.key == key), None)


def _built_in(reading: Reading) -> bool:
    """The signs are of one questionnaire: another one may use the same word for another thing."""
    return reading.publication.questionnaire.partition("@")[0] == "ai-adoption"


def _gaps(reading: Reading, unit: UnitResult) -> "list[Sequence[Gap]]":
    """Of the leaders' average where it is told, else of each leader who chose to stand beside the unit."""
    from webapp.domain.mirrors import gaps  # noqa: PLC0415 - NumPy stays out of start-up

    boards = [unit.leaders] if unit.leaders else [one.cells for one in unit.named]
    return [gaps(reading.publication, reading.questionnaire, unit.teams, board) for board in boards]


def _lamp(state: State, why: str, *, known: bool) -> Lamp:
    """`known`: there is something to judge by, even where it does not suffice."""
    words: dict[State, str] = {
        "agree": _("agree"),
        "disagree": _("disagree"),
        "none": _("not clear") if known else _("no data"),
    }
    return Lamp(state, MARKS[state], words[state], why)


def _team(cell: Cell) -> str:
    if cell.agreement is None:
        return _("how far they agree is not told")
    return wording.agreement_words(cell.agreement.word)


def _leaders(gaps: "Sequence[Gap]", unit: UnitResult) -> str:
    if not gaps:
        return _("no view that compares") if unit.leaders or unit.named else _("no leader’s view is told")
    gap = max(gaps, key=lambda one: (one.called, abs(one.points)))
    if gap.called and gap.points > 0:
        return _("they see %(points)s more", points=gap.points)
    if gap.called:
        return _("they see %(points)s less", points=-gap.points)
    return _("gap %(low)s to %(high)s", low=sentences.signed(gap.low), high=sentences.signed(gap.high))


def _evidence(reading: Reading, position: int, sign: Sign | None, outside: Outside) -> str:
    if sign is None:
        return _("no figure from outside is a sign of it")
    if sign.figure == "shipped":
        rate = outside.per_ten(reading, position)
        if rate is None:
            return _("no use cases are noted")
        return _(
            "%(rate)s use cases went live for ten people (likely %(low)s to %(high)s)",
            rate=decimal(f"{rate.at:.1f}"),
            low=decimal(f"{rate.low:.1f}"),
            high=decimal(f"{rate.high:.1f}"),
        )
    told = outside.told(reading, position)
    share = told.share(sign.figure) if told else None
    if share is None:
        return _("no figure for the time of the wave")
    return measured(told, sign.figure)


def measured(told: Told | None, figure: Literal["active", "trained"]) -> str:
    """A share from outside in words, with whom it is about where that is not everybody; "" where there is none."""
    share = told.share(figure) if told else None
    if told is None or share is None:
        return ""
    values = {"share": of_people(share)}
    words = {
        "active": _("%(share)s active in a week", **values),
        "trained": _("%(share)s trained", **values),
    }[figure]
    if told.known(figure) == 1:
        return words
    return _(
        "%(told)s, of the %(some)s of %(people)s people with figures",
        told=words,
        some=told.covered[figure],
        people=told.people,
    )


def of_people(share: Share) -> str:
    """A share of people from outside, in a number or in words."""
    if share.percent is not None:
        value = _("%(percent)s\u00a0%%", percent=share.percent)
        if share.low == 0:
            return f"≤ {value}"
        return f"≥ {value}" if share.high == 100 else value  # noqa: PLR2004 - all of them
    return {
        "hardly any": _("hardly any"),
        "less than half": _("under half"),
        "half or more": _("half or more"),
        "under a quarter": _("under a quarter"),
        "under half": _("a quarter to a half"),
        "over half": _("half to three quarters"),
        "nearly all": _("nearly all"),
    }[share.word or "hardly any"]
