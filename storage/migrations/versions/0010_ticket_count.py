"""How many tickets there are of each kind and state, kept by the database itself, whichever release writes the ticket.

Every transaction that changes tickets writes to rows of its own: on PostgreSQL it takes the first slot that no other
transaction holds, so that nobody waits for anybody and nobody locks crosswise. What is read is the sum of the slots.
"""

from collections.abc import Sequence
from typing import Final

import sqlalchemy as sa
from alembic import op

from storage.types import Key

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """Make the table, count what is there, and count on."""
    op.create_table(
        "ticket_count",
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("assignee_person_id", Key, autoincrement=False, nullable=False),
        sa.Column("slot", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("tickets", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint(*_BY, "slot", name="pk_ticket_count"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_ticket_count_assignee", "ticket_count", ["assignee_person_id", "is_open"])
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    if not is_sqlite:
        # Between the count and the triggers nobody writes.
        connection.exec_driver_sql("LOCK TABLE ticket IN SHARE ROW EXCLUSIVE MODE")
    for statement in (_FILL, *(_ON_SQLITE if is_sqlite else _ON_POSTGRESQL)):
        connection.exec_driver_sql(statement)


_BY: Final[Sequence[str]] = ("department", "is_open", "kind", "state", "assignee_person_id")
_COLUMNS: Final = f"{', '.join(_BY)}, slot, tickets"

_FILL: Final = f"""
    INSERT INTO ticket_count ({_COLUMNS})
    SELECT department, is_open, kind, state, coalesce(assignee_person_id, 0), 0, count(*) FROM ticket
    GROUP BY department, is_open, kind, state, coalesce(assignee_person_id, 0)
"""  # noqa: S608 - names of columns, no values


def _add(row: str, number: int, slot: str) -> str:
    return f"""
        INSERT INTO ticket_count ({_COLUMNS}) VALUES (
            {row}.department, {row}.is_open, {row}.kind, {row}.state, coalesce({row}.assignee_person_id, 0),
            {slot}, {number}
        ) ON CONFLICT ({", ".join(_BY)}, slot) DO UPDATE SET tickets = ticket_count.tickets + excluded.tickets;
    """  # noqa: S608


_ON_SQLITE: Final = (
    f"CREATE TRIGGER ticket_count_added AFTER INSERT ON ticket BEGIN {_add('new', 1, '0')} END",
    f"""
    CREATE TRIGGER ticket_count_changed AFTER UPDATE OF {", ".join(_BY)} ON ticket
    WHEN ({", ".join(f"old.{each}" for each in _BY)}) IS NOT ({", ".join(f"new.{each}" for each in _BY)})
    BEGIN {_add("old", -1, "0")} {_add("new", 1, "0")} END
    """,
    f"CREATE TRIGGER ticket_count_gone AFTER DELETE ON ticket BEGIN {_add('old', -1, '0')} END",
)

_ON_POSTGRESQL: Final = (
    # The locks end with the transaction, or with the savepoint that is undone; so does what was written under them.
    """
    CREATE FUNCTION ticket_count_slot() RETURNS integer LANGUAGE plpgsql AS $$
    DECLARE
        slot integer := 0;
    BEGIN
        WHILE NOT pg_try_advisory_xact_lock(1447251540, slot) LOOP
            slot := slot + 1;
        END LOOP;
        RETURN slot;
    END
    $$
    """,
    f"""
    CREATE FUNCTION ticket_count_keep() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        own integer := ticket_count_slot();
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            {_add("OLD", -1, "own")}
        END IF;
        IF TG_OP <> 'DELETE' THEN
            {_add("NEW", 1, "own")}
        END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER ticket_count_kept AFTER INSERT OR DELETE ON ticket
    FOR EACH ROW EXECUTE FUNCTION ticket_count_keep()
    """,
    f"""
    CREATE TRIGGER ticket_count_changed AFTER UPDATE OF {", ".join(_BY)} ON ticket FOR EACH ROW
    WHEN (({", ".join(f"OLD.{each}" for each in _BY)}) IS DISTINCT FROM ({", ".join(f"NEW.{each}" for each in _BY)}))
    EXECUTE FUNCTION ticket_count_keep()
    """,
)
