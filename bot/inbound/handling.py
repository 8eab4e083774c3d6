"""Owns what happens to one message inside a transaction, and to one that fails. Knows no vendor and no event loop."""

import secrets
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

import structlog

from bot.clock import Clock
from bot.content.source import TownSource
from bot.inbound.ahead import Ahead
from bot.logs import address_mark
from handlers import dispatch
from handlers.lookups import Lookups
from handlers.messages import IncomingMessage, OutgoingMessage
from handlers.ports import UnitOfWork
from handlers.texts import declare
from handlers.town.town import Town
from storage.engine import StorageUnavailable, Transaction
from storage.unit_of_work import SqlUnitOfWork

declare(__name__, "system.apology")

#: After the first, second and third failure of a message; after the fourth it is given up.
RETRY_AFTER: Final = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10))

log = structlog.get_logger(__name__)


class Handle(Protocol):
    """The product's one use-case."""

    def __call__(
        self,
        message: IncomingMessage,
        *,
        uow: UnitOfWork,
        town: Town,
        now: datetime,
        choice: Callable[[Sequence[str]], str],
        lookups: Lookups | None = None,
    ) -> object:
        """Handle one message to its end."""


class Outcome(StrEnum):
    """What became of a message."""

    HANDLED = "handled"
    #: Stored before: nothing was done.
    REPEAT = "repeat"
    #: Stored with its error, to be tried again.
    FAILED = "failed"
    #: Given up after its last try; the resident was told.
    DEAD = "dead"
    #: There was no message to retry.
    NOTHING = "nothing"


class Handling:
    """Hands messages to the product, and keeps those that it could not handle."""

    def __init__(self, towns: TownSource, clock: Clock, handle: Handle = dispatch.handle) -> None:
        self._towns = towns
        self._clock = clock
        self._product = handle

    def handle(self, message: IncomingMessage, unit: SqlUnitOfWork, ahead: Ahead) -> Outcome:
        """The first time a message is seen; a repeat is told by the inbox's constraint.

        Raises Unread and NotLookedUp for what is to be found out beside the transaction: then it is to be handled anew.
        """
        if not unit.inbox.admit(message, self._clock.now()):
            return Outcome.REPEAT
        self._dispatch(message, unit, ahead)
        return Outcome.HANDLED

    def handle_due(self, unit: SqlUnitOfWork) -> IncomingMessage | None:
        """The failed message that is due first, marked as settled but not handled yet; None if there is none."""
        due = unit.inbox.due(self._clock.now(), 1)
        return due[0] if due else None

    def handle_again(self, message: IncomingMessage, unit: SqlUnitOfWork, ahead: Ahead) -> Outcome:
        """Another try of a stored message. Raises Unread and NotLookedUp."""
        self._dispatch(message, unit, ahead)
        unit.inbox.settle(message, self._clock.now())
        return Outcome.HANDLED

    def fail(self, message: IncomingMessage, error: Exception, transaction: Transaction) -> Outcome:
        """Store a message that could not be handled, with its error and the time of its next try, if there is one."""
        now = self._clock.now()
        with transaction.savepoint() as unit:
            tries = unit.inbox.attempts(message)
            retry_at = now + RETRY_AFTER[tries] if tries < len(RETRY_AFTER) else None
            unit.inbox.record_failure(message, where(error), now, retry_at)
            # Its files are kept as long as it may be tried again.
            unit.uploads.forget(each.source for each in message.attachments)
        log.error(
            "a message could not be handled",
            channel=message.address.channel,
            chat=address_mark(message.address),
            tries=tries + 1,
            is_dead=retry_at is None,
            exc_info=error,
        )
        if retry_at is not None:
            return Outcome.FAILED
        self._apologise(message, transaction)
        return Outcome.DEAD

    def _dispatch(self, message: IncomingMessage, unit: SqlUnitOfWork, ahead: Ahead) -> None:
        handled = self._product(
            message,
            uow=unit,
            town=self._towns.current.knowing(ahead.readings),
            now=self._clock.now(),
            choice=secrets.choice,
            lookups=ahead.lookups,
        )
        decided = getattr(handled, "decided", None)
        if decided is not None:
            # Names and scores, never words.
            log.debug("read", channel=message.address.channel, by=decided.taken_by, bids=decided.bids)

    def _apologise(self, message: IncomingMessage, transaction: Transaction) -> None:
        """Tell the resident, once, and drop the conversation that the message may have choked on."""
        town, now = self._towns.current, self._clock.now()
        try:
            with transaction.savepoint() as unit:
                contact = unit.people.arrive(message.address, language=town.language_of(message.language), now=now)
                unit.conversations.clear(contact.address_id)
                unit.outbox.put(
                    contact.address_id,
                    OutgoingMessage(text=town.words("system.apology", contact.language)),
                    now=now,
                    dedupe_key=f"apology:{message.address.channel}:{message.external_id}",
                )
        except StorageUnavailable:
            raise
        except Exception as error:
            log.error("the apology could not be written", channel=message.address.channel, exc_info=error)


class Retry:
    """One try of the failed message that is due first; remembers which it was, for the case that it fails again."""

    def __init__(self, handling: Handling) -> None:
        self._handling = handling
        self.message: IncomingMessage | None = None

    def handle(self, unit: SqlUnitOfWork, ahead: Ahead) -> Outcome:
        """Find it and handle it, in one transaction: two replicas never handle the same one."""
        self.message = self._handling.handle_due(unit)
        if self.message is None:
            return Outcome.NOTHING
        return self._handling.handle_again(self.message, unit, ahead)

    def fail(self, transaction: Transaction, error: Exception) -> Outcome:
        """Store the failure; an error before the message was found is the caller's."""
        if self.message is None:
            raise error
        return self._handling.fail(self.message, error, transaction)


def where(error: Exception) -> str:
    """The error's type and the innermost line of ours it came from; its words may hold what the resident wrote."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(Path(frame.filename))] or frames
    return (
        f"{type(error).__name__} at {Path(ours[-1].filename).name}:{ours[-1].lineno}" if ours else type(error).__name__
    )


_HOUSE: Final = Path(__file__).parents[2]


def _is_ours(path: Path) -> bool:
    return path.is_relative_to(_HOUSE) and "site-packages" not in path.parts
