"""Owns the way out: claims outbox rows, sends them in order per chat, settles them. Knows no vendor and no wording."""

import asyncio
import contextlib
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Final

import structlog

from bot.clock import Clock
from bot.database.queue import DatabaseQueue
from bot.metrics import Metrics
from bot.outbound.attempt import Parcel, Sender
from bot.outbound.begun import BegunSends
from bot.outbound.results import Released, Result, Uncertain, settle
from storage.engine import StorageUnavailable
from storage.media import StoredMedia
from storage.outbox import OutboxRow
from storage.unit_of_work import SqlUnitOfWork

#: For rows of other replicas, of sweeps, and those that become due.
POLL_SECONDS: Final = 2.0

#: How often this process tells the others that it is alive, and looks for claims of those that are not: well within
#: the lease.
_LEASE_EVERY_SECONDS: Final = 2.0

#: A message waits this long for its attachments to be copied, which is a matter of moments; then it goes without.
MEDIA_AWAITED: Final = timedelta(seconds=10)

#: When rows that may not leave yet are looked at again, at the earliest.
_SOON_SECONDS: Final = 0.2

_LONGEST_PAUSE_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class OutboundLoop:
    """One loop that settles what was sent and claims what is due, in one piece of database work."""

    def __init__(
        self, database: DatabaseQueue, sender: Sender, clock: Clock, metrics: Metrics, *, shares_database: bool = False
    ) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._metrics = metrics
        self._shares_database = shares_database
        #: Names this process in the claims.
        self.owner = secrets.token_hex(8)
        self._begun = sender.begun = BegunSends(self.owner)
        self._wakes = asyncio.Event()
        self._results: list[Result] = []
        #: Claimed here and not settled. A chat has one row on its way at most, so that it reads in order.
        self._held: set[int] = set()
        self._sends: set[asyncio.Task[None]] = set()
        #: A claim was asked for, and its answer was lost: rows may stand claimed that nobody here knows of.
        self._has_lost_a_claim = False
        self._lease_told_at: float | None = None
        self._stops = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        #: Looks at the outbox that found nothing due, while nothing was held or left to settle.
        self.idle_looks = 0

    async def take_up(self, note: Path) -> None:
        """Before the start: judge what earlier processes left on its way. Raises StorageUnavailable.

        note: the file in which this process notes what it begins to send, and finds what the last one had begun.
        """
        before = self._begun.open(note)

        def work(unit: SqlUnitOfWork) -> int:
            now = self._clock.now()
            judged = 0 if before is None else unit.claims.judge_gone(before.owner, before.begun, now)
            if self._shares_database:
                return judged + unit.claims.judge_lapsed(self.owner, now)
            return judged + unit.claims.judge_others(self.owner, now)

        if judged := await self._database.run(work):
            log.warning("sends that were under way when a process ended were taken up", rows=judged)

    def start(self) -> None:
        """Begin; in the running event loop."""
        self._loop = asyncio.create_task(self._run(), name="delivery")

    def wake(self) -> None:
        """Something may be due."""
        self._wakes.set()

    async def stop(self, grace_seconds: float = 4.0) -> None:
        """Claim nothing more, finish the sends under way, give back the rest, settle all."""
        self._stops.set()
        if self._loop is not None:
            await self._end(self._loop, grace_seconds)
        self._begun.close()

    async def _end(self, loop: asyncio.Task[None], grace_seconds: float) -> None:
        self.wake()
        await asyncio.wait({loop}, timeout=grace_seconds / 2)
        loop.cancel()
        if self._sends:
            _, late = await asyncio.wait(self._sends, timeout=grace_seconds / 2)
            for send in late:
                send.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with contextlib.suppress(StorageUnavailable, TimeoutError):
            async with asyncio.timeout(1.5):
                await self._exchange()
                await self._database.run(lambda unit: unit.leases.end(self.owner))
        if self._results:
            log.warning("some sends could not be settled; they are judged at the next start", rows=len(self._results))

    async def _run(self) -> None:
        pause = 0.0
        while not self._stops.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause or POLL_SECONDS):
                    await self._wakes.wait()
            self._wakes.clear()
            try:
                await self._exchange()
                pause = 0.0
            except StorageUnavailable:
                pause = min(max(2 * pause, 0.25), _LONGEST_PAUSE_SECONDS)
                await self._rest(pause)
            except Exception as error:
                log.error("delivery failed; it goes on", exc_info=error)
                pause = _LONGEST_PAUSE_SECONDS
                await self._settle_one_by_one()

    async def _rest(self, seconds: float) -> None:
        """A pause that a wake does not end, so that an absent database is not asked in a circle; a stop does."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stops.wait()

    async def _exchange(self) -> None:
        """Settle what is known and claim what fits, in one transaction."""
        results, self._results = self._results, []
        room = {} if self._stops.is_set() else self._sender.room()
        if not (results or room or self._has_lost_a_claim):
            return
        held = frozenset(self._held) if self._has_lost_a_claim else None
        tells_lease = self._shares_database and self._is_lease_due()
        try:
            claim = await self._database.run(
                lambda unit: self._settle_and_claim(unit, results, room, held, tells_lease), key="delivery"
            )
        except BaseException:
            self._results = results + self._results
            self._has_lost_a_claim = True
            raise
        self._has_lost_a_claim = False
        if tells_lease:
            self._lease_told_at = monotonic()
        settled = {result.row_id for result in results}
        self._held -= settled
        self._begun.end(settled)
        self._go_on(claim, has_settled=bool(settled))

    def _go_on(self, claim: "_Claim", *, has_settled: bool) -> None:
        for parcel in claim.parcels:
            self._start(parcel)
        self._metrics.sending.set(len(self._sends))
        found = (self._sender.wait_seconds(channel) for channel in claim.exhausted)
        waits = [*claim.waits, *(wait for wait in found if wait is not None)]
        if waits:
            asyncio.get_running_loop().call_later(max(min(waits), _SOON_SECONDS), self.wake)
        elif not (has_settled or self._results or self._sends):
            self.idle_looks += 1

    def _is_lease_due(self) -> bool:
        return self._lease_told_at is None or monotonic() - self._lease_told_at >= _LEASE_EVERY_SECONDS

    def _settle_and_claim(
        self,
        unit: SqlUnitOfWork,
        results: Sequence[Result],
        room: Mapping[str, int],
        held: frozenset[int] | None,
        tells_lease: bool,
    ) -> "_Claim":
        """Claim what can leave this moment, and nothing else: what is claimed when a process dies may have arrived.

        Runs in a worker's thread, while the event loop starts no other send.
        """
        now = self._clock.now()
        settle(unit, results, now)
        if held is not None:
            unit.claims.keep_only(self.owner, held - {result.row_id for result in results})
        if tells_lease:
            unit.leases.renew(self.owner)
            if judged := unit.claims.judge_lapsed(self.owner, now):
                log.warning("sends of a process that fell silent were taken up", rows=judged)
        rows = unit.claims.claim(self.owner, now, room)
        media = _media_of(unit, rows)
        chosen: list[Parcel] = []
        waits: list[float] = []
        for row in rows:
            parcel = Parcel(row, tuple(media[media_id] for media_id in row.message.media if media_id in media))
            wait = _SOON_SECONDS if _awaits_media(parcel, now) else self._sender.chat_wait_seconds(row)
            if wait:
                waits.append(wait)
                unit.claims.defer(row.id, now + timedelta(seconds=wait))
            else:
                chosen.append(parcel)
        return _Claim(chosen, waits, tuple(_exhausted(rows, room)))

    async def _settle_one_by_one(self) -> None:
        """One result that cannot be written does not hold up the others: its row is left in doubt, for staff to see."""
        results, self._results = self._results, []
        for result in results:
            try:
                await self._settle_alone(result)
            except StorageUnavailable:
                self._results.append(result)
                continue
            except Exception as error:
                log.error("the result of a send could not be written", outcome=result.outcome, exc_info=error)
            self._held.discard(result.row_id)
            self._begun.end([result.row_id])

    async def _settle_alone(self, result: Result) -> None:
        now = self._clock.now()
        try:
            await self._database.run(partial(settle, results=[result], now=now), key="delivery")
        except StorageUnavailable:
            raise
        except Exception as error:
            log.error("the result of a send could not be written", outcome=result.outcome, exc_info=error)
            doubt = Uncertain(result.row_id, None, "what became of it could not be written down")
            await self._database.run(partial(settle, results=[doubt], now=now), key="delivery")

    def _start(self, parcel: Parcel) -> None:
        self._held.add(parcel.row.id)
        self._sender.begin(parcel.row)
        send = asyncio.create_task(self._send(parcel))
        self._sends.add(send)
        send.add_done_callback(self._sends.discard)

    async def _send(self, parcel: Parcel) -> None:
        try:
            result = Released(parcel.row.id) if self._stops.is_set() else await self._sender.send(parcel)
        except asyncio.CancelledError:
            result = Released(parcel.row.id)
        except Exception as error:
            log.error("a row could not be sent", outbox_id=parcel.row.id, exc_info=error)
            result = Uncertain(parcel.row.id, None, type(error).__name__)
        self._note(parcel, result)

    def _note(self, parcel: Parcel, result: Result) -> None:
        self._results.append(result)
        self._metrics.sent.labels(parcel.row.channel, result.outcome).inc()
        if result.outcome not in {"sent", "released"}:
            log.info("a message did not go out as planned", channel=parcel.row.channel, outbox_id=parcel.row.id,
                     outcome=result.outcome)  # fmt: skip
        self.wake()


@dataclass(frozen=True, slots=True)
class _Claim:
    """What is to be sent now, and what may have to wait."""

    parcels: Sequence[Parcel]
    #: Seconds until rows that were looked at may leave.
    waits: Sequence[float]
    #: Channels that may have more to send than they had room for.
    exhausted: Sequence[str]


def _exhausted(rows: Sequence[OutboxRow], room: Mapping[str, int]) -> Iterator[str]:
    taken = Counter(row.channel for row in rows)
    return (channel for channel, at_most in room.items() if taken[channel] >= at_most)


def _media_of(unit: SqlUnitOfWork, rows: Sequence[OutboxRow]) -> Mapping[int, StoredMedia]:
    wanted = sorted({media_id for row in rows for media_id in row.message.media})
    return {media.id: media for media in unit.media.get(wanted)} if wanted else {}


def _awaits_media(parcel: Parcel, now: datetime) -> bool:
    is_coming = any(each.state in {"pending", "copying"} for each in parcel.media)
    return is_coming and now - parcel.row.created_at < MEDIA_AWAITED
