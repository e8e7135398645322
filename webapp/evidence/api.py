"""Figures from outside, as programs read and hand them in: told as coarsely as on the pages, by the same command."""

from collections.abc import Mapping
from typing import Annotated

from flask import g
from pydantic import Field

from webapp.access import Permission
from webapp.api import Answer, Body, Id, Page, Routes, cut
from webapp.domain import evidence
from webapp.domain.csv_table import Row
from webapp.domain.evidence import MEASURES, Told
from webapp.domain.evidence_list import LARGEST, MOST_SPEND
from webapp.evidence import commands, queries

routes = Routes()

MOST_LINES = 1_000
MONTH = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
CURRENCY = r"^[A-Z]{3}$"

People = Annotated[int, Field(ge=0, le=LARGEST)]


class Share(Answer):
    """A share of the people: a number in steps of five percent, or a word where a number would tell of too few."""

    low: float = Field(description="Percent from which on it lies.")
    high: float = Field(description="Percent up to which it lies.")
    percent: int | None
    word: evidence.Word | None
    of: int = Field(
        description="The people of the unit of whom there are figures: the share is one of these."
    )


class UnitEvidence(Answer):
    """What may be told of a unit in a month; null where nothing came in, or where it would tell of too few people."""

    unit: int | None = Field(description="Its number; null for the whole organization.")
    people: int
    active: Share | None
    seats: Share | None
    active_days: int | None
    spend: float | None = Field(description="Of a person, with two digits.")
    spend_of: int | None = Field(description="The people of whom the spend is known.")
    trained: Share | None


class MonthOfEvidence(Answer):
    """The figures of one month, the whole organization apart from its units."""

    months: list[str] = Field(description="Of which there are figures, the oldest first.")
    month: str | None = Field(
        description="Of which these are; null where none was asked for and there are none."
    )
    currency: str
    whole: UnitEvidence | None
    items: list[UnitEvidence]
    next: int | None


class EvidenceWanted(Page):
    month: str | None = Field(None, pattern=MONTH, description="As 2026-03; the latest where it is left out.")


class Figures(Body):
    """Figures of a unit with all below it. What is left out stays as it was; null takes a figure away."""

    unit: Id
    month: str = Field(pattern=MONTH)
    active: People | None = Field(None, description="People active in a week, average of the month.")
    seats: People | None = None
    active_days: float | None = Field(None, ge=0, le=31, description="Days of an active person.")
    spend: float | None = Field(None, ge=0, le=MOST_SPEND)
    trained: People | None = Field(None, description="People trained so far.")


class NewEvidence(Body):
    """Lines of figures: all are taken, or none."""

    figures: list[Figures] = Field(min_length=1, max_length=MOST_LINES)
    currency: str | None = Field(
        None, pattern=CURRENCY, description="Of the spend; once it is known, not needed."
    )


class Taken(Answer):
    """What the figures did; `doubts` counts what looks odd and was taken all the same."""

    added: int
    changed: int
    removed: int
    doubts: int


class Sent(Row):
    """A line that came as JSON: its faults are found by its place in the list, counted from 0."""

    def place(self, column: str = "") -> str:
        return f"{self.file}/{self.line}" + (f"/{column}" if column else "")


@routes.get("/evidence", Permission.EVIDENCE_READ)
def evidence_of_month(query: EvidenceWanted) -> MonthOfEvidence:
    """The figures of a month that you may read, told as coarsely as on the pages."""
    book, span = queries.book(g.actor.organization), g.actor.span(Permission.EVIDENCE_READ)
    month = query.month or (book.months[-1] if book.months else None)
    told: Mapping[int | None, Told] = book.told(month) if month and month in book.given else {}
    readable = [
        (unit, one) for unit, one in told.items() if unit is not None and (span is None or unit in span)
    ]
    found, after = cut(readable, query, lambda pair: pair[0])
    return MonthOfEvidence(
        months=book.months,
        month=month,
        currency=book.currency,
        whole=_told(None, told[None]) if None in told else None,
        items=[_told(unit, one) for unit, one in found],
        next=after,
    )


@routes.put("/evidence", Permission.EVIDENCE_CHANGE)
def put_evidence(body: NewEvidence) -> Taken:
    """Hand in figures by unit and month; what is sent again changes nothing.

    Figures of units with fewer people than the smallest group are refused.
    """
    names = queries.names(g.actor.organization)
    done = commands.put_figures(
        organization=g.actor.organization,
        rows=[_row(place, line, names) for place, line in enumerate(body.figures)],
        currency=body.currency or "",
        by=g.account,
    )
    return Taken(added=done.added, changed=done.changed, removed=done.removed, doubts=len(done.doubts))


def _row(place: int, line: Figures, names: Mapping[int | None, str]) -> Sent:
    given = {name: getattr(line, name) for name in MEASURES if name in line.model_fields_set}
    figures: dict[str, str] = {
        name: "" if value is None else f"{value:.6f}".rstrip("0").rstrip(".") for name, value in given.items()
    }
    # No name begins like a formula: the number of a unit that is not there must not become that of one called “7”.
    unit = names.get(line.unit, f"={line.unit}")
    return Sent("figures", place, {"unit": unit, "month": line.month, **figures})


def _told(unit: int | None, told: Told) -> UnitEvidence:
    return UnitEvidence(
        unit=unit,
        people=told.people,
        active=_share(told, "active"),
        seats=_share(told, "seats"),
        active_days=told.active_days,
        spend=told.spend,
        spend_of=told.covered.get("spend"),
        trained=_share(told, "trained"),
    )


def _share(told: Told, measure: evidence.Measure) -> Share | None:
    share = told.share(measure)
    if share is None:
        return None
    return Share(
        low=share.low, high=share.high, percent=share.percent, word=share.word, of=told.covered[measure]
    )
