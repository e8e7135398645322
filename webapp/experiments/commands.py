"""What changes the register. Each takes typed values, and `within`: ids of the units that `by` may change (None: all)."""

from collections import Counter
from dataclasses import asdict, dataclass, replace
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.domain import csv_table, experiment_list
from webapp.domain.csv_table import name_key
from webapp.domain.experiments import Entry, Reason, State, Type, checked, moved_on, with_rule_day
from webapp.domain.refusal import Refused
from webapp.experiments import queries
from webapp.experiments.queries import Span
from webapp.models import Account, Experiment, Organization, Unit
from webapp.transaction import locked, transaction


class Overtaken(Refused):
    """Somebody changed the experiment after the editor had read it; `now`, `unit_id` and `version` are what it says since then."""

    def __init__(self, message: str, /, *, now: Entry, unit_id: int, version: int) -> None:
        super().__init__(message)
        self.now, self.unit_id, self.version = now, unit_id, version


def log(
    *,
    organization: Organization,
    unit_id: int,
    title: str,
    type: Type = Type.OTHER,  # noqa: A002 - the register's word for it
    nonce: str | None = None,
    within: Span = None,
    by: Account | None,
) -> int:
    """Add an experiment as an idea of today; gives its id, which is the first one's where a form was sent twice.

    nonce: of the form. One that was sent before and says something else now is a new experiment: somebody went back to it
    """
    today = clock.today(organization.timezone)
    entry = checked(Entry(title=title, idea_on=today, type=type), today=today)
    with transaction() as session:
        locked(session, Organization, organization.id)
        before = _of_form(session, organization.id, nonce)
        if before is not None and (before.unit_id, before.title_key) == (unit_id, name_key(entry.title)):
            return before.id
        _check_unit(session, organization.id, unit_id, within)
        stored = Experiment(organization_id=organization.id, unit_id=unit_id, version=1)
        stored.nonce = nonce if before is None else None
        _write(session, stored, entry)
        _note(session, stored, by, "experiment.logged")
        return stored.id


def _of_form(session: Session, organization_id: int, nonce: str | None) -> Experiment | None:
    of_form = select(Experiment).where(
        Experiment.organization_id == organization_id, Experiment.nonce == nonce
    )
    return session.scalar(of_form) if nonce else None


def take_step(
    *,
    organization: Organization,
    experiment_id: int,
    to: State,
    reason: Reason | None = None,
    by: Account | None,
) -> None:
    """Move an experiment on today: first user, live, or ended for a reason. Done twice it is done once."""
    today = clock.today(organization.timezone)
    with transaction() as session:
        stored = _locked(session, organization.id, experiment_id)
        before = queries.entry_of(stored)
        after = checked(moved_on(before, to, on=today, reason=reason), today=today)
        if after != before:
            stored.version += 1
            _write(session, stored, after)
            _note(session, stored, by, "experiment.moved_on", to=str(to))


def save(
    *,
    organization: Organization,
    experiment_id: int,
    version: int,
    unit_id: int,
    entry: Entry,
    within: Span = None,
    by: Account | None,
) -> None:
    """Let an experiment say something else. A rule that is new or changed counts as written today.

    version: what the editor had read; raises Overtaken where there is a later one
    """
    today = clock.today(organization.timezone)
    with transaction() as session:
        stored = _locked(session, organization.id, experiment_id)
        before = queries.entry_of(stored)
        after = checked(replace(entry, rule_written_on=None), today=today)
        after = checked(with_rule_day(after, before, today=today), today=today)
        if (before, stored.unit_id) == (after, unit_id):
            return
        if stored.version != version:
            raise Overtaken(
                "Somebody else changed this while you were writing.",
                now=before,
                unit_id=stored.unit_id,
                version=stored.version,
            )
        if stored.unit_id != unit_id:
            _check_unit(session, organization.id, unit_id, within)
            stored.unit_id = unit_id
        stored.version += 1
        _write(session, stored, after)
        _note(session, stored, by, "experiment.changed")


def remove(*, organization: Organization, experiment_id: int, by: Account | None) -> None:
    """Take an experiment out of the register, as if it had never been logged; twice is as once."""
    with transaction() as session:
        locked(session, Organization, organization.id)
        stored = _find(session, organization.id, experiment_id)
        if stored is not None:
            _note(session, stored, by, "experiment.removed")
            session.delete(stored)


