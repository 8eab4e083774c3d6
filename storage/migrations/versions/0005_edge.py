"""Uploads that no message names yet; the proof that rows can be written; which roles the demo gave."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None
change = "rolling"

#: The demo's invitations were good for ten minutes; those of the command line for a day at least.
_TEN_MINUTES = {
    "sqlite": "expires_at - created_at = 600000000",
    "postgresql": "expires_at - created_at = interval '10 minutes'",
}


def upgrade() -> None:
    """Create the tables; mark what the demo gave."""
    op.create_table(
        "upload",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_upload"),
    )
    op.create_index("ix_upload_received_at", "upload", ["received_at"])
    op.create_table(
        "heartbeat",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeat"),
    )
    for table in ("invitation", "staff"):
        op.add_column(table, sa.Column("is_demo", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute(f"UPDATE invitation SET is_demo = true WHERE {_TEN_MINUTES[op.get_bind().dialect.name]}")  # noqa: S608
    op.execute(
        "UPDATE staff SET is_demo = true WHERE EXISTS (SELECT 1 FROM invitation WHERE invitation.is_demo"
        " AND invitation.accepted_by = staff.person_id AND invitation.accepted_at = staff.since)"
    )
