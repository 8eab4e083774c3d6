"""What the states of tickets are and allow: a machine for each kind of ticket, one row a state. Knows no ticket.

Nobody else asks for a state by its name: they ask the row, as `ticket.rule`. To add a state: a member of TicketState, a
row in the machine of its kind, and the texts that `text_keys` names. A machine that is not whole stops the program
where it is made, which is at the start.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from handlers.texts import declare
from handlers.ticket.kinds import EventKind, TicketKind
from handlers.ticket.role import Role, suffices


class TicketState(StrEnum):
    """Where a ticket stands: the states of all kinds, and the one for what this version cannot read."""

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
    #: Stored by another version of the program. Stands in no machine, so the rule of a new ticket holds for it.
    UNKNOWN = "unknown"

    @classmethod
    def stored(cls, value: str) -> "TicketState":
        """The state of a stored row; UNKNOWN for one that this version does not have, so that no list breaks on it."""
        return cls(value) if value in _KNOWN else cls.UNKNOWN


_KNOWN: Final = frozenset(TicketState)


@dataclass(frozen=True, slots=True)
class Rule:
    """What one state is and allows. What is left out is not allowed."""

    #: Whether somebody at the town hall still owes something.
    is_open: bool
    #: Whether the time towards the deadline runs; what stands still is never overdue.
    clock_runs: bool
    #: The states that an official may set from here by hand, in any order, each with the role that it takes.
    moves: Mapping[TicketState, Role] = field(default_factory=dict)
    #: Whether it can be set by hand at all; else it comes of an act of its own, such as taking the ticket.
    by_hand: bool = True
    #: Whether a ticket that comes here is nobody's: it waits to be taken.
    lets_go: bool = False
    #: What a ticket becomes when its author adds to it or takes it back, and when officials take or give it, or send it
    #: to another department. None: that cannot be done from here.
    after_adding: TicketState | None = None
    after_withdrawal: TicketState | None = None
    after_taking: TicketState | None = None
    after_transfer: TicketState | None = None
    #: The text that asks an official why this state is set, and the letters that the reason needs at least.
    question: str = "state.why"
    reason_at_least: int = 3
    #: In which words residents are told, a key below `notice.`, and what the history calls it.
    notice: str = "moved"
    event: EventKind = EventKind.STATE_CHANGED
    #: The option, below `answer.how_options.`, that sends an answer and sets this state with the same words.
    answer_option: str | None = None
    #: Whether the card offers to write to the resident.
    offers_answer: bool = True

    def by_officials(self) -> set[TicketState]:
        """Every state that may come next by what officials do."""
        return {*self.moves, *_given(self.after_taking, self.after_transfer)}

    def leads_to(self) -> set[TicketState]:
        """Every state that may come next."""
        return self.by_officials() | _given(self.after_adding, self.after_withdrawal)


def _given(*states: TicketState | None) -> set[TicketState]:
    return {each for each in states if each is not None}


@dataclass(frozen=True, slots=True)
class Machine:
    """The states of one kind of ticket. Raises ValueError, naming every fault, if it is not whole."""

    #: The state of a ticket that was just filed.
    first: TicketState
    #: The state that closing a ticket sets.
    closed: TicketState
    #: In the order in which officials are offered them.
    rules: Mapping[TicketState, Rule]

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise ValueError("; ".join(faults))

    def rule(self, state: TicketState) -> Rule:
        """The row of a state.

        A stored state that the machine does not have counts as the first one: it is open, so that nobody loses sight of
        it, and the next act of an official mends it; what its author adds leaves it as it is.
        """
        return self.rules.get(state) or replace(self.rules[self.first], after_adding=state)

    def may_move(self, before: TicketState, after: TicketState, role: Role | None) -> bool:
        """Whether an official of this role may set `after` by hand from `before`."""
        needed = self.rule(before).moves.get(after)
        return needed is not None and suffices(role, needed)

    def answer_options(self) -> dict[str, TicketState]:
        """What an answer may make of a ticket, by the option that says so; first what ends it, the commonest."""
        ended_first = sorted(self.rules.items(), key=lambda row: row[1].is_open)
        return {rule.answer_option: state for state, rule in ended_first if rule.answer_option is not None}

    def _faults(self) -> Iterator[str]:
        for what, state in (("first", self.first), ("closed", self.closed)):
            if state not in self.rules:
                yield f"the {what} state, {state}, has no row"
        for state, rule in self.rules.items():
            yield from (f"{state} leads to {each}, which has no row" for each in rule.leads_to() - set(self.rules))
            for each in rule.moves:
                if each in self.rules and not self.rules[each].by_hand:
                    yield f"{state} may be moved to {each}, which is not set by hand"
            if rule.is_open and all(self.rules[each].is_open for each in self._reached(state, Rule.by_officials)):
                yield f"{state} is open, and officials cannot end it"
            if rule.clock_runs and not rule.is_open:
                yield f"{state} has ended, and its clock runs"
        yield from (f"{state} is never reached" for state in set(self.rules) - self._reached(self.first, Rule.leads_to))

    def _reached(self, start: TicketState, step: Callable[[Rule], set[TicketState]]) -> set[TicketState]:
        found, ahead = set[TicketState](), [start]
        while ahead:
            state = ahead.pop()
            if state in self.rules and state not in found:
                found.add(state)
                ahead += step(self.rules[state])
        return found


def _by(role: Role, *states: TicketState) -> dict[TicketState, Role]:
    return dict.fromkeys(states, role)


_S: Final = TicketState

#: The machine of all kinds that have none of their own.
_COMMON: Final = Machine(
    first=_S.RECEIVED,
    closed=_S.CLOSED,
    rules={
        _S.RECEIVED: Rule(
            is_open=True,
            clock_runs=True,
            moves=_by(Role.AGENT, _S.IN_PROGRESS, _S.WAITING, _S.RESOLVED, _S.CLOSED),
            lets_go=True,
            after_adding=_S.RECEIVED,
            after_withdrawal=_S.WITHDRAWN,
            after_taking=_S.ASSIGNED,
            after_transfer=_S.RECEIVED,
        ),
        _S.ASSIGNED: Rule(
            is_open=True,
            clock_runs=True,
            moves=_by(Role.AGENT, _S.RECEIVED, _S.IN_PROGRESS, _S.WAITING, _S.RESOLVED, _S.CLOSED),
            by_hand=False,
            after_adding=_S.ASSIGNED,
            after_withdrawal=_S.WITHDRAWN,
            after_taking=_S.ASSIGNED,
            after_transfer=_S.RECEIVED,
        ),
        _S.IN_PROGRESS: Rule(
            is_open=True,
            clock_runs=True,
            moves=_by(Role.AGENT, _S.WAITING, _S.RESOLVED, _S.CLOSED),
            after_adding=_S.IN_PROGRESS,
            after_withdrawal=_S.WITHDRAWN,
            after_taking=_S.IN_PROGRESS,
            after_transfer=_S.RECEIVED,
        ),
        _S.WAITING: Rule(
            is_open=True,
            clock_runs=True,
            moves=_by(Role.AGENT, _S.IN_PROGRESS, _S.RESOLVED, _S.CLOSED),
            after_adding=_S.IN_PROGRESS,
            after_withdrawal=_S.WITHDRAWN,
            after_taking=_S.WAITING,
            after_transfer=_S.RECEIVED,
            question="state.question",
            notice="asked",
            answer_option="question",
        ),
        _S.RESOLVED: Rule(
            is_open=False,
            clock_runs=False,
            moves=_by(Role.AGENT, _S.IN_PROGRESS, _S.CLOSED),
            after_adding=_S.IN_PROGRESS,
            question="state.solution",
            reason_at_least=10,
            notice="resolved",
            answer_option="resolved",
        ),
        _S.CLOSED: Rule(
            is_open=False,
            clock_runs=False,
            # What was closed is opened again only by a supervisor.
            moves=_by(Role.SUPERVISOR, _S.IN_PROGRESS),
            reason_at_least=10,
            notice="closed",
            event=EventKind.CLOSED,
        ),
        _S.WITHDRAWN: Rule(
            is_open=False,
            clock_runs=False,
            by_hand=False,
            event=EventKind.WITHDRAWN,
            offers_answer=False,
        ),
    },
)

#: The states of each kind of ticket, and what they allow.
MACHINES: Final[Mapping[TicketKind, Machine]] = {
    TicketKind.REPORT: _COMMON,
    TicketKind.INFORMATION_REQUEST: _COMMON,
    TicketKind.COMPLAINT: _COMMON,
    TicketKind.UNKNOWN: _COMMON,
}


def machine_of(kind: TicketKind) -> Machine:
    """The states of a kind of ticket."""
    return MACHINES[kind]


def text_keys() -> set[str]:
    """Every text that the table asks for."""
    rules = [rule for machine in MACHINES.values() for rule in machine.rules.values()]
    options = {f"answer.how_options.{rule.answer_option}" for rule in rules if rule.answer_option}
    return {f"state.{state}" for state in TicketState} | {
        *options,
        *(rule.question for rule in rules),
        *(f"notice.{rule.notice}" for rule in rules),
    }


declare(__name__, text_keys)
