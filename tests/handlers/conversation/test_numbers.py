"""Numbers that people write: which of them name an option, and which are read at all."""

import pytest

from faq.speech.choices import chosen
from handlers.conversation.questions import Again, Answer, Heard, NumberQuestion


@pytest.mark.parametrize(
    ("text", "count", "at"),
    [
        ("1", 5, 0),
        ("5", 5, 4),
        ("12", 12, 11),
        ("07", 12, 6),
        ("01", 5, 0),
        ("0", 5, None),
        ("6", 5, None),
        ("", 5, None),
        ("1", 0, None),
        # A telephone, a postal code, a folio without letters.
        ("0015551234567", 5, None),
        ("0001", 5, None),
        ("10000", 12, None),
        ("9" * 5_000, 5, None),
        ("1.5", 5, None),
    ],
)
def test_a_number_names_an_option_only_as_a_whole(text: str, count: int, at: int | None) -> None:
    """What merely begins like one is something else."""
    assert chosen(text, count) == at


@pytest.mark.parametrize("text", ["--5", "-", "5-", "9" * 20, "9" * 5_000, "-" * 13, "1e3", "٣²", ""])
def test_what_is_no_number_is_asked_again(text: str) -> None:
    """And breaks nothing."""
    assert isinstance(NumberQuestion(0, 100).read(Heard(text), None), Again)


@pytest.mark.parametrize(("text", "number"), [("-5", -5), ("1,000", 1000), ("1 000", 1000)])
def test_numbers_are_read_as_they_are_written(text: str, number: int) -> None:
    assert NumberQuestion(-10, 1000).read(Heard(text), None) == Answer(number)
