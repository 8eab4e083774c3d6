"""Owns the copying of attachments from the vendor to our store. Knows no vendor's format and no ticket."""

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Final

import structlog

from bot.attachments.store import BYTES_AT_MOST, AttachmentRefused, FileStore, StoredFile
from bot.channels.base import Channel, SendFailed
from bot.clock import Clock
from bot.database.queue import DatabaseQueue
from bot.logs import masked
from bot.metrics import Metrics
from handlers.messages import Attachment
from storage.engine import StorageUnavailable
from storage.media import MediaCopy

#: After the first failure, the second, ...; after the last the attachment is given up.
RETRY_AFTER: Final = tuple(timedelta(seconds=seconds) for seconds in (1, 3, 30, 120, 600, 3600, 4 * 3600))

#: Copied at the same time: each may hold 20 MB.
AT_ONCE: Final = 4

POLL_SECONDS: Final = 5.0
COPY_SECONDS_AT_MOST: Final = 120.0

#: A copy that takes longer belonged to a process that died.
LEASE: Final = timedelta(seconds=COPY_SECONDS_AT_MOST + 30)

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
        clock: Clock,
        metrics: Metrics,
        *,
        owner: str,
    ) -> None:
        self._database = database
        self._channels = channels
        self._files = files
        self._clock = clock
        self._metrics = metrics
        self._owner = owner
        self._wakes = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        self._is_stopping = False
        #: Called when an attachment has been copied: a message may be waiting for it.
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
        """End at once: a copy that was cut off is taken up again by the lease."""
        self._is_stopping = True
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)

    async def _run(self) -> None:
        while not self._is_stopping:
            try:
                is_busy = await self._copy_some()
            except StorageUnavailable:
                is_busy = False
            except Exception as error:
                log.error("copying failed; it goes on", exc_info=error)
                is_busy = False
            if not is_busy:
                await self._rest()

    async def _rest(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._wakes.wait()
        self._wakes.clear()

    async def _copy_some(self) -> bool:
        """Copy what is due; False if nothing was."""
        now = self._clock.now()
        copies = await self._database.run(lambda unit: unit.media.claim(self._owner, now, AT_ONCE), key="media")
        await asyncio.gather(*(self._copy(copy) for copy in copies))
        if not copies:
            self.idle_looks += 1
        return bool(copies)

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
        await self._database.run(
            lambda unit: unit.media.copied(copy.id, stored.key, stored.content_type, stored.size, now), key="media"
        )
        self._metrics.media.labels(copy.channel, "stored").inc()
        self.on_stored()

    async def _fail(self, copy: MediaCopy, reason: str, *, is_permanent: bool) -> None:
        now = self._clock.now()
        is_over = is_permanent or copy.attempts >= len(RETRY_AFTER)
        retry_at = None if is_over else now + RETRY_AFTER[copy.attempts]
        await self._database.run(lambda unit: unit.media.failed(copy.id, reason, retry_at, now), key="media")
        if retry_at is not None:
            asyncio.get_running_loop().call_later((retry_at - now).total_seconds() + 0.05, self.wake)
        self._metrics.media.labels(copy.channel, "failed" if is_over else "retry").inc()


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
