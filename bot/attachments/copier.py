"""Owns the copying of attachments from the vendor to our store. Knows no vendor's format and no ticket."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Final

import structlog

from bot.attachments.store import BYTES_AT_MOST, UNKNOWN_TYPE, AttachmentRefused, FileStore, StoredFile
from bot.channels.base import Channel, SendFailed
from bot.clock import Clock
from bot.content.source import TownSource
from bot.database.queue import DatabaseQueue
from bot.logs import masked
from bot.metrics import Metrics
from handlers.messages import Attachment, AttachmentKind, NoticeKind, OutgoingMessage
from handlers.texts import declare
from storage.engine import StorageUnavailable
from storage.media import MediaCopy
from storage.unit_of_work import SqlUnitOfWork

declare(__name__, "attachment.kept_as_file", "attachment.not_kept")

#: After the first failure, the second, ...; after the last the attachment is given up.
RETRY_AFTER: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 3, 30, 120, 600, 3600, 4 * 3600))

#: Copied at the same time from one channel: each may hold 20 MB. A vendor that hangs keeps only its own waiting.
AT_ONCE: Final = 3

POLL_SECONDS: Final = 5.0
COPY_SECONDS_AT_MOST: Final = 120.0

log = structlog.get_logger(__name__)


class _TooLarge(Exception):
    """Stops a download that passes the limit."""


class Copier:
    """A loop that copies what is pending, a few at a time."""

    def __init__(
        self,
        database: DatabaseQueue,
        channels: Mapping[str, Channel],
        files: FileStore,
        towns: TownSource,
        clock: Clock,
        metrics: Metrics,
        *,
        owner: str,
    ) -> None:
        self._database = database
        self._channels = channels
        self._files = files
        self._towns = towns
        self._clock = clock
        self._metrics = metrics
        self._owner = owner
        self._wakes = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._is_stopping = False
        self._copies: set[asyncio.Task[None]] = set()
        self._held: set[int] = set()
        self._under_way: Counter[str] = Counter()
        #: Rows may stand claimed by this process that it does not know of.
        self._has_lost_a_claim = False
        #: Called when an attachment has been copied or given up: a message may be waiting for it, or tells of it.
        self.on_stored: Callable[[], None] = _nothing
        #: Looks that found nothing to copy.
        self.idle_looks = 0

    def start(self) -> None:
        """Begin; in the running event loop."""
        self._loop = asyncio.create_task(self._run(), name="copying")

    def wake(self) -> None:
        """Something may be pending."""
        self._wakes.set()

    async def stop(self) -> None:
        """End at once: a copy that was cut off is taken up again by whoever comes next."""
        self._is_stopping = True
        if self._loop is not None:
            self._loop.cancel()
        for copy in self._copies:
            copy.cancel()
        await asyncio.gather(*([self._loop] if self._loop else []), *self._copies, return_exceptions=True)

    async def _run(self) -> None:
        while not self._is_stopping:
            try:
                await self._copy_what_fits()
            except StorageUnavailable:
                self._has_lost_a_claim = True
            except Exception as error:
                log.error("copying failed; it goes on", exc_info=error)
                self._has_lost_a_claim = True
            await self._rest()

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._wakes.wait()
        self._wakes.clear()

    async def _copy_what_fits(self) -> None:
        """Begin to copy what is due, so many of each channel at once."""
        room = {name: AT_ONCE - self._under_way[name] for name in self._channels}
        held = set(self._held) if self._has_lost_a_claim else None
        copies = await self._database.run(lambda unit: self._claim(unit, room, held), key="media")
        self._has_lost_a_claim = False
        for copy in copies:
            self._start(copy)
        if not (copies or self._copies):
            self.idle_looks += 1

    def _claim(self, unit: SqlUnitOfWork, room: Mapping[str, int], held: set[int] | None) -> Sequence[MediaCopy]:
        if held is not None:
            unit.media.keep_only(self._owner, held)
        return unit.media.claim(self._owner, self._clock.now(), room)

    def _start(self, copy: MediaCopy) -> None:
        self._under_way[copy.channel] += 1
        self._held.add(copy.id)
        task = asyncio.create_task(self._copy(copy), name="copy")
        self._copies.add(task)
        task.add_done_callback(lambda done: self._ended(done, copy))

    def _ended(self, task: asyncio.Task[None], copy: MediaCopy) -> None:
        self._copies.discard(task)
        self._under_way[copy.channel] -= 1
        self._held.discard(copy.id)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The database did not take the result: the row stands claimed, and is given back.
            self._has_lost_a_claim = True
            if not isinstance(error, StorageUnavailable):
                log.error("a copy could not be settled", media_id=copy.id, exc_info=error)
        self.wake()

    async def _copy(self, copy: MediaCopy) -> None:
        try:
            async with asyncio.timeout(COPY_SECONDS_AT_MOST):
                stored = await self._fetch(copy)
        except (AttachmentRefused, _TooLarge) as refusal:
            await self._fail(copy, str(refusal), is_permanent=True)
        except SendFailed as failure:
            await self._fail(copy, masked(failure.reason), is_permanent=failure.is_permanent)
        except Exception as error:
            log.error("an attachment could not be copied", media_id=copy.id, exc_info=error)
            await self._fail(copy, type(error).__name__, is_permanent=False)
        else:
            await self._succeed(copy, stored)

    async def _fetch(self, copy: MediaCopy) -> StoredFile:
        channel = self._channels.get(copy.channel)
        if channel is None:
            raise SendFailed("this channel is switched off")
        key = channel.stored_key(copy.attachment)
        if key is not None:
            return await self._already_there(key)
        return await self._files.save(await _download(channel, copy.attachment))

    async def _already_there(self, key: str) -> StoredFile:
        """Nothing to copy: only what it is."""
        try:
            return StoredFile(key, await self._files.content_type(key), await self._files.size(key))
        except FileNotFoundError as missing:
            raise AttachmentRefused("the file is not in the store") from missing

    async def _succeed(self, copy: MediaCopy, stored: StoredFile) -> None:
        now = self._clock.now()
        is_file = copy.attachment.kind is AttachmentKind.PHOTO and stored.content_type == UNKNOWN_TYPE

        def settle(unit: SqlUnitOfWork) -> None:
            if is_file:
                self._tell(unit, copy, "attachment.kept_as_file")
            unit.media.copied(copy.id, stored.key, stored.content_type, stored.size, now)

        await self._database.run(settle, key="media")
        self._metrics.media.labels(copy.channel, "stored").inc()
        self.on_stored()

    async def _fail(self, copy: MediaCopy, reason: str, *, is_permanent: bool) -> None:
        now = self._clock.now()
        is_over = is_permanent or copy.attempts >= len(RETRY_AFTER)
        retry_at = None if is_over else now + RETRY_AFTER[copy.attempts]

        def settle(unit: SqlUnitOfWork) -> None:
            if retry_at is None:
                self._tell(unit, copy, "attachment.not_kept")
            unit.media.failed(copy.id, reason, retry_at, now)

        await self._database.run(settle, key="media")
        if retry_at is not None:
            asyncio.get_running_loop().call_later((retry_at - now).total_seconds() + 0.05, self.wake)
        self._metrics.media.labels(copy.channel, "failed" if is_over else "retry").inc()
        if is_over:
            self.on_stored()

    def _tell(self, unit: SqlUnitOfWork, copy: MediaCopy, key: str) -> None:
        """Who sent it hears once that it was not kept as it came."""
        address_id = unit.media.sender_of(copy.id)
        contact = None if address_id is None else unit.people.contact(address_id)
        if contact is None or contact.unreachable_at is not None:
            return
        message = OutgoingMessage(self._towns.current.words(key, contact.language))
        now, once = self._clock.now(), f"media:{copy.id}"
        unit.outbox.put(contact.address_id, message, now=now, kind=NoticeKind.NOTICE, dedupe_key=once)


async def _download(channel: Channel, attachment: Attachment) -> bytes:
    """The whole attachment; stops as soon as it is too large."""
    if attachment.size is not None and attachment.size > BYTES_AT_MOST:
        raise _TooLarge("the file is too large")
    content = bytearray()
    async for piece in channel.fetch(attachment):
        content += piece
        if len(content) > BYTES_AT_MOST:
            raise _TooLarge("the file is too large")
    return bytes(content)


def _nothing() -> None:
    """Nobody listens yet."""
