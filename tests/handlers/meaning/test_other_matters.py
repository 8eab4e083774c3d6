"""What is said in the middle of a form and is no answer to it."""

import pytest

from tests.handlers.counter import Counter, Talker, texts


@pytest.fixture
def asked_where(ana: Talker) -> Talker:
    """A report that waits for its place."""
    ana.says("/reportar VIA-BACHE")
    return ana


@pytest.mark.parametrize(
    ("said", "answered"),
    [
        ("quiero hablar con una persona", "persona"),
        ("gracias", "Con gusto"),
        ("¿cuánto cuesta el acta de nacimiento?", "cta de nacimiento"),
    ],
)
def test_it_is_said_and_the_form_goes_on(asked_where: Talker, said: str, answered: str) -> None:
    """Nothing becomes the place."""
    told = texts(asked_where.says(said))
    assert answered in told
    assert "¿Dónde es?" in told


@pytest.mark.parametrize("said", ["(BAJA)", "no sé", "aquí en mi casa", "en la esquina"])
def test_what_names_no_place_is_asked_again(asked_where: Talker, said: str) -> None:
    """Nobody is sent there."""
    assert "Cuéntame" not in texts(asked_where.says(said))


def test_another_fault_is_offered_and_the_form_is_kept(counter: Counter, asked_where: Talker) -> None:
    """Either may be gone on with, and neither is lost."""
    assert "otro asunto" in texts(asked_where.says("oiga y también quiero reportar que no ha pasado la basura"))
    assert "No pasó la basura" in texts(asked_where.taps("ver eso ahora"))
    asked_where.says("calle Morelos 3")
    asked_where.taps("sin foto")
    asked_where.taps("Enviar")
    (ticket,) = counter.tickets_of(asked_where)
    assert "no ha pasado la basura" in ticket.story
    assert "Bache" in texts(asked_where.says("seguir"))


def test_words_at_the_place_join_the_story(counter: Counter, ana: Talker) -> None:
    """More of the story, said before the place: not lost, and the place is asked for again."""
    ana.says("se está tirando el agua en mi calle")
    assert "¿Dónde es?" in texts(ana.says("ya tiene desde ayer y nadie viene"))
    ana.says("calle Juárez 15")
    ana.taps("sin foto")
    ana.taps("Enviar")
    (ticket,) = counter.tickets_of(ana)
    assert "desde ayer y nadie viene" in ticket.story


def test_words_at_the_photos_join_the_story(counter: Counter, ana: Talker) -> None:
    """They are no photo, and they are not lost."""
    ana.says("/reportar VIA-BACHE")
    ana.says("calle Hidalgo 5")
    ana.says("Hay un hoyo enorme desde hace un mes")
    ana.says("ya se cayeron dos señoras y nadie hace nada")
    ana.taps("sin foto")
    ana.taps("Enviar")
    (ticket,) = counter.tickets_of(ana)
    assert "dos señoras" in ticket.story


def test_what_fails_can_be_changed_at_the_review(counter: Counter, ana: Talker) -> None:
    """Also where it came from free words."""
    ana.says("hay un bache enorme en la calle Hidalgo 5 desde hace un mes")
    ana.says("sí")
    ana.taps("sin foto")
    assert "¿Cuál de éstas" in texts(ana.taps("Cambiar: qué falla"))


def test_a_bare_wish_is_no_story(ana: Talker) -> None:
    """What happened is still asked for."""
    ana.says("quiero reportar un bache")
    assert "Cuéntame" in texts(ana.says("calle Hidalgo 5"))


def test_a_danger_marks_the_ticket(counter: Counter, ana: Talker) -> None:
    """Whatever its service says."""
    ana.says("/reportar ALUM-FUNDIDA")
    ana.says("calle Hidalgo 5")
    assert "911" in texts(ana.says("huele mucho a gas aquí afuera y hay chispas"))
    ana.taps("sin foto")
    ana.taps("Enviar")
    (ticket,) = counter.tickets_of(ana)
    assert ticket.is_urgent


def test_no_more_notices(counter: Counter, ana: Talker) -> None:
    """Until they are wanted again."""
    assert "ya no te mando avisos" in texts(ana.says("ya no me manden mensajes por favor"))
    assert ana.contact().quiet_since is not None
    ana.taps("recibir avisos")
    assert ana.contact().quiet_since is None


def test_a_photo_that_came_with_a_question_is_the_forms(counter: Counter, asked_where: Talker) -> None:
    """The question is answered, the photo is kept."""
    told = texts(asked_where.sends_photo(text="¿cuánto cuesta el acta de nacimiento?"))
    assert "¿Dónde es?" in told
    asked_where.says("calle Hidalgo 5")
    asked_where.says("hay un hoyo enorme frente a la tienda")
    asked_where.taps("listo")
    asked_where.taps("Enviar")
    (ticket,) = counter.tickets_of(asked_where)
    assert len(ticket.media) == 1
