from datetime import datetime

from sqlalchemy import DDL, ForeignKey, String, Text, event
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class AuditEvent(Model):
    """One act in an organization, chained by hash to the one before; never an answer, never a personal value.

    The database itself refuses to change a row or to delete one, unless the whole organization goes.
    """

    __tablename__ = "audit_event"

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    changes: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))


class AuditHead(Model):
    """How many events the chain of an organization has, sealed with the key: a chain that was cut short does not fit."""

    __tablename__ = "audit_head"

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    events: Mapped[int]
    seal: Mapped[str] = mapped_column(String(64))


APPEND_ONLY = {
    "sqlite": (
        (
            "CREATE TRIGGER audit_event_keeps BEFORE UPDATE ON audit_event "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        ),
        (
            "CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event "
            "WHEN EXISTS (SELECT 1 FROM organization WHERE id = OLD.organization_id) "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        ),
    ),
    "postgresql": (
        (
            "CREATE OR REPLACE FUNCTION audit_event_keeps() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
            "IF TG_OP = 'DELETE' AND NOT EXISTS (SELECT 1 FROM organization WHERE id = OLD.organization_id) "
            "THEN RETURN OLD; END IF; "
            "RAISE EXCEPTION 'the audit log is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER audit_event_keeps BEFORE UPDATE OR DELETE ON audit_event "
            "FOR EACH ROW EXECUTE FUNCTION audit_event_keeps()"
        ),
    ),
}
for dialect, statements in APPEND_ONLY.items():
    for statement in statements:
        made = DDL(statement)  # type: ignore[no-untyped-call]  # SQLAlchemy has no types here
        event.listen(AuditEvent.__table__, "after_create", made.execute_if(dialect=dialect))
