"""The five parts of a readout: what is said in each, and the one question to talk about."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from webapp.domain.publication import INDEX, Cell
from webapp.results import changes, sentences, step_words, steps, wording
from webapp.results.overview import figures as overview
from webapp.results.reading import Reading
from webapp.results.readout import agreeing
from webapp.results.readout.agreeing import Pick
from webapp.results.sentences import marked
from webapp.results.step_words import StepWords
from webapp.results.unblocker import figures as unblocker
from webapp.results.unit import findings

PRACTISED = 3  # the place of the band from which on a practice is how most of the work goes


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the session.

    headline: what is so; words: more about it; question: the one to talk about
    cell: the one number of the part, of `variable`; step: the advice in the last part
    """

    key: str
    headline: str
    words: tuple[Markup, ...]
    question: str
    cell: Cell | None = None
    variable: str = INDEX
    step: StepWords | None = None


class Slot(NamedTuple):
    """A part in the plan of the session."""

    key: str
    minutes: int
    title: str


def agenda() -> tuple[Slot, ...]:
    """The fifteen minutes."""
    return (
        Slot("stand", 2, _("Where we stand")),
        Slot("agree", 3, _("Where we agree most")),
        Slot("differ", 4, _("Where we differ most")),
        Slot("blocker", 3, _("What holds us back")),
        Slot("commit", 3, _("One commitment")),
    )


def of(reading: Reading, position: int, before: Reading | None) -> tuple[Part, ...]:
    """The parts of a shown unit's readout; `before` is the wave to tell changes from."""
    first = next(iter(step_words.to_do(reading, position)), None)
    return (
        standing(reading, position, before),
        agreed(reading, position),
        split(reading, position),
        blocker(reading, position, first),
        commitment(first),
    )


def standing(reading: Reading, position: int, before: Reading | None) -> Part:
    """One number, one sentence."""
    since = before.publication.name if before else ""
    moved = changes.between(before, reading, reading.unit(position).key) if before else {}
    if position:
        told = findings.headline(reading, position, moved, since)
    else:
        told = overview.headline(reading, moved.get(INDEX), since)
    return Part(
        key="stand",
        headline=told,
        words=(),
        question=_("Does this match a normal week here?"),
        cell=reading.unit(position).teams.get(INDEX),
    )


def agreed(reading: Reading, position: int) -> Part:
    found = agreeing.closest(reading, position)
    return Part(
        key="agree",
        headline=_most_alike(found) if found else _no_end(reading, position),
        words=tuple(_about(found)) if found else (),
        question=_asked_together(found),
        cell=found.cell if found else None,
        variable=found.practice.key if found else INDEX,
    )


def _most_alike(found: Pick) -> str:
    if _divided(found):
        return _(
            "Even about %(practice)s, where they agree most, people are divided",
            practice=found.practice.title,
        )
    return _("People answer most alike about %(practice)s", practice=found.practice.title)


def _divided(found: Pick) -> bool:
    return found.cell.agreement is not None and found.cell.agreement.word == "divided"


def split(reading: Reading, position: int) -> Part:
    found = agreeing.widest(reading, position)
    return Part(
        key="differ",
        headline=_("People answer furthest apart about %(practice)s", practice=found.practice.title)
        if found
        else _("Where people differ most is for you to find out"),
        words=tuple(_about(found, apart=True)) if found else (),
        question=_asked_apart(found),
        cell=found.cell if found else None,
        variable=found.practice.key if found else INDEX,
    )


def _no_end(reading: Reading, position: int) -> str:
    if agreeing.any_told(reading, position):
        return _("People agree about equally in all practices")
    return _("How alike people answer is not shown, to protect anonymity")


def _about(found: Pick, *, apart: bool = False) -> Iterator[Markup]:
    """How alike the answers are, what the practice looks like at its score, and where else it is so."""
    yield marked(wording.agreement(found.cell))
    if apart and (meaning := wording.meaning_of_agreement(found.practice, found.cell)):
        yield marked(meaning)
    elif bar := _bar(found):
        yield marked(_("At this score: %(sentence)s", sentence=bar))
    if found.as_far:
        names = sentences.listed([practice.title for practice in found.as_far], 3)
        yield marked(_("The same holds for %(names)s.", names=names))


def _bar(found: Pick) -> str:
    return found.practice.bars[found.cell.band] if found.practice.bars else ""


def _asked_together(found: Pick | None) -> str:
    if found is None:
        return _("What do you think all of us would answer alike?")
    if _divided(found):
        return _("What does each of us have in mind when we answer here?")
    if found.cell.band >= PRACTISED:
        return _("What makes it work here, and who else should hear of it?")
    return _("If we all see it alike: what keeps it where it is?")


def _asked_apart(found: Pick | None) -> str:
    """The questionnaire's own question to talk about, where it has one."""
    if found is None:
        return _("In which practice would you have answered otherwise than the person beside you?")
    advice = found.practice.advice_for(found.cell.score or 0)
    if advice is not None and advice.talk_first:
        return advice.talk_first
    if found.practice.referent == "self":
        return _("Who does this already, and what would help the others to begin?")
    return _("What do you see that the person beside you does not?")


def blocker(reading: Reading, position: int, first: StepWords | None) -> Part:
    """What holds back: of the whole the one answer that would lift most units, of a unit the practice to take up first."""
    if not position and reading.banded and (one := _one_answer(reading)):
        return one
    found = next(iter(steps.next_steps(reading, position)), None)
    if first is None or found is None:
        return _blocker_in_words(reading, position)
    return Part(
        key="blocker",
        headline=_("%(practice)s has the most to gain", practice=found.practice.title),
        words=tuple(marked(text) for text in (*first.why, first.order)),
        question=_("What stands in its way, and who can move that?"),
        cell=found.cell,
        variable=found.practice.key,
    )


def _one_answer(reading: Reading) -> Part | None:
    page = unblocker.of(reading, "", then=False)
    if page.chosen is None:
        return None
    effect = _("Show the effect")
    return Part(
        key="blocker",
        headline=page.headline,
        words=(marked(page.lede), sentences.linked(f"**{effect}**", page.chosen.href)),
        question=_("What keeps this from being true, and who can change that?"),
        cell=reading.publication.root.teams.get(page.chosen.practice_key),
        variable=page.chosen.practice_key,
    )


def _blocker_in_words(reading: Reading, position: int) -> Part:
    """Where bands alone are shown, or nothing is left to advise."""
    cells = list(reading.cells(position))
    low = min((cell.band for _practice, cell in cells), default=PRACTISED)
    lowest = [practice.title for practice, cell in cells if cell.band == low]
    apart = cells and low < PRACTISED and len(lowest) < len(cells)
    return Part(
        key="blocker",
        headline=ngettext(
            "%(names)s is in the lowest band of all",
            "%(names)s are in the lowest band of all",
            len(lowest),
            names=sentences.listed(lowest, 3),
        )
        if apart
        else _("No practice clearly holds the others back"),
        words=(),
        question=_("Which of these stands most in the way of the others?")
        if apart
        else _("What could make this slip, and who would notice first?"),
        cell=next(cell for _practice, cell in cells if cell.band == low) if apart else None,
        variable=next((one.key for one, cell in cells if cell.band == low), INDEX),
    )


def commitment(first: StepWords | None) -> Part:
    return Part(
        key="commit",
        headline=_("One thing, one owner, one date"),
        words=(),
        question=_("Who takes the first step, and by when?"),
        step=first,
    )
