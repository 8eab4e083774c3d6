"""Words about one's own tickets reach them, with a folio or without."""

import pytest

from handlers.ticket.ticket import EventKind, TicketState
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.official.conftest import Case


def _asks(pablo: Talker, case: Case, words: str) -> None:
    pablo.says(f"/responder {case.folio} {words}")
    pablo.taps("pregunt")
    pablo.taps("Enviar")


def _resolves(pablo: Talker, case: Case, words: str = "El bache fue reparado.") -> None:
    pablo.says(f"/responder {case.folio} {words}")
    pablo.taps("resuelto")
    pablo.taps("Enviar")


@pytest.mark.parametrize(
    "said", ["del lado de la tienda", "sí", "azul", "no sé, dicen que de una señora de Guadalajara"]
)
def test_an_answer_to_an_official_reaches_the_ticket(ana: Talker, pablo: Talker, case: Case, said: str) -> None:
    """Typed right after the notice, without quoting it."""
    _asks(pablo, case, "¿De qué lado de la calle está?")
    ana.collect()
    ana.says(said)
    assert (case.last.kind, case.last.text) == (EventKind.ADDED, said)


def test_a_question_without_a_question_mark_waits_as_well(ana: Talker, pablo: Talker, case: Case) -> None:
    """Officials write "díganos si..." too: the ticket waits, and that is what counts."""
    _asks(pablo, case, "Díganos si sale de la banqueta o de la toma")
    ana.collect()
    ana.says("¿dónde pago el predial?")
    ana.says("de la banqueta, enfrente de la casa verde")
    assert case.last.kind is EventKind.ADDED


def test_it_is_not_fixed_in_the_middle_of_a_form(ana: Talker, pablo: Talker, case: Case) -> None:
    """The notice came last: the words are about it, and the form goes on."""
    ana.says("/reportar VIA-BANQ")
    _resolves(pablo, case)
    ana.collect()
    assert "¿Dónde es?" in texts(ana.says("no es cierto, sigue igual"))
    assert case.ticket.is_open


def test_an_answer_after_a_detour(ana: Talker, pablo: Talker, case: Case) -> None:
    """A question in between is answered, and the answer still finds its ticket."""
    _asks(pablo, case, "¿Frente a qué casa o negocio está?")
    ana.collect()
    assert "predial" in texts(ana.says("¿dónde pago el predial?")).lower()
    ana.says("está enfrente de la ferretería, en la casa verde")
    assert case.last.kind is EventKind.ADDED


@pytest.mark.parametrize("said", ["no es cierto, ahí sigue el hoyo", "sigue igual", "nomás le echaron tierra"])
def test_it_is_not_fixed(ana: Talker, pablo: Talker, case: Case, said: str) -> None:
    """A solved ticket is opened again, with the words in it; no second report."""
    _resolves(pablo, case)
    ana.collect()
    assert "se volvió a abrir" in texts(ana.says(said))
    assert case.ticket.is_open
    assert case.last.text == said


def test_it_is_fixed(ana: Talker, pablo: Talker, case: Case) -> None:
    """Noted, and nothing moves."""
    _resolves(pablo, case)
    ana.collect()
    ana.says("sí, ya quedó, gracias muchachos")
    assert case.ticket.state is TicketState.RESOLVED


def test_where_does_it_stand(ana: Talker, case: Case) -> None:
    """Without a folio; of two it is asked which."""
    assert case.folio[:4] in texts(ana.says("qué pasó con mi reporte"))


def test_a_folio_in_a_long_text(ana: Talker, case: Case) -> None:
    """However long the text is."""
    said = f"buenas tardes, le quiero preguntar si ya saben cuándo vienen a ver lo de mi reporte {case.folio} por favor"
    assert case.folio[:4] in texts(ana.says(said))


