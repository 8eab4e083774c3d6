"""How far a deadline is, in the town's days."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from handlers.conversation.chat import Chat
from handlers.conversation.journal import Journal
from handlers.conversation.session import Session
from handlers.shown.due import due_words
from handlers.ticket.ticket import TicketState
from storage.unit_of_work import SqlUnitOfWork
from tests.handlers.counter import Counter, Talker
from tests.handlers.official.conftest import Case

#: Monday, 10:00 in the town (UTC-6).
NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
#: Midnight at the end of that Monday.
TONIGHT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "expected"),
    [
        (NOW + timedelta(hours=3), "vence en 3 horas"),
        (NOW + timedelta(minutes=20), "vence en 1 hora"),
        (TONIGHT, "vence hoy"),
        (TONIGHT + timedelta(days=1), "vence mañana"),
        (NOW + timedelta(days=1), "vence mañana"),
        (TONIGHT + timedelta(days=3), "vence en 3 días"),
        (NOW - timedelta(hours=2), "venció hoy"),
        (TONIGHT - timedelta(days=1), "venció ayer"),
        (TONIGHT - timedelta(days=2), "vencido hace 2 días"),
    ],
)
def test_how_far_it_is(counter: Counter, case: Case, pablo: Talker, due_at: datetime, expected: str) -> None:
    """A term in days ends at midnight, which belongs to the day before."""
    ticket = replace(case.ticket, due_at=due_at)

    def words(uow: SqlUnitOfWork) -> str:
        contact = uow.people.arrive(pablo.address, language="es", now=NOW)
        session = Session(uow, counter.town, contact, NOW, lambda signs: signs[0])
        chat = Chat(
            flow="queue", contact=contact, town=counter.town, desk=session.desk, now=NOW, journal=Journal(),
            session=session,
        )  # fmt: skip
        assert "terminó" in due_words(chat, replace(ticket, state=TicketState.CLOSED, ended_at=NOW))
        return due_words(chat, ticket)

    assert counter.run(words) == expected
