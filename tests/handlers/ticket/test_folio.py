"""The folio can be read over the telephone, and a slip never leads to somebody else's ticket."""

import itertools
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handlers.ticket import folio

FOLIOS = st.integers(0, 2**32).map(lambda seed: folio.new(random.Random(seed).choice))


@given(FOLIOS)
def test_a_new_folio_checks(made: str) -> None:
    """What we hand out is accepted, as printed and as typed in a hurry."""
    assert folio.is_valid(made)
    for typed in (
        made,
        made.lower(),
        folio.pretty(made),
        " ".join(made),
        f"mi folio es {made[:4]} {made[4:]}.",
        f"{made[:3]}.{made[3:]}",
    ):
        assert folio.read(typed) == made, typed


@given(FOLIOS, st.integers(0, 6), st.sampled_from(folio.SIGNS))
def test_one_wrong_sign_is_detected(made: str, at: int, sign: str) -> None:
    """A mistyped folio is nobody's."""
    wrong = made[:at] + sign + made[at + 1 :]
    assert folio.is_valid(wrong) == (wrong == made)


@given(FOLIOS)
def test_two_swapped_signs_are_detected(made: str) -> None:
    """So is one whose signs changed places, neighbours or not."""
    for i, j in itertools.combinations(range(len(made)), 2):
        swapped = list(made)
        swapped[i], swapped[j] = swapped[j], swapped[i]
        assert folio.is_valid("".join(swapped)) == (made[i] == made[j])


@pytest.mark.parametrize(
    "text",
    ["hay un bache en la calle", "calle Hidalgo 1234", "mi número es 3312345678", "", "vecinos", "K7M4", "2026-11-21"],
)
def test_words_are_no_folio(text: str) -> None:
    """Free words, telephone numbers and dates are not taken for a folio."""
    assert folio.read(text) is None


def test_a_mistyped_folio_is_told_from_words() -> None:
    """Somebody who slips is told to check it; somebody who talks is not."""
    made = folio.new(random.Random(1).choice)
    wrong = made[:-1] + ("3" if made[-1] != "3" else "4")
    assert folio.looks_like(f"mi folio {wrong[:4]}-{wrong[4:]}")
    assert not folio.looks_like("hay un bache en la calle 12")
