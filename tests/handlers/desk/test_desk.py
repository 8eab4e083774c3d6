"""The desk keeps its own rules: whoever calls it, by whatever flow, is checked here once more."""

import pytest

from handlers.errors import Refused
from handlers.messages import Place
from handlers.ticket.ticket import TicketState
from tests.handlers.counter import Counter, Talker
from tests.handlers.desk.conftest import OpenDesk
from tests.handlers.official.conftest import Case


def state_of(case: Case) -> tuple[object, ...]:
    """All of a case that could have been changed."""
    return case.ticket, case.history


def test_a_ticket_is_not_given_to_an_official_of_another_department(
    case: Case, counter: Counter, sofia: Talker, luz: Talker, desk_of: OpenDesk
) -> None:
    """Even where a flow offered them: nothing is changed, and nobody is told."""
    counter.deliver()
    before = state_of(case)
    water = counter.run(lambda uow: uow.people.official(luz.contact().person_id))
    assert water is not None
    with pytest.raises(Refused) as refused, desk_of(sofia) as desk:
        desk.assign(case.ticket, water)
    assert refused.value.key == "ticket.cannot_assign"
    assert state_of(case) == before
    assert counter.deliver() == []


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
    before = state_of(case)
    with pytest.raises(Refused) as refused, desk_of(person) as desk:
        act(desk, case.ticket)  # type: ignore[operator]  # a table of small acts
    assert refused.value.key == "ticket.not_yours"
    assert state_of(case) == before
    assert counter.deliver() == []


def test_a_closed_ticket_is_reopened_by_a_supervisor_only(
    case: Case, pablo: Talker, sofia: Talker, desk_of: OpenDesk
) -> None:
    """An agent who closed it cannot take that back alone, not even with an answer."""
    with desk_of(pablo) as desk:
        desk.move(case.ticket, TicketState.CLOSED, "Ya estaba reparado")
    for act in ("move", "answer"):
        with pytest.raises(Refused) as refused, desk_of(pablo) as desk:
            if act == "move":
                desk.move(case.ticket, TicketState.IN_PROGRESS, "Se abrió otra vez")
            else:
                desk.answer(case.ticket, "Se abrió otra vez", to=TicketState.IN_PROGRESS)
        assert refused.value.key == "ticket.cannot_move"
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


def test_a_strangers_ticket_is_neither_added_to_nor_withdrawn(case: Case, counter: Counter, desk_of: OpenDesk) -> None:
    """A folio is no key."""
    luis = counter.person("luis")
    luis.says("hola")
    before = state_of(case)
    with pytest.raises(Refused) as refused, desk_of(luis) as desk:
        desk.add(case.ticket, "Ya lo arreglaron")
    assert refused.value.key == "ticket.cannot_add"
    with pytest.raises(Refused) as refused, desk_of(luis) as desk:
        desk.withdraw(case.ticket)
    assert refused.value.key == "ticket.cannot_withdraw"
    assert state_of(case) == before


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
