"""What may stay of a text that came from outside."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.cleaning import clean


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("  hola \n", "hola"),
        ("uno\r\ndos\rtres\u2028cuatro\u0085cinco", "uno\ndos\ntres\ncuatro\ncinco"),
        ("folio\u202e 123\u0000\u200f", "folio 123"),
        ("medio \ud83d emoji", "medio  emoji"),
        ("A\u0301rbol cai\u0301do", "Árbol caído"),
        ("familia 👨\u200d👩\u200d👧", "familia 👨\u200d👩\u200d👧"),
        ("con\ttabulador", "con\ttabulador"),
    ],
)
def test_what_can_be_seen_stays_and_the_rest_goes(text: str, wanted: str):
    """Words read the same to everybody, whatever telephone they were typed on."""
    assert clean(text) == wanted


@given(st.text(st.characters(codec=None)))
def test_what_is_clean_stays_as_it_is_and_can_be_stored(text: str):
    """Cleaning happens at the door and again at the counter."""
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.encode() is not None
    assert unicodedata.is_normalized("NFC", cleaned)
