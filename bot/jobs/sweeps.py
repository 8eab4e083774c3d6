"""Owns what is done again and again: each sweep can run twice, on two replicas, or late, and does no harm."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot.attachments.copier import LEASE as COPY_LEASE
from bot.clock import Clock
from bot.content.source import TownSource
from bot.database.queue import DatabaseQueue
from bot.inbound.reception import Reception
from bot.metrics import Metrics
from bot.outbound.loop import LEASE_SECONDS, OutboundLoop
from handlers import dispatch
from handlers.town.town import Town
from storage.engine import StorageUnavailable
from storage.unit_of_work import SqlUnitOfWork

#: Conversations in one transaction.
_CONVERSATIONS: Final = 100
#: Messages tried again in one ring; the rest waits for the next.
_RETRIES: Final = 50

#: How long the inbox remembers a handled message. Telegram: sends an update again for up to 24 hours.
INBOX_KEPT: Final = timedelta(days=7)
#: How long the web chat shows what was said to a visitor who comes back.
MAILBOX_KEPT: Final = timedelta(days=30)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Sweep:
    """Something to do every so often."""

    name: str
    every_seconds: float
    run: Callable[[], Awaitable[None]]


class Sweeps:
    """All of them."""

    def __init__(
        self,
        database: DatabaseQueue,
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
        self._reception = reception
        self._outbound = outbound
        self._towns = towns
        self._clock = clock
        self._metrics = metrics
        self._shares_database = shares_database
        sweeps = [
            Sweep("expire conversations", 60, self.expire_conversations),
            Sweep("retry messages", 5, self.retry_messages),
            Sweep("recover copies", 60, self.recover_copies),
            Sweep("forget", 3600, self.forget),
        ]
        if shares_database:
            sweeps.append(Sweep("recover sends", 15, self.recover_sends))
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
        while await self._database.run(work) == _CONVERSATIONS:
            self._outbound.wake()
        self._outbound.wake()

    async def retry_messages(self) -> None:
        """Try again what could not be handled, each in a piece of work of its own."""
        for _ in range(_RETRIES):
            if not await self._reception.retry():
                return

    async def recover_sends(self) -> None:
        """Judge the sends of processes that fell silent: they may have arrived."""
        now = self._clock.now()
        before = now - timedelta(seconds=LEASE_SECONDS)
        recovered = await self._database.run(lambda unit: unit.delivery.recover(None, before, now))
        if recovered:
            log.warning("sends of a process that fell silent were recovered", rows=recovered)
            self._outbound.wake()

    async def recover_sends_at_start(self) -> None:
        """Where nobody shares the database, whatever is `sending` belonged to a process that is gone."""
        if self._shares_database:
            return await self.recover_sends()
        now = self._clock.now()
        recovered = await self._database.run(lambda unit: unit.delivery.recover(self._outbound.owner, now, now))
        if recovered:
            log.warning("sends that were under way when the last process ended were recovered", rows=recovered)
        return None

    async def recover_copies(self) -> None:
        """Copies of attachments that were cut off."""
        before = self._clock.now() - COPY_LEASE
        await self._database.run(lambda unit: unit.media.recover(before))

    async def recover_copies_at_start(self) -> None:
        """At once where nobody shares the database."""
        if self._shares_database:
            return await self.recover_copies()
        now = self._clock.now()
        await self._database.run(lambda unit: unit.media.recover(now))
        return None

    async def forget(self) -> None:
        """Drop what nobody needs any more: old drafts, handled messages, read mail."""
        now = self._clock.now()
        drafts = now - self._towns.current.city.drafts_kept_for
        await self._database.run(lambda unit: unit.conversations.delete_paused(drafts))
        await self._database.run(lambda unit: unit.inbox.delete_before(now - INBOX_KEPT))
        await self._database.run(lambda unit: unit.mailbox.delete_before(now - MAILBOX_KEPT))


def _expire(unit: SqlUnitOfWork, *, town: Town, now: datetime) -> int:
    return dispatch.expire(uow=unit, town=town, now=now, choice=secrets.choice, limit=_CONVERSATIONS)
