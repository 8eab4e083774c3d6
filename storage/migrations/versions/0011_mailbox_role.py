"""The role for which a message in the web chat's mailbox was written."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """Rows of before are for whoever has the chat."""
    op.add_column("mailbox", sa.Column("role", sa.Text))
