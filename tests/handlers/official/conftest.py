"""A town hall with officials in two departments, and a resident's report."""

import pytest

from handlers.ticket.ticket import Ticket, TicketEvent
from tests.handlers.counter import Counter, Talker
from tests.handlers.resident.test_report import files_a_pothole


class Case:
    """One report of Ana's, looked at from the store."""

    def __init__(self, counter: Counter, folio: str) -> None:
        self.counter, self.folio = counter, folio

    @property
    def ticket(self) -> Ticket:
        """As it is now."""
        found = self.counter.run(lambda uow: uow.tickets.by_folio(self.folio))
        assert found is not None
        return found

    @property
    def history(self) -> tuple[TicketEvent, ...]:
        """Oldest first."""
        ticket_id = self.ticket.id
        return self.counter.run(lambda uow: uow.tickets.history(ticket_id))

    @property
    def last(self) -> TicketEvent:
        """The newest line of the history."""
        return self.history[-1]


@pytest.fixture
def pablo(counter: Counter) -> Talker:
    """An agent of public works."""
    return counter.official("pablo", department="obras_publicas")


@pytest.fixture
def petra(counter: Counter) -> Talker:
    """Another agent of public works."""
    return counter.official("petra", department="obras_publicas")


@pytest.fixture
def sofia(counter: Counter) -> Talker:
    """The supervisor of public works."""
    return counter.official("sofia", role="supervisor", department="obras_publicas")


@pytest.fixture
def luz(counter: Counter) -> Talker:
    """An agent of another department: water."""
    return counter.official("luz", department="agua_potable")


@pytest.fixture
def adan(counter: Counter) -> Talker:
    """The administrator, for the whole town hall."""
    return counter.official("adan", role="administrator")


@pytest.fixture
def case(counter: Counter, ana: Talker) -> Case:
    """A pothole in Calle Hidalgo, reported by Ana."""
    return Case(counter, files_a_pothole(ana))
