"""The table of states is whole, says what it said, and is the only place that knows a state by its name."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from faq.reading.messages import placeholders
from handlers.ticket.kinds import EventKind, TicketKind
from handlers.ticket.role import Role
from handlers.ticket.states import MACHINES, Machine, Rule, TicketState, machine_of, text_keys
from handlers.ticket.ticket import Ticket
from tests.handlers.counter import sample_town

ROOT = Path(__file__).resolve().parents[3]
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)

RECEIVED, ASSIGNED, IN_PROGRESS, WAITING = (
    TicketState.RECEIVED, TicketState.ASSIGNED, TicketState.IN_PROGRESS, TicketState.WAITING,
)  # fmt: skip
RESOLVED, CLOSED, WITHDRAWN = TicketState.RESOLVED, TicketState.CLOSED, TicketState.WITHDRAWN

EVERY_ROW = [(kind, state) for kind, machine in MACHINES.items() for state in machine.rules]

#: A machine of two states that is whole.
OPEN = Rule(is_open=True, clock_runs=True, moves={CLOSED: Role.AGENT}, after_taking=RECEIVED)
ENDED = Rule(is_open=False, clock_runs=False)


def ticket(state: TicketState, **changes: object) -> Ticket:
    values: dict[str, object] = {
        "id": 1, "folio": "K7M4TX9", "kind": TicketKind.REPORT, "state": state, "department": "obras", "service": None,
        "story": "Hay un bache", "place": None, "delivery": None, "author_person_id": 1, "author_address_id": 1,
        "assignee_person_id": 7, "opened_at": NOW, "received_at": NOW, "due_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return Ticket(**(values | changes))  # type: ignore[arg-type]


def test_every_kind_has_a_machine_and_every_state_a_row() -> None:
    """Nothing that can be filed or stored is without rules; what this version cannot read has a rule by default."""
    assert set(MACHINES) == set(TicketKind)
    assert {state for _, state in EVERY_ROW} == set(TicketState) - {TicketState.UNKNOWN}


@pytest.mark.parametrize(
    ("rules", "fault"),
    [
        ({RECEIVED: OPEN}, "the closed state, closed, has no row"),
        ({CLOSED: ENDED}, "the first state, received, has no row"),
        (
            {RECEIVED: replace(OPEN, moves={CLOSED: Role.AGENT, WAITING: Role.AGENT}), CLOSED: ENDED},
            "received leads to waiting, which has no row",
        ),
        ({RECEIVED: replace(OPEN, after_adding=WAITING), CLOSED: ENDED}, "received leads to waiting"),
        ({RECEIVED: replace(OPEN, after_withdrawal=WITHDRAWN), CLOSED: ENDED}, "received leads to withdrawn"),
        ({RECEIVED: replace(OPEN, after_transfer=ASSIGNED), CLOSED: ENDED}, "received leads to assigned"),
        ({RECEIVED: replace(OPEN, after_taking=ASSIGNED), CLOSED: ENDED}, "received leads to assigned"),
        ({RECEIVED: OPEN, CLOSED: replace(ENDED, by_hand=False)}, "received may be moved to closed, which is not set"),
        ({RECEIVED: OPEN, CLOSED: ENDED, WAITING: OPEN}, "waiting is never reached"),
        ({RECEIVED: OPEN, CLOSED: replace(ENDED, clock_runs=True)}, "closed has ended, and its clock runs"),
        (
            {
                RECEIVED: replace(OPEN, moves={CLOSED: Role.AGENT, WAITING: Role.AGENT}),
                CLOSED: ENDED,
                WAITING: replace(OPEN, moves={}, after_taking=WAITING, after_withdrawal=CLOSED),
            },
            "waiting is open, and officials cannot end it",
        ),
    ],
)
def test_a_machine_that_is_not_whole_stops_the_start(rules: Mapping[TicketState, Rule], fault: str) -> None:
    """A ticket never gets to where no rule is, nor to where nobody can end it."""
    with pytest.raises(ValueError, match=fault):
        Machine(first=RECEIVED, closed=CLOSED, rules=rules)


def test_a_machine_that_is_whole_is_taken() -> None:
    """Two states are enough."""
    assert Machine(first=RECEIVED, closed=CLOSED, rules={RECEIVED: OPEN, CLOSED: ENDED}).rule(CLOSED) is ENDED


@pytest.mark.parametrize("kind", TicketKind)
@pytest.mark.parametrize(
    ("state", "agent", "supervisor"),
    [
        (RECEIVED, {IN_PROGRESS, WAITING, RESOLVED, CLOSED}, set()),
        (ASSIGNED, {RECEIVED, IN_PROGRESS, WAITING, RESOLVED, CLOSED}, set()),
        (IN_PROGRESS, {WAITING, RESOLVED, CLOSED}, set()),
        (WAITING, {IN_PROGRESS, RESOLVED, CLOSED}, set()),
        (RESOLVED, {IN_PROGRESS, CLOSED}, set()),
        (CLOSED, set(), {IN_PROGRESS}),
        (WITHDRAWN, set(), set()),
    ],
)
def test_who_may_set_which_state(
    kind: TicketKind, state: TicketState, agent: set[TicketState], supervisor: set[TicketState]
) -> None:
    """Assigned comes only of taking or giving it; what was closed is opened again only by a supervisor."""
    machine = machine_of(kind)

    def may(role: Role | None) -> set[TicketState]:
        return {each for each in TicketState if machine.may_move(state, each, role)}

    assert may(None) == set()
    assert may(Role.AGENT) == agent
    assert may(Role.SUPERVISOR) == may(Role.ADMINISTRATOR) == agent | supervisor


@pytest.mark.parametrize("kind", TicketKind)
@pytest.mark.parametrize(
    ("state", "added", "withdrawn", "taken", "transferred"),
    [
        (RECEIVED, RECEIVED, WITHDRAWN, ASSIGNED, RECEIVED),
        (ASSIGNED, ASSIGNED, WITHDRAWN, ASSIGNED, RECEIVED),
        (IN_PROGRESS, IN_PROGRESS, WITHDRAWN, IN_PROGRESS, RECEIVED),
        (WAITING, IN_PROGRESS, WITHDRAWN, WAITING, RECEIVED),
        (RESOLVED, IN_PROGRESS, None, None, None),
        (CLOSED, None, None, None, None),
        (WITHDRAWN, None, None, None, None),
    ],
)
def test_what_becomes_of_a_ticket(
    kind: TicketKind,
    state: TicketState,
    added: TicketState | None,
    withdrawn: TicketState | None,
    taken: TicketState | None,
    transferred: TicketState | None,
) -> None:
    """What waited goes on, what was solved is opened again, and what has ended stays with its office."""
    rule = machine_of(kind).rule(state)
    assert (rule.after_adding, rule.after_withdrawal) == (added, withdrawn)
    assert (rule.after_taking, rule.after_transfer) == (taken, transferred)


@pytest.mark.parametrize("kind", TicketKind)
def test_how_a_state_is_asked_for_told_and_recorded(kind: TicketKind) -> None:
    """Ending a ticket takes a real reason; asking and solving have questions and notices of their own."""
    rules = machine_of(kind).rules
    assert {state for state, rule in rules.items() if rule.is_open} == {RECEIVED, ASSIGNED, IN_PROGRESS, WAITING}
    assert all(rule.clock_runs is rule.is_open for rule in rules.values())
    assert {state: rule.question for state, rule in rules.items() if rule.question != "state.why"} == {
        WAITING: "state.question",
        RESOLVED: "state.solution",
    }
    assert {state: rule.notice for state, rule in rules.items() if rule.notice != "moved"} == {
        WAITING: "asked",
        RESOLVED: "resolved",
        CLOSED: "closed",
    }
    assert {rules[state].reason_at_least for state in (RECEIVED, IN_PROGRESS, WAITING)} == {3}
    assert {rules[state].reason_at_least for state in (RESOLVED, CLOSED)} == {10}
    assert {state: rule.event for state, rule in rules.items() if rule.event is not EventKind.STATE_CHANGED} == {
        CLOSED: EventKind.CLOSED,
        WITHDRAWN: EventKind.WITHDRAWN,
    }
    assert list(machine_of(kind).answer_options().items()) == [("resolved", RESOLVED), ("question", WAITING)]


@pytest.mark.parametrize("language", ["es", "en"])
def test_every_text_that_the_table_names_exists(language: str) -> None:
    """A state has a word, a question, a notice and, where an answer sets it, a button."""
    texts = sample_town().library.messages[language]
    assert {"state.unknown", "state.question", "notice.moved", "answer.how_options.resolved"} <= text_keys()
    assert text_keys() - set(texts) == set()


@pytest.mark.parametrize("language", ["es", "en"])
def test_questions_and_notices_ask_only_for_what_they_are_given(language: str) -> None:
    """Otherwise setting the state would fail in the middle of it."""
    texts = sample_town().library.messages[language]
    for kind, state in EVERY_ROW:
        rule = machine_of(kind).rule(state)
        assert set(placeholders(texts[rule.question])) <= {"folio", "what", "state"}, state
        given = {"folio", "what", "state", "text", "department", "city"}
        assert set(placeholders(texts[f"notice.{rule.notice}"])) <= given, state


def test_a_state_of_another_version_is_open_and_can_be_mended() -> None:
    """Better looked at twice than lost: it counts as new, and what its author adds leaves it as it is."""
    stray = TicketState.stored("waiting_for_parliament")
    assert stray is TicketState.UNKNOWN
    assert TicketState.stored("waiting") is WAITING
    for kind in TicketKind:
        machine = machine_of(kind)
        assert machine.rule(stray) == replace(machine.rule(machine.first), after_adding=stray)
    # One that another kind has is no better known here.
    small = Machine(first=RECEIVED, closed=CLOSED, rules={RECEIVED: OPEN, CLOSED: ENDED})
    assert small.rule(WAITING) == replace(OPEN, after_adding=WAITING)


def test_an_ended_ticket_says_when_and_an_open_one_does_not() -> None:
    """Each end counts anew; an opened one has not ended; what waits to be taken is nobody's."""
    ended = ticket(IN_PROGRESS).moved(RESOLVED, NOW)
    assert (ended.state, ended.ended_at, ended.assignee_person_id) == (RESOLVED, NOW, 7)
    later = NOW + timedelta(hours=1)
    assert ended.moved(RESOLVED, later).ended_at == ended.moved(CLOSED, later).ended_at == later
    assert (ended.moved(IN_PROGRESS, later).ended_at, ended.moved(IN_PROGRESS, later).assignee_person_id) == (None, 7)
    assert ticket(ASSIGNED).moved(RECEIVED, NOW).assignee_person_id is None
    assert ticket(WAITING).moved(WAITING, later) == ticket(WAITING)
    unread = ticket(TicketState.UNKNOWN, ended_at=NOW)
    assert unread.moved(TicketState.UNKNOWN, later) == unread


def test_only_what_is_open_can_be_late() -> None:
    """To the second: at the very instant of the deadline it is still in time."""
    late = NOW + timedelta(seconds=1)
    assert ticket(WAITING).is_overdue(late) and not ticket(WAITING).is_overdue(NOW)
    assert not ticket(RESOLVED).is_overdue(late)
    assert [ticket(state).is_open for state in (ASSIGNED, RESOLVED)] == [True, False]


def test_nobody_but_the_table_knows_a_state_by_its_name() -> None:
    """So that a state of one kind can be added, renamed or taken out by its row alone."""
    named = [
        f"{path.relative_to(ROOT)}:{node.lineno} names TicketState.{node.attr}"
        for package in ("bot", "handlers", "storage")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path != ROOT / "handlers" / "ticket" / "states.py"
        # Brings tickets into the states that cases are written in.
        if ROOT / "bot" / "rehearsal" not in path.parents
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "TicketState" and node.attr.isupper()
    ]
    assert not named, "\n".join(named)
