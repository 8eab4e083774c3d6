"""Owns the way out: claims outbox rows, sends them in order per chat, settles them. Knows no vendor and no wording."""

import asyncio
import contextlib
import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot.clock import Clock
from bot.database.queue import DatabaseQueue
from bot.metrics import Metrics
from bot.outbound.attempt import Parcel, Released, Result, Sender, Sent, Uncertain
from storage.engine import StorageUnavailable
from storage.media import StoredMedia
from storage.outbox import OutboxRow
from storage.unit_of_work import SqlUnitOfWork

#: Rows that this process holds at once.
HELD_AT_MOST: Final = 200

#: For rows of other replicas, of sweeps, and those that become due.
POLL_SECONDS: Final = 2.0

#: After this a claim of a process that fell silent is judged dead: longer than any send takes.
LEASE_SECONDS: Final = 60.0

#: A message waits this long for its attachments to be copied, which is a matter of moments; then it goes without.
MEDIA_AWAITED: Final = timedelta(seconds=10)

#: When rows that may not leave yet are looked at again, at the earliest.
_SOON_SECONDS: Final = 0.2

_LONGEST_PAUSE_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class OutboundLoop:
    """One loop that settles what was sent and claims what is due, in one piece of database work."""

    def __init__(self, database: DatabaseQueue, sender: Sender, clock: Clock, metrics: Metrics) -> None:
        self._database = database
        self._sender = sender
        self._clock = clock
        self._metrics = metrics
        #: Names this process in the claims.
        self.owner = secrets.token_hex(8)
        self._wakes = asyncio.Event()
        self._results: list[Result] = []
        #: One a row; a chat has one row on its way at most, so that it reads in order.
        self._sends: set[asyncio.Task[None]] = set()
        self._stops = asyncio.Event()
        self._loop: asyncio.Task[None] | None = None
        #: Looks at the outbox that found nothing due, while nothing was held or left to settle.
        self.idle_looks = 0

    def start(self) -> None:
        """Begin; in the running event loop."""
        self._loop = asyncio.create_task(self._run(), name="delivery")

    def wake(self) -> None:
        """Something may be due."""
        self._wakes.set()

    async def stop(self, grace_seconds: float = 4.0) -> None:
        """Claim nothing more, finish the sends under way, give back the rest, settle all."""
        self._stops.set()
        if self._loop is None:
            return
        self.wake()
        await asyncio.wait({self._loop}, timeout=grace_seconds / 2)
        self._loop.cancel()
        if self._sends:
            _, late = await asyncio.wait(self._sends, timeout=grace_seconds / 2)
            for send in late:
                send.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        with contextlib.suppress(StorageUnavailable, TimeoutError):
            async with asyncio.timeout(1.5):
                await self._exchange()
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
        room = 0 if self._stops.is_set() else HELD_AT_MOST - len(self._sends)
        if not (results or room):
            return
        try:
            claim = await self._database.run(lambda unit: self._settle_and_claim(unit, results, room), key="delivery")
        except BaseException:
            self._results = results + self._results
            raise
        if not (claim.parcels or results or self._results or self._sends) and claim.again_in_seconds is None:
            self.idle_looks += 1
        for parcel in claim.parcels:
            self._start(parcel)
        self._metrics.sending.set(len(self._sends))
        if claim.again_in_seconds is not None:
            asyncio.get_running_loop().call_later(max(claim.again_in_seconds, _SOON_SECONDS), self.wake)

    def _settle_and_claim(self, unit: SqlUnitOfWork, results: Sequence[Result], room: int) -> "_Claim":
        """Claim what can leave this moment, and nothing else: what is claimed when a process dies may have arrived.

        Runs in a worker's thread, while the event loop starts no other send.
        """
        now = self._clock.now()
        settle(unit, results, now)
        rows = unit.delivery.claim(self.owner, now, room) if room else ()
        media = _media_of(unit, rows)
        chosen: list[Parcel] = []
        ahead: Counter[str] = Counter()
        waits: list[float] = []
        for row in _first_of_each_chat(rows):
            parcel = Parcel(row, tuple(media[media_id] for media_id in row.message.media if media_id in media))
            wait = _SOON_SECONDS if _awaits_media(parcel, now) else self._sender.wait_seconds(row, ahead[row.channel])
            if wait:
                waits.append(wait)
                continue
            ahead[row.channel] += 1
            chosen.append(parcel)
        kept = {parcel.row.id for parcel in chosen}
        if back := [row.id for row in rows if row.id not in kept]:
            unit.delivery.release(back)
        return _Claim(chosen, min(waits, default=None))

    async def _settle_one_by_one(self) -> None:
        """One result that cannot be written does not hold up the others."""
        results, self._results = self._results, []
        for result in results:
            try:
                await self._database.run(partial(settle, results=[result], now=self._clock.now()), key="delivery")
            except StorageUnavailable:
                self._results.append(result)
            except Exception as error:
                log.error("the result of a send could not be written", outcome=result.outcome, exc_info=error)

    def _start(self, parcel: Parcel) -> None:
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
    """What is to be sent now, and when the rest may leave."""

    parcels: Sequence[Parcel]
    #: None where nothing waits that was looked at.
    again_in_seconds: float | None


def _first_of_each_chat(rows: Sequence[OutboxRow]) -> Iterator[OutboxRow]:
    seen: set[int] = set()
    for row in rows:
        if row.address_id not in seen:
            seen.add(row.address_id)
            yield row


def _media_of(unit: SqlUnitOfWork, rows: Sequence[OutboxRow]) -> Mapping[int, StoredMedia]:
    wanted = sorted({media_id for row in rows for media_id in row.message.media})
    return {media.id: media for media in unit.media.get(wanted)} if wanted else {}


def _awaits_media(parcel: Parcel, now: datetime) -> bool:
    is_coming = any(each.state in {"pending", "copying"} for each in parcel.media)
    return is_coming and now - parcel.row.created_at < MEDIA_AWAITED


def settle(unit: SqlUnitOfWork, results: Sequence[Result], now: datetime) -> None:
    """Write results; those that were sent, the most by far, in one statement."""
    if sent := [(each.row_id, each.provider_id) for each in results if isinstance(each, Sent)]:
        unit.delivery.many_sent(sent, now)
    for result in results:
        if not isinstance(result, Sent):
            result.write(unit, now)