def test_quoting_the_receipt_finds_the_ticket(counter: Counter, ana: Talker, case: Case) -> None:
    """Whatever menu is open."""
    receipt = counter.message_ids["ana"][-1]
    ana.says("/menu")
    ana.says("es el que está frente a la tienda", reply_to=receipt)
    assert case.last.text == "es el que está frente a la tienda"


def test_late_photos_reach_the_ticket(ana: Talker, case: Case) -> None:
    """Right after the receipt."""
    ana.sends_photo()
    assert len(case.ticket.media) == 1


def test_a_late_photo_reaches_the_form(counter: Counter, ana: Talker) -> None:
    """At the review."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says("Hay un hoyo enorme desde hace un mes")
    ana.taps("sin foto")
    ana.sends_photo()
    ana.sends_place(20.38, -102.93)
    ana.taps("Enviar")
    (ticket,) = counter.tickets_of(ana)
    assert len(ticket.media) == 1
    assert ticket.place is not None
    assert ticket.place.latitude == pytest.approx(20.38)
    assert ticket.place.text == "calle Hidalgo 5"


@pytest.mark.parametrize("is_asked_which", [True, False])
def test_a_pin_reaches_the_ticket(counter: Counter, ana: Talker, case: Case, *, is_asked_which: bool) -> None:
    """At once right after the receipt; later once the person has said that it is for this one."""
    if is_asked_which:
        counter.advance(hours=5)
    ana.sends_place(20.381, -102.932)
    if is_asked_which:
        ana.says("1")
    assert case.last.text == "20.381000, -102.932000"


def test_another_matter_is_not_added(ana: Talker, pablo: Talker, case: Case) -> None:
    """A plain story of something else begins a report of its own."""
    _asks(pablo, case, "¿Qué tan hondo está?")
    ana.collect()
    said = texts(ana.says("oiga y tampoco ha pasado el camión de la basura en toda la semana"))
    assert "¿Dónde es?" in said
    assert case.last.kind is not EventKind.ADDED


def test_what_is_said_of_a_closed_one_begins_the_next(counter: Counter, ana: Talker, pablo: Talker, case: Case) -> None:
    """It cannot be opened again; what is still wrong is not told twice, and the new one names the old."""
    pablo.says(f"/cerrar {case.folio} Es un camino federal y no nos toca")
    pablo.taps("Enviar")
    ana.collect()
    assert "ya se cerró" in texts(ana.says("no es cierto, sigue igual el hoyo y ya tumbó a dos"))
    ana.taps("Reportar")
    assert "Bache" in texts(ana.received[-1:])
    ana.says("calle Hidalgo 5")
    ana.taps("sin foto")
    ana.taps("Enviar")
    newest = max(counter.tickets_of(ana), key=lambda each: each.opened_at)
    assert "ya tumbó a dos" in newest.story
    assert case.folio[:4] in newest.story


def test_a_photo_with_an_answer_goes_with_it_from_the_middle_of_a_form(ana: Talker, pablo: Talker, case: Case) -> None:
    """A form that takes no photos waits; the answer and its photo are in the ticket."""
    ana.says("/solicitar las actas de cabildo de este año")
    _asks(pablo, case, "¿De qué lado de la calle está?")
    ana.collect()
    ana.sends_photo(text="de mi folio le mando la foto, está del lado de la tienda")
    assert case.last.kind is EventKind.ADDED
    assert len(case.last.media) == 1


def test_who_says_that_it_is_mended_opens_nothing_again(ana: Talker, pablo: Talker, case: Case) -> None:
    """Whatever else is said in the same breath."""
    _resolves(pablo, case)
    ana.collect()
    ana.says("ya quedó, gracias. oiga, ¿los domingos también trabajan?")
    assert case.ticket.state is TicketState.RESOLVED


def test_who_has_no_ticket_hears_that_there_is_none(ana: Talker) -> None:
    """Nobody is told how to complain who asks what became of a complaint."""
    assert "no tienes folios" in texts(ana.says("quisiera saber el avance de mi queja"))
