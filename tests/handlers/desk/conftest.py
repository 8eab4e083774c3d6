"""The officials and the report of the official flows, met at the desk itself: no question and no button between."""

import random
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest

from handlers.desk.desk import Desk
from tests.handlers.counter import Counter, Talker
from tests.handlers.official.conftest import adan, case, luz, pablo, petra, sofia

__all__ = ["adan", "case", "luz", "pablo", "petra", "sofia"]

OpenDesk = Callable[[Talker], AbstractContextManager[Desk]]


@pytest.fixture
def desk_of(counter: Counter) -> OpenDesk:
    """The desk as one person stands before it, in a transaction that is committed unless something is raised."""

    @contextmanager
    def opened(talker: Talker) -> Iterator[Desk]:
        contact = talker.contact()
        with counter.transaction() as uow:
            yield Desk(uow, counter.town, contact, counter.now, random.Random(3).choice)

    return opened
