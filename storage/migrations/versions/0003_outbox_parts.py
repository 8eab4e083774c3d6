"""The parts of messages that a vendor took in several."""

import sqlalchemy as sa
from alembic import op

from storage.types import Key, Words

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "outbox_part",
        sa.Column("outbox_id", Key, nullable=False, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("provider_id", Words, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("error", Words),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_outbox_part_outbox_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("outbox_id", "name", name="pk_outbox_part"),
    )
    op.create_index("ix_outbox_part_provider", "outbox_part", ["channel", "provider_id"])
