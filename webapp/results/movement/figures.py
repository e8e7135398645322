"""What the page of movement says: its headline, its sentences, and the teams by kind and by flow."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from webapp.domain.publication import INDEX, Cell
from webapp.results import sentences
from webapp.results.movement import told
from webapp.results.movement.moves import Kind, Move, Movement
from webapp.results.movement.stalls import Stall
from webapp.results.reading import Reading

FOLDED_FROM = 13  # teams; so many stand in a part that opens


@dataclass(frozen=True, slots=True)
class Row:
    """A team as a row: its bands then and now, and its change in words."""

    name: str
    href: str
    part: str
    kind: Kind
    was: Cell | None
    now: Cell | None
    was_band: str
    now_band: str
    change: tuple[str, str, bool]
    silent: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The teams of one kind, or of one flow."""

    title: str
    gloss: str
    rows: list[Row]

    @property
    def folded(self) -> bool:
        return len(self.rows) >= FOLDED_FROM

    @property
    def parts(self) -> list[tuple[str, list[Row]]]:
        """The rows by part of the organization, in tree order."""
        found: dict[str, list[Row]] = {}
        for row in self.rows:
            found.setdefault(row.part, []).append(row)
        return list(found.items())


@dataclass(frozen=True, slots=True)
class Flow:
    """A row of the table beside the picture."""

    was: str
    was_band: int
    now: str
    now_band: int
    teams: Group


@dataclass(frozen=True, slots=True)
class StallRow:
    name: str
    href: str
    sentence: Markup
    do: str
    first_step: str


@dataclass(frozen=True, slots=True)
class Page:
    """The whole page in figures and sentences."""

    headline: str
    lede: str
    since: str
    clear: list[Markup]
    still_open: list[Markup]
    tally: list[Group]
    flows: list[Flow]
    stalls: list[StallRow]


def of(movement: Movement, stalled: list[Stall]) -> Page:
    return Page(
        headline=told.headline(movement),
        lede=told.lede(movement),
        since=movement.since,
        clear=[sentences.marked(text) for text in told.clear(movement)],
        still_open=[sentences.marked(text) for text in told.still_open(movement)],
        tally=[group for group in (_group(movement, kind) for kind in Kind) if group.rows],
        flows=[_flow(movement, was, now, teams) for (was, now), teams in movement.flows.items()],
        stalls=[_stall(movement.later, one) for one in stalled],
    )


def _group(movement: Movement, kind: Kind) -> Group:
    title, gloss = told.kind_words(kind, movement.since)
    return Group(title, gloss, [_row(movement, move) for move in movement.of(kind)])


def _row(movement: Movement, move: Move) -> Row:
    return Row(
        name=move.name,
        href=link(movement.later, move.key),
        part=move.part,
        kind=move.kind,
        was=move.was,
        now=move.now,
        was_band=movement.earlier.band_name(move.was, INDEX) if move.was else "",
        now_band=movement.later.band_name(move.now, INDEX) if move.now else "",
        change=sentences.change_words(move.change),
        silent=move.silent,
    )


def _flow(movement: Movement, was: int, now: int, teams: list[Move]) -> Flow:
    rows = [_row(movement, move) for kind in Kind for move in teams if move.kind is kind]
    return Flow(
        was=rows[0].was_band,
        was_band=was,
        now=rows[0].now_band,
        now_band=now,
        teams=Group(ngettext("%(num)s team", "%(num)s teams", len(rows)), "", rows),
    )


def _stall(reading: Reading, stall: Stall) -> StallRow:
    band = reading.questionnaire.bands[stall.band].name
    text = _(
        "**%(team)s** has stood in %(band)s for three waves, with %(practice)s lowest in each.",
        team=stall.name,
        band=band,
        practice=stall.practice.title,
    )
    return StallRow(
        name=stall.name,
        href=f"{link(reading, stall.key)}#{stall.practice.key}",
        sentence=sentences.marked(text),
        do=stall.do,
        first_step=stall.first_step,
    )


def link(reading: Reading, key: str) -> str:
    return url_for("results.unit", slug=reading.slug, wave_id=reading.publication.wave, key=key)
