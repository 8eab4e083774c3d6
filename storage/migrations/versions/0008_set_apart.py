"""Rows that cannot be read are set apart: a table for conversations, and indexes that find what lies there."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant, JsonText, Key, Words

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """Create them."""
    op.create_table(
        "conversation_apart",
        sa.Column("id", Key, nullable=False),
        sa.Column("address_id", Key, nullable=False),
        sa.Column("flow", sa.Text),
        sa.Column("journal", JsonText, nullable=False),
        sa.Column("asked", sa.Text),
        sa.Column("offered", JsonText, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", Words, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_conversation_apart_address_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation_apart"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_conversation_apart_since", "conversation_apart", ["since"])
    op.drop_index("ix_outbox_troubled", "outbox")
    _partial("ix_outbox_troubled", "outbox", ["id", "state"], "state IN ('uncertain', 'failed', 'dead', 'unreadable')")
    _partial("ix_content_change_refused", "content_change", ["id"], "state = 'refused'")


def _partial(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, sqlite_where=where, postgresql_where=where)
