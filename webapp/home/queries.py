from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import get_locale, ngettext
from sqlalchemy import text

from webapp import questionnaires
from webapp.domain import answers as sheets
from webapp.domain.questionnaire import Advice, Item, Practice, Questionnaire
from webapp.extensions import db

KEY = "ai-adoption"
FORM = "leader-core"
LEAST = 3  # practices that get advice


@dataclass(frozen=True, slots=True)
class QuickCheck:
    """The short leaders' form, asked of anybody: nine items, one a practice."""

    questionnaire: Questionnaire
    items: tuple[Item, ...]

    @property
    def asked_of_teams(self) -> int:
        """How many questions the usual form for teams has."""
        return len(self.questionnaire.items(self.questionnaire.default_form.name))

    @property
    def lengths(self) -> list[tuple[str, str]]:
        """The forms of the questionnaire by title, each with the number of its questions."""
        return [
            (
                form.title,
                ngettext("%(num)s question", "%(num)s questions", len(self.questionnaire.items(name))),
            )
            for name, form in self.questionnaire.forms.items()
        ]

    def practice(self, item: Item) -> Practice:
        return self.questionnaire.practice_of(item.key)

    def answers(self, sent: Mapping[str, str]) -> dict[str, str]:
        """{item key: "1".."5" or "?"} of what was sent; anything else counts as not answered."""
        found = {
            item.key: sheets.OPTED_OUT if sent.get(item.key) == "0" else sent.get(item.key, "")
            for item in self.items
        }
        return {key: answer for key, answer in found.items() if answer in sheets.ANSWERS}


def quick_check() -> QuickCheck:
    """The newest version of the built-in questionnaire, in the reader's language."""
    catalogue = questionnaires.available()
    found = catalogue.in_language(catalogue.get(KEY).questionnaire, str(get_locale()))
    return QuickCheck(found, found.items(FORM))


@dataclass(frozen=True, slots=True)
class Line:
    """One practice as one person sees it: a score without a range, because one person is not a team."""

    practice: Practice
    score: int | None
    band: int
    band_name: str
    bar: str
    advice: Advice | None


@dataclass(frozen=True, slots=True)
class Profile:
    lines: tuple[Line, ...]

    @property
    def answered(self) -> list[Line]:
        return [line for line in self.lines if line.score is not None]

    @property
    def ascending(self) -> list[Line]:
        """The answered practices, the lowest first; among equals in the questionnaire's order."""
        return sorted(self.answered, key=lambda line: line.score or 0)

    @property
    def furthest(self) -> Line:
        """The highest practice; among equals the first of the questionnaire."""
        return max(self.answered, key=lambda line: line.score or 0)

    @property
    def level(self) -> bool:
        """Whether all answered practices look the same."""
        return len({line.score for line in self.answered}) == 1

    @property
    def next_steps(self) -> list[Line]:
        """The lowest practices for which there is advice."""
        return [line for line in self.ascending if line.advice][:LEAST]


def profile(asked: QuickCheck, chosen: Mapping[str, str]) -> Profile:
    """Score each practice with 25 (x - 1); opt-outs and open questions have no score."""
    from webapp.domain.scoring import item_scores  # noqa: PLC0415 - NumPy stays out of start-up

    packed = sheets.pack(asked.items, chosen)
    points = item_scores(sheets.to_levels([packed], len(asked.items))[0]).tolist()
    return Profile(tuple(_line(asked, item, score) for item, score in zip(asked.items, points, strict=True)))


def _line(asked: QuickCheck, item: Item, points: float) -> Line:
    practice = asked.practice(item)
    if points != points:  # noqa: PLR0124 - not a number: not answered
        return Line(practice, None, 0, "", "", None)
    score = int(points)
    band = asked.questionnaire.band(score)
    return Line(
        practice,
        score,
        asked.questionnaire.bands.index(band),
        band.practice_name,
        asked.questionnaire.bar(practice, score),
        practice.advice_for(score),
    )


def database_answers() -> None:
    """Ask the database for nothing; raises what makes a 503 when it is away."""
    db.session.execute(text("SELECT 1"))
