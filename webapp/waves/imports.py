"""Taking over responses from another tool: a CSV with a column a unit and a column an item."""

import secrets

from sqlalchemy import insert

from webapp import asking, audit
from webapp.domain import csv_table
from webapp.domain.answers import pack
from webapp.domain.csv_table import Row, name_key
from webapp.domain.questionnaire import Item
from webapp.domain.refusal import Refused
from webapp.models import Account, Response, Wave, WaveUnit
from webapp.transaction import locked, transaction
from webapp.waves import queries

LEVELS = {"1", "2", "3", "4", "5"}


def import_responses(*, wave: Wave, data: bytes, file: str, by: Account | None) -> int:
    """Store all rows of the file as responses, or nothing; returns how many. Refuses more rows than the head count."""
    asking.refuse_unless_it_runs(wave)
    items = queries.questionnaire(wave).items(wave.form)
    rows = csv_table.read(data, file=file, required=["unit"], optional=[item.key for item in items])
    if not rows:
        raise Refused("The file has a header line and no responses.", place=file)
    with transaction() as session:
        stored = locked(session, Wave, wave.id)
        asking.refuse_unless_it_runs(stored)
        units = {name_key(unit.name): unit for unit in queries.units(wave) if unit.headcount}
        values = [_response(row, units, items, wave) for row in rows]
        for start in range(0, len(values), 10_000):
            session.execute(insert(Response), values[start : start + 10_000])
        audit.record(
            session,
            organization_id=wave.organization_id,
            by=by,
            action="responses.imported",
            wave=wave.id,
            responses=len(values),
        )
    return len(values)


def _response(row: Row, units: dict[str, WaveUnit], items: tuple[Item, ...], wave: Wave) -> dict[str, object]:
    unit = units.get(name_key(row.fields["unit"]))
    if unit is None:
        raise Refused(
            "In this wave nobody answers for a unit {name}.",
            place=row.place("unit"),
            name=f"“{row.fields['unit']}”",
        )
    if unit.spent >= unit.headcount:
        raise Refused(
            "{name} has {headcount} people, and there are more rows than that.",
            place=row.place("unit"),
            name=f"“{unit.name}”",
            headcount=unit.headcount,
        )
    answers = {}
    for item in items:
        value = row.fields.get(item.key, "")
        if value and value not in LEVELS:
            raise Refused(
                "{value} is no level: 1 to 5, or blank.", place=row.place(item.key), value=f"“{value[:20]}”"
            )
        if value:
            answers[item.key] = value
    if not answers:
        raise Refused("This row has no answer at all.", place=row.place())
    unit.spent += 1
    return {
        "wave_id": wave.id,
        "id": secrets.token_bytes(16),
        "organization_id": wave.organization_id,
        "position": unit.position,
        "answers": pack(items, answers),
    }
