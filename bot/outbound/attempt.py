"""Owns one attempt to send one outbox row, and what its result means for the row. Knows no SQL and no vendor."""

import asyncio
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic, perf_counter
from typing import Final

import structlog

from bot.attachments.store import FileStore
from bot.channels.base import Channel, Envelope, OutgoingFile, SendFailed
from bot.clock import Clock
from bot.logs import masked
from bot.metrics import Metrics
from bot.outbound.begun import BegunSends
from bot.outbound.results import Dead, Later, LookedUp, Result, Sent, SentInPart, SentInParts, Uncertain
from bot.outbound.way import Way
from storage.media import StoredMedia
from storage.outbox import OutboxRow

#: Tries before a row is given up: with the waits below, about a day.
TRIES_AT_MOST: Final = 12
_FIRST_WAIT_SECONDS: Final = 5.0
_LONGEST_WAIT_SECONDS: Final = 6 * 3600.0

#: After a vendor that could not be reached: nothing was sent, and most such moments pass at once.
_FIRST_WAIT_AWAY_SECONDS: Final = 0.5

#: When something that may have arrived is sent once more, or the vendor is asked what became of it. The chat's later
#: words wait for that, so it is soon.
UNCERTAIN_AGAIN_AFTER: Final = timedelta(seconds=3)

#: How often a doubtful row comes back where the vendor can be asked but does not answer; then later words go on.
_QUESTIONS_AT_MOST: Final = 3
_QUESTION_SECONDS: Final = 4.0

#: Longer than any adapter's own limit: what takes longer may have arrived.
SEND_SECONDS_AT_MOST: Final = 45.0

log = structlog.get_logger(__name__)


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
        self._ways: dict[str, Way] = {}
        #: Opened by whoever runs the loop, before it begins.
        self.begun: BegunSends | None = None

    def room(self) -> dict[str, int]:
        """How many may leave now, by channel: those that are switched on."""
        moment, now = monotonic(), self._clock.now()
        return {name: self._way(channel).room(moment, now) for name, channel in self._channels.items()}

    def wait_seconds(self, channel: str) -> float | None:
        """When there may be room in a channel that had none left; None where only a send that ends can make some."""
        return self._way(self._channels[channel]).wait_seconds(monotonic(), self._clock.now())

    def chat_wait_seconds(self, row: OutboxRow) -> float:
        """How long until a row may leave by its chat's own pace."""
        return self._way(self._channels[row.channel]).pacer.chat_wait_seconds(row.to, monotonic())

    def begin(self, row: OutboxRow) -> None:
        """A row takes its place in its channel, in the order in which the rows were chosen; `send` gives it back."""
        self._way(self._channels[row.channel]).begin(row.to, monotonic(), self._clock.now())

    async def send(self, parcel: Parcel) -> Result:
        """The result of one attempt. Cancelled before it was on its way, it raises; after that it is uncertain."""
        channel = self._channels[parcel.row.channel]
        way = self._way(channel)
        try:
            result = await self._send(channel, parcel)
        finally:
            way.end()
        return result

    async def _send(self, channel: Channel, parcel: Parcel) -> Result:
        row = parcel.row
        envelope = Envelope(row.id, row.to, row.message, await self._open(parcel.media), dict(row.parts))
        if row.doubtful_since is not None and (answer := await self._ask(channel, row, envelope)) is not None:
            return answer
        if self.begun is not None:
            self.begun.begin(row.id)
        try:
            result = await self._attempt(channel, row, envelope)
        except asyncio.CancelledError:
            result = self._uncertain(row, "the counter closed while it was on its way")
        is_whole = isinstance(result, Sent | SentInParts)
        return SentInPart(row.id, envelope.sent, result) if envelope.sent and not is_whole else result

    async def _ask(self, channel: Channel, row: OutboxRow, envelope: Envelope) -> Result | None:
        """What the vendor says of a row that may have arrived; None where it cannot be asked."""
        if row.doubtful_since is None:
            return None
        try:
            async with asyncio.timeout(_QUESTION_SECONDS):
                found = await channel.look_up(envelope, row.doubtful_since)
        except (SendFailed, TimeoutError) as failure:
            reason = masked(str(failure)) or "no answer in time"
            is_last = row.uncertain_count >= _QUESTIONS_AT_MOST
            again = None if is_last else self._clock.now() + UNCERTAIN_AGAIN_AFTER
            return Uncertain(row.id, again, f"the vendor could not be asked: {reason}")
        return None if found is None else LookedUp(row.id, row.channel, found)

    async def _attempt(self, channel: Channel, row: OutboxRow, envelope: Envelope) -> Result:
        begun_at = perf_counter()
        try:
            async with asyncio.timeout(SEND_SECONDS_AT_MOST):
                parts = await channel.send(envelope)
        except SendFailed as failure:
            return self._judge(channel, row, failure)
        except TimeoutError:
            return self._uncertain(row, "no answer in time")
        except Exception as error:
            # A bug, at an unknown moment: it may have arrived.
            log.error("a channel failed in an unknown way", channel=row.channel, outbox_id=row.id, exc_info=error)
            return self._uncertain(row, type(error).__name__)
        self._way(channel).answered()
        self._metrics.send_seconds.labels(row.channel).observe(perf_counter() - begun_at)
        return Sent(row.id, *parts.values()) if len(parts) == 1 else SentInParts(row.id, parts)

    def _judge(self, channel: Channel, row: OutboxRow, failure: SendFailed) -> Result:
        self._note(channel, failure)
        reason = masked(failure.reason)
        if failure.is_permanent or failure.is_unreachable:
            return Dead(row.id, reason, row.address_id if failure.is_unreachable else None)
        if failure.is_uncertain:
            return self._uncertain(row, reason)
        if row.attempts + 1 >= TRIES_AT_MOST:
            return Dead(row.id, f"given up after {TRIES_AT_MOST} tries: {reason}")
        wait = wait_seconds(row.attempts, failure.retry_after_seconds, self._chance(), is_away=failure.is_away)
        return Later(row.id, self._clock.now() + timedelta(seconds=wait), reason)

    def _note(self, channel: Channel, failure: SendFailed) -> None:
        """What a failure tells of the vendor; a send that was cut off tells nothing."""
        way = self._way(channel)
        if failure.is_away:
            way.outage.failed(self._clock.now())
        elif not failure.is_uncertain:
            way.answered()

    def _uncertain(self, row: OutboxRow, reason: str) -> Uncertain:
        is_last = row.uncertain_count > 0 or row.attempts + 1 >= TRIES_AT_MOST
        again = None if is_last else self._clock.now() + UNCERTAIN_AGAIN_AFTER
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

    def _way(self, channel: Channel) -> Way:
        way = self._ways.get(channel.name)
        if way is None:
            way = self._ways[channel.name] = Way(channel.name, channel.features)
        return way


def wait_seconds(attempts: int, retry_after_seconds: float | None, chance: float, *, is_away: bool = False) -> float:
    """How long to wait after this many earlier tries: trebling from 5 seconds to 6 hours, a quarter of it by chance.

    What the vendor asked for is kept to; it grows only where the vendor keeps asking.
    chance: 0 to 1. is_away: the vendor could not be reached: trebling from half a second.
    """
    own = min((_FIRST_WAIT_AWAY_SECONDS if is_away else _FIRST_WAIT_SECONDS) * 3.0**attempts, _LONGEST_WAIT_SECONDS)
    if retry_after_seconds is None:
        return own * (1 + chance / 4)
    asked = retry_after_seconds * (1 + chance / 10)
    return asked if attempts < 3 else max(asked, own)
