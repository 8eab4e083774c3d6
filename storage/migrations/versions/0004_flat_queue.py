"""Indexes by which any page of the queue, what is overdue and what is near cost the same however much there is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """An official's queue in its own order; places by cells. What is overdue is a range of each queue."""
    for name in ("ix_ticket_assignee", "ix_ticket_due", "ix_ticket_near"):
        op.drop_index(name, "ticket")
    queue: list[str | sa.TextClause] = ["assignee_person_id", "is_open", sa.text("is_urgent DESC"), "due_at", "id"]
    op.create_index("ix_ticket_assignee", "ticket", queue)
    cells = [sa.text("round(latitude * 1000.0)"), sa.text("round(longitude * 1000.0)")]
    op.create_index("ix_ticket_near", "ticket", ["service", "is_open", *cells])
