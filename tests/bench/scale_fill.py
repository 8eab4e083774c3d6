"""A counter of many years, made in minutes: tickets with their history, their notices and the messages they came of.

Filled in bulk at the revision before the database began to count and to search by itself; the migrations do the rest,
as they do for a town that has been at work for long, and so does what is done by night.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from itertools import islice, product
from typing import Any, Final, cast

import psycopg
from sqlalchemy import Connection

from faq.text import fold
from handlers.ticket import folio as folios
from storage.engine import Store
from storage.migrations import upgrade
from storage.statements import Rows
from tests.storage.releases import bring_to, revisions

NOW: Final = datetime(2026, 11, 27, 12, tzinfo=UTC)
DEPARTMENTS: Final = tuple(f"area_{number:02}" for number in range(20))
SERVICES: Final = tuple(f"SRV-{number:02}" for number in range(30))
#: Officials are the first persons.
OFFICIALS: Final = 25
#: The town is so many degrees wide and high: a little over 5 km.
TOWN: Final = (20.35, -102.95, 0.05)
#: In every ticket, in one of fifty, and in one alone.
COMMON, MIDDLE, RARE = "calle", "jacaranda", "unicornio"

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_SYLLABLES: Final = ("ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "ta", "ve")
_VOCABULARY: Final = ["".join(parts) for parts in product(_SYLLABLES, repeat=4)][::4]
_AT_ONCE: Final = 20_000
_PAGES_AT_ONCE: Final = 1_000
#: So that there are enough to be forgotten in slices.
_MESSAGES_AT_LEAST: Final = 50_000

Row = Sequence[Any]


def fill(store: Store, tickets: int) -> None:
    """Put so many tickets into a new database, and bring its tables up to date."""
    bring_to(store, _before_counting())
    # A connection that is thrown away, with no limit to what a statement takes.
    with store._rebuilding() as connection:
        if store.dialect == "sqlite":
            connection.exec_driver_sql("PRAGMA cache_size = -400000")
        write = _copied if store.dialect == "postgresql" else _inserted
        for table, columns, rows in _tables(tickets):
            write(connection, table, columns.split(), rows)
        if store.dialect == "postgresql":
            for table in ("person", "address", "ticket", "ticket_event", "outbox"):
                connection.exec_driver_sql(
                    f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
                )
        connection.commit()
    with store._rebuilding() as connection:
        upgrade(connection, store._presence)
    is_merging = True
    while is_merging:
        with store.transaction() as transaction:
            is_merging = transaction.unit.tickets.merge_search(_PAGES_AT_ONCE)
    with store._pooled() as connection:
        # Not in a transaction.
        Rows(connection).command("VACUUM ANALYZE" if store.dialect == "postgresql" else "PRAGMA optimize")


def _before_counting() -> str:
    made = next(each for each in revisions() if each.path.endswith("_ticket_search.py"))
    return str(made.down_revision)


def _tables(tickets: int) -> Iterator[tuple[str, str, Iterator[Row]]]:
    """Name, columns, rows. An instant is a datetime."""
    people = max(tickets // 5, OFFICIALS)
    long_ago = NOW - timedelta(days=900)
    yield (
        "person", "id language created_at",
        ((number, "es", long_ago) for number in range(1, people + 1)),
    )  # fmt: skip
    yield (
        "address", "id person_id channel value created_at last_inbound_at",
        ((number, number, "telegram", str(number), long_ago, NOW) for number in range(1, people + 1)),
    )  # fmt: skip
    yield (
        "ticket",
        "id folio kind state is_open is_urgent department service story latitude longitude place_text author_person_id"
        " author_address_id assignee_person_id opened_at received_at due_at updated_at ended_at version search_text",
        _ticket_rows(tickets, people),
    )  # fmt: skip
    yield (
        "ticket_event", "ticket_id kind at actor_person_id to_state text is_public details media",
        (
            (1 + number // 2, "opened" if number % 2 else "answered", _opened(number // 2, tickets), 1,
             "received", None, True, "{}", "[]")
            for number in range(2 * tickets)
        ),
    )  # fmt: skip
    yield (
        "outbox",
        "address_id channel kind priority ticket_id message state attempts uncertain_count due_at created_at"
        " settled_at",
        (
            (1 + number % people, "telegram", "notice", 1, 1 + number, '{"text": "Su folio va en camino"}', "sent",
             1, 0, *[_opened(number, tickets)] * 3)
            for number in range(tickets)
        ),
    )  # fmt: skip
    messages = max(tickets, _MESSAGES_AT_LEAST)
    yield (
        "inbox", "channel external_id received_at state attempts",
        ((*_names(number), _opened(number, messages), "handled", 0) for number in range(messages)),
    )  # fmt: skip


def _names(number: int) -> tuple[str, str]:
    """The channel of a message and what its vendor calls it: two of three are numbered on, the third named by chance.

    As vendors do, all are of one length, so that what came together lies together among many as it does among few.
    """
    if number % 3:
        return "telegram", str(700_000_000 + number)
    return "whatsapp", f"SM{blake2b(str(number).encode(), digest_size=16).hexdigest()}"


def _ticket_rows(tickets: int, people: int) -> Iterator[Row]:
    chance = random.Random(1)
    seen: set[str] = set()
    south, west, size = TOWN
    for number in range(tickets):
        folio = folios.new(chance.choice)
        while folio in seen:
            folio = folios.new(chance.choice)
        seen.add(folio)
        is_open = chance.random() < 0.05
        words = [*chance.choices(_VOCABULARY, k=8)]
        words += [MIDDLE] * (number % 50 == 25) + [RARE] * (number == tickets // 3)
        story, place = " ".join(words), f"{COMMON} {chance.choice(_VOCABULARY)} {chance.randint(1, 300)}"
        opened = _opened(number, tickets)
        yield (
            1 + number, folio, "report", "received" if is_open else "resolved", is_open, chance.random() < 0.05,
            chance.choice(DEPARTMENTS), chance.choice(SERVICES), story,
            south + size * chance.random(), west + size * chance.random(), place, 1 + number % people,
            1 + number % people, chance.randint(1, OFFICIALS) if chance.random() < 0.5 else None, opened, opened,
            NOW + timedelta(days=chance.randint(-60, 60)), opened, None if is_open else opened, 1,
            f"{folio.lower()} {fold(story)} {fold(place)}",
        )  # fmt: skip


def _opened(number: int, tickets: int) -> datetime:
    """Evenly over the last nine hundred days."""
    return NOW - timedelta(days=900) * ((tickets - number) / tickets)


def _inserted(connection: Connection, table: str, columns: list[str], rows: Iterator[Row]) -> None:
    gaps = ", ".join("?" * len(columns))
    statement = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({gaps})"
    cursor = connection.connection.cursor()
    while batch := list(islice(rows, _AT_ONCE)):
        cursor.executemany(statement, [tuple(map(_for_sqlite, row)) for row in batch])


def _for_sqlite(value: Any) -> Any:
    return (value - _EPOCH) // _MICROSECOND if isinstance(value, datetime) else value


def _copied(connection: Connection, table: str, columns: list[str], rows: Iterable[Row]) -> None:
    cursor = cast(psycopg.Cursor[Any], connection.connection.cursor())
    with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:  # type: ignore[arg-type] # our names
        for row in rows:
            copy.write_row(row)
