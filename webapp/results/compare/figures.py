"""What the comparison shows: each practice with a line a unit and a verdict."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from webapp.domain.publication import INDEX, Cell
from webapp.results import wording
from webapp.results.compare import boards, headlines, recognition, words
from webapp.results.compare.boards import Boards, Pair, Standing
from webapp.results.compare.choice import Choice, apart
from webapp.results.reading import Reading
from webapp.results.sentences import listed, signed
from webapp.results.unit.figures import address


@dataclass(frozen=True, slots=True)
class Line:
    """One unit in one practice, and how it stands out in the whole; the rest of the organization has no address."""

    name: str
    href: str
    cell: Cell | None
    band: str
    stands: str


@dataclass(frozen=True, slots=True)
class Block:
    """One practice, or the index."""

    key: str
    title: str
    verdict: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Difference:
    """A pair in all practices: (difference, range, whether it is called), empty where none was made."""

    name: str
    figures: list[tuple[str, str, bool]]


@dataclass(frozen=True, slots=True)
class Compared:
    """The whole page in figures and sentences."""

    headline: str
    lede: str
    notes: list[str]
    blocks: list[Block]
    columns: list[str]
    differences: list[Difference]
    legend: list[str]


def of(reading: Reading, chosen: Choice) -> Compared:
    """The page of one unit beside the rest, or of several beside each other."""
    places = chosen.places
    if len(places) == 1:
        found = _one(reading, places[0], boards.standing(reading, places[0]))
    else:
        marks = [boards.marks(reading, place) for place in places]
        found = _several(reading, boards.of(reading, places), marks)
    return replace(found, notes=[note for note in (*_left_out(chosen), *found.notes) if note])


def _left_out(chosen: Choice) -> list[str]:
    """What was chosen and does not stand here."""
    told = []
    if chosen.too_many:
        told.append(_("More than eight units were chosen; these are the first eight."))
    if chosen.hidden:
        told.append(_("Not shown, to protect anonymity: %(names)s.", names=listed(chosen.hidden)))
    return told


def _keys(reading: Reading, cells: Sequence[Mapping[str, Cell]]) -> list[str]:
    """The index first, where anybody has one, then the practices that anybody shows."""
    keys = [INDEX, *(practice.key for practice in reading.practices)]
    return [key for key in keys if any(key in one for one in cells)]


def _title(reading: Reading, key: str) -> str:
    return _("Index") if key == INDEX else reading.title(key)


def _line(reading: Reading, place: int, key: str, cell: Cell | None, stands: Standing | None) -> Line:
    return Line(
        name=reading.unit(place).name,
        href=address(reading, place),
        cell=cell,
        band=reading.band_name(cell, key) if cell else "",
        stands=" · ".join(wording.standing_out(stands.tier, stands.quarter)) if stands else "",
    )


def _one(reading: Reading, place: int, stands: dict[str, Standing]) -> Compared:
    unit = reading.unit(place)
    rests = [one.rest for one in stands.values() if one.rest is not None]
    blocks = [
        Block(
            key=key,
            title=_title(reading, key),
            verdict=words.beside_rest(stands.get(key, Standing())),
            lines=_beside_rest(reading, place, key, stands.get(key, Standing())),
        )
        for key in _keys(reading, [unit.teams])
    ]
    return Compared(
        headline=headlines.of_one(reading, place, stands),
        lede=_(
            "The rest is everybody at %(name)s outside %(unit)s.",
            name=reading.publication.root.name,
            unit=unit.name,
        ),
        notes=[recognition.beside_rest(reading, place, rests[0] if rests else None)],
        blocks=blocks,
        columns=[],
        differences=[],
        legend=[],
    )


def _beside_rest(reading: Reading, place: int, key: str, stands: Standing) -> list[Line]:
    own = _line(reading, place, key, reading.unit(place).teams[key], None)
    if stands.rest is None:
        return [own]
    return [own, Line(_("The rest"), "", stands.rest, reading.band_name(stands.rest, key), "")]


def _several(reading: Reading, found: Boards, stands: Sequence[dict[str, Standing]]) -> Compared:
    names = [reading.unit(place).name for place in found.places]
    keys = _keys(reading, found.cells)
    return Compared(
        headline=headlines.of_several(reading, found),
        lede=headlines.widest(reading, found),
        notes=[recognition.between(reading, found), *_notes(reading, found, names)],
        blocks=[
            Block(
                key=key,
                title=_title(reading, key),
                verdict=_verdict(found, key, names),
                lines=[
                    _line(reading, place, key, cells.get(key), stands[spot].get(key))
                    for spot, (place, cells) in enumerate(zip(found.places, found.cells, strict=True))
                ],
            )
            for key in keys
        ],
        columns=[wording.short(_title(reading, key)) for key in keys],
        differences=_differences(found, keys, names),
        legend=_legend(stands),
    )


def _legend(stands: Sequence[dict[str, Standing]]) -> list[str]:
    """What the marks beside the names mean, as far as any stands there."""
    marks = [one for of_unit in stands for one in of_unit.values()]
    told = []
    if any(one.tier in {"above", "below"} for one in marks):
        told.append(_("▲ ▼ clearly above or below the rest of the organization; no mark: it may be chance"))
    if any(one.quarter for one in marks):
        told.append(_("upper or lower quarter: most likely among that quarter of the teams"))
    return told


def _verdict(found: Boards, key: str, names: Sequence[str]) -> str:
    if key == INDEX and not found.comparable:
        return _("Not compared: these units do not show the same practices.")
    numbers = [
        spot for spot, cells in enumerate(found.cells) if key in cells and cells[key].score is not None
    ]
    return words.verdict(names, found.pairs.get(key, ()), numbers)


def _notes(reading: Reading, found: Boards, names: Sequence[str]) -> list[str]:
    told = []
    if found.common is not None:
        told.append(
            _(
                "Not all of them show every practice: their indices are made here over the %(count)s practices that"
                " all show.",
                count=found.common,
            )
        )
    for spot, place in enumerate(found.places):
        inner = [
            names[other]
            for other in range(spot + 1, len(names))
            if not apart(reading, place, found.places[other])
        ]
        if inner:
            told.append(
                _(
                    "Not compared with %(unit)s, because they are part of it: %(names)s.",
                    unit=names[spot],
                    names=listed(inner, len(inner)),
                )
            )
    return told


def _differences(found: Boards, keys: Sequence[str], names: Sequence[str]) -> list[Difference]:
    """Every pair with all its differences, from three units on; of two the verdicts tell them."""
    if len(names) == 2:  # noqa: PLR2004 - a pair
        return []
    span = _("%(low)s to %(high)s")  # once: a page of eight has 280 figures
    by_pair: dict[tuple[int, int], dict[str, Pair]] = {}
    for key in keys:
        for pair in found.pairs.get(key, ()):
            by_pair.setdefault((pair.one, pair.other), {})[key] = pair
    return [
        Difference(
            name=_("%(other)s minus %(one)s", other=names[other], one=names[one]),
            figures=[_figure(pairs.get(key), span) for key in keys],
        )
        for (one, other), pairs in sorted(by_pair.items())
    ]


def _figure(pair: Pair | None, span: str) -> tuple[str, str, bool]:
    if pair is None:
        return "", "", False
    ends = {"low": signed(round(pair.low)), "high": signed(round(pair.high))}
    return signed(pair.points), span % ends, pair.called
