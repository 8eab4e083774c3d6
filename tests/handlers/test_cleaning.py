"""What may stay of a text that came from outside."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cleaning import LINE_AT_MOST, TEXT_AT_MOST, clean, clean_line


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  hola \n", "hola"),
        ("uno\r\ndos\rtres\u2028cuatro\u0085cinco", "uno\ndos\ntres\ncuatro\ncinco"),
        ("folio\u202e 123\u0000\u200f", "folio 123"),
        ("medio \ud83d emoji", "medio emoji"),
        ("A\u0301rbol cai\u0301do", "Árbol caído"),
        ("familia 👨\u200d👩\u200d👧", "familia 👨\u200d👩\u200d👧"),
        ("con\ttabulador", "con tabulador"),
        ("calle  Hidalgo\u00a0 5 \n \n\n\t colonia   Centro", "calle Hidalgo 5\n\ncolonia Centro"),
        ("a" + " " * 2000 + "b", "a b"),
        ("e" + "\u0301\u0323" * 300, "\u1eb9" + "\u0323" * 3 + "\u0301" * 4),
    ],
)
def test_what_can_be_seen_stays_and_the_rest_goes(text: str, wanted: str):
    """Words read the same to everybody, whatever telephone they were typed on."""
    assert clean(text) == wanted


def test_what_is_too_long_is_cut_before_it_is_read():
    """Blanks around it do not count."""
    assert clean(" " * 50_000 + "x" * 20_000) == "x" * TEXT_AT_MOST
    assert clean("x" * 20_000, 300) == "x" * 300
    assert clean_line("uno\r\n dos\n\n" + "x" * 20_000) == ("uno dos " + "x" * LINE_AT_MOST)[:LINE_AT_MOST]


@given(
    st.text(st.characters(codec=None)) | st.text(st.sampled_from("a \n\r\t\u00a0\u0301\u0323\u0958\u202e"), max_size=80)
)
def test_what_is_clean_stays_as_it_is_and_can_be_stored(text: str):
    """Cleaning happens at the door and again at the counter."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.encode() is not None
    assert unicodedata.is_normalized("NFC", cleaned)
