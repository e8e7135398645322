"""What the page on say and do shows: the units in one of three views, and the gap of the whole over the waves."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.domain.publication import Cell
from webapp.domain.questionnaire import Item, Source
from webapp.results.hype import words
from webapp.results.hype.boards import Against, Boards, Wave
from webapp.results.reading import Reading
from webapp.results.sentences import marked
from webapp.results.unit.figures import address

MOST_ROWS = 24  # at once; the others stand in a part that opens


@dataclass(frozen=True, slots=True)
class Line:
    """A unit: what it says with its range, what it does in words or with its range, the gap, and the verdict."""

    name: str
    href: str
    whole: bool
    says: Cell
    does: Cell | None
    figure: str
    gap: tuple[str, str]
    verdict: str
    clear: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A wave in the table over time."""

    name: str
    says: int
    does: int
    gap: tuple[str, str]
    moved: tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page in figures and sentences; `against` is None where nothing can be told."""

    headline: str
    lede: str
    against: Against | None
    clear: list[Markup]
    still_open: list[Markup]
    explained: str
    lines: list[Line]
    more: list[Line]
    waves: list[Row]
    belief: Item | None
    use: Item | None
    source: Source | None


def of(boards: Boards, waves: list[Wave], against: Against | None) -> Page:
    """The page in one view."""
    first, more = parted(lines(boards, against) if against else [])
    return Page(
        headline=words.headline(boards, waves),
        lede=words.lede(boards),
        against=against,
        clear=[marked(text) for text in words.clear(boards)],
        still_open=[marked(text) for text in words.still_open(boards, waves)],
        explained=words.explained(boards, against) if against else "",
        lines=first,
        more=more,
        waves=[_row(wave) for wave in waves],
        belief=boards.belief,
        use=boards.use,
        source=boards.belief.source if boards.belief else None,
    )


def lines(boards: Boards, against: Against) -> list[Line]:
    """The whole first, then the units in tree order."""
    return _by_answers(boards) if against == "use" else _by_figures(boards, against)


def parted(found: list[Line]) -> tuple[list[Line], list[Line]]:
    """What stands there at once (the whole, every unit that stands apart, and then the first) and what opens."""
    by_weight = sorted(found, key=lambda line: not (line.whole or line.clear))
    at_once = {line.href for line in by_weight[:MOST_ROWS]}
    return [line for line in found if line.href in at_once], [
        line for line in found if line.href not in at_once
    ]


def choices(boards: Boards, against: Against | None) -> list[dict[str, object]]:
    """The views that have something to show."""
    return [
        {
            "label": words.view(view),
            "href": url_for(
                "results.hype",
                slug=boards.reading.slug,
                wave_id=boards.reading.publication.wave,
                against=view,
            ),
            "current": view == against,
        }
        for view in boards.views
    ]


def _by_answers(boards: Boards) -> list[Line]:
    reading, pair = boards.reading, boards.pair
    if pair is None:
        return []
    found = []
    for gap in boards.gaps:
        practice = reading.unit(gap.place).teams[pair.practice]
        does = Cell(practice.n, practice.invited, gap.use.score, gap.use.low, gap.use.high, 0)
        found.append(
            Line(
                name=_name(reading, gap.place),
                href=address(reading, gap.place),
                whole=gap.place == 0,
                says=reading.unit(gap.place).teams[pair.belief],
                does=does,
                figure="",
                gap=words.gap_words(gap.points, gap.low, gap.high),
                verdict="" if gap.place == 0 else words.beside_words(gap.beside),
                clear=gap.beside in {"more", "less"},
            )
        )
    return found


def _by_figures(boards: Boards, against: Against) -> list[Line]:
    reading = boards.reading
    return [
        Line(
            name=_name(reading, one.place),
            href=address(reading, one.place),
            whole=one.place == 0,
            says=one.says,
            does=None,
            figure=words.figure(boards, against, one.place),
            gap=("", ""),
            verdict="" if one.place == 0 else words.both_words(one),
            clear=one.apart,
        )
        for one in boards.of(against)
    ]


def _name(reading: Reading, place: int) -> str:
    return reading.unit(place).name if place else _("All of %(name)s", name=reading.unit(0).name)


def _row(wave: Wave) -> Row:
    return Row(
        name=wave.reading.publication.name,
        says=wave.gap.belief.score,
        does=wave.gap.use.score,
        gap=words.gap_words(wave.gap.points, wave.gap.low, wave.gap.high),
        moved=words.moved_words(wave.moved),
    )
