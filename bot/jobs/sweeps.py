"""Owns what is done again and again: each sweep can run twice, on two replicas, or late, and does no harm."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Final

import structlog

from bot import logs
from bot.clock import Clock
from bot.content.source import TownSource
from bot.database.pieces import one_by_one
from bot.database.queue import DatabaseQueue
from bot.inbound.reception import Reception
from bot.jobs.slices import Slices
from bot.metrics import Metrics
from bot.outbound.loop import OutboundLoop
from handlers import dispatch
from handlers.town.town import Town
from storage.engine import StorageUnavailable
from storage.unit_of_work import SqlUnitOfWork

#: Conversations in one transaction.
_CONVERSATIONS: Final = 100
#: Messages tried again in one ring; the rest waits for the next.
_RETRIES: Final = 50

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Every:
    """So often."""

    seconds: float


@dataclass(frozen=True, slots=True)
class At:
    """At a time of day in the town's zone, in the form of cron: "0 9 * * mon". Days of the week by their names."""

    cron: str


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something to do again and again."""

    name: str
    when: Every | At
    run: Callable[[], Awaitable[None]]


class Sweeps:
    """All of them."""

    def __init__(
        self,
        database: DatabaseQueue,
        slices: Slices,
        reception: Reception,
        outbound: OutboundLoop,
        towns: TownSource,
        clock: Clock,
        metrics: Metrics,
        *,
        shares_database: bool,
        more: Sequence[Sweep] = (),
    ) -> None:
        self._database = database
        self._slices = slices
        self._reception = reception
        self._outbound = outbound
        self._towns = towns
        self._clock = clock
        self._metrics = metrics
        self._shares_database = shares_database
        sweeps = [
            Sweep("expire conversations", Every(60), self.expire_conversations),
            Sweep("retry messages", Every(5), self.retry_messages),
            Sweep("recover copies", Every(15), self.recover_copies),
            Sweep("join receipts", Every(60), self.join_receipts),
            Sweep("log repeats", Every(60), self.tell_repeats),
        ]
        sweeps += more
        self.all: Mapping[str, Sweep] = {sweep.name: sweep for sweep in sweeps}

    async def ring(self, name: str) -> None:
        """Run one; a failure is logged and counted, and the next ring comes all the same."""
        try:
            await self.all[name].run()
        except StorageUnavailable:
            self._metrics.sweeps.labels(name, "failed").inc()
        except Exception as error:
            log.error("a sweep failed", sweep=name, exc_info=error)
            self._metrics.sweeps.labels(name, "failed").inc()
        else:
            self._metrics.sweeps.labels(name, "done").inc()

    async def expire_conversations(self) -> None:
        """Put unfinished conversations aside, a hundred in a transaction."""
        work = partial(_expire, town=self._towns.current, now=self._clock.now())
        found = _CONVERSATIONS
        while found == _CONVERSATIONS:
            found = await self._slices.run(work)
            self._outbound.wake()

    async def retry_messages(self) -> None:
        """Try again what could not be handled, each in a piece of work of its own."""
        for _ in range(_RETRIES):
            if not await self._reception.retry():
                return

    async def recover_copies(self) -> None:
        """Copies of attachments that a process which is gone had begun."""
        owner = self._outbound.owner
        if self._shares_database:
            await self._database.run(lambda unit: unit.media.release_lapsed(owner))
        else:
            await self._database.run(lambda unit: unit.media.release_others(owner))

    async def join_receipts(self) -> None:
        """Receipts and rows that were written in the same instant by two processes."""
        await self._database.run(lambda unit: unit.delivery.join_receipts())

    async def tell_repeats(self) -> None:
        """Say how many log lines were left out."""
        logs.tell_repeats()


def _expire(unit: SqlUnitOfWork, *, town: Town, now: datetime) -> int:
    """How many were found. One that cannot be put aside with a word is put aside without, so that it holds up none."""
    expired = unit.conversations.expired(now - town.city.conversation_expires_after, _CONVERSATIONS)
    one_by_one(
        unit,
        expired,
        lambda each: dispatch.put_aside(each, uow=unit, town=town, now=now, choice=secrets.choice),
        what="expired conversation",
        failed=lambda each: unit.conversations.put(replace(each, is_paused=True, updated_at=now)),
    )
    return len(expired)
