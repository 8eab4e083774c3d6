"""Owns what one attempt to send comes to, and how each is written down. Knows no vendor and no SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from storage.unit_of_work import SqlUnitOfWork


class Result(Protocol):
    """What is to be written about one row."""

    @property
    def row_id(self) -> int:
        """Whose."""

    @property
    def outcome(self) -> str:
        """For the metrics: sent, retry, uncertain, dead, released, looked_up."""

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
        unit.claims.release([self.row_id])


@dataclass(frozen=True, slots=True)
class LookedUp:
    """The vendor was asked what became of a doubtful send, and answered."""

    row_id: int
    channel: str
    #: Ids of its messages that may be this one.
    found: Sequence[str]
    outcome = "looked_up"

    def write(self, unit: SqlUnitOfWork, now: datetime) -> None:
        """Sent, if one of them belongs to no other row; else it never left, and goes out as if for the first time."""
        provider_id = unit.delivery.nobodys(self.channel, self.found)
        if provider_id is None:
            unit.delivery.cleared(self.row_id, now)
        else:
            unit.delivery.sent(self.row_id, provider_id, now)


def settle(unit: SqlUnitOfWork, results: Sequence[Result], now: datetime) -> None:
    """Write results; those that were sent, the most by far, in one statement."""
    if sent := [(each.row_id, each.provider_id) for each in results if isinstance(each, Sent)]:
        unit.delivery.many_sent(sent, now)
    for result in results:
        if not isinstance(result, Sent):
            result.write(unit, now)
