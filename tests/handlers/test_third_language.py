"""A language is a folder: a third one, beside Spanish and English, is spoken in every conversation."""

from datetime import date
from pathlib import Path

import pytest

from faq.reading.library import load
from handlers.messages import OutgoingMessage
from handlers.ticket import folio as folios
from handlers.town.town import Town
from storage.engine import Store
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.resident.test_report import files_a_pothole
from tests.third_language import CODE, MARK, NAME, write_trilingual_town


@pytest.fixture(scope="session")
def trilingual(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = write_trilingual_town(tmp_path_factory.mktemp("trilingual") / "content")
    return Town(load(folder, today=date(2026, 11, 23)), model="none")


@pytest.fixture
def counter(store: Store, trilingual: Town) -> Counter:
    return Counter(store, trilingual)


@pytest.fixture
def ana(counter: Counter) -> Talker:
    """A resident who picked the third language."""
    return speaks_it(counter.person("ana"))


def speaks_it(person: Talker) -> Talker:
    person.says("/idioma")
    assert MARK in texts(person.taps(NAME))
    person.received.clear()
    return person


def is_spoken(messages: list[OutgoingMessage]) -> None:
    """Every message and every control is of the third language's folder."""
    assert messages
    for message in messages:
        assert MARK in message.text, message.text
        assert all(control.label.startswith(MARK) for control in message.controls), message.controls


def test_the_languages_are_offered_by_their_own_names(counter: Counter) -> None:
    """Each folder tells what its language is called."""
    (message,) = counter.person("beto", language="nah-MX").says("/idioma")[-1:]
    assert [choice.label for choice in message.choices] == ["Español", "English", NAME]


def test_a_telephone_in_that_language_is_greeted_in_it(counter: Counter) -> None:
    """By the code that the telephone tells, whatever the country behind it."""
    is_spoken(counter.person("beto", language="nah-MX").says("hola"))


def test_a_resident_does_everything_in_it(counter: Counter, ana: Talker) -> None:
    """Report, request, complain, ask, look at it, add to it and take it back."""
    folio = files_a_pothole(ana)
    ana.says("/solicitar Cuánto se gastó en la fiesta patronal de 2025")
    ana.taps("Por este chat")
    assert folios.read(texts(ana.taps("Enviar")))
    ana.says("/queja")
    ana.taps("Mal servicio")
    ana.says("En licencias me dejaron esperando tres horas")
    ana.taps("Seguir sin foto")
    assert folios.read(texts(ana.taps("Enviar")))
    ana.says("¿Dónde pago el predial?")
    ana.says("¿Quién ganó el partido de ayer?")
    ana.says("/misfolios")
    ana.says(f"/folio {folio}")
    ana.says(f"/agregar {folio} Ya creció el hoyo")
    ana.taps("Seguir sin foto")
    ana.says(f"/retirar {folio}")
    ana.taps("Sí")
    ana.says("/ayuda")
    ana.says("/privacidad")
    is_spoken(ana.received)
    assert counter.tickets_of(ana)


def test_an_official_does_everything_in_it(counter: Counter, ana: Talker) -> None:
    """The queue, the card, an answer, another state, a transfer, the end: what residents are told is in it too."""
    folio = files_a_pothole(ana)
    pablo = speaks_it(counter.official("pablo", "supervisor", "obras_publicas"))
    pablo.says("/cola")
    pablo.says("/cola vencidas")
    pablo.says(f"/ver {folio}")
    pablo.says(f"/tomar {folio}")
    pablo.says(f"/responder {folio} Mañana pasa la cuadrilla.")
    pablo.taps("dejar abierto")
    pablo.says(f"/nota {folio} Falta material")
    pablo.says(f"/estado {folio}")
    pablo.taps("en proceso")
    pablo.says("Ya empezaron a trabajar ahí")
    pablo.taps("Enviar")
    pablo.says(f"/historia {folio}")
    pablo.says("/buscar hoyo")
    pablo.says("/comandos")
    pablo.says(f"/cerrar {folio} Quedó resuelto y revisado por la cuadrilla.")
    pablo.taps("Enviar")
    is_spoken([each for each in pablo.received if each.command_menu is None])
    is_spoken(ana.collect())


def test_an_administrator_does_everything_in_it(counter: Counter) -> None:
    """The answers, what was asked in vain, and who works here."""
    rosa = speaks_it(counter.official("rosa", "administrator"))
    for said in ("/faq", "/faq tema TRC", "/faq ver predial", "/faq vencidas", "/preguntas", "/personal"):
        is_spoken(rosa.says(said))
    rosa.says("/faq editar predial")
    rosa.taps("Fecha en que se revisó")
    assert "no la entendí" not in texts(rosa.says("hoy"))
    is_spoken(rosa.taps("Poner en línea"))


def test_in_the_middle_of_a_form_one_word_leads_through_all_languages(counter: Counter) -> None:
    """From Spanish to English, to the third one, and to Spanish again; nothing that was said is lost."""
    beto = counter.person("beto")
    beto.says("/solicitar Cuánto se gastó en la fiesta patronal de 2025")
    assert "How would you like" in texts(beto.says("/idioma"))
    is_spoken(beto.says("/idioma"))
    assert MARK not in texts(beto.says("/idioma"))
    beto.taps("Por este chat")
    assert folios.read(texts(beto.taps("Enviar")))


def test_a_form_that_was_put_aside_waits_in_it(counter: Counter, ana: Talker) -> None:
    """The push after half a day, and the offer to go on."""
    ana.says("/queja")
    ana.taps("Mal servicio")
    counter.advance(hours=13)
    assert counter.expire() == 1
    is_spoken(ana.collect())
    is_spoken(ana.says("algo"))
    is_spoken(ana.taps("Seguir"))


def test_words_of_any_language_lead_out(ana: Talker) -> None:
    """Who grew up with another language is understood all the same."""
    ana.says("/queja")
    is_spoken(ana.says("cancel"))


def test_what_the_town_named_in_no_such_language_is_said_in_its_first(ana: Talker) -> None:
    """Services and offices are named in Spanish where nobody translated them."""
    assert "Bache" in texts(ana.says("/reportar VIA-BACHE"))


def test_a_folder_without_texts_is_no_hindrance(counter: Counter, tmp_path: Path) -> None:
    """A language that was only announced is spoken with Spanish words."""
    folder = write_trilingual_town(tmp_path / "content")
    for path in (folder / CODE / "messages").glob("*.yaml"):
        path.unlink()
    counter.town = Town(load(folder, today=date(2026, 11, 23)), model="none")
    beto = counter.person("beto", language=CODE)
    assert files_a_pothole(beto)
    beto.says("/idioma")
    assert beto.button(CODE).label == CODE
