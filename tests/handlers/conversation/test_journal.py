"""The journal: going back forgets what hung on the answer, and nothing else."""

import pytest

from handlers.conversation.journal import MISSING, Journal
from tests.handlers.counter import Counter, Talker, texts
from tests.handlers.resident.test_report import HIDALGO, files_a_pothole


def filled() -> Journal:
    """Three answers; something read from the world before the second, and something after it; an effect."""
    journal = Journal()
    journal.put_answer("group", "calles")
    journal.put_recalled("before", "still true")
    journal.put_answer("place", "calle Hidalgo")
    journal.put_recalled("twin", "K7M4TX9")
    journal.put_done("kept", None)
    return journal


def test_going_back_forgets_what_was_read_after_the_answer() -> None:
    """It was read for an answer that is gone; what was read before it still holds, and what was done stays done."""
    journal = filled()
    assert journal.back(None)
    assert journal.answer("place") is MISSING
    assert journal.recalled("twin") is MISSING
    assert journal.recalled("before") == "still true"
    assert journal.answer("group") == "calles"
    assert journal.done("kept") is None


def test_asking_anew_forgets_what_was_read_after_the_answer() -> None:
    """The answers after it stay; what was read before it too."""
    journal = filled()
    journal.put_answer("story", "hay un hoyo")
    assert journal.ask_again("place")
    assert journal.answer("place") is MISSING
    assert journal.recalled("twin") is MISSING
    assert journal.recalled("before") == "still true"
    assert journal.answer("story") == "hay un hoyo"


def test_going_back_from_a_change_keeps_the_answer_that_stood() -> None:
    """Nothing is lost by looking."""
    journal = filled()
    journal.ask_again("group")
    assert journal.back("group")
    assert (journal.answer("group"), journal.answer("place")) == ("calles", "calle Hidalgo")


def test_going_back_forgets_the_photos_of_the_question_that_stands() -> None:
    """They belonged to an answer that was never given."""
    journal = filled()
    journal.put_partial("photos", [1, 2])
    assert journal.back("photos")
    assert journal.partial("photos") is None
    assert journal.answer("place") is MISSING


@pytest.mark.parametrize("first_is_near", [True, False])
def test_whoever_goes_back_to_the_place_is_asked_about_the_new_place(
    counter: Counter, ana: Talker, first_is_near: bool
) -> None:
    """Whether somebody reported the same is looked up anew for the place that counts."""
    files_a_pothole(ana, HIDALGO)
    near, far = HIDALGO, (HIDALGO[0] + 0.01, HIDALGO[1])
    luis = counter.person("luis")
    luis.says("/reportar VIA-BACHE")
    first = texts(luis.sends_place(*(near if first_is_near else far)))
    assert ("Es lo mismo" in first) == first_is_near
    assert "¿Dónde es?" in texts(luis.says("atrás"))
    second = texts(luis.sends_place(*(far if first_is_near else near)))
    assert ("Es lo mismo" in second) != first_is_near
