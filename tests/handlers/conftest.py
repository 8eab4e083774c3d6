"""The counter over a fresh store."""

import pytest

from storage.engine import Store
from tests.handlers.counter import Counter, Talker


@pytest.fixture
def counter(store: Store) -> Counter:
    """The sample town's counter."""
    return Counter(store)


@pytest.fixture
def ana(counter: Counter) -> Talker:
    """A resident."""
    return counter.person("ana")
