"""Sentences that said what was not so: each with the words that are true, in both languages."""

from datetime import UTC, datetime

import pytest

from handlers.messages import MessageKind
from handlers.ticket import folio as folios
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.resident.test_report import files_a_pothole


@pytest.fixture
def pablo(counter: Counter) -> Talker:
    """An agent for the whole town hall."""
    return counter.official("pablo")


def asks_for_information(person: Talker) -> str:
    """A request of the public; its folio."""
    person.says("/solicitar Cuánto se gastó en la fiesta patronal de 2025")
    if "¿Cómo la quieres recibir?" not in texts(person.received[-1:]):
        person.says("Cuánto se gastó en la fiesta patronal de 2025")
    person.taps("Por este chat")
    folio = folios.read(texts(person.taps("Enviar")))
    assert folio is not None
    return folio


def test_what_its_author_took_back_no_office_took_back(counter: Counter, ana: Talker) -> None:
    """To the author it was they, to others whoever filed it; the office has no part in it."""
    folio = asks_for_information(ana)
    ana.says(f"/retirar {folio}")
    ana.taps("Sí")
    own, others = texts(ana.says(folio)), texts(counter.person("luis").says(folio))
    assert "Lo retiraste el" in own
    assert "Lo retiró quien lo presentó" in others
    assert "por Unidad de Transparencia" not in own + others


def test_who_withdraws_a_request_is_not_told_to_report(counter: Counter, ana: Talker) -> None:
    """A pothole may come again; information is asked for again."""
    folio = asks_for_information(ana)
    ana.says(f"/retirar {folio}")
    said = texts(ana.taps("Sí"))
    assert "reporte" not in said and "/solicitar" in said
    folio = files_a_pothole(ana)
    ana.says(f"/retirar {folio}")
    assert "haz un reporte nuevo" in texts(ana.taps("Sí"))


def test_what_is_opened_again_is_said_to_be_open_again(counter: Counter, ana: Talker, pablo: Talker) -> None:
    """To the resident at once and in the history, and to the officials."""
    folio = files_a_pothole(ana)
    ana.says(f"/agregar {folio} Ya se cayó una moto")
    assert "se volvió a abrir" not in texts(ana.taps("sin foto"))
    pablo.says(f"/responder {folio} Ya se tapó con asfalto")
    pablo.taps("marcar resuelto")
    pablo.taps("Enviar")
    pablo.collect()
    ana.says(f"/agregar {folio} No es cierto, sigue igual")
    said = texts(ana.taps("sin foto"))
    assert "se volvió a abrir" in said and "en proceso" in said
    assert "se volvió a abrir" in texts(pablo.collect())
    assert "agregaste, y se volvió a abrir: «No es cierto, sigue igual»" in texts(ana.says(folio))
    history = texts(pablo.says(f"/historia {folio}"))
    assert "agregó algo y se volvió a abrir" in history and history.count("se volvió a abrir") == 1


def test_who_disputes_what_was_closed_is_sent_where_the_notice_said(ana: Talker, pablo: Talker) -> None:
    """A complaint, not a report."""
    folio = files_a_pothole(ana)
    pablo.says(f"/cerrar {folio} No procede, es camino privado")
    pablo.taps("Enviar")
    assert "/queja" in texts(ana.collect())
    said = texts(ana.says(f"/agregar {folio} No es camino privado"))
    assert "/queja" in said and "/reportar" not in said


def test_nothing_is_added_to_what_was_withdrawn(ana: Talker) -> None:
    """And nobody is told to complain of themselves."""
    folio = files_a_pothole(ana)
    ana.says(f"/retirar {folio}")
    ana.taps("Sí")
    said = texts(ana.says(f"/agregar {folio} siempre sí hace falta"))
    assert "lo retiraste" in said and "/queja" not in said


def test_an_empty_list_of_overdue_ones_counts_no_zeros(ana: Talker, pablo: Talker) -> None:
    """One is open and none is late: that, and no arithmetic."""
    files_a_pothole(ana)
    pablo.collect()
    said = texts(pablo.says("/cola vencidas"))
    assert said == "No hay folios vencidos en la cola de todo el ayuntamiento. Abiertos: 1."


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("K7U4-TX9", "ninguno lleva U."),
        ("aei4tx9", "ninguno lleva A, E, I."),
        ("k7m4 tx0", "ninguno lleva 0."),
        ("K7M4TX2", "tiene un error"),
        ("CDFGHJK", "tiene un error"),
        ("K7M4T", "Son siete letras y números"),
        ("no sé", "Son siete letras y números"),
    ],
)
def test_a_wrong_folio_is_told_what_is_wrong(ana: Talker, said: str, answer: str) -> None:
    """Who wrote seven signs is not told that it takes seven."""
    ana.says("/folio")
    assert answer in texts(ana.says(said))


def test_the_privacy_notice_promises_what_can_be_done(ana: Talker) -> None:
    """What is done here and by which command; what cannot be done here, and at which office it can."""
    said = texts(ana.says("/privacidad"))
    for command in ("/misfolios", "/agregar", "/retirar"):
        assert command in said
    assert "todavía no se puede" in said and "Unidad de Transparencia" in said


def test_an_official_is_met_as_one(counter: Counter) -> None:
    """The first words are not a resident's welcome, and nobody is called as the police are."""
    first = texts([each for each in counter.official("pablo").received if each.command_menu is None])
    assert first.startswith("Te damos la bienvenida. Entraste como **personal de atención**")
    assert "Respondo preguntas" not in first and "agente" not in first
    resident = counter.person("luis")
    assert "Te damos la bienvenida" not in texts(resident.says("hola"))


def test_a_wrong_invitation_is_refused_and_the_welcome_is_not_lost(counter: Counter) -> None:
    """Whoever sent it is a resident, and is greeted as one by the next answer."""
    luis = counter.person("luis")
    assert "no sirve" in texts(luis.says("/start inv_K7M4T-X9K7M"))
    assert "privacidad" in texts(luis.says("hola"))


def test_an_edit_is_not_silent_and_changes_nothing(ana: Talker) -> None:
    """The form waits on, with its question."""
    ana.says("/reportar VIA-BACHE")
    assert "otro mensaje" in texts(ana.sends(MessageKind.EDITED))
    assert "Cuéntame qué pasa" in texts(ana.says("calle Hidalgo 5, colonia Centro"))


def test_what_came_is_counted_and_not_called_a_photo(ana: Talker) -> None:
    """It may be a voice or a PDF, and may turn out not to open."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5, colonia Centro")
    ana.says("Hay un hoyo enorme desde hace un mes")
    said = texts(ana.sends_photo())
    assert "van 1 de 5" in said and "te aviso" in said and "foto" not in said


def test_a_sentence_ends_in_one_full_stop(ana: Talker) -> None:
    """Also after a time that has one of its own."""
    assert "a.m. Se prometió" in texts(ana.says(files_a_pothole(ana)))


@pytest.mark.parametrize(("language", "said"), [("es", "mar 24 nov, 12:48 a.m."), ("en", "Tue 24 Nov, 12:48 a.m.")])
def test_midnight_is_twelve(counter: Counter, language: str, said: str) -> None:
    """As the clock of the telephone beside it has it."""
    assert counter.town.shown(datetime(2026, 11, 24, 6, 48, tzinfo=UTC), language) == said
