"""Owns the reception of messages: each handled once, in its chat's order, and acknowledged after the commit.

Knows nothing of vendors or of what a message means.
"""

from collections.abc import Callable
from typing import Final

from bot.database.queue import DatabaseQueue
from bot.inbound.handling import Handling, Outcome, Retry
from bot.limits import Crowd
from bot.metrics import Metrics
from handlers.messages import Address, IncomingMessage
from storage.engine import StorageUnavailable

#: Messages of one chat that may wait for the database: one transaction takes as many.
WAITING_AT_MOST: Final = 64

#: Outcomes that may have put something into the outbox.
_WORTH_SENDING: Final = frozenset({Outcome.HANDLED, Outcome.DEAD})


class Reception:
    """Where every channel hands its messages in."""

    def __init__(self, database: DatabaseQueue, handling: Handling, metrics: Metrics) -> None:
        self._database = database
        self._handling = handling
        self._metrics = metrics
        self._waiting = Crowd(WAITING_AT_MOST)
        #: Called after a commit that may have put something into the outbox.
        self.on_outbox: Callable[[], None] = _nothing
        #: Called after a commit that recorded attachments.
        self.on_media: Callable[[], None] = _nothing

    async def receive(self, message: IncomingMessage) -> None:
        """Handle one message; returns once that is committed, or at once committed before (a repeat).

        A message that cannot be handled is stored too, and tried again later: that is no error to the vendor.
        Raises StorageUnavailable if it could not be stored; the vendor is to send it again. So it is where too much of
        this one chat waits: it holds no more than its share of the queue.
        """
        channel, key = message.address.channel, key_of(message.address)
        try:
            with self._waiting.inside(key) as is_in:
                if not is_in:
                    raise StorageUnavailable("too much of this chat is waiting")
                outcome = await self._database.run_rescued(
                    lambda unit: self._handling.handle(message, unit),
                    rescue=lambda transaction, error: self._handling.fail(message, error, transaction),
                    key=key,
                    is_from_outside=True,
                    committed=self._committed,
                )
        except Exception:
            self._metrics.received.labels(channel, "refused").inc()
            raise
        self._count(channel, outcome)
        if message.attachments:
            self.on_media()

    async def retry(self) -> bool:
        """Try the failed message that is due first; False if none is. Raises StorageUnavailable."""
        retry = Retry(self._handling)
        outcome = await self._database.run_rescued(retry.handle, rescue=retry.fail, committed=self._committed)
        if outcome is not Outcome.NOTHING and retry.message is not None:
            self._count(retry.message.address.channel, outcome)
            self.on_media()
        return outcome is not Outcome.NOTHING

    def _committed(self, outcome: Outcome) -> None:
        if outcome in _WORTH_SENDING:
            self.on_outbox()

    def _count(self, channel: str, outcome: Outcome) -> None:
        self._metrics.received.labels(channel, outcome.value).inc()
        if outcome is Outcome.DEAD:
            self._metrics.dead_letters.labels(channel).inc()


def key_of(address: Address) -> str:
    """What keeps the work of one chat in order."""
    return f"{address.channel}:{address.value}"


def _nothing() -> None:
    """Nobody listens yet."""
