"""Owns the way out: claims outbox rows, sends them in order per chat, settles them. Knows no vendor and no wording."""

import asyncio
import contextlib
import secrets
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from time import monotonic
from typing import Final

import structlog

from bot.clock import Clock
from bot.intake import Intake
from bot.metrics import Metrics
from bot.sending import Parcel, Released, Result, Sender, Sent, Uncertain
from storage.engine import StorageUnavailable
from storage.unit_of_work import SqlUnitOfWork

#: Rows that this process holds at once.
HELD_AT_MOST: Final = 200

#: For rows of other replicas, of sweeps, and those that become due.
POLL_SECONDS: Final = 2.0

#: A row that waited this long for its turn is given back: its claim must outlive the send that follows.
HOLD_SECONDS: Final = 10.0

#: After this a claim of a process that fell silent is judged dead: longer than holding and sending take together.
LEASE_SECONDS: Final = 60.0

#: How long a claimed row waits for attachments that are being copied, look by look.
MEDIA_PAUSES_SECONDS: Final = (0.05, 0.1, 0.2, 0.4, 0.8)

_LONGEST_PAUSE_SECONDS: Final = 5.0

log = structlog.get_logger(__name__)


class Delivery:
    """One loop that settles what was sent and claims what is due, in one piece of database work."""

    def __init__(self, intake: Intake, sender: Sender, clock: Clock, metrics: Metrics) -> None:
        self._intake = intake
        self._sender = sender
        self._clock = clock
        self._metrics = metrics
        #: Names this process in the claims.
        self.owner = secrets.token_hex(8)
        self._wakes = asyncio.Event()
        self._results: list[Result] = []
        #: By chat: a chat has one lane, so that its rows keep their order.
        self._lanes: set[asyncio.Task[None]] = set()
        self._held = 0
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
        if self._lanes:
            _, late = await asyncio.wait(self._lanes, timeout=grace_seconds / 2)
            for lane in late:
                lane.cancel()
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
        room = 0 if self._stops.is_set() else HELD_AT_MOST - self._held
        if not (results or room):
            return
        try:
            parcels = await self._intake.run(lambda unit: self._settle_and_claim(unit, results, room), key="delivery")
        except BaseException:
            self._results = results + self._results
            raise
        if not (parcels or results or self._held):
            self.idle_looks += 1
        self._start_lanes(parcels)
        if len(parcels) >= room > 0:
            # More may be due than there was room for.
            self.wake()

    def _settle_and_claim(self, unit: SqlUnitOfWork, results: Sequence[Result], room: int) -> list[Parcel]:
        now = self._clock.now()
        settle(unit, results, now)
        rows = unit.sending.claim(self.owner, now, room) if room else ()
        wanted = {media_id for row in rows for media_id in row.message.media}
        known = {media.id: media for media in unit.media.get(sorted(wanted))} if wanted else {}
        return [
            Parcel(row, tuple(known[media_id] for media_id in row.message.media if media_id in known)) for row in rows
        ]

    async def _settle_one_by_one(self) -> None:
        """One result that cannot be written does not hold up the others."""
        results, self._results = self._results, []
        for result in results:
            try:
                await self._intake.run(partial(settle, results=[result], now=self._clock.now()), key="delivery")
            except StorageUnavailable:
                self._results.append(result)
            except Exception as error:
                log.error("the result of a send could not be written", outcome=result.outcome, exc_info=error)

    def _start_lanes(self, parcels: Sequence[Parcel]) -> None:
        by_chat: dict[int, list[Parcel]] = {}
        for parcel in parcels:
            by_chat.setdefault(parcel.row.address_id, []).append(parcel)
        for each in by_chat.values():
            self._held += len(each)
            lane = asyncio.create_task(self._send_in_order(each))
            self._lanes.add(lane)
            lane.add_done_callback(self._lanes.discard)
        self._metrics.sending.set(self._held)

    async def _send_in_order(self, parcels: Sequence[Parcel]) -> None:
        """Send a chat's rows one after the other; when one has to wait, the later ones go back and wait behind it."""
        claimed_at = monotonic()
        for index, parcel in enumerate(parcels):
            if self._stops.is_set() or monotonic() - claimed_at > HOLD_SECONDS:
                self._give_back(parcels[index:])
                return
            try:
                result = await self._sender.send(await self._with_its_media(parcel))
            except asyncio.CancelledError:
                self._give_back(parcels[index:])
                return
            except Exception as error:
                log.error("a row could not be sent", outbox_id=parcel.row.id, exc_info=error)
                result = Uncertain(parcel.row.id, None, type(error).__name__)
            self._note(parcel, result)
            if not result.goes_on:
                self._give_back(parcels[index + 1 :])
                return

    async def _with_its_media(self, parcel: Parcel) -> Parcel:
        """The parcel as it is once its attachments are copied, which is a matter of moments; or as it is by then."""
        wanted = parcel.row.message.media
        for pause in MEDIA_PAUSES_SECONDS:
            if not parcel.is_waiting_for_media:
                break
            await asyncio.sleep(pause)
            try:
                media = await self._intake.run(lambda unit: unit.media.get(wanted))
            except StorageUnavailable:
                break
            parcel = Parcel(parcel.row, media)
        return parcel

    def _give_back(self, parcels: Sequence[Parcel]) -> None:
        for parcel in parcels:
            self._note(parcel, Released(parcel.row.id))

    def _note(self, parcel: Parcel, result: Result) -> None:
        self._results.append(result)
        self._held -= 1
        self._metrics.sent.labels(parcel.row.channel, result.outcome).inc()
        if result.outcome not in {"sent", "released"}:
            log.info("a message did not go out as planned", channel=parcel.row.channel, outbox_id=parcel.row.id,
                     outcome=result.outcome)  # fmt: skip
        self.wake()


def settle(unit: SqlUnitOfWork, results: Sequence[Result], now: datetime) -> None:
    """Write results; those that were sent, the most by far, in one statement."""
    if sent := [(each.row_id, each.provider_id) for each in results if isinstance(each, Sent)]:
        unit.sending.many_sent(sent, now)
    for result in results:
        if not isinstance(result, Sent):
            result.write(unit, now)
