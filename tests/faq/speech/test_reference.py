"""Words that speak of something without its name."""

import pytest

from faq.speech.reference import refers_back


@pytest.mark.parametrize(
    "text",
    [
        "y en cuántos días lo arreglan",
        "¿y quién los tapa?",
        "¿desde qué edad las reciben?",
        "a ellos también les cobran",
        "¿y eso dónde es?",
        "y cuándo la cambian",
        "do you take them on sundays",
    ],
)
def test_what_was_spoken_of_is_meant(text: str) -> None:
    """A pronoun stands for it."""
    assert refers_back(text)


@pytest.mark.parametrize(
    "text",
    [
        "¿dónde pago la licencia?",
        "lo de mi reporte",
        "¿qué días abren los museos?",
        "los lunes a las cinco",
        "¿cuánto cuesta el acta?",
        "la imagen de la plaza",
    ],
)
def test_what_is_meant_is_named(text: str) -> None:
    """The same words before a noun are articles."""
    assert not refers_back(text)
