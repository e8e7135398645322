"""The talk with an organization's own numbers: beside each piece the score of its practice and the answers to its questions."""

from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from webapp import talk
from webapp.domain.publication import Cell
from webapp.domain.questionnaire import Advice
from webapp.results import addresses
from webapp.results.practice import questions
from webapp.results.queries import PublishedWave
from webapp.results.reading import Reading

QUESTIONNAIRE = "ai-adoption"  # the one that asks what the talk advises


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of a piece; `mean` on 0..100 and its words where the publication holds it."""

    text: str
    mean: int | None
    told: str


@dataclass(frozen=True, slots=True)
class Step:
    """An advice of a piece, and when it is for: "now" at this score, "later", "earlier", "" where no score is told."""

    when: str
    do: str


@dataclass(frozen=True, slots=True)
class Place:
    """A page on which a piece shows."""

    label: str
    href: str


@dataclass(frozen=True, slots=True)
class PieceHere:
    """A piece of the talk as it stands here.

    cell: the practice's score, None where it is not shown or the form does not ask it
    """

    piece: talk.Piece
    practice: str
    href: str
    asked: bool
    cell: Cell | None
    band: str
    answers: list[Answered]
    steps: list[Step]
    places: list[Place]


def of_the_talk(wave: PublishedWave) -> bool:
    return wave.questionnaire == QUESTIONNAIRE


def pieces(reading: Reading) -> list[PieceHere]:
    """Every piece of the talk, in its order, with the numbers of the whole organization."""
    return [_here(reading, told) for told in talk.told(reading.questionnaire, reading.publication.form)]


def _here(reading: Reading, told: talk.Told) -> PieceHere:
    teams = reading.publication.root.teams
    practice = told.practice
    cell = teams.get(practice.key)
    return PieceHere(
        piece=told.piece,
        practice=practice.title,
        href=addresses.of_practice(reading, practice.key),
        asked=reading.variable(practice.key) is not None,
        cell=cell,
        band=reading.band_name(cell, practice.key) if cell else "",
        answers=_answers(reading, told),
        steps=[_step(reading, one) for one in told.advice],
        places=_places(reading, told.piece),
    )


def _answers(reading: Reading, told: talk.Told) -> list[Answered]:
    means = {
        key: mean
        for cell in reading.publication.root.teams.values()
        for key, mean in (cell.item_means or {}).items()
    }
    return [
        Answered(
            item.text,
            means.get(item.key),
            questions.told(item, means[item.key]) if item.key in means else "",
        )
        for item in told.items
    ]


def _step(reading: Reading, advice: Advice) -> Step:
    """Advice is for scores from the next lower piece of advice on the same practice up to its own end."""
    practice = next(one for one in reading.questionnaire.practices if advice in one.advice)
    cell = reading.publication.root.teams.get(practice.key)
    if cell is None or cell.score is None or not reading.questionnaire.bands[cell.band].named:
        return Step("", advice.do)  # a pulse says nothing of the bands that advice is for
    if cell.score >= advice.below:
        return Step("earlier", advice.do)
    return Step("now" if practice.advice_for(cell.score) == advice else "later", advice.do)


def _places(reading: Reading, piece: talk.Piece) -> list[Place]:
    found = []
    for endpoint in piece.pages:
        if endpoint in current_app.view_functions:
            values: dict[str, Any] = {"slug": reading.slug}
            if _takes_wave(endpoint):
                values["wave_id"] = reading.publication.wave
            found.append(Place(str(talk.PAGES[endpoint]), url_for(endpoint, **values)))
    return found


def _takes_wave(endpoint: str) -> bool:
    return any("wave_id" in rule.arguments for rule in current_app.url_map.iter_rules(endpoint))
