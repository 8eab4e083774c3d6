"""Information requests ask for no name; complaints know what does not belong to them."""

from handlers.ticket import folio as folios
from handlers.ticket.ticket import TicketKind
from tests.handlers.counter import Counter, Talker, texts


def test_a_request_asks_only_what_the_law_allows(counter: Counter, ana: Talker) -> None:
    """A description and a way of delivery, nothing else; the last day is eight working days on."""
    asked = texts(ana.says("/solicitar"))
    assert "No hace falta tu nombre" in asked
    ana.says("Cuánto se gastó en la fiesta patronal de 2025")
    ana.taps("Por este chat")
    answer = texts(ana.taps("Enviar"))
    folio = folios.read(answer)
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio or ""))
    assert ticket is not None
    assert (ticket.kind, ticket.delivery) == (TicketKind.INFORMATION_REQUEST, "chat")
    # Monday 23 November: 24, 25, 26, 27, 30 November, 1, 2, 3 December
    assert "3 de diciembre" in answer


def test_a_question_inside_a_request_is_the_request(ana: Talker) -> None:
    """«¿Cuánto gana el presidente?» is what they ask for, not an aside."""
    ana.says("/solicitar")
    assert "¿Cómo la quieres recibir?" in texts(ana.says("¿cuánto gana el presidente municipal?"))


def test_a_complaint_about_service_gets_a_folio(counter: Counter, ana: Talker) -> None:
    """It goes to the desk that city.yaml names."""
    ana.says("queja")
    ana.taps("Mal servicio")
    ana.says("En la ventanilla de licencias me dejaron esperando tres horas")
    ana.taps("Seguir sin foto")
    folio = folios.read(texts(ana.taps("Enviar")))
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio or ""))
    assert ticket is not None
    assert (ticket.kind, ticket.department) == (TicketKind.COMPLAINT, counter.town.city.desks["complaints"])


def test_misconduct_is_shown_the_way_to_the_internal_control_body(counter: Counter, ana: Talker) -> None:
    """A denuncia is not taken here yet, and nothing is stored of it."""
    ana.says("/queja")
    answer = texts(ana.taps("Me pidieron dinero"))
    assert "denuncia" in answer and "todavía no" in answer
    assert counter.tickets_of(ana) == ()
