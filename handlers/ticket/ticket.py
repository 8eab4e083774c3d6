"""The ticket and the lines of its history. Pure values; what a state allows is in the table of states.

To give a ticket another column: a field here, the column and its migration in storage, and the method of the desk that
sets it. Storage reads and writes every field of Ticket by its name; only what is no plain value has a line in
storage/ticket_rows.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from handlers.messages import Place
from handlers.ticket.kinds import EventKind, TicketKind
from handlers.ticket.role import Role
from handlers.ticket.states import Machine, Rule, TicketState, machine_of

__all__ = ["EventKind", "Role", "Ticket", "TicketEvent", "TicketKind", "TicketState"]


@dataclass(frozen=True, slots=True)
class Ticket:
    """One matter at the counter. Instants are aware UTC."""

    #: The row's; 0 before it has one.
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

    @property
    def machine(self) -> Machine:
        """The states of its kind."""
        return machine_of(self.kind)

    @property
    def rule(self) -> Rule:
        """What its state is and allows."""
        return self.machine.rule(self.state)

    @property
    def is_open(self) -> bool:
        """Whether somebody at the town hall still owes something."""
        return self.rule.is_open

    def is_overdue(self, now: datetime) -> bool:
        """Whether the town hall is late with it."""
        return self.rule.clock_runs and self.due_at < now

    def was_reopened(self, event: "TicketEvent") -> bool:
        """Whether its author's words opened it again."""
        before, after = event.from_state, event.to_state
        if event.kind is not EventKind.ADDED or before is None or after is None:
            return False
        return self.machine.rule(after).is_open and not self.machine.rule(before).is_open

    def moved(self, to: TicketState, now: datetime) -> "Ticket":
        """As it is once it has come to a state: open or ended now, in somebody's hands or nobody's."""
        rule = self.machine.rule(to)
        if to is self.state and rule.is_open:
            return self
        # What has ended and is answered once more ended with that answer.
        ended_at = None if rule.is_open else now
        assignee = None if rule.lets_go else self.assignee_person_id
        return replace(self, state=to, ended_at=ended_at, assignee_person_id=assignee)


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
