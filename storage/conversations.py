"""Where each chat stands: one row a chat. Knows no flow."""

from datetime import datetime

from sqlalchemy import bindparam, delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.ports import Conversation
from storage.codec import choices_from_json, choices_to_json, journal_from_json, sorted_out
from storage.errors import Unreadable
from storage.schema import address, conversation, conversation_apart
from storage.statements import Row, Rows, Statement
from storage.types import among

_NAMES = ("flow", "journal", "asked", "offered", "updated_at", "is_paused", "context")
_columns = tuple(conversation.c[name] for name in ("address_id", *_NAMES))

_GET = Statement(select(*_columns).where(conversation.c.address_id == bindparam("address_id")))

_new = upsert(conversation).values({name: bindparam(name) for name in ("address_id", *_NAMES)})
_PUT = Statement(
    _new.on_conflict_do_update(index_elements=["address_id"], set_={name: _new.excluded[name] for name in _NAMES})
)
_CLEAR = Statement(delete(conversation).where(conversation.c.address_id == bindparam("address_id")))

# The address is locked as well: a message that is being handled holds it, and then its conversation is not idle.
_EXPIRED = Statement(
    select(*_columns)
    .join(address, address.c.id == conversation.c.address_id)
    .where(
        conversation.c.flow.is_not(None),
        conversation.c.is_paused.is_(False),
        conversation.c.updated_at < bindparam("before"),
    )
    .order_by(conversation.c.updated_at)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True, key_share=True)
)
_PAUSE = Statement(update(conversation).where(among(conversation.c.address_id, "address_ids")).values(is_paused=True))
# Word for word, whether or not anybody can read it.
_KEPT = ("address_id", "flow", "journal", "asked", "offered", "updated_at")
_SET_APART = Statement(
    insert(conversation_apart).from_select(
        [*_KEPT, "state", "reason", "since"],
        select(
            *(conversation.c[name] for name in _KEPT),
            literal("apart"),
            bindparam("why", type_=conversation_apart.c.reason.type),
            bindparam("now", type_=conversation_apart.c.since.type),
        ).where(conversation.c.address_id == bindparam("address_id")),
    )
)


class SqlConversations:
    """One row a chat."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, address_id: int) -> Conversation | None:
        """None where the chat is in no flow and nothing was offered."""
        row = self._rows.first(_GET, address_id=address_id)
        if row is None:
            return None
        try:
            return _conversation(row)
        except Unreadable as error:
            return _unreadable(row, f"cannot be read: {error}")

    def put(self, conversation: Conversation) -> None:
        """Write where the chat stands now."""
        self._rows.run(
            _PUT,
            address_id=conversation.address_id,
            flow=conversation.flow,
            journal=conversation.journal,
            asked=conversation.asked,
            offered=choices_to_json(conversation.offered),
            updated_at=conversation.updated_at,
            is_paused=conversation.is_paused,
            context=conversation.context or None,
        )

    def set_apart(self, address_id: int, why: str, now: datetime) -> None:
        """Keep the chat's row word for word where it can be brought back from, and forget where the chat stood.

        why: short, without personal data, since staff see it.
        """
        self._rows.run(_SET_APART, address_id=address_id, why=why, now=now)
        self.clear(address_id)

    def clear(self, address_id: int) -> None:
        """Forget where the chat stood."""
        self._rows.run(_CLEAR, address_id=address_id)

    def expired(self, before: datetime, limit: int) -> tuple[Conversation, ...]:
        """Active conversations in a flow, last touched before; locked, skipping what others hold.

        Those that cannot be read are put aside as they are, without a word: the person hears of it in the next message.
        """
        while rows := self._rows.all(_EXPIRED, before=before, limit=limit):
            read, unreadable = sorted_out(rows, _conversation)
            if unreadable:
                self._rows.run(_PAUSE, address_ids=[row[0] for row, _ in unreadable])
            if read:
                return tuple(read)
        return ()


def _conversation(row: Row) -> Conversation:
    address_id, flow, journal, asked, offered, updated_at, is_paused, context = row
    return Conversation(
        address_id=address_id,
        flow=flow,
        journal=journal_from_json(journal),
        asked=asked,
        offered=choices_from_json(offered),
        updated_at=updated_at,
        is_paused=is_paused,
        context=journal_from_json(context or {}),
    )


def _unreadable(row: Row, why: str) -> Conversation | None:
    """What is left to say of it; nothing where only the choices of the last message were kept."""
    address_id, flow, _, _, _, updated_at, is_paused, _ = row
    if flow is None:
        return None
    return Conversation(address_id, flow, {}, None, (), updated_at, is_paused, unreadable=why)
