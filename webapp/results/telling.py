"""Which findings a page tells, in which order, each with the way to the numbers behind it.

What matters for the reader comes first: of whoever reads some units only, those units; of the others, the whole.
"""

from collections.abc import Collection, Iterable
from typing import Any

from flask import current_app, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.domain.publication import INDEX, Finding
from webapp.results import addresses, sentences
from webapp.results.changes import Change
from webapp.results.finding_words import SEVERAL
from webapp.results.reading import Reading

# Findings that leave something open.
OPEN = frozenset({"silent", "participation_low", "divided", "unknown", "low_response", "uneven"})
# Findings about a single unit that nobody tested among all units: for its own page, and for whoever reads little else.
OWN_PAGE = frozenset({"highest", "lowest", "highest_few", "lowest_few"})
MOST_ALONE = 2  # findings of one code that are told one by one; what is left open, at once together
MOST_NAMES = 8  # units in one sentence
LEADERS = ("leaders_more", "leaders_less")


def told(reading: Reading, *, leave_open: bool = False, without: Collection[Finding] = ()) -> list[Markup]:
    """The findings of the whole publication that this reader may see: those that are clear, or those left open."""
    kept = [
        finding
        for finding in reading.publication.findings
        if (finding.code in OPEN) == leave_open
        and finding not in without
        and sentences.seen(reading, finding)
        and (finding.code not in OWN_PAGE or finding.unit == 0 or finding.unit in tops(reading))
    ]
    if reading.span is None:
        return _together(reading, kept)
    own, whole = ([found for found in kept if bool(found.unit) == mine] for mine in (True, False))
    return _together(reading, own) + _together(reading, whole)


def of_unit(
    reading: Reading, position: int, *, leave_open: bool = False, without: Collection[str] = ()
) -> list[Markup]:
    """The findings about one unit, for its own page."""
    return [
        text
        for finding in reading.publication.findings
        if finding.unit == position
        and (finding.code in OPEN) == leave_open
        and finding.code not in without
        and sentences.seen(reading, finding)
        and (text := one(reading, finding))
    ]


def tops(reading: Reading) -> tuple[int, ...]:
    """The highest of the units that somebody reads who does not read all."""
    return () if reading.span is None else reading.children.get(0, ())


def one(reading: Reading, finding: Finding) -> Markup:
    return sentences.linked(sentences.sentence(reading, finding), address(reading, finding))


def _together(reading: Reading, found: Iterable[Finding]) -> list[Markup]:
    """Sentences in the order of the rules; many of one code become one, and so do the leaders' gaps."""
    by_code: dict[str, list[Finding]] = {}
    for finding in found:
        by_code.setdefault(finding.code, []).append(finding)
    texts = []
    for code, group in by_code.items():
        if code in LEADERS:
            texts.append(_gaps(reading, group))
        elif code in SEVERAL and len(group) > (1 if code in OPEN else MOST_ALONE):
            names = sentences.listed([reading.unit(finding.unit).name for finding in group], MOST_NAMES)
            texts.append(sentences.linked(SEVERAL[code](names), _address_of_many(reading, code)))
        else:
            texts += [one(reading, finding) for finding in group]
    return [text for text in texts if text]


def _gaps(reading: Reading, group: list[Finding]) -> Markup:
    """Where leaders see more, or less, than their teams: the widest gap in full, the others by name."""
    text = sentences.sentence(reading, group[0])
    others = [reading.title(gap.practice) for gap in group[1:] if gap.practice is not None]
    if others:
        names = sentences.listed(others)
        text = _("%(sentence)s The same, smaller, in %(names)s.", sentence=text, names=names)
    return sentences.linked(text, address(reading, group[0]))


def change(reading: Reading, position: int, variable: str, moved: Change, since: str) -> Markup:
    """A called change, with the way to the series that it ends; of a part of the organization with its name."""
    title = reading.title(variable)
    text = (
        sentences.moved_in(reading.unit(position).name, title, moved, since)
        if position in tops(reading)
        else sentences.moved(title, moved, since)
    )
    return sentences.linked(text, url_for("results.trend", slug=reading.slug, unit=_key(reading, position)))


def address(reading: Reading, finding: Finding) -> str:
    """The page, and the place on it, where the numbers behind a finding stand."""
    code, practice = finding.code, finding.practice
    if code == "participation_low":
        return _answers(reading)
    if code in {"differ", "widest", "clearly_above", "clearly_below"}:
        return heatmap(reading)
    if code.startswith("spread_"):
        return _page(reading, "spread", practice=practice) or unit_page(reading, 0, practice)
    if code in {*LEADERS, "lead_more", "lead_less"}:
        return _page(reading, "blind_spots") or unit_page(reading, finding.unit, practice or INDEX)
    if practice and practice != INDEX:
        return addresses.of_practice(reading, practice, finding.unit)
    return unit_page(reading, finding.unit, practice)


def _answers(reading: Reading) -> str:
    """Who answered stands on the overview alone, and other pages say these findings too."""
    wave = reading.publication.wave
    return url_for("results.overview", slug=reading.slug, wave=wave, _anchor="answered")


def _address_of_many(reading: Reading, code: str) -> str:
    if code in {"silent", "low_response", "uneven"}:
        return _answers(reading)
    if code in {"lead_more", "lead_less"}:
        return _page(reading, "blind_spots") or heatmap(reading)
    return heatmap(reading)


def heatmap(reading: Reading) -> str:
    return _page(reading, "heatmap")


def lowest(reading: Reading, position: int) -> list[str]:
    """The titles of the practices that are clearly lowest in a unit, if any are."""
    for finding in reading.publication.findings:
        if finding.unit == position and finding.code in {"lowest", "lowest_few"} and finding.practice:
            keys = sentences.practices_of(finding) or [finding.practice]
            return [reading.title(key) for key in keys]
    return []


def unit_page(reading: Reading, position: int, variable: str | None = None) -> str:
    """The page of a unit, opened where the score of a practice is made."""
    cell = reading.unit(position).teams.get(variable or "")
    return _page(
        reading,
        "unit",
        key=_key(reading, position),
        _anchor=variable if cell is not None and cell.score is not None else None,
    )


def _page(reading: Reading, name: str, **values: Any) -> str:
    """The address of a page about this publication; empty while the application has no such page."""
    endpoint = f"results.{name}"
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, slug=reading.slug, wave_id=reading.publication.wave, **values)


def _key(reading: Reading, position: int) -> str:
    return reading.unit(position).key
