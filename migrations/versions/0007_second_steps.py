"""A second step at signing in: authenticators, recovery codes, and who waits between the two steps."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["account_id"], ["account.id"], name=op.f(f"fk_{table}_account_id_account"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "second_step",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(length=100), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        _account("second_step"),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_second_step")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("code_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        _account("recovery_code"),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_recovery_code")),
    )
    op.create_index(op.f("ix_recovery_code_account_id"), "recovery_code", ["account_id"], unique=False)
    op.create_table(
        "half_session",
        sa.Column("secret_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("how", sa.String(length=8), nullable=False),
        sa.Column("ends", sa.DateTime(), nullable=False),
        sa.CheckConstraint(
            "how IN ('link', 'password', 'reset', 'provider')", name=op.f("ck_half_session_how")
        ),
        _account("half_session"),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_half_session_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_half_session")),
    )
    op.create_index(op.f("ix_half_session_account_id"), "half_session", ["account_id"], unique=False)
    with op.batch_alter_table("password") as batch:
        batch.add_column(sa.Column("alone", sa.Boolean(), nullable=True))
    password = sa.table("password", sa.column("alone", sa.Boolean()))
    op.execute(password.update().values(alone=sa.true()))
    with op.batch_alter_table("password") as batch:
        batch.alter_column("alone", nullable=False, existing_type=sa.Boolean())


def downgrade() -> None:
    with op.batch_alter_table("password") as batch:
        batch.drop_column("alone")
    op.drop_table("half_session")
    op.drop_table("recovery_code")
    op.drop_table("second_step")
