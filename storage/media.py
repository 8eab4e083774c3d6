"""Attachments: known at once, copied from the vendor soon after. Knows no vendor; the files lie elsewhere."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import bindparam, case, delete, insert, null, select, text, true, update

from handlers.messages import Address, Attachment, AttachmentKind
from storage import leases
from storage.schema import address, media, upload
from storage.statements import Row, Rows, Statement
from storage.types import among, database_now

_IS_PENDING = text("media.state = 'pending'")
_IS_COPYING = text("media.state = 'copying'")
_IS_LOOSE = text("media.is_loose")

_RECEIVE = Statement(
    insert(media)
    .values(
        channel=bindparam("channel"),
        source=bindparam("source"),
        kind=bindparam("kind"),
        content_type=bindparam("content_type"),
        size=bindparam("size"),
        state="pending",
        attempts=0,
        due_at=bindparam("now"),
        received_at=bindparam("now"),
        address_id=select(address.c.id)
        .where(address.c.channel == bindparam("channel"), address.c.value == bindparam("sender"))
        .scalar_subquery(),
        is_loose=true(),
    )
    .returning(media.c.id)
)
_NAMED = Statement(delete(upload).where(upload.c.key == bindparam("source")))
_GET = Statement(
    select(media.c.id, media.c.kind, media.c.content_type, media.c.size, media.c.key, media.c.state)
    .where(among(media.c.id, "ids"))
    .order_by(media.c.id)
)
_due = (
    select(media.c.id)
    .where(_IS_PENDING, media.c.channel == bindparam("of_channel"), media.c.due_at <= bindparam("now"))
    .order_by(media.c.due_at, media.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_CLAIM = Statement(
    update(media)
    .where(media.c.id.in_(_due))
    .values(state="copying", owner=bindparam("claimer"), claimed_at=database_now())
    .returning(
        media.c.id, media.c.channel, media.c.kind, media.c.source, media.c.content_type, media.c.size, media.c.attempts
    )
)
_is_it = media.c.id == bindparam("media_id")
_COPIED = Statement(
    update(media)
    .where(_is_it)
    .values(
        state="stored",
        key=bindparam("new_key"),
        content_type=bindparam("new_content_type"),
        size=bindparam("new_size"),
        settled_at=bindparam("now"),
        owner=null(),
        error=null(),
        address_id=case((_IS_LOOSE, media.c.address_id), else_=null()),
    )
)
_FAILED = Statement(
    update(media)
    .where(_is_it, media.c.state != "stored")
    .values(
        state=bindparam("new_state"),
        attempts=media.c.attempts + 1,
        due_at=bindparam("at"),
        error=bindparam("reason"),
        settled_at=bindparam("ended_at"),
        owner=null(),
    )
)
_SENDER = Statement(select(media.c.address_id).where(_is_it, _IS_COPYING))
_FORGET_SENDER = Statement(
    update(media).where(_is_it, media.c.state == "failed", text("NOT media.is_loose")).values(address_id=null())
)
_again = {"state": "pending", "owner": null()}
_RELEASE_OTHERS = Statement(update(media).where(_IS_COPYING, media.c.owner != bindparam("claimer")).values(_again))
_RELEASE_LAPSED = Statement(
    update(media).where(_IS_COPYING, media.c.owner != bindparam("claimer"), leases.is_over(media)).values(_again)
)
_RELEASE_ALL_BUT = Statement(
    update(media)
    .where(_IS_COPYING, media.c.owner == bindparam("claimer"), ~among(media.c.id, "media_ids"))
    .values(_again)
)


@dataclass(frozen=True, slots=True)
class StoredMedia:
    """An attachment as it can be shown."""

    id: int
    kind: AttachmentKind
    content_type: str | None
    #: Bytes.
    size: int | None
    #: Where our copy lies; None until it is stored.
    key: str | None
    state: Literal["pending", "copying", "stored", "failed"]


@dataclass(frozen=True, slots=True)
class MediaCopy:
    """An attachment to copy."""

    id: int
    channel: str
    attachment: Attachment
    #: Tries that failed before this one.
    attempts: int


class SqlMedia:
    """Attachments by our own ids."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def receive(self, address: Address, attachments: Sequence[Attachment], now: datetime) -> tuple[int, ...]:
        """Record what is to be copied; ids in the same order. An upload that is named here is kept from now on."""
        for each in attachments:
            self._rows.run(_NAMED, source=each.source)
        return tuple(
            self._rows.value(
                _RECEIVE,
                channel=address.channel,
                sender=address.value,
                source=each.source,
                kind=each.kind.value,
                content_type=each.content_type,
                size=each.size,
                now=now,
            )
            for each in attachments
        )

    def get(self, ids: Sequence[int]) -> tuple[StoredMedia, ...]:
        """Those that exist, by id."""
        return tuple(_stored(row) for row in self._rows.all(_GET, ids=ids))

    def claim(self, owner: str, now: datetime, room: Mapping[str, int]) -> tuple[MediaCopy, ...]:
        """Attachments that are due to be copied, marked as being copied by `owner`: so many at most, by channel."""
        claimed = [
            row
            for channel, limit in room.items()
            if limit > 0
            for row in self._rows.all(_CLAIM, claimer=owner, now=now, of_channel=channel, limit=limit)
        ]
        return tuple(sorted((_copy(row) for row in claimed), key=lambda copy: copy.id))

    def sender_of(self, media_id: int) -> int | None:
        """The address that waits for what is being copied; None once it is settled."""
        rows = self._rows.all(_SENDER, media_id=media_id)
        return rows[0][0] if rows else None

    def copied(self, media_id: int, key: str, content_type: str | None, size: int, now: datetime) -> None:
        """Our copy lies under `key`."""
        self._rows.run(_COPIED, media_id=media_id, new_key=key, new_content_type=content_type, new_size=size, now=now)

    def failed(self, media_id: int, error: str, retry_at: datetime | None, now: datetime) -> None:
        """It could not be copied; another try at a time, or never."""
        self._rows.run(
            _FAILED,
            media_id=media_id,
            new_state="failed" if retry_at is None else "pending",
            at=retry_at or now,
            ended_at=now if retry_at is None else None,
            reason=error,
        )
        if retry_at is None:
            self._rows.run(_FORGET_SENDER, media_id=media_id)

    def release_others(self, owner: str) -> int:
        """What anybody but `owner` was copying is to be copied again; how many. Only where nobody else is alive."""
        return self._rows.run(_RELEASE_OTHERS, claimer=owner)

    def release_lapsed(self, owner: str) -> int:
        """The same of processes that have told nothing for longer than their lease."""
        return self._rows.run(_RELEASE_LAPSED, claimer=owner)

    def keep_only(self, owner: str, media_ids: Collection[int]) -> int:
        """Give back what stands claimed by `owner` and is not among what it is copying; how many."""
        return self._rows.run(_RELEASE_ALL_BUT, claimer=owner, media_ids=list(media_ids))


def _stored(row: Row) -> StoredMedia:
    media_id, kind, content_type, size, key, state = row
    return StoredMedia(media_id, AttachmentKind.stored(kind), content_type, size, key, state)


def _copy(row: Row) -> MediaCopy:
    media_id, channel, kind, source, content_type, size, attempts = row
    return MediaCopy(media_id, channel, Attachment(AttachmentKind.stored(kind), source, content_type, size), attempts)
