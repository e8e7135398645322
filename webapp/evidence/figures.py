"""What the page on figures from outside shows: one measure by unit and month, as small pictures and as a table."""

from dataclasses import dataclass
from itertools import pairwise

from flask import url_for
from flask_babel import gettext as _

from webapp.domain.evidence import MEASURES, SHARES, Measure, Told
from webapp.evidence import words
from webapp.evidence.queries import Book, Place

MOST_ROWS = 60  # of all units below; where there are more, the parts right below, each leading further down
MOST_PANELS = 24
MOST_MONTHS = 12
WHOLE = 100.0  # percent at the upper end of a picture of shares, so that its lines are at the quarters
LEFT, RIGHT = 24.0, 96.0  # percent of a picture between its first and its last month


@dataclass(frozen=True, slots=True)
class Row:
    """A unit with one figure a month; `href` leads to its parts where they are not on the page."""

    name: str
    href: str
    depth: int
    inner: bool
    cells: list[str]
    note: str


@dataclass(frozen=True, slots=True)
class Point:
    """A figure in a picture, in percent of its width and height; `dot` where it is a number and no word."""

    x: float
    y: float
    low: float
    high: float
    dot: bool


@dataclass(frozen=True, slots=True)
class Panel:
    """One unit over the months, with what the last of them tells."""

    name: str
    last: str
    points: list[Point]
    lines: list[tuple[Point, Point]]


@dataclass(frozen=True, slots=True)
class Shown:
    """The whole page in figures and sentences; `scale`: what the two lines of each picture stand for."""

    headline: str
    lede: str
    months: list[str]
    ends: tuple[str, str]
    scale: list[tuple[int, str]]
    panels: list[Panel]
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class _Series:
    place: Place | None
    name: str
    told: list[Told | None]


def part(places: list[Place], unit: str) -> Place | None:
    """The unit whose parts are asked for; None where it has none, or is not the reader's to see."""
    return next((one for one in places if str(one.id) == unit and one.inner), None)


def of(slug: str, book: Book, places: list[Place], whole: str, measure: Measure, top: Place | None) -> Shown:
    """The whole with everything that the reader sees, or one unit with its parts."""
    names = book.months[-MOST_MONTHS:]
    months = [book.told(name) for name in names]
    listed = _listed(places, top)
    series = [
        _Series(one, one.name if one else whole, [told.get(one.id if one else None) for told in months])
        for one in (top, *listed)
    ]
    there = [one for one in series if any(words.of(told, measure, book.currency) for told in one.told)]
    most = max((_height(told, measure) or 0 for one in there for told in one.told if told), default=0.0)
    return Shown(
        headline=_headline(series[0], measure, book.currency, names[-1], named=top is not None),
        lede=_lede(series[0], measure, book.currency, names),
        months=[words.short_month(name, year=spot in {0, len(names) - 1}) for spot, name in enumerate(names)],
        ends=(words.month(names[0]), words.month(names[-1])),
        scale=_scale(measure, most, book.currency),
        panels=[_panel(one, measure, book.currency, most) for one in there[:MOST_PANELS]],
        rows=[_row(slug, one, listed, measure, book.currency) for one in series],
    )


def choices(slug: str, measure: Measure, top: Place | None) -> list[dict[str, object]]:
    """The measures, of the same units."""
    return [
        {
            "label": words.measure(name),
            "href": url_for("evidence.index", slug=slug, measure=name, unit=top.id if top else None),
            "current": name == measure,
        }
        for name in MEASURES
    ]


def trail(
    slug: str, places: list[Place], whole: str, measure: Measure, top: Place | None
) -> list[dict[str, str]]:
    """The way down the tree, where only a part of it is shown."""
    found: list[Place] = []
    at = top
    while at is not None:
        found.insert(0, at)
        at = next((one for one in places if one.id == at.parent), None)
    if not found:
        return []
    steps: list[Place | None] = [None, *found]
    return [
        {
            "href": url_for("evidence.index", slug=slug, measure=measure, unit=one.id if one else None),
            "label": one.name if one else whole,
        }
        for one in steps
    ]


def _listed(places: list[Place], top: Place | None) -> list[Place]:
    """All units below the top if they fit, else those right below it."""
    if top is None:
        below, level = places, min((one.depth for one in places), default=0)
    else:
        start = places.index(top)
        below = []
        for one in places[start + 1 :]:
            if one.depth <= top.depth:
                break
            below.append(one)
        level = top.depth + 1
    return below if len(below) <= MOST_ROWS else [one for one in below if one.depth == level]


