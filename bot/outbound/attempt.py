"""Owns one attempt to send one outbox row, and what its result means for the row. Knows no SQL and no vendor."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, perf_counter
from typing import Final, Protocol

import structlog

from bot.attachments.store import FileStore
from bot.channels.base import Channel, Envelope, OutgoingFile, SendFailed
from bot.clock import Clock
from bot.logs import masked
from bot.metrics import Metrics
from bot.outbound.pacing import Pacer
from storage.media import StoredMedia
from storage.outbox import OutboxRow
from storage.unit_of_work import SqlUnitOfWork

#: Tries before a row is given up: with the waits below, about a day.
TRIES_AT_MOST: Final = 12
_FIRST_WAIT_SECONDS: Final = 5.0
_LONGEST_WAIT_SECONDS: Final = 6 * 3600.0

#: When something that may have arrived is sent once more.
UNCERTAIN_AGAIN_AFTER: Final = timedelta(seconds=60)

#: Longer than any adapter's own limit: what takes longer may have arrived.
SEND_SECONDS_AT_MOST: Final = 45.0

#: A row whose channel is switched off now waits for it to come back.
CHANNEL_AWAY: Final = timedelta(minutes=15)

log = structlog.get_logger(__name__)


class Result(Protocol):
    """What is to be written about one row."""

    @property
    def outcome(self) -> str:
        """For the metrics: sent, retry, uncertain, dead, released."""

    def write(self, unit: SqlUnitOfWork, now: datetime) -> None:
        """Settle the row."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The vendor took it."""

    row_id: int
    provider_id: str
    outcome = "sent"

    def write(self, unit: SqlUnitOfWork, now: datetime) -> None:
        """Settle the row."""
        unit.delivery.sent(self.row_id, self.provider_id, now)


@dataclass(frozen=True, slots=True)
class SentInParts:
    """The vendor took it, in several parts."""

    row_id: int
    #: The vendor's id of each part, by its name.
    parts: Mapping[str, str]
    outcome = "sent"

    def write(self, unit: SqlUnitOfWork, now: datetime) -> None:
        """Settle the row."""
        unit.delivery.sent_in_parts(self.row_id, self.parts, now)


@dataclass(frozen=True, slots=True)
class SentInPart:
    """Some parts went out and stay what they are, whatever becomes of the rest."""

    row_id: int
    parts: Mapping[str, str]
    rest: Result

    @property
    def outcome(self) -> str:
        """The rest's."""
        return self.rest.outcome

    def write(self, unit: SqlUnitOfWork, now: datetime) -> None:
        """Settle the row."""
        unit.delivery.parts_went_out(self.row_id, self.parts)
        self.rest.write(unit, now)


