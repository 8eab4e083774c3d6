"""States, transfers and closings: only what role and state allow, with a reason that was shown before it went."""

import pytest

from handlers.ticket.ticket import EventKind, TicketState
from tests.handlers.counter import Talker, texts
from tests.handlers.official.conftest import Case
from tests.handlers.official.test_answer import shown


def labels(person: Talker) -> list[str]:
    """The choices of the last message."""
    return [choice.label for choice in person.received[-1].choices]


def test_the_states_offered_are_those_that_are_allowed(case: Case, pablo: Talker) -> None:
    """From received: not withdrawn, not received again, and assigned only by taking it."""
    pablo.says(f"/estado {case.folio}")
    assert labels(pablo) == ["en proceso", "en espera de respuesta", "resuelto", "cerrado"]


@pytest.mark.parametrize(
    ("label", "state", "kind"),
    [
        ("en proceso", TicketState.IN_PROGRESS, EventKind.STATE_CHANGED),
        ("en espera de respuesta", TicketState.WAITING, EventKind.STATE_CHANGED),
        ("resuelto", TicketState.RESOLVED, EventKind.STATE_CHANGED),
        ("cerrado", TicketState.CLOSED, EventKind.CLOSED),
    ],
)
def test_a_state_is_set_with_a_reason(
    case: Case, ana: Talker, pablo: Talker, label: str, state: TicketState, kind: EventKind
) -> None:
    """Who, from, to and why are kept, and the resident reads what was shown."""
    pablo.says(f"/estado {case.folio}")
    pablo.taps(label)
    preview = shown(pablo.says("Esto es lo que hay que saber"))
    assert "ya va en camino" in texts(pablo.taps("Enviar"))
    event = case.last
    assert (event.kind, event.from_state, event.to_state) == (kind, TicketState.RECEIVED, state)
    assert (event.text, event.actor_person_id) == ("Esto es lo que hay que saber", pablo.contact().person_id)
    assert case.ticket.state is state
    assert [message.text for message in ana.collect()] == [preview]


def test_state_and_reason_in_one_breath(case: Case, pablo: Talker) -> None:
    """`/estado FOLIO en proceso la cuadrilla va en camino`."""
    preview = shown(pablo.says(f"/estado {case.folio} en proceso la cuadrilla va en camino"))
    assert "ahora está **en proceso**" in preview and preview.endswith("la cuadrilla va en camino")


def test_only_a_supervisor_opens_again_what_was_closed(case: Case, pablo: Talker, sofia: Talker) -> None:
    """An agent is told so; the supervisor may."""
    pablo.says(f"/cerrar {case.folio} Ya se había reparado")
    pablo.taps("Enviar")
    assert "hace falta un supervisor" in texts(pablo.says(f"/estado {case.folio}"))
    sofia.says(f"/estado {case.folio}")
    assert labels(sofia) == ["en proceso"]
    sofia.taps("en proceso")
    sofia.says("No quedó bien, lo abrimos otra vez")
    sofia.taps("Enviar")
    assert case.ticket.state is TicketState.IN_PROGRESS and case.ticket.ended_at is None


def test_a_state_that_is_no_longer_possible_is_asked_again(
    case: Case, pablo: Talker, petra: Talker, ana: Talker
) -> None:
    """The colleague was faster; nothing is sent twice."""
    pablo.says(f"/estado {case.folio} resuelto Ya quedó tapado")
    petra.says(f"/cerrar {case.folio} Ya se había reparado")
    petra.taps("Enviar")
    ana.collect()
    answer = texts(pablo.taps("Enviar"))
    assert "Alguien cambió ese folio" in answer and "hace falta un supervisor" in answer
    assert not ana.collect() and case.ticket.state is TicketState.CLOSED


def test_closing_needs_a_real_reason(case: Case, ana: Talker, pablo: Talker) -> None:
    """Ten letters at least, and the resident reads it."""
    pablo.says(f"/cerrar {case.folio}")
    assert "al menos 10 letras" in texts(pablo.says("no"))
    preview = shown(pablo.says("Es un camino federal y no nos toca"))
    assert not ana.collect()
    pablo.taps("Enviar")
    assert [message.text for message in ana.collect()] == [preview]
    assert (case.last.kind, case.last.text) == (EventKind.CLOSED, "Es un camino federal y no nos toca")
    assert case.ticket.state is TicketState.CLOSED and case.ticket.ended_at == case.counter.now


def test_a_closed_folio_offers_nothing_that_would_be_refused(case: Case, ana: Talker, pablo: Talker) -> None:
    """What has ended cannot be added to, so no button says so."""
    pablo.says(f"/cerrar {case.folio} Es un camino federal y no nos toca")
    pablo.taps("Enviar")
    assert [choice.id for choice in ana.collect()[0].choices] == [f"/folio {case.folio}"]


def test_a_transfer_reaches_resident_and_department(case: Case, ana: Talker, pablo: Talker, luz: Talker) -> None:
    """The resident reads why, the new department gets it, and the old one lets go; the clock runs on."""
    due_at = case.ticket.due_at
    pablo.says(f"/tomar {case.folio}")
    ana.collect()
    pablo.says(f"/turnar {case.folio}")
    pablo.says("agua potable")
    preview = shown(pablo.says("El hoyo lo dejó una toma de agua"))
    assert "Turnado" in texts(pablo.taps("Enviar"))
    assert [message.text for message in ana.collect()] == [preview]
    assert "Les turnaron el folio" in texts(luz.collect())
    ticket, event = case.ticket, case.last
    assert (ticket.department, ticket.assignee_person_id, ticket.due_at) == ("agua_potable", None, due_at)
    assert (event.kind, event.text) == (EventKind.TRANSFERRED, "El hoyo lo dejó una toma de agua")
    assert event.details == {"from_department": "obras_publicas", "to_department": "agua_potable"}
    assert "es de otra área" in texts(pablo.says(f"/nota {case.folio} ya no es mío"))
    assert "El hoyo lo dejó" in texts(luz.says(f"/ver {case.folio}"))


@pytest.mark.parametrize(
    "said",
    [
        "alumbrado la lámpara es de ellos",
        "Alumbrado Público: la lámpara es de ellos",
        "alumbrdo la lámpara es de ellos",
    ],
)
def test_department_and_reason_in_one_breath(case: Case, pablo: Talker, said: str) -> None:
    """By id, by name, by nearly the name."""
    preview = shown(pablo.says(f"/turnar {case.folio} {said}"))
    assert "**Alumbrado Público**" in preview and "\nla lámpara es de ellos" in preview


def test_a_department_without_a_button_is_found_by_its_name(case: Case, pablo: Talker) -> None:
    """Only those that get reports have a button; any other may be written."""
    pablo.says(f"/turnar {case.folio}")
    assert "Catastro" not in labels(pablo)
    assert "¿Por qué le toca a **Catastro**" in texts(pablo.says("catastro"))


def test_what_has_ended_is_not_transferred(case: Case, pablo: Talker) -> None:
    """Nobody owes anything any more."""
    pablo.says(f"/cerrar {case.folio} Ya se había reparado")
    pablo.taps("Enviar")
    assert "no se puede turnar" in texts(pablo.says(f"/turnar {case.folio}"))
