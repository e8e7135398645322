"""What the page on spread shows: six special people, or everybody?"""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from webapp.domain.publication import Cell, SpreadFigures
from webapp.results import sentences
from webapp.results.overview.figures import EACH_TEAM_UP_TO, team_link
from webapp.results.reading import Reading
from webapp.results.spread import cells, words
from webapp.results.spread.cells import TOGETHER
from webapp.results.spread.words import BigFigure, Verdict

TIERS = ("above", "below")


@dataclass(frozen=True, slots=True)
class Spread:
    """The whole page in figures and sentences."""

    headline: str
    lede: str
    apart: list[Markup]
    ground: list[Cell]
    everyone: Cell | None
    shore: list[dict[str, object]]
    big: list[BigFigure]
    verdicts: list[Verdict]
    doubt: str
    untold: str
    lorenz: list[tuple[int, int]]


def of(reading: Reading, variable: str) -> Spread:
    """The spread of one practice, or of all that ask people about themselves."""
    known = reading.publication.spread[variable]
    found, shown = cells.silo(reading, variable), cells.of_units(reading, variable)
    verdict = verdict_of(reading, variable)
    teams = {place: shown[place] for place in reading.teams if place in shown}
    return Spread(
        headline=words.headline(verdict),
        lede=words.lede(known, found),
        apart=apart(reading, variable),
        ground=ground(list(teams.values())),
        everyone=shown.get(0),
        shore=[
            {"name": reading.unit(place).name, "href": team_link(reading, place), "band": cell.band}
            for place, cell in teams.items()
        ],
        big=words.big(reading.publication, known, found),
        verdicts=words.verdicts(verdict),
        doubt=words.doubt(verdict, found),
        untold=words.untold(reading.publication),
        lorenz=list(lorenz(known)),
    )


def title_of(reading: Reading, variable: str) -> str:
    return _("All of them together") if variable == TOGETHER else reading.title(variable)


def choices(reading: Reading, variable: str) -> list[dict[str, object]]:
    """The views of the page: all practices that ask people about themselves, and each by itself."""
    keys = [TOGETHER, *(one.key for one in cells.practices(reading))]
    return [
        {
            "label": title_of(reading, key),
            "href": url_for(
                "results.spread",
                slug=reading.slug,
                wave_id=reading.publication.wave,
                practice=None if key == TOGETHER else key,
            ),
            "current": key == variable,
        }
        for key in keys
    ]


def verdict_of(reading: Reading, variable: str) -> str:
    """One of the four; "" where it cannot be told how many are reached, or what lies between teams and would decide."""
    from webapp.domain import spread  # noqa: PLC0415 - NumPy stays out of start-up

    reach = reading.publication.spread[variable].reach
    found = cells.silo(reading, variable)
    if reach is None or (found is None and reach >= spread.FEW_REACHED):
        return ""
    return spread.verdict(reach, found)


def ground(teams: list[Cell]) -> list[Cell]:
    """A hill a team, drawn once where very many are the same."""
    told = [cell for cell in teams if cell.score is not None]
    if len(told) <= EACH_TEAM_UP_TO:
        return told
    return list({(cell.low, cell.high): cell for cell in told}.values())


def lorenz(known: SpreadFigures) -> Iterator[tuple[int, int]]:
    """(percent of the people, those who practise least first; percent of all practice that is theirs)."""
    shares = known.lorenz or ()
    for place, share in enumerate(shares):
        yield round(100 * place / (len(shares) - 1)), share


def apart(reading: Reading, variable: str) -> list[Markup]:
    """Which teams stand clearly apart from the rest: the islands, by name."""
    keys = [one.key for one in cells.practices(reading)] if variable == TOGETHER else [variable]
    return [sentences.marked(text) for tier in TIERS for text in _apart(reading, keys, tier)]


def _apart(reading: Reading, keys: list[str], tier: str) -> Iterator[str]:
    found: dict[bool, list[str]] = {True: [], False: []}
    for place in reading.shown_teams:
        board = reading.unit(place).teams
        count = sum(key in board and board[key].tier == tier for key in keys)
        if count:
            found[count == len(keys)].append(reading.unit(place).name)
    for everywhere, names in found.items():
        if names:
            yield _standing(names, tier, len(keys), everywhere=everywhere)


def _standing(names: list[str], tier: str, practices: int, *, everywhere: bool) -> str:
    said = {"names": sentences.listed(names), "count": practices}
    number = len(names)
    if practices == 1:
        if tier == "above":
            return ngettext(
                "%(names)s is **clearly above** the rest.",
                "%(names)s are **clearly above** the rest.",
                number,
                **said,
            )
        return ngettext(
            "%(names)s is **clearly below** the rest.",
            "%(names)s are **clearly below** the rest.",
            number,
            **said,
        )
    if everywhere:
        if tier == "above":
            return ngettext(
                "%(names)s is **clearly above** the rest in all %(count)s practices.",
                "%(names)s are **clearly above** the rest in all %(count)s practices.",
                number,
                **said,
            )
        return ngettext(
            "%(names)s is **clearly below** the rest in all %(count)s practices.",
            "%(names)s are **clearly below** the rest in all %(count)s practices.",
            number,
            **said,
        )
    if tier == "above":
        return ngettext(
            "%(names)s is **clearly above** the rest in some of the %(count)s practices.",
            "%(names)s are **clearly above** the rest in some of the %(count)s practices.",
            number,
            **said,
        )
    return ngettext(
        "%(names)s is **clearly below** the rest in some of the %(count)s practices.",
        "%(names)s are **clearly below** the rest in some of the %(count)s practices.",
        number,
        **said,
    )
