"""The first tables."""

import sqlalchemy as sa
from alembic import op

from storage.types import Instant, JsonText, Key, Words

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None
change = "rolling"


def upgrade() -> None:
    """Create everything."""
    _people()
    _conversations()
    _media()
    _tickets()
    _traffic_in()
    _traffic_out()
    _instance()


def _index(
    name: str, table: str, columns: list[str | sa.TextClause], *, where: str | None = None, unique: bool = False
) -> None:
    """`where` makes it a partial one."""
    condition = None if where is None else sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


def _people() -> None:
    """Persons, the chats that reach them, officials and their invitations."""
    op.create_table(
        "person",
        sa.Column("id", Key, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("notice_version", sa.Text),
        sa.Column("notice_shown_at", Instant),
        sa.Column("created_at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_person"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "address",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("value", Words, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("last_inbound_at", Instant, nullable=False),
        sa.Column("unreachable_at", Instant),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_address_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_address"),
        sa.UniqueConstraint("channel", "value", name="uq_address_channel_value"),
        sqlite_autoincrement=True,
    )
    _index("ix_address_person", "address", ["person_id"])
    op.create_table(
        "staff",
        sa.Column("id", Key, nullable=False),
        sa.Column("person_id", Key, nullable=False),
        sa.Column("name", Words, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("department", sa.Text),
        sa.Column("since", Instant, nullable=False),
        sa.Column("revoked_at", Instant),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_staff_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
    )
    _index("uq_staff_person", "staff", ["person_id"], where="revoked_at IS NULL", unique=True)
    op.create_table(
        "invitation",
        sa.Column("id", Key, nullable=False),
        sa.Column("code_hash", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("department", sa.Text),
        sa.Column("name", Words, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("expires_at", Instant, nullable=False),
        sa.Column("accepted_at", Instant),
        sa.Column("accepted_by", Key),
        sa.ForeignKeyConstraint(["accepted_by"], ["person.id"], name="fk_invitation_accepted_by"),
        sa.PrimaryKeyConstraint("id", name="pk_invitation"),
        sa.UniqueConstraint("code_hash", name="uq_invitation_code_hash"),
    )


def _conversations() -> None:
    """Where each chat stands, and what it asked in vain."""
    op.create_table(
        "conversation",
        sa.Column("address_id", Key, autoincrement=False, nullable=False),
        sa.Column("flow", sa.Text),
        sa.Column("journal", JsonText, nullable=False),
        sa.Column("asked", sa.Text),
        sa.Column("offered", JsonText, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("is_paused", sa.Boolean, nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_conversation_address_id"),
        sa.PrimaryKeyConstraint("address_id", name="pk_conversation"),
    )
    _index("ix_conversation_flow", "conversation", ["updated_at"], where="flow IS NOT NULL")
    op.create_table(
        "miss",
        sa.Column("id", Key, nullable=False),
        sa.Column("text", Words, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("article", sa.Text),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("asked_at", Instant, nullable=False),
        sa.Column("settled_at", Instant),
        sa.Column("details", JsonText, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_miss"),
        sqlite_autoincrement=True,
    )
    _index("ix_miss_open", "miss", ["asked_at"], where="settled_at IS NULL")


def _media() -> None:
    """Attachments."""
    op.create_table(
        "media",
        sa.Column("id", Key, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("source", Words, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("content_type", Words),
        sa.Column("size", Key),
        sa.Column("key", sa.Text),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", Words),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("claimed_at", Instant),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("settled_at", Instant),
        sa.PrimaryKeyConstraint("id", name="pk_media"),
        sqlite_autoincrement=True,
    )
    _index("ix_media_claimed", "media", ["claimed_at"], where="state = 'copying'")
    _index("ix_media_due", "media", ["due_at", "id"], where="state = 'pending'")


def _tickets() -> None:
    """Tickets, their history and what hangs on them."""
    op.create_table(
        "ticket",
        sa.Column("id", Key, nullable=False),
        sa.Column("folio", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("is_open", sa.Boolean, nullable=False),
        sa.Column("is_urgent", sa.Boolean, nullable=False),
        sa.Column("department", sa.Text, nullable=False),
        sa.Column("service", sa.Text),
        sa.Column("story", Words, nullable=False),
        sa.Column("latitude", sa.Float),
        sa.Column("longitude", sa.Float),
        sa.Column("place_text", Words),
        sa.Column("area", sa.Text),
        sa.Column("delivery", sa.Text),
        sa.Column("author_person_id", Key, nullable=False),
        sa.Column("author_address_id", Key, nullable=False),
        sa.Column("assignee_person_id", Key),
        sa.Column("opened_at", Instant, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("updated_at", Instant, nullable=False),
        sa.Column("ended_at", Instant),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("search_text", Words, nullable=False),
        sa.ForeignKeyConstraint(["assignee_person_id"], ["person.id"], name="fk_ticket_assignee_person_id"),
        sa.ForeignKeyConstraint(["author_address_id"], ["address.id"], name="fk_ticket_author_address_id"),
        sa.ForeignKeyConstraint(["author_person_id"], ["person.id"], name="fk_ticket_author_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("folio", name="uq_ticket_folio"),
        sqlite_autoincrement=True,
    )
    _index("ix_ticket_assignee", "ticket", ["assignee_person_id", "is_open", "due_at"])
    _index("ix_ticket_author", "ticket", ["author_person_id", "opened_at"])
    urgent_first = sa.text("is_urgent DESC")
    _index("ix_ticket_department", "ticket", ["department", "is_open", urgent_first, "due_at", "id"])
    _index("ix_ticket_queue", "ticket", ["is_open", urgent_first, "due_at", "id"])
    _index("ix_ticket_due", "ticket", ["is_open", "due_at"])
    _index("ix_ticket_near", "ticket", ["service", "is_open", "latitude"])
    op.create_table(
        "ticket_event",
        sa.Column("id", Key, nullable=False),
        sa.Column("ticket_id", Key, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("actor_person_id", Key),
        sa.Column("from_state", sa.Text),
        sa.Column("to_state", sa.Text),
        sa.Column("text", Words),
        sa.Column("is_public", sa.Boolean, nullable=False),
        sa.Column("details", JsonText, nullable=False),
        sa.Column("media", JsonText, nullable=False),
        sa.ForeignKeyConstraint(["actor_person_id"], ["person.id"], name="fk_ticket_event_actor_person_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_event_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_event"),
        sqlite_autoincrement=True,
    )
    _index("ix_ticket_event_ticket", "ticket_event", ["ticket_id", "id"])
    op.create_table(
        "ticket_media",
        sa.Column("ticket_id", Key, autoincrement=False, nullable=False),
        sa.Column("media_id", Key, autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(["media_id"], ["media.id"], name="fk_ticket_media_media_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_media_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "media_id", name="pk_ticket_media"),
    )
    op.create_table(
        "follower",
        sa.Column("ticket_id", Key, autoincrement=False, nullable=False),
        sa.Column("address_id", Key, autoincrement=False, nullable=False),
        sa.Column("since", Instant, nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_follower_address_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_follower_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", "address_id", name="pk_follower"),
    )
    _index("ix_follower_address", "follower", ["address_id"])


def _traffic_in() -> None:
    """What came."""
    op.create_table(
        "inbox",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("external_id", Words, nullable=False),
        sa.Column("received_at", Instant, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("payload", JsonText),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("error", Words),
        sa.Column("retry_at", Instant),
        sa.PrimaryKeyConstraint("channel", "external_id", name="pk_inbox"),
        sqlite_with_rowid=False,
    )
    _index("ix_inbox_failed", "inbox", ["retry_at"], where="state = 'failed'")
    _index("ix_inbox_received_at", "inbox", ["received_at"])
    _index("ix_inbox_troubled", "inbox", ["state"], where="state <> 'handled'")


def _traffic_out() -> None:
    """What is sent, and what is told of it afterwards."""
    op.create_table(
        "outbox",
        sa.Column("id", Key, nullable=False),
        sa.Column("address_id", Key, nullable=False),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("priority", sa.Integer, nullable=False),
        sa.Column("ticket_id", Key),
        sa.Column("dedupe_key", Words),
        sa.Column("message", JsonText, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("uncertain_count", sa.Integer, nullable=False),
        sa.Column("due_at", Instant, nullable=False),
        sa.Column("owner", sa.Text),
        sa.Column("claimed_at", Instant),
        sa.Column("provider_id", Words),
        sa.Column("error", Words),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("settled_at", Instant),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name="fk_outbox_address_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_outbox_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sqlite_autoincrement=True,
    )
    _index("ix_outbox_active", "outbox", ["address_id", "id"], where="state IN ('pending', 'sending')")
    _index("ix_outbox_due", "outbox", ["priority", "due_at", "id"], where="state = 'pending'")
    _index("ix_outbox_provider", "outbox", ["channel", "provider_id"], where="provider_id IS NOT NULL")
    _index("ix_outbox_ticket", "outbox", ["ticket_id", "id"], where="ticket_id IS NOT NULL")
    _index("ix_outbox_troubled", "outbox", ["state"], where="state IN ('uncertain', 'failed', 'dead')")
    _index("uq_outbox_dedupe_key", "outbox", ["dedupe_key"], where="dedupe_key IS NOT NULL", unique=True)
    op.create_table(
        "receipt",
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("provider_id", Words, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("error", Words),
        sa.Column("at", Instant, nullable=False),
        sa.PrimaryKeyConstraint("channel", "provider_id", name="pk_receipt"),
    )
    op.create_table(
        "mailbox",
        sa.Column("id", Key, nullable=False),
        sa.Column("address_value", Words, nullable=False),
        sa.Column("outbox_id", Key, nullable=False),
        sa.Column("message", JsonText, nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("acknowledged_at", Instant),
        sa.ForeignKeyConstraint(["outbox_id"], ["outbox.id"], name="fk_mailbox_outbox_id"),
        sa.PrimaryKeyConstraint("id", name="pk_mailbox"),
        sa.UniqueConstraint("outbox_id", name="uq_mailbox_outbox_id"),
        sqlite_autoincrement=True,
    )
    _index("ix_mailbox_address", "mailbox", ["address_value", "id"])
    _index("ix_mailbox_created_at", "mailbox", ["created_at"])


def _instance() -> None:
    """What the replicas share."""
    op.create_table(
        "instance_secret",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("value", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_instance_secret"),
    )
