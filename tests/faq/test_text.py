"""What people type is read as they meant it."""

import pytest

from faq.text import fold, is_question, sound, tokens, words


@pytest.mark.parametrize(
    ("typed", "folded"),
    [("¿Dónde ESTÁ?", "donde esta"), ("  a\t\nb\x00c ", "a b c"), ("Niño, 50%", "nino 50"), ("😂", ""), ("", "")],
)
def test_folding_keeps_letters_and_digits_only(typed, folded):
    """Accents, capitals, marks and control characters make no difference."""
    assert folded == fold(typed)


def test_short_forms_of_chats_are_written_out():
    """`k nesesito pa sacar` is read with the words it stands for."""
    assert " ".join(words("k nesesito pa sacar el acta d")) == "que nesesito para sacar el acta de"


def test_small_words_are_left_out_unless_nothing_else_was_said():
    assert tokens("dónde puedo pagar el agua") == ["pagar", "agua"]
    assert tokens("qué es esto") == ["que", "es", "esto"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nesesito", "necesito"),
        ("vasura", "basura"),
        ("kiero", "quiero"),
        ("anbulansia", "ambulancia"),
        ("yevar", "llevar"),
        ("hubicados", "ubicados"),
        ("sivil", "civil"),
    ],
)
def test_words_that_sound_alike_share_a_sound(one, other):
    """A misspelling that sounds right is no misspelling to the ear."""
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    "text",
    [
        "¿cuánto cuesta el predial?",
        "donde pago el agua",
        "como saco mi acta",
        "a que hora abren",
        "how much is the property tax?",
        "dnd pago la multa",
        "hay becas?",
        "cuando pasa la basura",
        "buenas tardes, que ocupo pa casarme",
    ],
)
def test_a_question_to_the_counter_is_known(text):
    assert is_question(text)


@pytest.mark.parametrize(
    "text",
    [
        "hay un bache donde vivo",
        "no hay agua",
        "se fue la luz en mi calle desde ayer",
        "si",
        "calle Hidalgo 5",
        "?",
        "donde vivo hay un bache",
        "cuando llueve se inunda",
        "como a las 5 de la tarde",
        "está en la esquina de Hidalgo, donde está la tienda",
    ],
)
def test_a_report_a_place_or_an_answer_is_no_question(text):
    assert not is_question(text)
