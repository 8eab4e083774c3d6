"""The ticket: its states, who may move it where, and the events of its history. Pure values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from handlers.messages import Place


class Role(StrEnum):
    """What an official may do; each includes the ones before it."""

    AGENT = "agent"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do all that `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


class TicketKind(StrEnum):
    """What a resident can leave at the counter."""

    REPORT = "report"
    INFORMATION_REQUEST = "information_request"
    COMPLAINT = "complaint"


class TicketState(StrEnum):
    """Where a ticket stands."""

    RECEIVED = "received"
    #: An official has taken it or was given it.
    ASSIGNED = "assigned"
    #: Work has begun.
    IN_PROGRESS = "in_progress"
    #: The resident was asked something and the work waits for the answer.
    WAITING = "waiting"
    #: Answered or solved, with words that the resident read; may be reopened by adding to it.
    RESOLVED = "resolved"
    #: Ended, with a reason.
    CLOSED = "closed"
    #: Taken back by the resident.
    WITHDRAWN = "withdrawn"

    @property
    def is_open(self) -> bool:
        """Whether somebody at the town hall still owes something."""
        return self not in ENDED


ENDED: Final = frozenset({TicketState.RESOLVED, TicketState.CLOSED, TicketState.WITHDRAWN})

_WORKING: Final = frozenset({TicketState.RECEIVED, TicketState.ASSIGNED, TicketState.IN_PROGRESS, TicketState.WAITING})

#: From a state, the states an official may set by hand.
TRANSITIONS: Final[Mapping[TicketState, frozenset[TicketState]]] = {
    TicketState.RECEIVED: frozenset(
        {TicketState.ASSIGNED, TicketState.IN_PROGRESS, TicketState.WAITING, TicketState.RESOLVED, TicketState.CLOSED}
    ),
    TicketState.ASSIGNED: frozenset(
        {TicketState.RECEIVED, TicketState.IN_PROGRESS, TicketState.WAITING, TicketState.RESOLVED, TicketState.CLOSED}
    ),
    TicketState.IN_PROGRESS: frozenset({TicketState.WAITING, TicketState.RESOLVED, TicketState.CLOSED}),
    TicketState.WAITING: frozenset({TicketState.IN_PROGRESS, TicketState.RESOLVED, TicketState.CLOSED}),
    TicketState.RESOLVED: frozenset({TicketState.IN_PROGRESS, TicketState.CLOSED}),
    TicketState.CLOSED: frozenset({TicketState.IN_PROGRESS}),
    TicketState.WITHDRAWN: frozenset(),
}

#: Moves that need more than an agent: reopening what was closed.
NEEDS_SUPERVISOR: Final = frozenset({(TicketState.CLOSED, TicketState.IN_PROGRESS)})

#: States from which the author may withdraw.
WITHDRAWABLE: Final = _WORKING


class EventKind(StrEnum):
    """What happened to a ticket."""

    OPENED = "opened"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    #: An official wrote to the resident.
    ANSWERED = "answered"
    #: Internal: never leaves the town hall.
    NOTED = "noted"
    STATE_CHANGED = "state_changed"
    TRANSFERRED = "transferred"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    #: The resident added words, photos or a place.
    ADDED = "added"
    FOLLOWED = "followed"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One matter at the counter. Instants are aware UTC."""

    id: int
    folio: str
    kind: TicketKind
    state: TicketState
    #: Id in departments.yaml.
    department: str
    #: Code in services.yaml; for reports only.
    service: str | None
    story: str
    place: Place | None
    #: For information requests: how the answer is wanted ("chat", "email", "paper", "inspection").
    delivery: str | None
    author_person_id: int
    #: The chat where the ticket lives.
    author_address_id: int
    assignee_person_id: int | None
    opened_at: datetime
    #: When it counts as received: the next working moment after opened_at.
    received_at: datetime
    due_at: datetime
    updated_at: datetime
    ended_at: datetime | None = None
    is_urgent: bool = False
    #: Ids of stored media.
    media: tuple[int, ...] = ()
    #: Grows with each change: an update against an older one is refused.
    version: int = 1


@dataclass(frozen=True, slots=True)
class NewTicket:
    """A ticket before it has a row."""

    folio: str
    kind: TicketKind
    department: str
    service: str | None
    story: str
    place: Place | None
    delivery: str | None
    author_person_id: int
    author_address_id: int
    opened_at: datetime
    received_at: datetime
    due_at: datetime
    is_urgent: bool = False
    media: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class TicketEvent:
    """A line of a ticket's history: who, when, from, to and why."""

    ticket_id: int
    kind: EventKind
    at: datetime
    #: Person who did it; None for the system.
    actor_person_id: int | None = None
    from_state: TicketState | None = None
    to_state: TicketState | None = None
    #: Words of the official or the resident.
    text: str | None = None
    #: Whether residents may read it.
    is_public: bool = True
    #: Small facts: {"from_department": ..., "to_department": ...}.
    details: Mapping[str, str] = field(default_factory=dict)
    media: tuple[int, ...] = ()
    id: int = 0
