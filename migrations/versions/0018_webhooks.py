"""Webhooks: addresses of other programs that are told what waves do; calls to one of them wait in one queue."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

SENDING = sa.text("state = 'sending'")


def upgrade() -> None:
    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=5), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("address", sa.LargeBinary(length=2100), nullable=False),
        sa.Column("secret", sa.LargeBinary(length=64), nullable=True),
        sa.Column("former_secret", sa.LargeBinary(length=64), nullable=True),
        sa.Column("former_until", sa.DateTime(), nullable=True),
        sa.Column("events", sa.String(length=60), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.DateTime(), nullable=True),
        sa.Column("failed_at", sa.DateTime(), nullable=True),
        sa.Column("fault", sa.String(length=20), nullable=False),
        sa.CheckConstraint("kind IN ('plain', 'slack', 'teams')", name=op.f("ck_webhook_kind")),
        sa.CheckConstraint("(kind = 'plain') = (secret IS NOT NULL)", name=op.f("ck_webhook_secret")),
        sa.CheckConstraint(
            "(former_secret IS NULL) = (former_until IS NULL)", name=op.f("ck_webhook_former")
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_webhook_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint("organization_id", "id", name=op.f("uq_webhook_organization_id_id")),
        sqlite_autoincrement=True,
    )
    op.add_column("outbox", sa.Column("queue", sa.String(length=40), nullable=True))
    op.create_index(
        "uq_outbox_sending",
        "outbox",
        ["queue"],
        unique=True,
        sqlite_where=SENDING,
        postgresql_where=SENDING,
    )


def downgrade() -> None:
    op.drop_index("uq_outbox_sending", table_name="outbox")
    op.drop_column("outbox", "queue")
    op.drop_table("webhook")
