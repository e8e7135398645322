"""The audit log that stays: no row is changed or deleted, and its end is sealed with the key."""

import hashlib
import hmac

import sqlalchemy as sa
from alembic import op
from flask import current_app

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

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
UNDO = {
    "sqlite": ("DROP TRIGGER audit_event_keeps", "DROP TRIGGER audit_event_stays"),
    "postgresql": (
        "DROP TRIGGER audit_event_keeps ON audit_event",
        "DROP FUNCTION audit_event_keeps()",
    ),
}


def upgrade() -> None:
    op.create_table(
        "audit_head",
        sa.Column("organization_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("seal", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_audit_head_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", name=op.f("pk_audit_head")),
    )
    _seal_what_is_there()
    for statement in APPEND_ONLY[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for statement in UNDO[op.get_bind().dialect.name]:
        op.execute(statement)
    op.drop_table("audit_head")


def _seal_what_is_there() -> None:
    heads = sa.table("audit_head", sa.column("organization_id"), sa.column("events"), sa.column("seal"))
    ends = op.get_bind().execute(
        sa.text(
            "SELECT organization_id, sequence, hash FROM audit_event AS last WHERE sequence = "
            "(SELECT max(sequence) FROM audit_event WHERE organization_id = last.organization_id)"
        )
    )
    for organization_id, events, last in ends.all():
        text = f"audit head {organization_id} {events} {last}"
        seal = hmac.new(str(current_app.secret_key).encode(), text.encode(), hashlib.sha256).hexdigest()
        op.execute(heads.insert().values(organization_id=organization_id, events=events, seal=seal))
