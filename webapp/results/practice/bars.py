"""How the people of each shown unit spread over the five bands of a practice, as bars to both sides of one line.

To the right of the line stand those who practise, at 60 or more; what stands left of it is still to come.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.domain.questionnaire import Band
from webapp.results.practice.parts import Line


@dataclass(frozen=True, slots=True)
class Stretch:
    """People in one band; where its piece of the bar begins and how wide it is, in percent of the picture."""

    band: int
    people: int
    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit: its people by band, and the pieces that draw them."""

    name: str
    href: str
    people: tuple[int, ...]
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Bars:
    """All bars on one scale. `line`: where the line stands, in percent; `split`: the first band to its right."""

    bars: tuple[Bar, ...]
    line: float
    split: int


def of(lines: Sequence[Line], everyone: Line | None, bands: Sequence[Band]) -> Bars | None:
    """The bars of all units of which the publication holds a distribution; None where it holds none.

    everyone: the whole organization, as a last bar beside those of a part
    """
    units = [(line, line.cell.histogram) for line in lines if line.cell and line.cell.histogram]
    if not units:
        return None
    if everyone is not None and everyone.cell and everyone.cell.histogram:
        units.append((everyone, everyone.cell.histogram))
    split = _split(bands)
    left = max(sum(people[:split]) / sum(people) for _line, people in units)
    right = max(sum(people[split:]) / sum(people) for _line, people in units)
    scale = 100 / (left + right)
    bars = tuple(
        Bar(
            line.name,
            line.href if line.depth else "",
            people,
            tuple(_stretches(people, split, left * scale, scale)),
        )
        for line, people in units
    )
    return Bars(bars, round(left * scale, 2), split)


def _split(bands: Sequence[Band]) -> int:
    """The first band in which all practise; the last one where the questionnaire's bands start elsewhere."""
    from webapp.domain.spread import PRACTISING  # noqa: PLC0415 - NumPy stays out of start-up

    return next((place for place, band in enumerate(bands) if band.start >= PRACTISING), len(bands) - 1)


def _stretches(people: Sequence[int], split: int, line: float, scale: float) -> Iterator[Stretch]:
    total = sum(people)
    x = line - scale * sum(people[:split]) / total
    for band, count in enumerate(people):
        width = scale * count / total
        if count:
            yield Stretch(band, count, round(x, 2), round(width, 2))
        x += width
