"""Each month of figures remembers which units were told in it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("evidence_month", sa.Column("seen", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("evidence_month", "seen")
