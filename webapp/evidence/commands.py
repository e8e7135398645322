"""What changes the figures from outside."""

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.domain import csv_table, evidence_list
from webapp.domain.csv_table import Row
from webapp.domain.evidence import MEASURES, Figures, Placed
from webapp.domain.evidence_list import Doubt, Line, month_of
from webapp.domain.refusal import Refused
from webapp.evidence import queries
from webapp.models import Account, Evidence, EvidenceBook, EvidenceMonth, Organization
from webapp.transaction import locked, transaction

Keys = dict[tuple[int, str], Figures]


@dataclass(frozen=True, slots=True)
class Imported:
    """What a list of figures did, or would do; `doubts` are to be looked at and stop nothing."""

    added: int
    changed: int
    removed: int
    months: tuple[str, ...]
    doubts: tuple[Doubt, ...]


def import_figures(
    *,
    organization: Organization,
    data: bytes,
    file: str,
    currency: str = "",
    only_check: bool = False,
    by: Account | None,
) -> Imported:
    """Take a CSV of figures over: `unit,month` and any of the figures' columns."""
    rows = csv_table.read(data, file=file, required=evidence_list.COLUMNS, optional=MEASURES)
    return put_figures(organization=organization, rows=rows, currency=currency, only_check=only_check, by=by)


def put_figures(
    *,
    organization: Organization,
    rows: Sequence[Row],
    currency: str = "",
    only_check: bool = False,
    by: Account | None,
) -> Imported:
    """Take all lines, or none. A line replaces what is known of its unit and month, in the columns that the list has.

    currency: of the spend, three letters; may be left out once it is known.
    """
    with transaction() as session:
        locked(session, Organization, organization.id)
        lines = evidence_list.read(
            rows,
            queries.facts(organization.id),
            whole=organization.name,
            this_month=month_of(clock.today(organization.timezone)),
            k=organization.smallest_group,
        )
        before = queries.stored(organization.id)
        trees = queries.trees(organization.id)
        after = {
            (line.unit.id, line.month): line.after(before.get((line.unit.id, line.month))) for line in lines
        }
        changed = {key: now for key, now in after.items() if now != before.get(key, Figures())}
        result = Imported(
            added=sum(key not in before for key in changed),
            changed=sum(key in before and now.any for key, now in changed.items()),
            removed=sum(key in before and not now.any for key, now in changed.items()),
            months=tuple(sorted({month for _unit, month in after})),
            doubts=tuple(evidence_list.doubts(lines, before, trees)),
        )
        book = session.get(EvidenceBook, organization.id)
        code = _currency(currency, book.currency if book else "", lines, before)
        if only_check or not (changed or (book and book.currency != code)):
            session.rollback()
            return result
        _remember(session, organization)
        _store(session, organization.id, changed, before | changed)
        session.merge(
            EvidenceBook(organization_id=organization.id, currency=code, stamp=secrets.token_hex(16))
        )
        audit.record(
            session,
            organization_id=organization.id,
            by=by,
            action="evidence.imported",
            added=result.added,
            changed=result.changed,
            removed=result.removed,
        )
    return result


def _currency(given: str, known: str, lines: Sequence[Line], before: Keys) -> str:
    """The currency that holds from now on; "" while no spend has come in."""
    code = given.strip().upper()
    if code and not re.fullmatch("[A-Z]{3}", code):
        raise Refused(
            "{text} is not a currency: write its three letters, such as EUR.",
            place="currency",
            text=f"“{given.strip()}”",
        )
    if code and code != known and any(figures.spend is not None for figures in before.values()):
        raise Refused(
            "Figures are kept in {currency} already, and all of them are in one currency.",
            place="currency",
            currency=known,
        )
    if not (code or known) and any(line.figures.spend is not None for line in lines):
        raise Refused("The list has a spend: say in which currency, such as EUR.", place="currency")
    return code or known


def _remember(session: Session, organization: Organization) -> None:
    """Write down which units have been told until now: what comes must be safe beside what was seen."""
    book = queries.book(organization)
    for month, given in book.given.items():
        told = book.kept & given.figures.keys()
        if not told <= given.seen:
            held = session.get_one(EvidenceMonth, (organization.id, month))
            held.seen = json.dumps(sorted(told | given.seen), separators=(",", ":"))


def _store(session: Session, organization_id: int, changed: Keys, after: Keys) -> None:
    """Write the changed lines, each below the tree of its month. A month without figures goes, if none were told."""
    present = tuple(Placed(one.id, one.parent, one.own) for one in queries.places(organization_id))
    for month in sorted({month for _unit, month in changed}):
        units = [unit for unit, of in changed if of == month]
        held = session.get(EvidenceMonth, (organization_id, month))
        if held is None:
            held = EvidenceMonth(organization_id=organization_id, month=month, tree=_text(present), seen="[]")
            session.add(held)
            session.flush()
        here = Evidence.organization_id == organization_id, Evidence.month == month
        session.execute(delete(Evidence).where(*here, Evidence.unit_id.in_(units)))
        rows = [
            {"organization_id": organization_id, "month": month, "unit_id": unit}
            | {measure: after[unit, month].of(measure) for measure in MEASURES}
            for unit in units
            if after[unit, month].any
        ]
        if rows:
            session.execute(insert(Evidence), rows)
        elif held.seen == "[]" and not any(
            of == month and figures.any for (_unit, of), figures in after.items()
        ):
            session.delete(held)
            session.flush()


def _text(units: Sequence[Placed]) -> str:
    return json.dumps([[one.id, one.parent, one.people] for one in units], separators=(",", ":"))