@dataclass(frozen=True, slots=True)
class Imported:
    """How many experiments an import added, changed, and found as they are; or would."""

    added: int
    changed: int
    same: int


def import_register(
    *,
    organization: Organization,
    data: bytes,
    file: str,
    only_check: bool = False,
    within: Span = None,
    by: Account | None,
) -> Imported:
    """Take a whole list of experiments, or nothing. They are known by unit and title; those the file lacks are left."""
    rows = csv_table.read(
        data, file=file, required=experiment_list.REQUIRED, optional=experiment_list.OPTIONAL
    )
    with transaction() as session:
        locked(session, Organization, organization.id)
        units = _units(session, organization.id, within)
        planned = experiment_list.plan(rows, units, today=clock.today(organization.timezone))
        known = _known(session, organization.id)
        found = Counter(
            _take_over(session, organization.id, known, units[one.key[0]], one.entry) for one in planned
        )
        done = Imported(found["added"], found["changed"], found["same"])
        if only_check:
            session.rollback()
        elif done.added or done.changed:
            audit.record(
                session,
                organization_id=organization.id,
                by=by,
                action="experiments.imported",
                added=done.added,
                changed=done.changed,
            )
    return done


def _units(session: Session, organization_id: int, within: Span) -> dict[str, int]:
    """Ids of the units that may be changed, by what makes two names the same; closed ones too, for they have a past."""
    rows = session.execute(select(Unit.name_key, Unit.id).where(Unit.organization_id == organization_id))
    return {key: identity for key, identity in rows if within is None or identity in within}


def _known(session: Session, organization_id: int) -> dict[tuple[int, str], Experiment]:
    rows = session.scalars(select(Experiment).where(Experiment.organization_id == organization_id))
    return {(stored.unit_id, stored.title_key): stored for stored in rows}


def _take_over(
    session: Session,
    organization_id: int,
    known: dict[tuple[int, str], Experiment],
    unit_id: int,
    entry: Entry,
) -> str:
    stored = known.get((unit_id, name_key(entry.title)))
    if stored is None:
        _fill(Experiment(organization_id=organization_id, unit_id=unit_id, version=1), entry, session)
        return "added"
    if queries.entry_of(stored) == entry:
        return "same"
    _fill(stored, entry, session)
    stored.version += 1
    return "changed"


def _find(session: Session, organization_id: int, experiment_id: int) -> Experiment | None:
    return session.scalar(
        select(Experiment).where(
            Experiment.organization_id == organization_id, Experiment.id == experiment_id
        )
    )


def _locked(session: Session, organization_id: int, experiment_id: int) -> Experiment:
    """The experiment as it is now, while nobody else changes the register."""
    locked(session, Organization, organization_id)
    stored = _find(session, organization_id, experiment_id)
    if stored is None:
        raise Refused("Somebody has taken this experiment out of the register meanwhile.")
    return stored


def _check_unit(session: Session, organization_id: int, unit_id: int, within: Span) -> None:
    """Refuse a unit that is not there, or on which the member may change nothing: both look the same."""
    closed = session.scalar(
        select(Unit.closed).where(Unit.organization_id == organization_id, Unit.id == unit_id)
    )
    if closed is None or (within is not None and unit_id not in within):
        raise Refused("Choose the unit.", place="unit")
    if closed:
        raise Refused("This unit is closed.", place="unit")


def _write(session: Session, stored: Experiment, entry: Entry) -> None:
    """Put an entry into a row; raises Refused where the unit has another one with this title."""
    other = select(Experiment.id).where(
        Experiment.organization_id == stored.organization_id,
        Experiment.unit_id == stored.unit_id,
        Experiment.title_key == name_key(entry.title),
        Experiment.id != (stored.id or 0),
    )
    with session.no_autoflush:
        if session.scalar(other) is not None:
            raise Refused("This unit has an experiment with this title already.", place="title")
    _fill(stored, entry, session)
    session.flush()


def _fill(stored: Experiment, entry: Entry, session: Session) -> None:
    for name, value in asdict(entry).items():
        setattr(stored, name, str(value) if isinstance(value, StrEnum) else value)
    stored.title_key = name_key(entry.title)
    session.add(stored)


def _note(session: Session, stored: Experiment, by: Account | None, action: str, **more: str) -> None:
    audit.record(
        session,
        organization_id=stored.organization_id,
        by=by,
        action=action,
        unit=stored.unit_id,
        experiment=stored.id,
        **more,
    )
