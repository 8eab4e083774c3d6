"""What is kept has a term: photos that no ticket names, files to delete, and the indexes by which terms end."""

import sqlalchemy as sa
from alembic import op

from storage.migrations.tables import changed
from storage.types import Instant, Key

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None
change = "rolling"

#: Photos that nothing names: no ticket, no line of history, no form that may still be filed. Any number in a form
#: counts as a photo's. What the release before goes on receiving beside us is taken for named.
_NUMBERS_IN_FORMS = {
    "sqlite": "SELECT atom FROM conversation, json_tree(conversation.journal) WHERE json_tree.type = 'integer'",
    "postgresql": "SELECT (regexp_matches(journal, '\\m[0-9]{1,15}\\M', 'g'))[1]::bigint FROM conversation",
}
_NUMBERS_IN_HISTORY = {
    "sqlite": "SELECT value FROM ticket_event, json_each(ticket_event.media) WHERE ticket_event.media <> '[]'",
    "postgresql": "SELECT json_array_elements_text(media::json)::bigint FROM ticket_event WHERE media <> '[]'",
}


def upgrade() -> None:
    """Columns, a table and indexes; what was there before is told apart once."""
    with changed("media") as media:
        media.add_column(sa.Column("address_id", Key))
        media.add_column(sa.Column("is_loose", sa.Boolean, nullable=False, server_default=sa.false()))
        media.create_foreign_key("fk_media_address_id", "address", ["address_id"], ["id"])
    op.create_table(
        "discarded_file",
        sa.Column("id", Key, nullable=False),
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_discarded_file"),
        sa.UniqueConstraint("key", name="uq_discarded_file_key"),
        sqlite_autoincrement=True,
    )
    _tell_apart(op.get_bind().dialect.name)
    _indexes()


def _tell_apart(dialect: str) -> None:
    named = ("SELECT media_id FROM ticket_media", _NUMBERS_IN_HISTORY[dialect], _NUMBERS_IN_FORMS[dialect])
    conditions = " AND ".join(f"id NOT IN ({each})" for each in named)
    op.get_bind().exec_driver_sql(f"UPDATE media SET is_loose = true WHERE {conditions}")  # noqa: S608 - our own words


def _indexes() -> None:
    _index("ix_media_loose", "media", ["received_at"], where="is_loose")
    _index("ix_media_key", "media", ["key"], where="key IS NOT NULL")
    _index("ix_ticket_media_media", "ticket_media", ["media_id"])
    op.drop_index("ix_conversation_flow", "conversation")
    _index("ix_conversation_form", "conversation", ["is_paused", "updated_at"], where="flow IS NOT NULL")
    _index("ix_conversation_idle", "conversation", ["updated_at"], where="flow IS NULL")
    op.drop_index("ix_inbox_received_at", "inbox")
    _index("ix_inbox_handled", "inbox", ["received_at"], where="state = 'handled'")
    op.drop_index("ix_inbox_troubled", "inbox")
    _index("ix_inbox_troubled", "inbox", ["state", "received_at"], where="state <> 'handled'")
    words = 'settled_at IS NOT NULL AND message <> \'{"text":""}\''
    _index("ix_outbox_words", "outbox", ["state", "settled_at"], where=words)
    _index("ix_receipt_at", "receipt", ["at"])
    _index("ix_miss_settled", "miss", ["settled_at"], where="settled_at IS NOT NULL")


def _index(name: str, table: str, columns: list[str], *, where: str | None = None) -> None:
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, sqlite_where=condition, postgresql_where=condition)
