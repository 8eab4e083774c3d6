"""Who has a ticket in hand: taking it, giving it, and who hears of that."""

from handlers.ticket.ticket import EventKind, TicketState
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


def test_taking_tells_the_resident_once(case: Case, ana: Talker, pablo: Talker) -> None:
    """Somebody sees to it: that is news the first time."""
    assert "ya es tuyo" in texts(pablo.says(f"/tomar {case.folio}"))
    assert "ya hay quien atienda" in texts(ana.collect())
    assert (case.ticket.state, case.ticket.assignee_person_id) == (TicketState.ASSIGNED, pablo.contact().person_id)
    assert (case.last.kind, case.last.from_state, case.last.to_state) == (
        EventKind.TAKEN,
        TicketState.RECEIVED,
        TicketState.ASSIGNED,
    )
    assert "ya lo llevas tú" in texts(pablo.says(f"/tomar {case.folio}"))
    assert not ana.collect()


def test_a_colleagues_ticket_is_taken_only_after_a_yes(case: Case, pablo: Talker, petra: Talker) -> None:
    """And the colleague hears of it."""
    pablo.says(f"/tomar {case.folio}")
    assert "lo lleva **pablo**" in texts(petra.says(f"/tomar {case.folio}"))
    assert "se queda como estaba" in texts(petra.taps("No"))
    assert case.ticket.assignee_person_id == pablo.contact().person_id
    petra.says(f"/tomar {case.folio}")
    petra.taps("Sí")
    assert case.ticket.assignee_person_id == petra.contact().person_id
    assert "ahora lo lleva otra persona" in texts(pablo.collect())


def test_a_supervisor_gives_it_to_somebody_of_the_department(
    case: Case, ana: Talker, sofia: Talker, pablo: Talker, luz: Talker, adan: Talker
) -> None:
    """Those of other departments are not offered; near-names are understood; the official is told."""
    sofia.says(f"/asignar {case.folio}")
    assert [choice.label for choice in sofia.received[-1].choices] == ["adan", "pablo", "sofia (tú)"]
    assert "lo lleva **pablo**" in texts(sofia.says("Pavlo"))
    assert "Te asignaron" in texts(pablo.collect())
    assert "ya hay quien atienda" in texts(ana.collect())
    assert (case.last.kind, case.last.actor_person_id) == (EventKind.ASSIGNED, sofia.contact().person_id)
    assert case.last.details == {"assignee": str(pablo.contact().person_id)}


def test_an_official_who_cannot_be_told_is_not_called_told(
    case: Case, counter: Counter, sofia: Talker, pablo: Talker
) -> None:
    """The supervisor hears that it is up to her; the row that says so is there."""
    address_id = pablo.contact().address_id
    counter.run(lambda uow: uow.people.mark_unreachable(address_id, counter.now))
    assert "No se le pudo avisar" in texts(sofia.says(f"/asignar {case.folio} pablo"))
    states = {each.address_id: each.state for each in counter.run(lambda uow: uow.outbox.notices_of(case.ticket.id))}
    assert states[address_id] == "dead"


def test_the_name_in_one_breath(case: Case, sofia: Talker, pablo: Talker) -> None:
    """`/asignar FOLIO pablo`."""
    assert "lo lleva **pablo**" in texts(sofia.says(f"/asignar {case.folio} pablo"))
    assert case.ticket.assignee_person_id == pablo.contact().person_id


def test_setting_it_back_to_received_lets_go_of_it(case: Case, sofia: Talker, pablo: Talker) -> None:
    """Nobody is in charge of what waits to be taken."""
    pablo.says(f"/tomar {case.folio}")
    pablo.says(f"/estado {case.folio} recibido me cambiaron de turno")
    pablo.taps("Enviar")
    assert (case.ticket.state, case.ticket.assignee_person_id) == (TicketState.RECEIVED, None)


def test_what_has_ended_is_not_assigned(case: Case, sofia: Talker, pablo: Talker) -> None:
    """Nor taken."""
    pablo.says(f"/cerrar {case.folio} Ya se había reparado")
    pablo.taps("Enviar")
    assert "no se puede asignar" in texts(pablo.says(f"/tomar {case.folio}"))
    assert "no se puede asignar" in texts(sofia.says(f"/asignar {case.folio}"))
