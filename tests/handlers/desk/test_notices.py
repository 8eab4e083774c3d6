"""Whoever waits for a step hears of it: each chat once for each event."""

import pytest

from handlers.desk import wording
from handlers.desk.pushes import Pushed
from handlers.ticket.ticket import TicketState
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.desk.conftest import OpenDesk
from tests.handlers.official.conftest import Case


@pytest.fixture
def luis(counter: Counter, case: Case) -> Talker:
    """A neighbour who follows Ana's report."""
    luis = counter.person("luis")
    luis.says("hola")
    follows(counter, case, luis)
    return luis


def follows(counter: Counter, case: Case, person: Talker) -> None:
    """Join the case from the person's chat."""
    address_id = person.contact().address_id
    counter.run(lambda uow: uow.tickets.follow(case.ticket.id, address_id, counter.now))


def notices_of(counter: Counter, case: Case) -> int:
    """Rows in the outbox that tell of the case."""
    return len(counter.run(lambda uow: uow.outbox.notices_of(case.ticket.id)))


def test_an_event_that_is_told_twice_is_one_message_for_each_chat(
    case: Case, counter: Counter, ana: Talker, luis: Talker, pablo: Talker, desk_of: OpenDesk
) -> None:
    """A step that runs again says nothing again; the next event is said to everybody once more."""
    before = notices_of(counter, case)
    with desk_of(pablo) as desk:
        desk.answer(case.ticket, "Mañana vamos.")
        event = desk.uow.tickets.history(case.ticket.id)[-1]
        told = wording.of_answer(counter.town, case.ticket, "Mañana vamos.", None)
        desk.notices.to_residents(case.ticket, event, told)
        desk.notices.to_residents(case.ticket, event, told)
    assert notices_of(counter, case) == before + 1
    assert (len(ana.collect()), len(luis.collect())) == (1, 0)
    with desk_of(pablo) as desk:
        desk.move(case.ticket, TicketState.IN_PROGRESS, "Ya empezamos")
    assert notices_of(counter, case) == before + 3
    assert len(ana.collect()) == len(luis.collect()) == 1


def test_officials_too_hear_of_an_event_once(
    case: Case, counter: Counter, ana: Talker, pablo: Talker, petra: Talker, desk_of: OpenDesk
) -> None:
    """Two colleagues, one message each, however often it is told."""
    counter.deliver()
    with desk_of(ana) as desk:
        changed = desk.add(case.ticket, "Ya hay dos hoyos")
        event = desk.uow.tickets.history(case.ticket.id)[-1]
        desk.notices.to_officials(changed, event, "added", actor=desk.contact, text="Ya hay dos hoyos", n=0)
    assert len(pablo.collect()) == len(petra.collect()) == 1


def test_an_author_who_also_follows_is_told_once(case: Case, counter: Counter, ana: Talker, pablo: Talker) -> None:
    """As the author, in the author's words, and is not counted among the neighbours who read it too."""
    follows(counter, case, ana)
    shown = texts(pablo.says(f"/responder {case.folio} Mañana vamos."))
    assert "lo sigue" not in shown
    pablo.taps("Enviar y dejar abierto")
    heard = ana.collect()
    assert len(heard) == 1
    assert "Sigues el folio" not in heard[0].text and "Mañana vamos." in heard[0].text


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, ticket: desk.take(ticket),
        lambda desk, ticket: desk.answer(ticket, "Ya quedó", to=TicketState.RESOLVED),
        lambda desk, ticket: desk.move(ticket, TicketState.IN_PROGRESS, "Ya empezamos"),
        lambda desk, ticket: desk.move(ticket, TicketState.WAITING, "¿De qué color es?"),
        lambda desk, ticket: desk.move(ticket, TicketState.CLOSED, "Ya estaba reparado"),
        lambda desk, ticket: desk.transfer(ticket, "agua_potable", "Es una fuga de agua"),
    ],
    ids=["take", "resolve", "state", "ask", "close", "transfer"],
)
def test_every_step_is_pushed_to_the_author_and_told_to_those_who_follow(
    case: Case, ana: Talker, luis: Talker, pablo: Talker, desk_of: OpenDesk, act: object
) -> None:
    """Each in a message of its own, with the folio and a way on; the words are the author's alone."""
    ana.collect()
    luis.collect()
    with desk_of(pablo) as desk:
        act(desk, case.ticket)  # type: ignore[operator]  # a table of small acts
    for person in (ana, luis):
        heard = person.collect()
        assert len(heard) == 1
        assert heard[0].choices
        said = case.last.text
        assert said is None or (said in heard[0].text) is (person is ana)


def test_what_never_leaves_the_town_hall_is_pushed_to_nobody(
    case: Case, counter: Counter, luis: Talker, pablo: Talker, desk_of: OpenDesk
) -> None:
    """A note is a line of the history that no resident is told of."""
    counter.deliver()
    with desk_of(pablo) as desk:
        desk.note(case.ticket, "Ojo: es un camino privado")
    assert counter.deliver() == []
    assert not case.last.is_public


def test_a_chat_that_cannot_be_reached_is_not_written_to(
    case: Case, counter: Counter, ana: Talker, luis: Talker, pablo: Talker, desk_of: OpenDesk
) -> None:
    """The others are; and the row that says so is there."""
    counter.deliver()
    address_id = ana.contact().address_id
    counter.run(lambda uow: uow.people.mark_unreachable(address_id, counter.now))
    with desk_of(pablo) as desk:
        desk.move(case.ticket, TicketState.IN_PROGRESS, "Ya empezamos")
        assert desk.author_told is Pushed.UNREACHABLE
    assert [value for value, _ in counter.deliver()] == ["luis"]
    states = {each.address_id: each.state for each in counter.run(lambda uow: uow.outbox.notices_of(case.ticket.id))}
    assert states[address_id] == "dead"
