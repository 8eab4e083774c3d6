"""Whatever is written finds its way, and whatever cannot be read does no harm."""

import pytest

from handlers.messages import MessageKind
from tests.handlers.counter import Counter, Talker, texts


def test_the_first_message_is_welcomed_with_the_privacy_notice(counter: Counter, ana: Talker) -> None:
    """Shown before anything is kept, once, with its version recorded; and the message itself is not lost."""
    first = texts(ana.says("hay un bache en la calle Hidalgo"))
    assert "Aviso de privacidad" in first and "¿Dónde es?" in first
    assert "Aviso de privacidad" not in texts(ana.says("cancelar"))
    assert ana.contact().notice_version == counter.town.city.privacy_notice_version


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("hola", "¿Qué necesitas?"),
        ("buenas tardes", "¿Qué necesitas?"),
        ("queja", "¿De qué se trata tu queja?"),
        ("quiero reportar", "¿Qué está fallando?"),
        ("pedir información", "¿Qué información necesitas?"),
        ("mis folios", "Todavía no tienes folios"),
        ("/inventado", "No conozco ese comando"),
        ("/start", "¿Qué necesitas?"),
        ("ayuda", "Escríbeme como hablas"),
        ("cancelar", "No había nada pendiente"),
        ("no prende la lámpara de mi calle", "¿Dónde es?"),
        ("se está quemando la casa de mi vecina", "911"),
        ("ya no quiero vivir", "Línea de la Vida"),
    ],
)
def test_free_words_find_their_way(ana: Talker, said: str, expected: str) -> None:
    """Nobody has to know a command."""
    assert expected in texts(ana.says(said))


@pytest.mark.parametrize(
    "odd",
    [
        "",
        " ",
        "\x00\x07",
        "\u202e\u200f",
        "?",
        "🙃",
        "a" * 10_000,
        "1",
        "999999999999999999999",
        "/",
        "//",
        "/start inv_",
        "ñ" * 300,
    ],
)
def test_odd_texts_are_answered(ana: Talker, odd: str) -> None:
    """Empty, invisible, endless: something helpful comes back, and nothing raises."""
    assert texts(ana.says(odd))


@pytest.mark.parametrize("kind", [MessageKind.IGNORED, MessageKind.UNBLOCKED])
def test_what_needs_no_answer_gets_none(ana: Talker, kind: MessageKind) -> None:
    """A reaction is recorded, not answered."""
    assert ana.sends(kind) == []


def test_a_sticker_in_a_form_is_told_and_the_form_goes_on(ana: Talker) -> None:
    """The question stands."""
    ana.says("/reportar VIA-BACHE")
    answer = texts(ana.sends(MessageKind.UNSUPPORTED))
    assert "no lo puedo leer" in answer and "¿Dónde es?" in answer


def test_who_blocked_us_is_not_pushed_to(counter: Counter, ana: Talker) -> None:
    """Until they write again."""
    ana.says("hola")
    ana.sends(MessageKind.BLOCKED)
    stored = counter.run(lambda uow: uow.people.contact(uow.people.contact_of(1).address_id))  # type: ignore[union-attr]
    assert stored.unreachable_at is not None
    assert ana.says("hola")
    assert ana.contact().unreachable_at is None


def test_despair_is_answered_in_the_middle_of_a_form(ana: Talker) -> None:
    """Before any form, and the form waits."""
    ana.says("/solicitar")
    answer = texts(ana.says("me quiero matar"))
    assert "Línea de la Vida" in answer and "recibir" not in answer


def test_a_pin_or_a_photo_alone_opens_a_report(ana: Talker) -> None:
    """What else would somebody send the town hall a photo for."""
    assert "¿Qué está fallando?" in texts(ana.sends_photo())


def test_an_unknown_question_becomes_an_information_request(ana: Talker) -> None:
    """Honest, with a way on that takes the question along."""
    answer = texts(ana.says("¿cuál es la raíz cuadrada de la constante de Planck?"))
    assert "No tengo esa respuesta" in answer
    assert "¿Cómo la quieres recibir?" in texts(ana.taps("Mandarla como solicitud"))


def test_english_speakers_are_met_in_english(counter: Counter) -> None:
    """When their phone says so."""
    bob = counter.person("bob", language="en-US")
    assert "What do you need?" in texts(bob.says("hello"))
