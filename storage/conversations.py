"""Where each chat stands: one row a chat. Knows no flow."""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects.postgresql import insert as upsert

from handlers.ports import Conversation, Json
from storage.codec import choices_from_json, choices_to_json
from storage.schema import address, conversation
from storage.statements import Row, Rows, Statement

_NAMES = ("flow", "journal", "asked", "offered", "updated_at", "is_paused")
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


class SqlConversations:
    """One row a chat."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def get(self, address_id: int) -> Conversation | None:
        """None where the chat is in no flow and nothing was offered."""
        row = self._rows.first(_GET, address_id=address_id)
        return None if row is None else _conversation(row)

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
        )

    def clear(self, address_id: int) -> None:
        """Forget where the chat stood."""
        self._rows.run(_CLEAR, address_id=address_id)

    def expired(self, before: datetime, limit: int) -> tuple[Conversation, ...]:
        """Active conversations in a flow, last touched before; locked, skipping what others hold."""
        return tuple(_conversation(row) for row in self._rows.all(_EXPIRED, before=before, limit=limit))


def _conversation(row: Row) -> Conversation:
    address_id, flow, journal, asked, offered, updated_at, is_paused = row
    return Conversation(
        address_id=address_id,
        flow=flow,
        journal=cast(dict[str, Json], journal),
        asked=asked,
        offered=choices_from_json(cast(Any, offered)),
        updated_at=updated_at,
        is_paused=is_paused,
    )
