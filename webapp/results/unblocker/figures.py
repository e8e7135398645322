"""What the page says: the one statement that would lift most units, the next ones, and what followed unit by unit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.publication import INDEX, Cell
from webapp.results import addresses, sentences, telling
from webapp.results.deciding import Deciding
from webapp.results.overview.figures import EACH_TEAM_UP_TO
from webapp.results.reading import Reading
from webapp.results.unblocker import board
from webapp.results.unblocker.board import Moved, Statements

MOST = 3  # statements that are named
MOST_ROWS = 24  # at once; the others stand in a part that opens


@dataclass(frozen=True, slots=True)
class Statement:
    """A question, its fourth answer, and what would follow if that were true; with where to go from here."""

    key: str
    practice_key: str
    practice: str
    question: str
    answer: str
    effect: str
    href: str
    practice_href: str
    current: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A unit now and then; `cell` and `other` are what the picture shows and marks."""

    name: str
    href: str
    now: Cell
    then: Cell
    now_band: str
    then_band: str
    index: str
    cell: Cell
    other: int
    lifted: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page; `rows` and `more` are the units that rise by a band, `others` those that stay in theirs."""

    headline: str
    lede: str
    equals: str
    left_out: str
    statements: list[Statement]
    chosen: Statement | None
    views: list[dict[str, object]]
    ground: list[Cell]
    rows: list[Row]
    more: list[Row]
    others: list[Row]


def of(reading: Reading, item: str, *, then: bool) -> Page:
    """The page with one statement chosen (the first where the address names none that lifts a unit)."""
    found = board.of(reading)
    if not found.order:
        return _nothing(found)
    chosen = found.at(item)
    number = found.order[0] if chosen is None else chosen
    named = list(dict.fromkeys([*found.order[:MOST], number]))
    statements = [_statement(found, one, current=one == number) for one in named]
    moved = found.moved(number)
    rows = [_row(reading, one, then=then) for one in moved]
    lifted = [row for row in rows if row.lifted]
    return Page(
        headline=_headline(found),
        lede=_lede(found, found.order[0]),
        equals=_equals(found, found.order[0]),
        left_out=_left_out(found, number),
        statements=statements,
        chosen=next(one for one in statements if one.current),
        views=_views(found, number, then=then),
        ground=_ground([one.then if then else one.now for one in moved]),
        rows=lifted[:MOST_ROWS],
        more=lifted[MOST_ROWS:],
        others=[row for row in rows if not row.lifted],
    )


def adopting(deciders: Iterable[Deciding]) -> Deciding | None:
    """Where a statement may be adopted: in the highest unit in which the reader decides, if there is one alone."""
    able = [one for one in deciders if one.may_adopt]
    return able[0] if len(able) == 1 else None


def tops(reading: Reading) -> tuple[int, ...]:
    """The highest units that the reader reads."""
    return telling.tops(reading) or (0,)


def _nothing(found: Statements) -> Page:
    if not found.units:
        headline = _("What would lift most units cannot be worked out")
        lede = _(
            "Of no unit the answers to single questions are shown, to protect anonymity. It takes units of which enough people answered."
        )
    else:
        headline = _("No single answer would lift a unit by a band")
        lede = _("It takes more than one thing at once.")
    return Page(headline, lede, "", _left_out(found, None), [], None, [], [], [], [], [])


def _headline(found: Statements) -> str:
    lifts = found.lifts(found.order[0])
    return ngettext(
        "One answer stands between %(num)s unit and the next band",
        "One answer stands between %(num)s units and the next band",
        lifts,
    )


def _lede(found: Statements, number: int) -> str:
    _practice, item = found.items[number]
    lifts, counted = found.lifts(number), found.counted(number)
    asked = {"question": item.text, "answer": _answer(item.levels)}
    if lifts == counted:
        return ngettext(
            "“%(question)s” If the average of the one unit were at “%(answer)s” or beyond, it would stand a band higher.",
            "“%(question)s” If the average of every unit were at “%(answer)s” or beyond, all %(num)s would stand a band higher.",
            counted,
            **asked,
        )
    return _(
        "“%(question)s” If the average of every unit were at “%(answer)s” or beyond, %(lifts)s of %(counted)s units would stand a"
        " band higher.",
        lifts=lifts,
        counted=counted,
        **asked,
    )


def _equals(found: Statements, number: int) -> str:
    """That others would lift as many units, where some would."""
    equal = sum(found.lifts(other) == found.lifts(number) for other in found.order) - 1
    if not equal:
        return ""
    return ngettext(
        "%(num)s other answer would lift as many; what lifts more of them on the index, and then gains more points, comes first.",
        "%(num)s other answers would lift as many; what lifts more of them on the index, and then gains more points, comes first.",
        equal,
    )


def _answer(levels: tuple[str, ...]) -> str:
    from webapp.domain.unblocking import TRUE_LEVEL  # noqa: PLC0415 - NumPy stays out of start-up

    return levels[TRUE_LEVEL - 1].rstrip(".")


def _left_out(found: Statements, number: int | None) -> str:
    """The teams that stay out of the arithmetic, said plainly."""
    counted = {one.place for one in found.moved(number)} if number is not None else set(found.units)
    out = len(set(found.reading.teams) - counted)
    if not out:
        return ""
    return ngettext(
        "%(num)s team is left out: its answers to single questions are not shown, to protect anonymity.",
        "%(num)s teams are left out: their answers to single questions are not shown, to protect anonymity.",
        out,
    )


def _statement(found: Statements, number: int, *, current: bool) -> Statement:
    practice, item = found.items[number]
    return Statement(
        item.key,
        practice.key,
        practice.title,
        item.text,
        _answer(item.levels),
        _effect(found, number),
        _address(found.reading, item.key, then=True),
        addresses.of_practice(found.reading, practice.key),
        current,
    )


def _effect(found: Statements, number: int) -> str:
    """How many units from which band to which: of the practice, and of the index."""
    practice = found.items[number][0]
    parts = []
    for title, variable in ((practice.title, practice.key), (_("the index"), INDEX)):
        told = _bands(found, variable, found.steps(number, index=variable == INDEX))
        if told:
            parts.append(_("in %(practice)s %(moves)s", practice=title, moves=told))
    lifts, counted, told = found.lifts(number), found.counted(number), "; ".join(parts)
    if lifts == counted:
        return ngettext(
            "Lifts the one unit: %(parts)s.", "Lifts all %(num)s units: %(parts)s.", counted, parts=told
        )
    return _("Lifts %(lifts)s of %(counted)s units: %(parts)s.", lifts=lifts, counted=counted, parts=told)


def _bands(found: Statements, variable: str, steps: Mapping[tuple[int, int], int]) -> str:
    bands = found.reading.questionnaire.bands
    names = [band.name if variable == INDEX else band.practice_name for band in bands]
    return sentences.listed(
        ngettext(
            "%(num)s from %(was)s to %(now)s",
            "%(num)s from %(was)s to %(now)s",
            count,
            was=names[was],
            now=names[now],
        )
        for (was, now), count in steps.items()
    )


def _ground(cells: list[Cell]) -> list[Cell]:
    """Every unit on one ground, once where very many are the same."""
    if len(cells) <= EACH_TEAM_UP_TO:
        return cells
    return list({(cell.low, cell.high): cell for cell in cells}.values())


def _views(found: Statements, number: int, *, then: bool) -> list[dict[str, object]]:
    """The two ends of the toggle."""
    key = found.items[number][1].key
    return [
        {"label": label, "href": _address(found.reading, key, then=view), "current": then == view}
        for label, view in ((_("As it is"), False), (_("If it were true"), True))
    ]


def _address(reading: Reading, item: str, *, then: bool) -> str:
    return url_for(
        "results.unblocker",
        slug=reading.slug,
        wave_id=reading.publication.wave,
        item=item,
        then=1 if then else None,
        _anchor="effect",
    )


def _row(reading: Reading, one: Moved, *, then: bool) -> Row:
    unit = reading.unit(one.place)
    return Row(
        name=unit.name,
        href=url_for("results.unit", slug=reading.slug, wave_id=reading.publication.wave, key=unit.key),
        now=one.now,
        then=one.then,
        now_band=reading.band_name(one.now, ""),
        then_band=reading.band_name(one.then, ""),
        index=_index(reading, one),
        cell=one.then if then else one.now,
        other=(one.now if then else one.then).score or 0,
        lifted=one.lifted or one.index_lifted,
    )


def _index(reading: Reading, one: Moved) -> str:
    if one.index_now is None or one.index_then is None:
        return ""
    if one.index_lifted:
        return _(
            "%(now)s → %(then)s, %(band)s",
            now=one.index_now.score,
            then=one.index_then.score,
            band=reading.band_name(one.index_then, INDEX),
        )
    return _("%(now)s → %(then)s", now=one.index_now.score, then=one.index_then.score)
