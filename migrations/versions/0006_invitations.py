"""Invitations by mail: who is asked, what the letters say, when they are repeated; units whose links go by mail."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _change_links(
        "link IS NULL OR link IN ('single', 'open')", "link IS NULL OR link IN ('single', 'open', 'mail')"
    )
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sealed_serial", sa.LargeBinary(length=64), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("error", sa.String(length=300), nullable=False),
        sa.CheckConstraint("state IN ('waiting', 'sent', 'failed')", name=op.f("ck_invitation_state")),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id", "position"],
            ["wave_unit.organization_id", "wave_unit.wave_id", "wave_unit.position"],
            name=op.f("fk_invitation_organization_id_wave_id_position_wave_unit"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("wave_id", "email", name=op.f("uq_invitation_wave_id_email")),
    )
    op.create_table(
        "invitation_text",
        sa.Column("wave_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(length=150), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("kind IN ('invitation', 'reminder')", name=op.f("ck_invitation_text_kind")),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id"],
            ["wave.organization_id", "wave.id"],
            name=op.f("fk_invitation_text_organization_id_wave_id_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "kind", name=op.f("pk_invitation_text")),
    )
    op.create_table(
        "reminder_day",
        sa.Column("wave_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("queued", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id"],
            ["wave.organization_id", "wave.id"],
            name=op.f("fk_reminder_day_organization_id_wave_id_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "day", name=op.f("pk_reminder_day")),
    )


def downgrade() -> None:
    op.drop_table("reminder_day")
    op.drop_table("invitation_text")
    op.drop_table("invitation")
    op.execute("UPDATE wave_unit SET link = 'single' WHERE link = 'mail'")
    _change_links(
        "link IS NULL OR link IN ('single', 'open', 'mail')", "link IS NULL OR link IN ('single', 'open')"
    )


def _change_links(before: str, after: str) -> None:
    """SQLite cannot change a constraint: there the table is made anew from this description."""
    with op.batch_alter_table("wave_unit", copy_from=_wave_unit(before)) as batch:
        batch.drop_constraint(op.f("ck_wave_unit_link"), type_="check")
        batch.create_check_constraint(op.f("ck_wave_unit_link"), after)


def _wave_unit(links: str) -> sa.Table:
    return sa.Table(
        "wave_unit",
        sa.MetaData(),
        sa.Column("wave_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column("name", sa.String(length=140), nullable=False),
        sa.Column("parent", sa.Integer(), nullable=True),
        sa.Column("headcount", sa.Integer(), nullable=False),
        sa.Column("leaders", sa.Integer(), nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("link", sa.String(length=6), nullable=True),
        sa.CheckConstraint(links, name=op.f("ck_wave_unit_link")),
        sa.CheckConstraint("parent < position", name=op.f("ck_wave_unit_tree_order")),
        sa.CheckConstraint("spent >= 0 AND spent <= headcount", name=op.f("ck_wave_unit_spent")),
        sa.ForeignKeyConstraint(
            ["organization_id", "wave_id"],
            ["wave.organization_id", "wave.id"],
            name=op.f("fk_wave_unit_organization_id_wave_id_wave"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("wave_id", "position", name=op.f("pk_wave_unit")),
        sa.UniqueConstraint(
            "organization_id",
            "wave_id",
            "position",
            name=op.f("uq_wave_unit_organization_id_wave_id_position"),
        ),
    )
