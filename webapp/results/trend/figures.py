"""What the trend of a unit shows: a small picture a practice, all on one scale, and the same in a table."""

from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.domain.publication import INDEX, Cell
from webapp.results import changes, sentences, wording
from webapp.results.changes import Change, Verdict
from webapp.results.reading import Reading
from webapp.results.sentences import marked

WINDOWS = ((20, 80), (0, 60), (40, 100))  # three steps of twenty; wider data gets the whole scale
WHOLE = (0, 99)
LEFT, RIGHT = 20.0, 90.0  # percent of a picture between its first and its last wave
MOST_LABELS = 5


@dataclass(frozen=True, slots=True)
class Point:
    """One wave in a picture, in percent of its width and height."""

    x: float
    y: float
    low: float
    high: float
    band: int


@dataclass(frozen=True, slots=True)
class Panel:
    """One variable over the waves."""

    title: str
    cell: Cell | None
    band: str
    points: list[Point]
    lines: list[tuple[Point, Point]]
    breaks: list[float]
    told: Markup


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: a figure a wave, and the change over them."""

    name: str
    href: str
    cells: list[Cell | None]
    bands: list[str]
    change: tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Since:
    """The change of a variable from the wave with which its present questions began, or why none is told."""

    change: Change | None
    wave: str
    renewed: str


@dataclass(frozen=True, slots=True)
class Trend:
    """The whole page in figures and sentences."""

    headline: str
    lede: str
    waves: list[str]
    ticks: list[tuple[float, str]]
    scale: tuple[int, int]
    panels: list[Panel]
    table: list[Line]


def of(history: list[Reading], unit: str) -> Trend:
    """The series of one unit, the oldest wave first."""
    last = history[-1]
    keys = [INDEX, *(practice.key for practice in last.practices)]
    told = {key: since(history, unit, key) for key in keys}
    scale = window([cell for reading in history for cell in _cells(reading, unit, keys)])
    return Trend(
        headline=headline(last, unit, told),
        lede=" ".join(text for text in (lede(history, told), reshaped(history, unit)) if text),
        waves=[reading.publication.name for reading in history],
        ticks=[(place_of(spot, len(history)), text) for spot, text in enumerate(ticks(history)) if text],
        scale=scale,
        panels=[panel(history, unit, key, told[key], scale) for key in keys],
        table=[line(history, unit, key, title_of(last, key), "", told[key]) for key in keys],
    )


def title_of(reading: Reading, variable: str) -> str:
    return _("Index") if variable == INDEX else reading.title(variable)


def cell_of(reading: Reading, unit: str, variable: str) -> Cell | None:
    place = reading.publication.position(unit)
    return None if place is None else reading.unit(place).teams.get(variable)


def _cells(reading: Reading, unit: str, keys: list[str]) -> list[Cell]:
    found = (cell_of(reading, unit, key) for key in keys)
    return [cell for cell in found if cell is not None and cell.score is not None]


def since(history: list[Reading], unit: str, variable: str) -> Since:
    """The change from the first wave with the same questions; across new questions only on those that stayed."""
    last = history[-1]
    start = len(history) - 1
    while start and changes.same_questions(history[start - 1], last, variable):
        start -= 1
    renewed = last.publication.name if start == len(history) - 1 else history[start].publication.name
    candidates = history[:-1] if variable == INDEX else history[start:-1] or history[:-1]
    for first in candidates:
        found = changes.between(first, last, unit).get(variable)
        if found is not None:
            return Since(found, first.publication.name, renewed if start else "")
    return Since(None, "", renewed if start else "")


def window(cells: list[Cell]) -> tuple[int, int]:
    """The scale of all pictures: a stretch of sixty points that holds every range, else the whole."""
    least = min((cell.low or 0 for cell in cells), default=20)
    most = max((cell.high or 0 for cell in cells), default=80)
    return next(((low, high) for low, high in WINDOWS if low <= least and most <= high), WHOLE)


def place_of(spot: int, waves: int) -> float:
    """Where a wave stands in a picture, in percent from the left."""
    if waves == 1:
        return (LEFT + RIGHT) / 2
    return round(LEFT + (RIGHT - LEFT) * spot / (waves - 1), 1)


def ticks(history: list[Reading]) -> list[str]:
    """Short names of the waves: months, with the day where two fall into one, and only the ends where many are."""
    days = [date.fromisoformat(reading.publication.closed_on) for reading in history]
    months = {(day.year, day.month) for day in days}
    names = [format_date(day, "MMM" if len(months) == len(days) else _("d MMM")) for day in days]
    if len(names) > MOST_LABELS:
        return [name if spot in {0, len(names) - 1} else "" for spot, name in enumerate(names)]
    return names


def panel(history: list[Reading], unit: str, variable: str, told: Since, scale: tuple[int, int]) -> Panel:
    last = history[-1]
    points: list[Point] = []
    lines: list[tuple[Point, Point]] = []
    breaks: list[float] = []
    before: Point | None = None
    for spot, reading in enumerate(history):
        if spot and not changes.same_questions(history[spot - 1], reading, variable):
            breaks.append(round((place_of(spot - 1, len(history)) + place_of(spot, len(history))) / 2, 1))
            before = None
        cell = cell_of(reading, unit, variable)
        point = _point(cell, place_of(spot, len(history)), scale) if cell and cell.score is not None else None
        if point is not None:
            points.append(point)
            if before is not None and changes.joined(history[spot - 1], reading, variable, unit):
                lines.append((before, point))
        before = point
    cell = cell_of(last, unit, variable)
    return Panel(
        title=wording.short(title_of(last, variable)),
        cell=cell,
        band=last.band_name(cell, variable) if cell else "",
        points=points,
        lines=lines,
        breaks=breaks,
        told=marked(_told(variable, told, cell, len(history))),
    )


def _point(cell: Cell, x: float, scale: tuple[int, int]) -> Point:
    return Point(
        x,
        height(cell.score or 0, scale),
        height(cell.low or 0, scale),
        height(cell.high or 0, scale),
        cell.band,
    )


def height(score: int, scale: tuple[int, int]) -> float:
    """A score in percent from the top of a picture."""
    low, high = scale
    return round(100 * (high - score) / (high - low), 1)


def _told(variable: str, told: Since, cell: Cell | None, waves: int) -> str:
    """The sentence under a picture."""
    if cell is None or waves == 1:
        return ""
    change = told.change
    if change is None:
        if told.renewed:
            return _("New questions in %(wave)s: the line starts anew.", wave=told.renewed)
        return _("No change can be told: a figure was rounded or left out, to protect anonymity.")
    return _change_told(variable, change, told.wave)


def _change_told(variable: str, change: Change, wave: str) -> str:
    """A change, and on what it was measured where that is not all of the scores above it."""
    words, span, called = sentences.change_words(change)
    values = {"words": f"**{words}**" if called else words, "wave": wave, "span": span}
    if change.whole:
        return _("%(words)s since %(wave)s, %(span)s", **values)
    if variable == INDEX and change.common == change.asked:
        return _(
            "%(words)s since %(wave)s, %(span)s, measured on the questions that both waves asked.", **values
        )
    counts = {"common": change.common, "asked": change.asked}
    if variable == INDEX:
        return _(
            "%(words)s since %(wave)s, %(span)s, measured on %(common)s of %(asked)s practices; the others do not compare.",
            **values,
            **counts,
        )
    return _(
        "%(words)s since %(wave)s, %(span)s, measured on %(common)s of %(asked)s questions; the others were not asked in both.",
        **values,
        **counts,
    )


def line(history: list[Reading], unit: str, variable: str, name: str, href: str, told: Since) -> Line:
    cells = [cell_of(reading, unit, variable) for reading in history]
    bands = [
        reading.band_name(cell, variable) if cell else ""
        for reading, cell in zip(history, cells, strict=True)
    ]
    return Line(name, href, cells, bands, sentences.change_words(told.change))


def headline(last: Reading, unit: str, told: dict[str, Since]) -> str:
    place = last.publication.position(unit) or 0
    name = last.unit(place).name
    whole = told[INDEX].change
    if whole is not None and whole.verdict.called:
        points, wave = abs(whole.points), told[INDEX].wave
        if whole.verdict is Verdict.ROSE:
            return ngettext(
                "%(name)s is up %(num)s point since %(wave)s",
                "%(name)s is up %(num)s points since %(wave)s",
                points,
                name=name,
                wave=wave,
            )
        return ngettext(
            "%(name)s is down %(num)s point since %(wave)s",
            "%(name)s is down %(num)s points since %(wave)s",
            points,
            name=name,
            wave=wave,
        )
    if any(found.change for found in told.values()):
        return _("%(name)s as a whole: no clear change", name=name)
    return _("%(name)s over the waves", name=name)


def reshaped(history: list[Reading], unit: str) -> str:
    """In which waves teams came to the unit or left it: a change there is one of who was asked, too."""
    names = [
        later.publication.name
        for earlier, later in pairwise(history)
        if not changes.same_teams(earlier, later, unit)
    ]
    if not names:
        return ""
    return _(
        "Teams came or left in %(waves)s, so a change there is also one of who was asked.",
        waves=sentences.listed(names),
    )


def lede(history: list[Reading], told: dict[str, Since]) -> str:
    """The practice that moved most, and what cannot be followed."""
    if len(history) == 1:
        return _(
            "One wave has been published so far. A trend needs two; the next one adds to every picture here."
        )
    last = history[-1]
    moved = [
        (key, found.change)
        for key, found in told.items()
        if key != INDEX and found.change is not None and found.change.verdict.called
    ]
    parts = []
    if moved:
        key, change = max(moved, key=lambda one: abs(one[1].points))
        parts.append(sentences.plain(sentences.moved(last.title(key), change, told[key].wave)))
    elif any(found.change is not None for key, found in told.items() if key != INDEX):
        parts.append(_("No practice shows a clear change."))
    else:
        parts.append(_("No change can be told of any practice."))
    renewed = [key for key, found in told.items() if key != INDEX and found.renewed]
    if renewed:
        parts.append(
            ngettext(
                "In %(num)s practice the questions changed, so its line breaks.",
                "In %(num)s practices the questions changed, so their lines break.",
                len(renewed),
            )
        )
    return " ".join(parts)
