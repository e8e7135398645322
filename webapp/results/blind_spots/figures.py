"""What the page on blind spots shows."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from webapp.results import addresses, sentences
from webapp.results.blind_spots import words
from webapp.results.blind_spots.people import View, views
from webapp.results.reading import Reading
from webapp.results.sentences import marked

if TYPE_CHECKING:
    from webapp.domain.mirrors import Gap

MOST_SENTENCES = 12
MOST_OPEN = 8
BY_NAME = ("lead_more", "lead_less")  # findings of leaders by name, over all practices that compare


@dataclass(frozen=True, slots=True)
class Row:
    """A practice of one view; `gap` None where the two cannot be compared."""

    title: str
    href: str
    gap: "Gap | None"
    words: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Dumbbells:
    """One view, practice by practice."""

    title: str
    rows: list[Row]


@dataclass(frozen=True, slots=True)
class Line:
    """A leader by name in the list of them."""

    name: str
    href: str
    told: Markup
    still_open: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Practices by the units whose leaders have an average."""

    units: list[tuple[str, str]]
    rows: list[tuple[str, list[tuple[str, str, bool]]]]


@dataclass(frozen=True, slots=True)
class BlindSpots:
    """The whole page in figures and sentences."""

    headline: str
    lede: str
    needed: list[str]
    clear: list[Markup]
    still_open: list[Markup]
    chosen: list[Dumbbells]
    chosen_name: str
    matrix: Matrix | None
    named: list[Line]
    part_only: bool


def of(reading: Reading, position: int | None) -> BlindSpots:
    """The blind spots of all views that the reader sees; practice by practice those of one unit, first of the whole."""
    every = views(reading)
    found = [view for view in every if view.gaps]
    at = position if position is not None else found[0].position if found else 0
    return BlindSpots(
        headline=words.headline(reading, found),
        lede=words.lede(reading.publication, every),
        needed=[] if found else words.needed(reading.publication),
        clear=clear(reading, found),
        still_open=still_open(reading, found),
        chosen=[dumbbells(reading, view) for view in found if view.position == at],
        chosen_name=reading.unit(at).name,
        matrix=matrix(reading, [view for view in found if not view.by_name]),
        named=[line(reading, view) for view in every if view.by_name],
        part_only=any(not gap.whole for view in found for gap in view.gaps),
    )


def clear(reading: Reading, found: list[View]) -> list[Markup]:
    """The called gaps, a sentence a view, the widest first; then who is told of by name over all practices alone."""
    called = [
        (view, gaps)
        for view in found
        for more in (True, False)
        if (gaps := [gap for gap in view.called if (gap.points > 0) == more])
    ]
    for _view, gaps in called:
        gaps.sort(key=lambda gap: -abs(gap.points))
    called.sort(key=lambda one: -abs(one[1][0].points))
    texts = [words.clear(reading, view, gaps) for view, gaps in called]
    told_by_name = {view.position for view, _gaps in called if view.by_name}
    texts += [
        sentences.sentence(reading, finding)
        for finding in reading.publication.findings
        if finding.code in BY_NAME and finding.unit not in told_by_name and sentences.seen(reading, finding)
    ]
    told = [marked(text) for text in texts[:MOST_SENTENCES]]
    rest = len(texts) - len(told)
    if rest:
        told.append(marked(ngettext("%(num)s more stands below.", "%(num)s more stand below.", rest)))
    return told


def still_open(reading: Reading, found: list[View]) -> list[Markup]:
    told = [text for view in found for text in words.unclear(reading, view)]
    rest = len(told) - MOST_OPEN
    if rest > 1:
        told = [*told[:MOST_OPEN], _("And what the views below leave open.")]
    return [marked(text) for text in told]


def dumbbells(reading: Reading, view: View) -> Dumbbells:
    gaps = {gap.practice: gap for gap in view.gaps}
    rows = [
        Row(
            practice.title,
            addresses.of_practice(reading, practice.key, view.position),
            gaps.get(practice.key),
            words.cell(gaps.get(practice.key)),
        )
        for practice in reading.practices
    ]
    return Dumbbells(words.who(reading, view), rows)


def matrix(reading: Reading, averages: list[View]) -> Matrix | None:
    """Where leaders see more or less, unit by unit; not for one unit alone, whose table says it all."""
    if len(averages) < 2:  # noqa: PLR2004 - see above
        return None
    tables = [{gap.practice: gap for gap in view.gaps} for view in averages]
    return Matrix(
        units=[(reading.unit(view.position).name, address(reading, view.position)) for view in averages],
        rows=[
            (
                practice.title,
                [
                    (*words.cell(found), found is not None and found.called)
                    for found in (table.get(practice.key) for table in tables)
                ],
            )
            for practice in reading.practices
        ],
    )


def line(reading: Reading, view: View) -> Line:
    called = sorted(view.called, key=lambda gap: -abs(gap.points))
    told = "; ".join(
        _("%(practice)s: **%(words)s**", practice=reading.title(gap.practice), words=words.cell(gap)[0])
        for gap in called
    )
    if not view.gaps:
        told = _("nothing that can be compared")
    elif not called:
        told = _("nothing clearly otherwise")
    left = len(view.open)
    still_open = ngettext("%(num)s practice", "%(num)s practices", left) if left else ""
    return Line(words.who(reading, view), address(reading, view.position), marked(told), still_open)


def address(reading: Reading, position: int) -> str:
    return url_for(
        "results.blind_spots",
        slug=reading.slug,
        wave_id=reading.publication.wave,
        unit=reading.unit(position).key if position else None,
    )
