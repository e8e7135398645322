"""Passwords, counted attempts, and when and how a session began."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "password",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=200), nullable=False),
        sa.Column("set_at", sa.DateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_password_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_password")),
    )
    op.create_table(
        "attempts",
        sa.Column("name", sa.LargeBinary(length=32), nullable=False),
        sa.Column("since", sa.DateTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_attempts")),
    )
    with op.batch_alter_table("browser_session") as batch:
        batch.add_column(sa.Column("how", sa.String(length=8), nullable=True))
        batch.add_column(sa.Column("started", sa.DateTime(), nullable=True))
    op.execute("UPDATE browser_session SET how = 'link', started = seen")
    with op.batch_alter_table("browser_session") as batch:
        batch.alter_column("how", nullable=False, existing_type=sa.String(length=8))
        batch.alter_column("started", nullable=False, existing_type=sa.DateTime())
        batch.create_check_constraint(
            op.f("ck_browser_session_how"), "how IN ('link', 'password', 'reset', 'provider')"
        )


def downgrade() -> None:
    with op.batch_alter_table("browser_session") as batch:
        batch.drop_constraint(op.f("ck_browser_session_how"), type_="check")
        batch.drop_column("started")
        batch.drop_column("how")
    op.drop_table("attempts")
    op.drop_table("password")
