"""Questions that found no answer, redacted before they get here."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import bindparam, delete, insert, select, update

from handlers.ports import Miss
from storage.schema import miss
from storage.statements import Rows, Statement
from storage.types import among

_ADD = Statement(
    insert(miss).values(
        {name: bindparam(name) for name in ("text", "reason", "article", "language", "asked_at", "details")}
    )
)
_RECENT = Statement(
    select(miss.c.id, miss.c.text, miss.c.reason, miss.c.article, miss.c.language, miss.c.asked_at, miss.c.details)
    .where(miss.c.settled_at.is_(None), miss.c.asked_at >= bindparam("since"))
    .order_by(miss.c.asked_at.desc(), miss.c.id.desc())
    .limit(bindparam("limit"))
)
_SETTLE = Statement(
    update(miss).where(among(miss.c.id, "ids"), miss.c.settled_at.is_(None)).values(settled_at=bindparam("now"))
)
_TAKE_BACK = Statement(
    delete(miss).where(
        miss.c.settled_at.is_(None),
        miss.c.asked_at >= bindparam("since"),
        miss.c.text == bindparam("text"),
        miss.c.reason == "unknown",
    )
)


class SqlMisses:
    """Kept for the administrators, who make articles of them."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def add(self, text: str, *, reason: str, article: str | None, language: str, now: datetime) -> None:
        """`reason`: "unknown", "offer_refused" or "not_useful"."""
        self._rows.run(_ADD, text=text, reason=reason, article=article, language=language, asked_at=now, details={})

    def take_back(self, text: str, since: datetime) -> None:
        """Forget one that was kept since then: read with what followed it, it found an answer."""
        self._rows.run(_TAKE_BACK, text=text, since=since)

    def recent(self, since: datetime, *, limit: int = 500) -> tuple[Miss, ...]:
        """Unhandled ones, newest first."""
        found = self._rows.all(_RECENT, since=since, limit=limit)
        return tuple(
            Miss(miss_id, text, reason, article, language, asked_at, cast(Mapping[str, str], details))
            for miss_id, text, reason, article, language, asked_at, details in found
        )

    def settle(self, ids: Sequence[int], now: datetime) -> None:
        """Mark as handled by an administrator."""
        self._rows.run(_SETTLE, ids=ids, now=now)
