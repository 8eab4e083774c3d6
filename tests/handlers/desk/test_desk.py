"""The desk refuses by itself what no flow should have asked it to do."""

from collections.abc import Callable

import pytest

from handlers.desk.desk import Desk
from handlers.errors import Refused
from handlers.ports import Official
from handlers.ticket.role import Role
from handlers.ticket.ticket import TicketState
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


def before(counter: Counter, talker: Talker, act: Callable[[Desk], object]) -> None:
    """Let somebody act at the desk, with no flow between."""
    contact = talker.contact()
    counter.run(lambda uow: act(Desk(uow, counter.town, contact, counter.now, lambda signs: signs[0])))


def refused(counter: Counter, talker: Talker, act: Callable[[Desk], object]) -> str:
    """The key of the refusal."""
    with pytest.raises(Refused) as caught:
        before(counter, talker, act)
    return caught.value.key


def test_a_ticket_is_given_only_to_its_department(counter: Counter, case: Case, sofia: Talker, luz: Talker) -> None:
    """Whoever asks, and however the official was found."""
    of_water = Official(luz.contact().person_id, "luz", Role.AGENT, "agua_potable", counter.now)
    assert refused(counter, sofia, lambda desk: desk.assign(case.ticket, of_water)) == "ticket.cannot_assign"
    assert (case.ticket.state, case.ticket.assignee_person_id) == (TicketState.RECEIVED, None)


@pytest.mark.parametrize("state", [TicketState.ASSIGNED, TicketState.WITHDRAWN, TicketState.RECEIVED])
def test_no_state_is_set_that_the_table_does_not_allow(
    counter: Counter, case: Case, pablo: Talker, state: TicketState
) -> None:
    """By a move or by an answer."""
    assert refused(counter, pablo, lambda desk: desk.move(case.ticket, state, "porque sí")) == "ticket.cannot_move"
    if state is not case.ticket.state:
        assert refused(counter, pablo, lambda desk: desk.answer(case.ticket, "ya", to=state)) == "ticket.cannot_move"
    assert len(case.history) == 1


def test_what_has_ended_is_neither_given_nor_sent_on_nor_taken_back(
    counter: Counter, case: Case, ana: Talker, pablo: Talker
) -> None:
    """Each with its own words."""
    before(counter, pablo, lambda desk: desk.move(case.ticket, TicketState.CLOSED, "Es un camino federal"))
    assert refused(counter, pablo, lambda desk: desk.take(case.ticket)) == "ticket.cannot_assign"
    assert refused(counter, pablo, lambda desk: desk.transfer(case.ticket, "agua_potable", "es suyo")) == (
        "ticket.cannot_transfer"
    )
    assert refused(counter, ana, lambda desk: desk.withdraw(case.ticket)) == "ticket.cannot_withdraw"
    assert refused(counter, ana, lambda desk: desk.add(case.ticket, "y otra cosa")) == "ticket.cannot_add"


def test_only_its_author_adds_to_it_or_takes_it_back(counter: Counter, case: Case) -> None:
    """A neighbour with the folio does not."""
    luis = counter.person("luis")
    assert refused(counter, luis, lambda desk: desk.withdraw(case.ticket)) == "ticket.cannot_withdraw"
    assert refused(counter, luis, lambda desk: desk.add(case.ticket, "y otra cosa")) == "ticket.cannot_add"


def test_a_solved_ticket_is_opened_by_a_word_of_its_author(
    counter: Counter, case: Case, ana: Talker, pablo: Talker
) -> None:
    """It is in work again, in the same hands, and has not ended."""
    before(counter, pablo, lambda desk: desk.take(case.ticket))
    before(counter, pablo, lambda desk: desk.move(case.ticket, TicketState.RESOLVED, "Ya quedó tapado"))
    assert case.ticket.ended_at == counter.now
    before(counter, ana, lambda desk: desk.add(case.ticket, "Se volvió a abrir"))
    assert (case.ticket.state, case.ticket.ended_at) == (TicketState.IN_PROGRESS, None)
    assert case.ticket.assignee_person_id == pablo.contact().person_id
    assert (case.last.from_state, case.last.to_state) == (TicketState.RESOLVED, TicketState.IN_PROGRESS)


@pytest.mark.parametrize("state", [TicketState.CLOSED, TicketState.WITHDRAWN])
def test_an_answer_to_what_cannot_be_added_to_offers_no_adding(
    counter: Counter, case: Case, ana: Talker, pablo: Talker, state: TicketState
) -> None:
    """No button leads to a refusal."""
    if state is TicketState.CLOSED:
        before(counter, pablo, lambda desk: desk.move(case.ticket, state, "Es un camino federal"))
    else:
        before(counter, ana, lambda desk: desk.withdraw(case.ticket))
    before(counter, pablo, lambda desk: desk.answer(case.ticket, "Gracias por avisar"))
    pushed = ana.collect()
    assert "Gracias por avisar" in texts(pushed)
    assert [choice.id for choice in pushed[-1].choices] == [f"/folio {case.folio}"]
