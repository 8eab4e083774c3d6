"""Spelling is repaired where that says more than what was typed."""

import pytest

from faq.search.spelling import adds


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("kiero ablar", "quiero hablar"),
        ("telefono del delegado", "teléfono del delegado"),
        ("ya no ay agua", "ya no hay agua"),
        ("dnd pago", "dónde pago"),
        ("x favor", "por favor"),
    ],
)
def test_another_word_or_an_accent_says_more(typed: str, spelt: str) -> None:
    assert adds(typed, spelt)


@pytest.mark.parametrize(
    ("typed", "spelt"),
    [
        ("¿Puedo pedir información, sin nombre?", "puedo pedir información sin nombre"),
        ("el zoológico de Guadalajara", "el zoologico de guadalajara"),
        ("", ""),
    ],
)
def test_other_capitals_signs_and_accents_that_are_lost_say_nothing(typed: str, spelt: str) -> None:
    assert not adds(typed, spelt)
