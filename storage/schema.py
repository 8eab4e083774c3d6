"""The tables. The migrations build them; a test proves that both say the same. Knows no statements."""

from typing import Final

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from storage.types import Instant, JsonText, Key, Words

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of some rows. SQLite uses it only for statements that repeat the condition word for word."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


person = Table(
    "person",
    metadata,
    Column("id", Key, primary_key=True),
    Column("language", Words, nullable=False),
    Column("notice_version", Text),
    Column("notice_shown_at", Instant),
    Column("created_at", Instant, nullable=False),
    sqlite_autoincrement=True,
)

address = Table(
    "address",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Key, ForeignKey("person.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("value", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("last_inbound_at", Instant, nullable=False),
    Column("unreachable_at", Instant),
    Column("quiet_since", Instant),
    UniqueConstraint("channel", "value"),
    Index("ix_address_person", "person_id"),
    sqlite_autoincrement=True,
)

staff = Table(
    "staff",
    metadata,
    Column("id", Key, primary_key=True),
    Column("person_id", Key, ForeignKey("person.id"), nullable=False),
    Column("name", Words, nullable=False),
    Column("role", Text, nullable=False),
    Column("department", Text),
    Column("since", Instant, nullable=False),
    Column("revoked_at", Instant),
    #: Given by the demo's invitation, and ended with the demo.
    Column("is_demo", Boolean, nullable=False, server_default=false()),
    _partial("uq_staff_person", "person_id", where="revoked_at IS NULL", unique=True),
)

invitation = Table(
    "invitation",
    metadata,
    Column("id", Key, primary_key=True),
    Column("code_hash", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("department", Text),
    Column("name", Words, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("accepted_at", Instant),
    Column("accepted_by", Key, ForeignKey("person.id")),
    Column("is_demo", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("code_hash"),
)

conversation = Table(
    "conversation",
    metadata,
    Column("address_id", Key, ForeignKey("address.id"), primary_key=True, autoincrement=False),
    Column("flow", Text),
    Column("journal", JsonText, nullable=False),
    Column("asked", Text),
    Column("offered", JsonText, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("is_paused", Boolean, nullable=False),
    Column("context", JsonText),
    _partial("ix_conversation_form", "is_paused", "updated_at", where="flow IS NOT NULL"),
    _partial("ix_conversation_idle", "updated_at", where="flow IS NULL"),
)

#: Conversations that could not be gone on with, word for word as they lay in `conversation`.
conversation_apart = Table(
    "conversation_apart",
    metadata,
    Column("id", Key, primary_key=True),
    Column("address_id", Key, ForeignKey("address.id"), nullable=False),
    Column("flow", Text),
    Column("journal", JsonText, nullable=False),
    Column("asked", Text),
    Column("offered", JsonText, nullable=False),
    Column("updated_at", Instant, nullable=False),
    #: apart, or dropped: then without its words.
    Column("state", Text, nullable=False),
    Column("reason", Words, nullable=False),
    Column("since", Instant, nullable=False),
    Index("ix_conversation_apart_since", "since"),
    sqlite_autoincrement=True,
)

ticket = Table(
    "ticket",
    metadata,
    Column("id", Key, primary_key=True),
    Column("folio", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    #: What `state` says, for the indexes.
    Column("is_open", Boolean, nullable=False),
    Column("is_urgent", Boolean, nullable=False),
    Column("department", Text, nullable=False),
    Column("service", Text),
    Column("story", Words, nullable=False),
    Column("latitude", Float),
    Column("longitude", Float),
    Column("place_text", Words),
    Column("area", Words),
    Column("delivery", Words),
    Column("author_person_id", Key, ForeignKey("person.id"), nullable=False),
    Column("author_address_id", Key, ForeignKey("address.id"), nullable=False),
    Column("assignee_person_id", Key, ForeignKey("person.id")),
    Column("opened_at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("due_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("version", Integer, nullable=False),
    #: Folio, story and place, folded.
    Column("search_text", Words, nullable=False),
    UniqueConstraint("folio"),
    Index("ix_ticket_department", "department", "is_open", text("is_urgent DESC"), "due_at", "id"),
    Index("ix_ticket_queue", "is_open", text("is_urgent DESC"), "due_at", "id"),
    Index("ix_ticket_assignee", "assignee_person_id", "is_open", text("is_urgent DESC"), "due_at", "id"),
    Index("ix_ticket_author", "author_person_id", "opened_at"),
    #: By cells of a thousandth of a degree: 111 metres high, and less wide.
    Index("ix_ticket_near", "service", "is_open", text("round(latitude * 1000.0)"), text("round(longitude * 1000.0)")),
    sqlite_autoincrement=True,
)

#: Kept by triggers, which the migration that made it tells of.
ticket_count = Table(
    "ticket_count",
    metadata,
    Column("department", Text, primary_key=True),
    Column("is_open", Boolean, primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("state", Text, primary_key=True),
    #: 0: nobody.
    Column("assignee_person_id", Key, primary_key=True, autoincrement=False),
    #: Of the transactions that count at once, which one wrote it: what counts is the sum over all.
    Column("slot", Integer, primary_key=True, autoincrement=False),
    #: May be less than none in one slot.
    Column("tickets", Integer, nullable=False),
    Index("ix_ticket_count_assignee", "assignee_person_id", "is_open"),
    sqlite_with_rowid=False,
)

ticket_event = Table(
    "ticket_event",
    metadata,
    Column("id", Key, primary_key=True),
    Column("ticket_id", Key, ForeignKey("ticket.id"), nullable=False),
    Column("kind", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("actor_person_id", Key, ForeignKey("person.id")),
    Column("from_state", Text),
    Column("to_state", Text),
    Column("text", Words),
    Column("is_public", Boolean, nullable=False),
    Column("details", JsonText, nullable=False),
    #: Ids of stored media.
    Column("media", JsonText, nullable=False),
    Index("ix_ticket_event_ticket", "ticket_id", "id"),
    sqlite_autoincrement=True,
)

media = Table(
    "media",
    metadata,
    Column("id", Key, primary_key=True),
    Column("channel", Text, nullable=False),
    #: The vendor's name for it; for the copier only.
    Column("source", Words, nullable=False),
    Column("kind", Text, nullable=False),
    Column("content_type", Words),
    Column("size", Key),
    #: Where our copy lies.
    Column("key", Text),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Words),
    Column("due_at", Instant, nullable=False),
    Column("owner", Text),
    Column("claimed_at", Instant),
    Column("received_at", Instant, nullable=False),
    Column("settled_at", Instant),
    #: The chat that it came from, until it is copied or given up and a ticket names it.
    Column("address_id", Key, ForeignKey("address.id")),
    #: No ticket and no line of history names it yet.
    Column("is_loose", Boolean, nullable=False, server_default=false()),
    _partial("ix_media_due", "channel", "due_at", "id", where="state = 'pending'"),
    _partial("ix_media_claimed", "claimed_at", where="state = 'copying'"),
    _partial("ix_media_loose", "received_at", where="is_loose"),
    _partial("ix_media_key", "key", where="key IS NOT NULL"),
    sqlite_autoincrement=True,
)

discarded_file = Table(
    "discarded_file",
    metadata,
    Column("id", Key, primary_key=True),
    Column("key", Text, nullable=False),
    Column("since", Instant, nullable=False),
    UniqueConstraint("key"),
    sqlite_autoincrement=True,
)

upload = Table(
    "upload",
    metadata,
    #: Where the file lies, or will. The row goes when a message names it: it is an attachment then.
    Column("key", Text, primary_key=True),
    Column("received_at", Instant, nullable=False),
    Index("ix_upload_received_at", "received_at"),
)

ticket_media = Table(
    "ticket_media",
    metadata,
    Column("ticket_id", Key, ForeignKey("ticket.id"), primary_key=True, autoincrement=False),
    Column("media_id", Key, ForeignKey("media.id"), primary_key=True, autoincrement=False),
    Index("ix_ticket_media_media", "media_id"),
)

follower = Table(
    "follower",
    metadata,
    Column("ticket_id", Key, ForeignKey("ticket.id"), primary_key=True, autoincrement=False),
    Column("address_id", Key, ForeignKey("address.id"), primary_key=True, autoincrement=False),
    Column("since", Instant, nullable=False),
    Index("ix_follower_address", "address_id"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("external_id", Words, primary_key=True),
    Column("received_at", Instant, nullable=False),
    #: handled, failed (to be tried again), dead, unreadable.
    Column("state", Text, nullable=False),
    #: The message; only while it is not handled.
    Column("payload", JsonText),
    Column("attempts", Integer, nullable=False),
    Column("error", Words),
    Column("retry_at", Instant),
    _partial("ix_inbox_handled", "received_at", where="state = 'handled'"),
    _partial("ix_inbox_failed", "retry_at", where="state = 'failed'"),
    _partial("ix_inbox_troubled", "state", "received_at", where="state <> 'handled'"),
    sqlite_with_rowid=False,
)

#: Settled, and not forgotten yet.
HAS_WORDS: Final = 'settled_at IS NOT NULL AND message <> \'{"text":""}\''

outbox = Table(
    "outbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("address_id", Key, ForeignKey("address.id"), nullable=False),
    #: The address's; here too, since vendors' ids are looked up by it.
    Column("channel", Text, nullable=False),
    Column("kind", Text, nullable=False),
    #: 0 goes before 1: answers before pushes.
    Column("priority", Integer, nullable=False),
    Column("ticket_id", Key, ForeignKey("ticket.id")),
    Column("dedupe_key", Words),
    Column("message", JsonText, nullable=False),
    #: pending, sending, sent, delivered, read, failed, uncertain, dead, unreadable, dropped.
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("uncertain_count", Integer, nullable=False),
    #: When the first try began of which nobody knows whether it arrived, by the database's clock.
    Column("doubtful_since", Instant),
    Column("due_at", Instant, nullable=False),
    Column("owner", Text),
    #: By the database's clock.
    Column("claimed_at", Instant),
    Column("provider_id", Words),
    Column("error", Words),
    Column("created_at", Instant, nullable=False),
    Column("settled_at", Instant),
    _partial("uq_outbox_dedupe_key", "dedupe_key", where="dedupe_key IS NOT NULL", unique=True),
    _partial("ix_outbox_due", "channel", "priority", "due_at", "id", where="state = 'pending'"),
    _partial("ix_outbox_sending", "owner", where="state = 'sending'"),
    _partial("ix_outbox_active", "address_id", "id", where="state IN ('pending', 'sending')"),
    _partial("ix_outbox_troubled", "id", "state", where="state IN ('uncertain', 'failed', 'dead', 'unreadable')"),
    _partial("ix_outbox_provider", "channel", "provider_id", where="provider_id IS NOT NULL"),
    _partial("ix_outbox_ticket", "ticket_id", "id", where="ticket_id IS NOT NULL"),
    _partial("ix_outbox_words", "state", "settled_at", where=HAS_WORDS),
    sqlite_autoincrement=True,
)

#: The conditions of the outbox's partial indexes, word for word.
IS_PENDING: Final = text("outbox.state = 'pending'")
IS_SENDING: Final = text("outbox.state = 'sending'")
IS_ACTIVE: Final = text("outbox.state IN ('pending', 'sending')")
IS_TROUBLED: Final = text("outbox.state IN ('uncertain', 'failed', 'dead', 'unreadable')")
TROUBLED: Final = ("uncertain", "failed", "dead", "unreadable")

#: Of messages that went out in several parts; a message of one part has its id in its row.
outbox_part = Table(
    "outbox_part",
    metadata,
    Column("outbox_id", Key, ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    #: What it is, the same at every try: "text:1", "file:7".
    Column("name", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("provider_id", Words, nullable=False),
    #: sent, delivered, read, failed.
    Column("state", Text, nullable=False),
    Column("error", Words),
    Index("ix_outbox_part_provider", "channel", "provider_id"),
)

#: Who holds claims on rows of the outbox and of the media, and is alive: told anew every few seconds.
lease = Table(
    "lease",
    metadata,
    Column("owner", Text, primary_key=True),
    #: By the database's clock.
    Column("renewed_at", Instant, nullable=False),
)

receipt = Table(
    "receipt",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("provider_id", Words, primary_key=True),
    Column("status", Text, nullable=False),
    Column("error", Words),
    Column("at", Instant, nullable=False),
    Index("ix_receipt_at", "at"),
)

mailbox = Table(
    "mailbox",
    metadata,
    Column("id", Key, primary_key=True),
    Column("address_value", Words, nullable=False),
    Column("outbox_id", Key, ForeignKey("outbox.id"), nullable=False),
    Column("message", JsonText, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("acknowledged_at", Instant),
    #: Shown only while the chat's owner holds it; NULL for what everybody may read.
    Column("role", Text),
    UniqueConstraint("outbox_id"),
    Index("ix_mailbox_address", "address_value", "id"),
    Index("ix_mailbox_created_at", "created_at"),
    sqlite_autoincrement=True,
)

miss = Table(
    "miss",
    metadata,
    Column("id", Key, primary_key=True),
    Column("text", Words, nullable=False),
    Column("reason", Text, nullable=False),
    Column("article", Text),
    Column("language", Words, nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("settled_at", Instant),
    Column("details", JsonText, nullable=False),
    _partial("ix_miss_open", "asked_at", where="settled_at IS NULL"),
    _partial("ix_miss_settled", "settled_at", where="settled_at IS NOT NULL"),
    sqlite_autoincrement=True,
)

content_change = Table(
    "content_change",
    metadata,
    Column("id", Key, primary_key=True),
    #: Below the content folder.
    Column("path", Text, nullable=False),
    Column("previous_text", Words),
    #: NULL takes the file away.
    Column("text", Words),
    Column("person_id", Key, ForeignKey("person.id"), nullable=False),
    Column("at", Instant, nullable=False),
    Column("note", Words, nullable=False),
    Column("state", Text, nullable=False),
    Column("reason", Words),
    Column("settled_at", Instant),
    Index("ix_content_change_path", "path", "id"),
    _partial("ix_content_change_pending", "id", where="state = 'pending'"),
    _partial("ix_content_change_refused", "id", where="state = 'refused'"),
    sqlite_autoincrement=True,
)

instance_secret = Table(
    "instance_secret",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", Text, primary_key=True),
    #: When a row was last written here, to see whether rows can be written.
    Column("at", Instant, nullable=False),
)
