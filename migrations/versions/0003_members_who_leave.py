"""Members who leave: numbers of people are never given twice, and sessions that reach one organization alone."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

LIMITED = ("sign_in_link", "browser_session")


def upgrade() -> None:
    numbered = {"recreate": _rebuild(), "table_kwargs": {"sqlite_autoincrement": True}}
    with op.batch_alter_table("account", **numbered):
        pass
    op.add_column("member", sa.Column("arrived", sa.Boolean(), nullable=True))
    member = sa.table("member", sa.column("arrived", sa.Boolean()))
    op.execute(member.update().values(arrived=sa.true()))
    with op.batch_alter_table("member", **numbered) as table:
        table.alter_column("arrived", existing_type=sa.Boolean(), nullable=False)
    for name in LIMITED:
        with op.batch_alter_table(name) as table:
            table.add_column(sa.Column("organization_id", sa.Integer(), nullable=True))
            table.create_foreign_key(
                op.f(f"fk_{name}_organization_id_organization"),
                "organization",
                ["organization_id"],
                ["id"],
                ondelete="CASCADE",
            )


def downgrade() -> None:
    for name in LIMITED:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"fk_{name}_organization_id_organization"), type_="foreignkey")
            table.drop_column("organization_id")
    with op.batch_alter_table("member", recreate=_rebuild()) as table:
        table.drop_column("arrived")
    with op.batch_alter_table("account", recreate=_rebuild()):
        pass


def _rebuild() -> str:
    """Only SQLite gives a number again, and it can change that only in a new table."""
    return "always" if op.get_bind().dialect.name == "sqlite" else "never"
