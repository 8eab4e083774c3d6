"""Files that were sent ahead of a message that is to name them. Knows no store: a file lies there under its key."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import bindparam, delete, insert, select

from storage.schema import upload
from storage.statements import Rows, Statement

_ADD = Statement(insert(upload).values(key=bindparam("key"), received_at=bindparam("now")))
_RECEIVED = Statement(select(upload.c.received_at).where(upload.c.key == bindparam("upload_key")))
_FORGET = Statement(delete(upload).where(upload.c.key == bindparam("upload_key")))
_UNNAMED = Statement(
    select(upload.c.key)
    .where(upload.c.received_at < bindparam("before"))
    .order_by(upload.c.received_at)
    .limit(bindparam("limit"))
)


class SqlUploads:
    """Uploads that no message has named yet, by key."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, key: str, now: datetime) -> None:
        """Before the file is written: nothing lies in the store that nobody knows of."""
        self._rows.run(_ADD, key=key, now=now)

    def received_at(self, key: str) -> datetime | None:
        """When it came; None where it was named before, or never came."""
        found: datetime | None = self._rows.value(_RECEIVED, upload_key=key)
        return found

    def unnamed(self, before: datetime, limit: int) -> tuple[str, ...]:
        """Those that came before and that no message has named, the oldest first."""
        return tuple(str(key) for (key,) in self._rows.all(_UNNAMED, before=before, limit=limit))

    def forget(self, keys: Iterable[str]) -> None:
        """They were named, or their files are gone. Keys that are no uploads are passed over."""
        for key in keys:
            self._rows.run(_FORGET, upload_key=key)
