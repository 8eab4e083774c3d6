"""A typed answer chooses the label it is close to, and only then."""

import pytest

from faq.search.services import closest

LABELS = ["Bache", "Fuga de agua", "Falta de agua"]


@pytest.mark.parametrize(
    ("said", "place"), [("bachee", 0), ("BACHE", 0), ("fuga", 1), ("la fuga de agua", 1), ("falta", 2)]
)
def test_something_close_to_one_label_chooses_it(said, place):
    assert closest(said, LABELS) == place


@pytest.mark.parametrize("said", ["agua", "", "hola", "😂"])
def test_what_is_close_to_none_or_to_two_chooses_nothing(said):
    assert closest(said, LABELS) is None