def _row(slug: str, one: _Series, listed: list[Place], measure: Measure, currency: str) -> Row:
    place = one.place
    least = min((other.depth for other in listed), default=0)
    leads = place is not None and place in listed and place.inner and not _parts_of(place, listed)
    return Row(
        name=one.name,
        href=url_for("evidence.index", slug=slug, measure=measure, unit=place.id) if place and leads else "",
        depth=0 if place is None or place not in listed else place.depth - least + 1,
        inner=place is None or place.inner,
        cells=[words.of(told, measure, currency) for told in one.told],
        note=_covered(one.told[-1], measure),
    )


def _parts_of(place: Place, listed: list[Place]) -> bool:
    return any(one.parent == place.id for one in listed)


def _covered(told: Told | None, measure: Measure) -> str:
    """Whom a sum is about, where that is not everybody."""
    covered = told.covered.get(measure, 0) if told else 0
    if told is None or not covered or covered == told.people:
        return ""
    return _("%(some)s of %(people)s people", some=covered, people=told.people)


def _headline(one: _Series, measure: Measure, currency: str, month: str, *, named: bool) -> str:
    told = one.told[-1]
    values = {"month": words.month(month), "value": words.of(told, measure, currency)}
    share = told.share(measure) if told else None
    if not values["value"] and told and measure in told.covered:
        text = _("The figure for %(month)s is not told, to protect anonymity", **values)
    elif not values["value"]:
        text = _("No figure for %(month)s", **values)
    elif share is not None:
        values["share"] = words.people(share)
        text = {
            "active": _("%(share)s of the people used AI tools in a week of %(month)s", **values),
            "seats": _("%(share)s of the people had a licence in %(month)s", **values),
            "trained": _("%(share)s of the people were trained by %(month)s", **values),
        }.get(measure, "")
    elif measure == "spend":
        text = _("AI tools cost about %(value)s a person in %(month)s", **values)
    else:
        text = _("Those who used AI tools did so on about %(value)s days in %(month)s", **values)
    return f"{one.name}: {text}" if named else text


def _lede(one: _Series, measure: Measure, currency: str, months: list[str]) -> str:
    """What it was at the beginning, and whom it is about."""
    parts = [words.meaning(measure)]
    first = next((spot for spot, told in enumerate(one.told) if words.of(told, measure, currency)), None)
    if first is not None and first < len(months) - 1:
        value = words.of(one.told[first], measure, currency)
        parts.append(_("In %(month)s it was %(value)s.", month=words.month(months[first]), value=value))
    told = one.told[-1]
    covered = told.covered.get(measure, 0) if told else 0
    if told and covered and covered < told.people:
        parts.append(
            _(
                "There are figures of units with %(some)s of %(people)s people.",
                some=covered,
                people=told.people,
            )
        )
    return " ".join(parts)


def _height(told: Told | None, measure: Measure) -> float | None:
    """Where a picture draws a figure that is no share."""
    if told is None or measure in SHARES:
        return None
    value = told.active_days if measure == "active_days" else told.spend
    return None if value is None else float(value)


def _scale(measure: Measure, most: float, currency: str) -> list[tuple[int, str]]:
    """(percent from the top, words) of the lines at the quarters: shares are told in quarters too."""
    quarters = (25, 50, 75)
    if measure in SHARES:
        told = [_("%(percent)s\u00a0%%", percent=part) for part in quarters]
    else:
        values = [round(most * part / 100, 1) for part in quarters]
        told = [words.money(value, currency) if measure == "spend" else f"{value:g}" for value in values]
    return [(100 - part, one) for part, one in zip(quarters, told, strict=True)]


def _panel(one: _Series, measure: Measure, currency: str, most: float) -> Panel:
    points = [_point(told, spot, len(one.told), measure, most) for spot, told in enumerate(one.told)]
    return Panel(
        name=one.name,
        last=_last(one.told[-1], measure, currency),
        points=[point for point in points if point is not None],
        lines=[(a, b) for a, b in pairwise(points) if a is not None and b is not None and a.dot and b.dot],
    )


def _last(told: Told | None, measure: Measure, currency: str) -> str:
    share = told.share(measure) if told else None
    return words.people(share) if share and share.word else words.of(told, measure, currency)


def _point(told: Told | None, spot: int, months: int, measure: Measure, most: float) -> Point | None:
    x = round(LEFT + (RIGHT - LEFT) * spot / (months - 1), 1) if months > 1 else (LEFT + RIGHT) / 2
    share = told.share(measure) if told else None
    if share is not None:
        y, low, high = (_from_top(value, WHOLE) for value in (share.middle, share.low, share.high))
        return Point(x, y, low, high, dot=share.percent is not None)
    value = _height(told, measure)
    if value is None:
        return None
    y = _from_top(value, most)
    return Point(x, y, y, y, dot=True)


def _from_top(value: float, most: float) -> float:
    return round(100 * (1 - min(value, most) / most), 1) if most else 100.0
