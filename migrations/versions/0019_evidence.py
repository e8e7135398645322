"""Figures from outside, by unit and month."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name, columns, key in (
        (
            "evidence_book",
            [
                sa.Column("currency", sa.String(length=3), nullable=False),
                sa.Column("stamp", sa.String(length=32), nullable=False),
            ],
            ["organization_id"],
        ),
        (
            "evidence_month",
            [
                sa.Column("month", sa.String(length=7), nullable=False),
                sa.Column("tree", sa.Text(), nullable=False),
            ],
            ["organization_id", "month"],
        ),
    ):
        op.create_table(
            name,
            sa.Column("organization_id", sa.Integer(), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(
                ["organization_id"],
                ["organization.id"],
                name=op.f(f"fk_{name}_organization_id_organization"),
                ondelete="CASCADE",
            ),
            sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
        )
    op.create_table(
        "evidence",
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("month", sa.String(length=7), nullable=False),
        sa.Column("unit_id", sa.Integer(), nullable=False),
        sa.Column("active", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("active_days", sa.Integer(), nullable=True),
        sa.Column("spend", sa.BigInteger(), nullable=True),
        sa.Column("trained", sa.Integer(), nullable=True),
        sa.CheckConstraint("active >= 0", name=op.f("ck_evidence_active")),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_evidence_seats")),
        sa.CheckConstraint("active_days >= 0 AND active_days <= 310", name=op.f("ck_evidence_active_days")),
        sa.CheckConstraint("spend >= 0", name=op.f("ck_evidence_spend")),
        sa.CheckConstraint("trained >= 0", name=op.f("ck_evidence_trained")),
        sa.ForeignKeyConstraint(
            ["organization_id", "month"],
            ["evidence_month.organization_id", "evidence_month.month"],
            name=op.f("fk_evidence_organization_id_month_evidence_month"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["organization_id", "unit_id"],
            ["unit.organization_id", "unit.id"],
            name=op.f("fk_evidence_organization_id_unit_id_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("organization_id", "month", "unit_id", name=op.f("pk_evidence")),
    )
    op.create_index(op.f("ix_evidence_unit_id"), "evidence", ["unit_id"], unique=False)


def downgrade() -> None:
    op.drop_table("evidence")
    op.drop_table("evidence_month")
    op.drop_table("evidence_book")
