"""The desk refuses by itself what no flow should have asked it to do."""

from collections.abc import Callable

import pytest

from handlers.desk.desk import Desk
from handlers.errors import Refused
from handlers.messages import Place
from handlers.ports import Official
from handlers.ticket.role import Role
from handlers.ticket.ticket import TicketState
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.desk.conftest import OpenDesk
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
    counter.deliver()
    of_water = Official(luz.contact().person_id, "luz", Role.AGENT, "agua_potable", counter.now)
    assert refused(counter, sofia, lambda desk: desk.assign(case.ticket, of_water)) == "ticket.cannot_assign"
    assert (case.ticket.state, case.ticket.assignee_person_id) == (TicketState.RECEIVED, None)
    assert counter.deliver() == []


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


def test_an_official_of_the_whole_town_hall_may_be_given_any_ticket(
    case: Case, counter: Counter, sofia: Talker, adan: Talker, desk_of: OpenDesk
) -> None:
    """No department is every department."""
    everybodys = counter.run(lambda uow: uow.people.official(adan.contact().person_id))
    assert everybodys is not None
    with desk_of(sofia) as desk:
        desk.assign(case.ticket, everybodys)
    assert case.ticket.assignee_person_id == everybodys.person_id


@pytest.mark.parametrize(
    "act",
    [
        lambda desk, ticket: desk.take(ticket),
        lambda desk, ticket: desk.answer(ticket, "Ya quedó"),
        lambda desk, ticket: desk.note(ticket, "Ojo"),
        lambda desk, ticket: desk.move(ticket, TicketState.CLOSED, "Ya estaba reparado"),
        lambda desk, ticket: desk.transfer(ticket, "agua_potable", "Es una fuga de agua"),
    ],
    ids=["take", "answer", "note", "move", "transfer"],
)
@pytest.mark.parametrize("who", ["ana", "luz"])
def test_who_may_not_work_on_a_ticket_changes_nothing(
    request: pytest.FixtureRequest, case: Case, counter: Counter, desk_of: OpenDesk, who: str, act: object
) -> None:
    """Neither its author nor an official of another department."""
    person: Talker = request.getfixturevalue(who)
    counter.deliver()
    as_it_was = (case.ticket, case.history)
    with pytest.raises(Refused) as caught, desk_of(person) as desk:
        act(desk, case.ticket)  # type: ignore[operator]  # a table of small acts
    assert caught.value.key == "ticket.not_yours"
    assert (case.ticket, case.history) == as_it_was
    assert counter.deliver() == []


def test_a_closed_ticket_is_reopened_by_a_supervisor_only(
    case: Case, pablo: Talker, sofia: Talker, desk_of: OpenDesk
) -> None:
    """An agent who closed it cannot take that back alone, not even with an answer."""
    with desk_of(pablo) as desk:
        desk.move(case.ticket, TicketState.CLOSED, "Ya estaba reparado")
    for act in ("move", "answer"):
        with pytest.raises(Refused) as caught, desk_of(pablo) as desk:
            if act == "move":
                desk.move(case.ticket, TicketState.IN_PROGRESS, "Se abrió otra vez")
            else:
                desk.answer(case.ticket, "Se abrió otra vez", to=TicketState.IN_PROGRESS)
        assert caught.value.key == "ticket.cannot_move"
    assert case.ticket.ended_at is not None
    with desk_of(sofia) as desk:
        desk.move(case.ticket, TicketState.IN_PROGRESS, "Se abrió otra vez")
    assert (case.ticket.state, case.ticket.ended_at) == (TicketState.IN_PROGRESS, None)


def test_a_ticket_is_not_sent_to_the_department_that_has_it(case: Case, pablo: Talker, desk_of: OpenDesk) -> None:
    """Nor is one that has ended sent anywhere."""
    with pytest.raises(Refused), desk_of(pablo) as desk:
        desk.transfer(case.ticket, case.ticket.department, "Es nuestro")
    with desk_of(pablo) as desk:
        desk.move(case.ticket, TicketState.CLOSED, "Ya estaba reparado")
    with pytest.raises(Refused), desk_of(pablo) as desk:
        desk.transfer(case.ticket, "agua_potable", "Es una fuga de agua")
    assert case.ticket.department == "obras_publicas"


@pytest.mark.parametrize(
    ("metres", "is_the_same"),
    # One degree of latitude is 111,195 metres on a sphere of 6,371 km: 0.00045 are 50.04 m, 0.00044 are 48.9 m.
    [(0.00044, True), (0.00046, False)],
)
def test_the_same_thing_in_the_same_place_is_within_fifty_metres(
    counter: Counter, ana: Talker, desk_of: OpenDesk, metres: float, is_the_same: bool
) -> None:
    """Nearer is offered to join, farther is a report of its own; one's own is never offered."""
    ana.says("hola")
    luis = counter.person("luis")
    luis.says("hola")
    service = counter.town.library.services["VIA-BACHE"]
    here, there = Place(latitude=20.38, longitude=-102.93), Place(latitude=20.38 + metres, longitude=-102.93)
    with desk_of(ana) as desk:
        folio = desk.open_report(service, here, "Hay un hoyo enorme").folio
        assert desk.open_report_near(service, here) is None
    with desk_of(luis) as desk:
        assert desk.open_report_near(service, there) == (folio if is_the_same else None)
