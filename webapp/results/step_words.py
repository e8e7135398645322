"""The things to do next in words: why each, why in this order, and the talk's own words for it."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.questionnaire import Source
from webapp.filters import decimal, place
from webapp.results import sentences
from webapp.results.reading import Reading
from webapp.results.steps import Step, next_steps

FIRST = 3  # are told at once


@dataclass(frozen=True, slots=True)
class StepWords:
    """One thing to do as it is read. `talk_first` is empty unless the unit should talk before it acts."""

    practice: str
    title: str
    why: tuple[str, ...]
    first_step: str
    talk_first: str
    quote: str
    source: str
    order: str


def heading(count: int) -> str:
    words = {1: _("One thing to do next"), 2: _("Two things to do next")}
    return words.get(count, _("Three things to do next"))


def to_do(reading: Reading, position: int) -> list[StepWords]:
    """What a unit should do next, first things first: three, then those that come nearly as early."""
    found = next_steps(reading, position)
    return [_in_words(reading, position, step, rank) for rank, step in enumerate(found)]


def _in_words(reading: Reading, position: int, step: Step, rank: int) -> StepWords:
    advice = step.advice
    talk = step.kind == "talk" and bool(advice.talk_first)
    return StepWords(
        practice=step.practice.key,
        title=advice.do,
        why=tuple(
            text
            for text in (_standing(step), _leaders(reading, position, step), _kind(step), advice.why)
            if text
        ),
        first_step=advice.first_step,
        talk_first=advice.talk_first if talk else "",
        quote=f"“{advice.source.quote}”" if advice.source and advice.source.quote else "",
        source=_place(advice.source) if advice.source else "",
        order=_order(step, rank),
    )


def _standing(step: Step) -> str:
    cell = step.cell
    values = {"practice": step.practice.title, "score": cell.score, "low": cell.low, "high": cell.high}
    if cell.guarded:
        return _("%(practice)s is at about %(score)s (likely %(low)s to %(high)s).", **values)
    return _("%(practice)s is at %(score)s (likely %(low)s to %(high)s).", **values)


def _leaders(reading: Reading, position: int, step: Step) -> str:
    cell = reading.unit(position).leaders.get(step.practice.key)
    if cell is None or cell.score is None:
        return ""
    return _(
        "Leaders think %(score)s (likely %(low)s to %(high)s).",
        score=cell.score,
        low=cell.low,
        high=cell.high,
    )


def _kind(step: Step) -> str:
    if step.kind == "check":
        return _("The range reaches the target of %(aim)s: look closer before you act.", aim=step.aim)
    if step.kind == "talk":
        if step.cell.agreement and step.cell.agreement.word == "divided":
            return _("The answers are divided, so the mean stands for few of them.")
        return _("Many did not know.")
    return ""


def _place(source: Source) -> str:
    if source.paragraph is None:
        return _("The talk, %(place)s", place=place(source.place)) if source.place else _("The talk")
    if source.place:
        return _(
            "The talk, %(place)s, passage %(number)s", place=place(source.place), number=source.paragraph
        )
    return _("The talk, passage %(number)s", number=source.paragraph)


def _order(step: Step, rank: int) -> str:
    """The factors of the order: points to the target, and what builds on it.

    Of a team the points are not those between its score and the target, as by chance the score may lie too low or too high.
    """
    firsts = (_("Why first"), _("Why second"), _("Why third"), _("Why fourth"), _("Why fifth"))
    points = ngettext(
        "about %(num)s point to %(aim)s", "about %(num)s points to %(aim)s", step.points, aim=step.aim
    )
    if step.drawn:
        points = _("%(points)s (chance allowed for)", points=points)
    weight = decimal(f" × {step.practice.weight:g}") if step.practice.weight != 1 else ""
    if not step.opens:
        return _("%(why)s: %(points)s%(weight)s.", why=firsts[rank], points=points, weight=weight)
    return ngettext(
        "%(why)s: %(points)s%(weight)s × %(leverage)s, because %(names)s builds on it.",
        "%(why)s: %(points)s%(weight)s × %(leverage)s, because %(names)s build on it.",
        len(step.opens),
        why=firsts[rank],
        points=points,
        weight=weight,
        leverage=decimal(step.leverage),
        names=sentences.listed(step.opens),
    )
