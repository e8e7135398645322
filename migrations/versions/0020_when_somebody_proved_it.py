"""A session knows when its person last showed who they are, which at a provider may have been long before."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("browser_session", sa.Column("proved", sa.DateTime(), nullable=True))
    op.execute("UPDATE browser_session SET proved = started WHERE how <> 'provider'")


def downgrade() -> None:
    op.drop_column("browser_session", "proved")
