"""Owns the reception of messages: each handled once, in its chat's order, and acknowledged after the commit.

Knows nothing of vendors or of what a message means.
"""

import asyncio
import itertools
from collections.abc import Callable
from typing import Final

from bot.database.queue import DatabaseQueue
from bot.inbound.ahead import Ahead, Scouts, missing
from bot.inbound.handling import Handling, Outcome, Retry
from bot.inbound.turns import Turns
from bot.limits import Crowd
from bot.metrics import Metrics
from handlers.lookups import NotLookedUp
from handlers.messages import Address, IncomingMessage
from handlers.town.reading import Unread
from storage.engine import StorageUnavailable, Transaction
from storage.unit_of_work import SqlUnitOfWork

#: Messages of one chat that may wait for their turn: one transaction takes as many.
WAITING_AT_MOST: Final = 64

#: Outcomes that may have put something into the outbox.
_WORTH_SENDING: Final = frozenset({Outcome.HANDLED, Outcome.DEAD})

_Work = Callable[[SqlUnitOfWork, Ahead], Outcome]
_Rescue = Callable[[Transaction, Exception], Outcome]

#: Times that a message is put back before what it still lacks is found out inside its transaction.
_ROUNDS: Final = 4


class Reception:
    """Where every channel hands its messages in."""

    def __init__(self, database: DatabaseQueue, handling: Handling, scouts: Scouts, metrics: Metrics) -> None:
        self._database = database
        self._handling = handling
        self._scouts = scouts
        self._metrics = metrics
        self._waiting = Crowd(WAITING_AT_MOST)
        self._turns = Turns()
        self._tasks: set[asyncio.Task[None]] = set()
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
        # To its end, even where whoever asked does not wait any more.
        task = asyncio.create_task(self._receive(message))
        self._tasks.add(task)
        task.add_done_callback(self._forget)
        await asyncio.shield(task)

    async def retry(self) -> bool:
        """Try the failed message that is due first; False if none is. Raises StorageUnavailable."""
        retry = Retry(self._handling)
        outcome = await self._find_out_and_do(retry.handle, rescue=retry.fail, key="", is_from_outside=False)
        if outcome is not Outcome.NOTHING and retry.message is not None:
            self._count(retry.message.address.channel, outcome)
            self.on_media()
        return outcome is not Outcome.NOTHING

    async def _receive(self, message: IncomingMessage) -> None:
        channel, key = message.address.channel, key_of(message.address)
        try:
            with self._waiting.inside(key) as is_in:
                if not is_in:
                    raise StorageUnavailable("too much of this chat is waiting")
                async with self._turns.of(key):
                    outcome = await self._find_out_and_do(
                        lambda unit, ahead: self._handling.handle(message, unit, ahead),
                        rescue=lambda transaction, error: self._handling.fail(message, error, transaction),
                        key=key,
                        is_from_outside=True,
                    )
        except Exception:
            self._metrics.received.labels(channel, "refused").inc()
            raise
        self._count(channel, outcome)
        if message.attachments:
            self.on_media()

    async def _find_out_and_do(self, work: _Work, *, rescue: _Rescue, key: str, is_from_outside: bool) -> Outcome:
        """Do the work in a transaction; what it lacks is found out beside that, and the work done anew.

        Content or a language that changed meanwhile makes it lack more; after some rounds that is found out inside.
        """
        ahead = Ahead()
        for rounds in itertools.count(1):
            outcome = await self._database.run_rescued(
                lambda unit: work(unit, ahead),
                rescue=lambda transaction, error: missing(error) or rescue(transaction, error),
                key=key,
                is_from_outside=is_from_outside,
                committed=self._committed,
            )
            if isinstance(outcome, Outcome):
                return outcome
            await self._scouts.find_out(outcome, ahead)
            if rounds == _ROUNDS:
                ahead.close()
        raise AssertionError("who finds out all inside lacks nothing")

    def _committed(self, outcome: Outcome | Unread | NotLookedUp) -> None:
        if outcome in _WORTH_SENDING:
            self.on_outbox()

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            # Whoever asked was told, or is gone.
            task.exception()

    def _count(self, channel: str, outcome: Outcome) -> None:
        self._metrics.received.labels(channel, outcome.value).inc()
        if outcome is Outcome.DEAD:
            self._metrics.dead_letters.labels(channel).inc()


def key_of(address: Address) -> str:
    """What keeps the work of one chat in order."""
    return f"{address.channel}:{address.value}"


def _nothing() -> None:
    """Nobody listens yet."""
