"""The talk, piece by piece: what it advises, and what a questionnaire has of each piece.

What a version of the questionnaire lacks is left out where a piece is shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.domain.questionnaire import Advice, Item, Practice, Questionnaire
from webapp.talk.pieces import PAGES, PIECES, Piece

__all__ = ["PAGES", "PIECES", "Piece", "Told", "told"]


@dataclass(frozen=True, slots=True)
class Told:
    """A piece with what a questionnaire has of it."""

    piece: Piece
    practice: Practice
    items: tuple[Item, ...]
    advice: tuple[Advice, ...]


def told(questionnaire: Questionnaire, form: str | None = None) -> Iterator[Told]:
    """The pieces whose practice the questionnaire has, in the order of the talk; with a form, its questions alone."""
    for piece in PIECES:
        if piece.practice not in {one.key for one in questionnaire.practices}:
            continue
        items = tuple(
            item
            for practice in questionnaire.practices
            for item in practice.items
            if item.key in piece.items and (form is None or form in item.forms)
        )
        wanted = {(piece.practice, below) for below in piece.advice} | set(piece.also)
        advice = tuple(
            one
            for practice in questionnaire.practices
            for one in practice.advice
            if (practice.key, one.below) in wanted
        )
        yield Told(piece, questionnaire.practice(piece.practice), items, advice)
