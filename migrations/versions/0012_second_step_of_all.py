"""An organization may ask all its members for a second step."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    asks = sa.Column("asks_second_step", sa.Boolean(), server_default=sa.false(), nullable=False)
    op.add_column("organization", asks)


def downgrade() -> None:
    op.drop_column("organization", "asks_second_step")
