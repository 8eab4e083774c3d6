"""A story that was answered instead of being taken down is not told twice; "the same place" is not asked for again."""

import pytest

from tests.handlers.counter import Counter, Talker, texts

STORY = "anoche dejaron llantas y escombro junto al arroyo de la calle Allende 20 y ya huele"


def _given(ana: Talker, article: str) -> None:
    """The answer that a search gives to a story."""
    ana.says(f"/preguntar {STORY}")
    if "¿Es alguna de estas?" in texts(ana.received[-1:]):
        ana.taps(article)


def test_a_report_from_an_answers_button_begins_with_the_story(counter: Counter, ana: Talker) -> None:
    """Its words and its place are there; only what is missing is asked."""
    _given(ana, "llantas")
    assert "¿Dónde es?" in texts(ana.says("/reportar LIM-TIRADERO"))
    ana.taps("Allende 20")
    ana.taps("sin foto")
    ana.taps("Enviar")
    (ticket,) = counter.tickets_of(ana)
    assert ticket.story == STORY


def test_a_story_is_kept_for_what_comes_next_and_no_longer(ana: Talker) -> None:
    """After something else was said a form begins empty."""
    _given(ana, "llantas")
    ana.says("gracias")
    ana.says("/reportar LIM-TIRADERO")
    assert "Cuéntame" in texts(ana.says("calle Morelos 3"))


def test_a_question_is_no_story(ana: Talker) -> None:
    """Nobody reports what they only asked."""
    ana.says("¿qué días pasa el camión de la basura por la calle Hidalgo?")
    ana.says("/reportar LIM-NOPASO")
    assert "Cuéntame" in texts(ana.says("calle Morelos 3"))


def test_an_unknown_story_becomes_the_report(counter: Counter, ana: Talker) -> None:
    """Who chooses to report what found no answer says it once."""
    ana.says("/preguntar los zopilotes bajan diario a la azotea del kiosco nuevo de Allende 20")
    if "No tengo esa respuesta" not in texts(ana.received[-1:]):
        pytest.skip("the sample town knows of it")
    ana.taps("Reportar")
    assert ana.contact().address_id
    row = counter.run(lambda uow: uow.conversations.get(ana.contact().address_id))
    assert row is not None
    assert "zopilotes" in str(row.journal)


def test_the_same_place_is_that_of_the_last_report(counter: Counter, ana: Talker) -> None:
    """Said with the story or where it is asked."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says("hay un hoyo enorme frente a la tienda")
    ana.taps("sin foto")
    ana.taps("Enviar")
    assert "¿Dónde es?" not in texts(ana.says("también no prende la lámpara, es en el mismo lugar"))
    ana.taps("sin foto")
    ana.taps("Enviar")
    ana.says("/reportar LIM-NOPASO")
    assert "¿Dónde es?" not in texts(ana.says("en el mismo lugar que el otro"))
    ana.says("no ha pasado el camión en dos semanas")
    ana.taps("sin foto")
    ana.taps("Enviar")
    places = {ticket.place.text for ticket in counter.tickets_of(ana) if ticket.place}
    assert places == {"calle Hidalgo 5"}


def test_the_same_place_of_nothing_is_asked_for(ana: Talker) -> None:
    """Nobody is sent to a place that nobody named."""
    ana.says("/reportar VIA-BACHE")
    assert "Cuéntame" not in texts(ana.says("en el mismo lugar de siempre"))


def test_none_is_said_in_words(ana: Talker) -> None:
    """No photos are no zero."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says("hay un hoyo enorme frente a la tienda")
    assert "ninguno" in texts(ana.taps("sin foto"))
