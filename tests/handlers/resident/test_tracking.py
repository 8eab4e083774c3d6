"""Folios: one's own show all, a stranger's shows nothing personal, a mistyped one is nobody's."""

from handlers.ticket import folio as folios
from handlers.ticket.ticket import TicketState
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.resident.test_report import HIDALGO, files_a_pothole


def test_a_folio_in_any_spelling_is_tracked(ana: Talker) -> None:
    """Lower case, blanks, dots, in the middle of words."""
    folio = files_a_pothole(ana)
    for typed in (
        folio,
        folio.lower(),
        folios.pretty(folio).lower(),
        f"folio {folio[:4]} {folio[4:]}",
        f"/folio {folio}",
    ):
        assert folios.pretty(folio) in texts(ana.says(typed)), typed


def test_a_stranger_learns_nothing_personal(counter: Counter, ana: Talker) -> None:
    """State, office and dates; neither words nor place nor photos, however much was said about it since."""
    pablo = counter.official("pablo", department="obras_publicas")
    ana.says("/reportar VIA-BACHE")
    ana.sends_place(*HIDALGO)
    ana.says("Hay un hoyo enorme frente a la casa azul")
    ana.sends_photo()
    ana.taps("Listo")
    folio = folios.read(texts(ana.taps("Enviar"))) or ""
    pablo.says(f"/tomar {folio}")
    pablo.says(f"/nota {folio} Ojo: es un camino privado")
    pablo.says(f"/responder {folio} Mañana pasa la cuadrilla")
    pablo.taps("Enviar y dejar abierto")
    ana.says(f"/agregar {folio} Ya se cayó una moto, llamen al 333 123 4567")
    ana.taps("sin foto")
    own = texts(ana.says(folio))
    assert "cuadrilla" in own and "una moto" in own and "camino privado" not in own

    luis = counter.person("luis")
    luis.says("hola")
    seen = luis.says(folio)
    shown = texts(seen)
    assert "asignado" in shown and "Bache" in shown and "Obras Públicas" in shown
    for personal in ("hoyo enorme", "casa azul", "20.38", "cuadrilla", "una moto", "333", "camino privado", "pablo"):
        assert personal not in shown, personal
    place = counter.tickets_of(ana)[0].place
    assert place is not None and place.area is not None
    assert str(counter.town.area_name(place.area)) not in shown
    assert not any(message.media for message in seen)
    assert not [choice for message in seen for choice in message.choices if folio in choice.id]


def test_a_mistyped_folio_is_detected(counter: Counter, ana: Talker) -> None:
    """Never somebody else's: the person is asked to check it."""
    folio = files_a_pothole(ana)
    wrong = folio[:-1] + next(sign for sign in "2345" if sign != folio[-1])
    assert "tiene un error" in texts(ana.says(folios.pretty(wrong)))


def test_my_folios_lists_own_and_followed(ana: Talker) -> None:
    """Each is a tap away."""
    folio = files_a_pothole(ana)
    assert folios.pretty(folio) in texts(ana.says("mis folios"))
    assert "Folio **" in texts(ana.taps(folios.pretty(folio)))


def test_adding_to_a_ticket(counter: Counter, ana: Talker) -> None:
    """By command, and by answering a notice with the vendor's own reply."""
    folio = files_a_pothole(ana)
    ana.says(f"/agregar {folio}")
    ana.says("Ya se cayó una moto ahí")
    assert "Agregado" in texts(ana.taps("Seguir sin foto"))
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio))
    assert ticket is not None
    history = counter.run(lambda uow: uow.tickets.history(ticket.id))
    assert [event.text for event in history if event.kind == "added"] == ["Ya se cayó una moto ahí"]


def test_nobody_adds_to_or_withdraws_a_strangers_ticket(counter: Counter, ana: Talker) -> None:
    """A folio is no key."""
    folio = files_a_pothole(ana)
    luis = counter.person("luis")
    assert "no salió de este chat" in texts(luis.says(f"/agregar {folio} hola"))
    assert "no salió de este chat" in texts(luis.says(f"/retirar {folio}"))
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio))
    assert ticket is not None and ticket.state is TicketState.RECEIVED


def test_withdrawing_asks_first(counter: Counter, ana: Talker) -> None:
    """No is no; yes ends it."""
    folio = files_a_pothole(ana)
    ana.says(f"/retirar {folio}")
    assert "sigue en pie" in texts(ana.taps("No"))
    ana.says(f"/retirar {folio}")
    assert "Retiré" in texts(ana.taps("Sí"))
    ticket = counter.run(lambda uow: uow.tickets.by_folio(folio))
    assert ticket is not None and ticket.state is TicketState.WITHDRAWN
