"""Leases by the database's clock, a budget for each channel, and since when a send is in doubt."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """A table of who is alive, a column, and indexes that begin with the channel."""
    op.create_table(
        "lease",
        sa.Column("owner", sa.Text, nullable=False),
        sa.Column("renewed_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("owner", name="pk_lease"),
    )
    op.add_column("outbox", sa.Column("doubtful_since", Instant))
    _index("ix_outbox_due", "outbox", ["channel", "priority", "due_at", "id"], where="state = 'pending'", is_new=False)
    _index("ix_outbox_sending", "outbox", ["owner"], where="state = 'sending'")
    _index("ix_media_due", "media", ["channel", "due_at", "id"], where="state = 'pending'", is_new=False)


def _index(name: str, table: str, columns: list[str], *, where: str, is_new: bool = True) -> None:
    if not is_new:
        op.drop_index(name, table)
    condition = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
