"""How long answers are kept, whom to ask about privacy, and numbers that are not given again after an erasure.

A link is made from the number of its wave: were a number given twice, the links of an erased wave would open the new one.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

STAYS = (
    "CREATE TRIGGER audit_event_stays BEFORE DELETE ON audit_event "
    "WHEN EXISTS (SELECT 1 FROM organization WHERE id = OLD.organization_id) "
    "BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
)
LIMITS = "months_kept >= 1 AND months_kept <= 120"


def upgrade() -> None:
    op.add_column("organization", sa.Column("months_kept", sa.Integer(), nullable=True))
    op.add_column("organization", sa.Column("contact", sa.String(length=200), nullable=True))
    organization = sa.table("organization", sa.column("months_kept"), sa.column("contact"))
    op.execute(organization.update().values(months_kept=36, contact=""))
    with _log_rests():
        with op.batch_alter_table("organization", **_numbered()) as table:
            table.alter_column("months_kept", existing_type=sa.Integer(), nullable=False)
            table.alter_column("contact", existing_type=sa.String(length=200), nullable=False)
            table.create_check_constraint(op.f("ck_organization_months_kept"), LIMITS)
        with op.batch_alter_table("wave", **_numbered()):
            pass


def downgrade() -> None:
    with _log_rests():
        with op.batch_alter_table("wave", recreate=_rebuild()):
            pass
        with op.batch_alter_table("organization", recreate=_rebuild()) as table:
            table.drop_constraint(op.f("ck_organization_months_kept"), type_="check")
            table.drop_column("months_kept")
            table.drop_column("contact")


class _log_rests:  # noqa: N801 - read as a word
    """SQLite cannot rename a table that a trigger names: the log's second trigger stands aside meanwhile."""

    def __enter__(self) -> None:
        if _lite():
            op.execute("DROP TRIGGER audit_event_stays")

    def __exit__(self, *_: object) -> None:
        if _lite():
            op.execute(STAYS)


def _numbered() -> dict[str, object]:
    return {"recreate": _rebuild(), "table_kwargs": {"sqlite_autoincrement": True}}


def _rebuild() -> str:
    """Only SQLite gives a number again, and it can change that only in a new table."""
    return "always" if _lite() else "never"


def _lite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
