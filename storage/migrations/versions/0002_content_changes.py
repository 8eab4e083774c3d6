"""Changes of the content files that were made in the chat."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant, Key, Words

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """Create their table."""
    op.create_table(
        "content_change",
        sa.Column("id", Key, nullable=False),
        sa.Column("path", sa.Text, nullable=False),
        sa.Column("previous_text", Words),
        sa.Column("text", Words),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("note", Words, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", Words),
        sa.Column("settled_at", Instant),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_content_change_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_content_change"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_content_change_path", "content_change", ["path", "id"])
    condition = sa.text("state = 'pending'")
    op.create_index(
        "ix_content_change_pending",
        "content_change",
        ["id"],
        sqlite_where=condition,
        postgresql_where=condition,
    )
