"""Values that the storage tests put in."""

from datetime import UTC, datetime, timedelta

from handlers.messages import Address, IncomingMessage, NoticeKind, OutgoingMessage, Place
from handlers.ports import Contact
from handlers.ticket.ticket import Ticket, TicketKind, TicketState
from storage.engine import Store
from storage.outbox import OutboxRow
from storage.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 11, 21, 18, 30, 0, 123456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def message(
    external_id: str = "1", sender: str = "ana", channel: str = "telegram", **changes: object
) -> IncomingMessage:
    return IncomingMessage(Address(channel, sender), external_id, NOW, **changes)  # type: ignore[arg-type]


def arrive(unit: SqlUnitOfWork, sender: str = "ana", channel: str = "telegram", now: datetime = NOW) -> Contact:
    return unit.people.arrive(Address(channel, sender), language="es", now=now)


def new_ticket(author: Contact, folio: str = "PON-7K3Q-9", **changes: object) -> Ticket:
    values: dict[str, object] = {
        "id": 0,
        "folio": folio,
        "kind": TicketKind.REPORT,
        "state": TicketState.RECEIVED,
        "department": "obras",
        "service": "VIA-BACHE",
        "story": "Hay un bache muy hondo",
        "place": Place(20.38, -102.92, "Calle Hidalgo 5", None),
        "delivery": None,
        "author_person_id": author.person_id,
        "author_address_id": author.address_id,
        "assignee_person_id": None,
        "opened_at": NOW,
        "received_at": NOW,
        "due_at": NOW + timedelta(hours=72),
        "updated_at": NOW,
    }
    return Ticket(**(values | changes))  # type: ignore[arg-type]


def add_ticket(unit: SqlUnitOfWork, author: Contact, folio: str = "PON-7K3Q-9", **changes: object) -> Ticket:
    ticket = unit.tickets.add(new_ticket(author, folio, **changes))
    assert ticket is not None
    return ticket


def say(
    unit: SqlUnitOfWork, to: Contact, *texts: str, now: datetime = NOW, kind: NoticeKind = NoticeKind.REPLY
) -> None:
    for text in texts:
        unit.outbox.put(to.address_id, OutgoingMessage(text), now=now, kind=kind)


#: Room in every channel of the tests.
ROOM = {"telegram": 100, "whatsapp": 100, "webchat": 100}


def claim(store: Store, owner: str = "one", now: datetime = NOW, limit: int = 100) -> tuple[OutboxRow, ...]:
    with store.transaction() as transaction:
        return transaction.unit.claims.claim(owner, now, dict.fromkeys(ROOM, limit))


def texts(rows: tuple[OutboxRow, ...]) -> list[str]:
    return [row.message.text for row in rows]


def state_of(store: Store, row_id: int) -> str:
    """As it stands in the table."""
    with store._connect() as connection:
        return str(connection.exec_driver_sql(f"SELECT state FROM outbox WHERE id = {row_id}").scalar_one())
