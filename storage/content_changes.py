"""Changes of the content files that were made in the chat. Knows no file."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, func, insert, select, update

from handlers.content_change import ChangeState, ContentChange
from storage.schema import content_change
from storage.statements import Row, Rows, Statement
from storage.types import one_of

#: Names our advisory lock on PostgreSQL: one change is committed before the next gets its number.
_LOCK: Final = 0x434F_4E54_454E_5401

_NAMES: Final = ("path", "previous_text", "text", "person_id", "at", "note")
_columns = tuple(content_change.c[name] for name in ("id", *_NAMES, "state", "reason"))
_is_done = one_of(content_change.c.state, [ChangeState.PENDING, ChangeState.LIVE])

_ADD = Statement(
    insert(content_change)
    .values({name: bindparam(name) for name in _NAMES} | {"state": ChangeState.PENDING.value})
    .returning(content_change.c.id)
)
_GET = Statement(select(*_columns).where(content_change.c.id == bindparam("change_id")))
_OF = Statement(
    select(*_columns)
    .where(content_change.c.path == bindparam("path"))
    .order_by(content_change.c.id.desc())
    .limit(bindparam("limit"))
)
_last = select(func.max(content_change.c.id)).where(_is_done).group_by(content_change.c.path)
_WITHDRAWN = Statement(
    select(*_columns)
    .where(content_change.c.id.in_(_last), content_change.c.text.is_(None))
    .order_by(content_change.c.id.desc())
    .limit(bindparam("limit"))
)
_UNSEEN = Statement(
    select(*_columns)
    .where(
        one_of(content_change.c.state, [ChangeState.PENDING])
        | (one_of(content_change.c.state, [ChangeState.LIVE]) & (content_change.c.id > bindparam("after_id")))
    )
    .order_by(content_change.c.id)
)
_KNOWN = Statement(
    select(content_change.c.previous_text, content_change.c.text).where(
        content_change.c.path == bindparam("path"), _is_done
    )
)
_SETTLE = Statement(
    update(content_change)
    .where(content_change.c.id == bindparam("change_id"), one_of(content_change.c.state, [ChangeState.PENDING]))
    .values(state=bindparam("new_state"), reason=bindparam("why"), settled_at=bindparam("now"))
)
_STATE = Statement(select(content_change.c.state).where(content_change.c.id == bindparam("change_id")))


class SqlContentChanges:
    """In the order in which they were committed."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(
        self, path: str, previous_text: str | None, text: str | None, *, person_id: int, note: str, now: datetime
    ) -> int:
        """Keep a change; its id. Ids grow in the order in which the changes are committed."""
        if not self._rows.is_sqlite:
            self._rows.command(f"SELECT pg_advisory_xact_lock({_LOCK})")
        change_id: int = self._rows.value(
            _ADD, path=path, previous_text=previous_text, text=text, person_id=person_id, at=now, note=note
        )
        return change_id

    def get(self, change_id: int) -> ContentChange | None:
        """One change."""
        row = self._rows.first(_GET, change_id=change_id)
        return None if row is None else _change(row)

    def of(self, path: str, *, limit: int = 10) -> tuple[ContentChange, ...]:
        """The changes of one file, newest first."""
        return tuple(map(_change, self._rows.all(_OF, path=path, limit=limit)))

    def withdrawn(self, *, limit: int = 50) -> tuple[ContentChange, ...]:
        """The last changes of the files that are gone by it, newest first."""
        return tuple(map(_change, self._rows.all(_WITHDRAWN, limit=limit)))

    def unseen(self, after_id: int) -> tuple[ContentChange, ...]:
        """Those that are pending, and those that went live after the one with this id; in order."""
        return tuple(map(_change, self._rows.all(_UNSEEN, after_id=after_id)))

    def known_texts(self, path: str) -> Sequence[str | None]:
        """Every text that this file had before or after a change that was not refused."""
        return [text for row in self._rows.all(_KNOWN, path=path) for text in row]

    def settle(self, change_id: int, state: ChangeState, *, reason: str | None, now: datetime) -> ChangeState:
        """Write what became of a pending change; what became of it, perhaps by another's hand."""
        if self._rows.run(_SETTLE, change_id=change_id, new_state=state.value, why=reason, now=now):
            return state
        return ChangeState.stored(self._rows.value(_STATE, change_id=change_id))


def _change(row: Row) -> ContentChange:
    change_id, path, previous_text, text, person_id, at, note, state, reason = row
    return ContentChange(change_id, path, previous_text, text, person_id, at, note, ChangeState.stored(state), reason)