@dataclass(frozen=True, slots=True)
class Later:
    """It did not go out; another try at a time."""

    row_id: int
    at: datetime
    error: str
    outcome = "retry"

    def write(self, unit: SqlUnitOfWork, now: datetime) -> None:
        """Settle the row."""
        unit.delivery.retry(self.row_id, self.at, self.error)


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have arrived; sent once more at `retry_at`, or never."""

    row_id: int
    retry_at: datetime | None
    error: str
    outcome = "uncertain"

    def write(self, unit: SqlUnitOfWork, now: datetime) -> None:
        """Settle the row."""
        unit.delivery.uncertain(self.row_id, now, self.retry_at, self.error)


@dataclass(frozen=True, slots=True)
class Dead:
    """It will not go out; shown to staff."""

    row_id: int
    error: str
    #: The chat to stop pushing to.
    unreachable_address_id: int | None = None
    outcome = "dead"

    def write(self, unit: SqlUnitOfWork, now: datetime) -> None:
        """Settle the row."""
        unit.delivery.dead(self.row_id, now, self.error)
        if self.unreachable_address_id is not None:
            unit.people.mark_unreachable(self.unreachable_address_id, now)


@dataclass(frozen=True, slots=True)
class Released:
    """Not tried: back to where it was."""

    row_id: int
    outcome = "released"

    def write(self, unit: SqlUnitOfWork, now: datetime) -> None:
        """Settle the row."""
        unit.delivery.release([self.row_id])


@dataclass(frozen=True, slots=True)
class Parcel:
    """A claimed row with what is known of its attachments."""

    row: OutboxRow
    media: tuple[StoredMedia, ...] = ()


class Sender:
    """Sends one row through its channel."""

    def __init__(
        self,
        channels: Mapping[str, Channel],
        files: FileStore,
        clock: Clock,
        metrics: Metrics,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._channels = channels
        self._files = files
        self._clock = clock
        self._metrics = metrics
        self._chance = chance
        self._pacers: dict[str, Pacer] = {}

    def wait_seconds(self, row: OutboxRow, ahead: int) -> float:
        """How long until a row may leave, if so many of its channel leave ahead of it now."""
        channel = self._channels.get(row.channel)
        return 0.0 if channel is None else self._pacer(channel).wait_seconds(row.to, monotonic(), ahead)

    async def send(self, parcel: Parcel) -> Result:
        """The result of one attempt. Cancelled before it was on its way, it raises; after that it is uncertain."""
        row = parcel.row
        channel = self._channels.get(row.channel)
        if channel is None:
            return Later(row.id, self._clock.now() + CHANNEL_AWAY, "this channel is switched off")
        self._pacer(channel).take(row.to, monotonic())
        envelope = Envelope(row.id, row.to, row.message, await self._open(parcel.media), dict(row.parts))
        try:
            result = await self._attempt(channel, row, envelope)
        except asyncio.CancelledError:
            result = self._uncertain(row, "the counter closed while it was on its way")
        is_whole = isinstance(result, Sent | SentInParts)
        return SentInPart(row.id, envelope.sent, result) if envelope.sent and not is_whole else result

    async def _attempt(self, channel: Channel, row: OutboxRow, envelope: Envelope) -> Result:
        begun_at = perf_counter()
        try:
            async with asyncio.timeout(SEND_SECONDS_AT_MOST):
                parts = await channel.send(envelope)
        except SendFailed as failure:
            return self._judge(row, failure)
        except TimeoutError:
            return self._uncertain(row, "no answer in time")
        except Exception as error:
            # A bug, at an unknown moment: it may have arrived.
            log.error("a channel failed in an unknown way", channel=row.channel, outbox_id=row.id, exc_info=error)
            return self._uncertain(row, type(error).__name__)
        self._metrics.send_seconds.labels(row.channel).observe(perf_counter() - begun_at)
        return Sent(row.id, *parts.values()) if len(parts) == 1 else SentInParts(row.id, parts)

    def _judge(self, row: OutboxRow, failure: SendFailed) -> Result:
        reason = masked(failure.reason)
        if failure.is_permanent or failure.is_unreachable:
            return Dead(row.id, reason, row.address_id if failure.is_unreachable else None)
        if failure.is_uncertain:
            return self._uncertain(row, reason)
        if row.attempts + 1 >= TRIES_AT_MOST:
            return Dead(row.id, f"given up after {TRIES_AT_MOST} tries: {reason}")
        wait = wait_seconds(row.attempts, failure.retry_after_seconds, self._chance())
        return Later(row.id, self._clock.now() + timedelta(seconds=wait), reason)

    def _uncertain(self, row: OutboxRow, reason: str) -> Uncertain:
        again = None if row.uncertain_count else self._clock.now() + UNCERTAIN_AGAIN_AFTER
        return Uncertain(row.id, again, reason)

    async def _open(self, media: Sequence[StoredMedia]) -> tuple[OutgoingFile, ...]:
        """The attachments that are there; a message goes out without those that are not."""
        files = []
        for each in media:
            if each.key is None or each.state != "stored":
                continue
            try:
                content = await self._files.read(each.key)
            except (OSError, TimeoutError) as error:
                log.error("an attachment could not be read", media_id=each.id, exc_info=error)
                continue
            files.append(OutgoingFile(each.id, each.content_type or "application/octet-stream", each.key, content))
        return tuple(files)

    def _pacer(self, channel: Channel) -> Pacer:
        pacer = self._pacers.get(channel.name)
        if pacer is None:
            pacer = self._pacers[channel.name] = Pacer(channel.features)
        return pacer


def wait_seconds(attempts: int, retry_after_seconds: float | None, chance: float) -> float:
    """How long to wait after this many earlier tries: trebling from 5 seconds to 6 hours, a quarter of it by chance.

    What the vendor asked for is kept to; it grows only where the vendor keeps asking.
    chance: 0 to 1.
    """
    own = min(_FIRST_WAIT_SECONDS * 3.0**attempts, _LONGEST_WAIT_SECONDS)
    if retry_after_seconds is None:
        return own * (1 + chance / 4)
    asked = retry_after_seconds * (1 + chance / 10)
    return asked if attempts < 3 else max(asked, own)
