"""Waves that close by themselves: when their last day is over, and publications that are still to succeed.

Waves that are open already keep what people were promised: they end when somebody closes them.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("wave", sa.Column("ends_at", sa.DateTime(), nullable=True))
    op.create_table(
        "publishing",
        sa.Column("wave_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried", sa.DateTime(), nullable=False),
        sa.Column("due", sa.DateTime(), nullable=False),
        sa.Column("fault", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id"],
            ["wave.organization_id", "wave.id"],
            name=op.f("fk_publishing_organization_id_wave_id_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", name=op.f("pk_publishing")),
    )


def downgrade() -> None:
    op.drop_table("publishing")
    op.drop_column("wave", "ends_at")
