"""`make bench ARGS=--scale`: what the counter does again and again, with many tickets beside few.

Both databases are asked in turn, so that whatever else the machine does meets both. The ratios are what counts.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from bot.jobs.forgetting import ROWS_AT_MOST
from handlers.messages import Address, OutgoingMessage, Place
from handlers.ports import QueuePlace, QueueScope
from handlers.ticket import folio as folios
from handlers.ticket.ticket import EventKind, Ticket, TicketEvent, TicketKind, TicketState
from storage.engine import Store
from storage.retention import RULES
from storage.statements import Rows
from storage.unit_of_work import SqlUnitOfWork
from tests.bench.scale_fill import COMMON, DEPARTMENTS, MIDDLE, NOW, OFFICIALS, RARE, SERVICES, TOWN, fill
from tests.databases import database

_PAGE: Final = 9
_NONE: Final = "ninguno"


@dataclass
class Counter:
    """A filled database, and what is asked of it. Chance is the same for both sizes."""

    store: Store
    tickets: int
    chance: Random
    _last_pages: dict[tuple[QueueScope, bool], QueuePlace | None] = field(default_factory=dict)

    def read(self, do: Callable[[SqlUnitOfWork], object]) -> float:
        """Milliseconds."""
        with self.store.transaction() as transaction:
            begun = time.perf_counter()
            do(transaction.unit)
            return (time.perf_counter() - begun) * 1000

    def write(self, do: Callable[[SqlUnitOfWork], object]) -> float:
        """Milliseconds, with the transaction."""
        begun = time.perf_counter()
        with self.store.transaction() as transaction:
            do(transaction.unit)
        return (time.perf_counter() - begun) * 1000

    def department(self) -> QueueScope:
        """Any department's."""
        return QueueScope(self.chance.choice(DEPARTMENTS))

    def number(self) -> int:
        """Of a ticket that was filled in."""
        return self.chance.randint(1, self.tickets)

    def last_page(self, scope: QueueScope, only_overdue: bool) -> QueuePlace | None:
        """The place after which one page follows."""
        key = (scope, only_overdue)
        if key not in self._last_pages:
            with self.store.transaction() as transaction:
                every = transaction.unit.tickets.queue(scope, NOW, limit=self.tickets, only_overdue=only_overdue)
            last = every[-_PAGE - 1] if len(every) > _PAGE else None
            self._last_pages[key] = last and QueuePlace(last.is_urgent, last.due_at, last.id)
        return self._last_pages[key]

    def searches(self, words: str) -> float:
        """What an official of a department finds."""
        scope = replace(self.department(), only_open=False)
        return self.read(lambda unit: unit.tickets.search(words, scope))

    def searches_all(self, words: str) -> float:
        """What an administrator finds."""
        return self.read(lambda unit: unit.tickets.search(words, QueueScope(only_open=False)))


def _queue(
    counter: Counter, *, is_last: bool = False, only_overdue: bool = False, assignee: int | None = None
) -> float:
    """A page; the last one begins where a page is left."""
    scope = QueueScope(assignee_person_id=assignee) if assignee else counter.department()
    place = counter.last_page(scope, only_overdue) if is_last else None
    return counter.read(
        lambda unit: unit.tickets.queue(scope, NOW, limit=_PAGE, after=place, only_overdue=only_overdue)
    )


def _card(unit: SqlUnitOfWork, number: int) -> None:
    ticket = unit.tickets.by_folio(unit.tickets.by_id(number).folio)
    if ticket is not None:
        unit.tickets.history(ticket.id)
        unit.tickets.followers(ticket.id)
        unit.outbox.notices_of(ticket.id)


def _filed(counter: Counter) -> Ticket:
    south, west, size = TOWN
    place = Place(south + size * counter.chance.random(), west + size * counter.chance.random(), "calle Hidalgo 5")
    return Ticket(
        id=0, folio=folios.new(counter.chance.choice), kind=TicketKind.REPORT, state=TicketState.RECEIVED,
        department=counter.chance.choice(DEPARTMENTS), service=counter.chance.choice(SERVICES),
        story="Hay un hoyo enorme desde hace un mes frente a la tienda", place=place, delivery=None,
        author_person_id=1, author_address_id=1, assignee_person_id=None, opened_at=NOW, received_at=NOW,
        due_at=NOW + timedelta(days=counter.chance.randint(1, 60)), updated_at=NOW,
    )  # fmt: skip


def _file(counter: Counter, unit: SqlUnitOfWork) -> None:
    ticket = unit.tickets.add(_filed(counter))
    if ticket is not None:
        unit.tickets.record(TicketEvent(ticket.id, EventKind.OPENED, NOW, 1, to_state=ticket.state))
        unit.outbox.put(1, OutgoingMessage("Su folio"), now=NOW, ticket_id=ticket.id)


def _change(counter: Counter, unit: SqlUnitOfWork) -> None:
    ticket = unit.tickets.by_id(counter.number())
    state = counter.chance.choice([TicketState.IN_PROGRESS, TicketState.RESOLVED])
    department = counter.chance.choice(DEPARTMENTS)
    unit.tickets.save(ticket, replace(ticket.moved(state, NOW), department=department))


def _near(counter: Counter) -> float:
    """Where an open report is, so that either size finds one."""
    ticket = _open_somewhere(counter)
    service, place = str(ticket.service), ticket.place
    return counter.read(
        lambda unit: unit.tickets.open_near(service, float(place.latitude), float(place.longitude), 50.0)
    )


def _open_somewhere(counter: Counter) -> Ticket:
    with counter.store.transaction() as transaction:
        while True:
            ticket = transaction.unit.tickets.by_id(counter.number())
            if ticket.is_open and ticket.service and ticket.place.latitude is not None:
                return ticket


def _folio_part(counter: Counter) -> str:
    """Five of the seven signs, so that few folios hold them."""
    with counter.store.transaction() as transaction:
        return transaction.unit.tickets.by_id(counter.number()).folio[1:6]


OPERATIONS: Final[dict[str, Callable[[Counter], float]]] = {
    "queue of a department, first page": _queue,
    "queue of a department, last page": partial(_queue, is_last=True),
    "overdue, first page": partial(_queue, only_overdue=True),
    "overdue, last page": partial(_queue, is_last=True, only_overdue=True),
    "an official's own": lambda each: _queue(each, assignee=each.chance.randint(1, OFFICIALS)),
    "counts of a department": lambda each: each.read(lambda unit: unit.tickets.count(QueueScope(DEPARTMENTS[0]), NOW)),
    "counts of the town hall": lambda each: each.read(lambda unit: unit.tickets.count(QueueScope(), NOW)),
    "search, a word in every ticket": lambda each: each.searches_all(COMMON),
    "search, the same in a department": lambda each: each.searches(COMMON),
    "search, a word in one of 50": lambda each: each.searches_all(MIDDLE),
    "search, the same in a department ": lambda each: each.searches(MIDDLE),
    "search, a word in one ticket": lambda each: each.searches_all(RARE),
    "search, a word in none": lambda each: each.searches_all(_NONE),
    "search, two words": lambda each: each.searches_all(f"{COMMON} {MIDDLE[:5]}"),
    "search, five signs of a folio": lambda each: each.searches_all(_folio_part(each)),
    "open reports near a place": _near,
    "tickets of a person": lambda each: each.read(lambda unit: unit.tickets.of_person(each.number() // 5 or 1)),
    "card of a ticket": lambda each: each.read(lambda unit: _card(unit, each.number())),
    "file a ticket, with its commit": lambda each: each.write(lambda unit: _file(each, unit)),
    "change a ticket, with its commit": lambda each: each.write(lambda unit: _change(each, unit)),
    "forget a slice of the inbox": lambda each: each.write(_forget),
}


_MESSAGES: Final = next(rule for rule in RULES if rule.name == "messages")


def _forget(unit: SqlUnitOfWork) -> None:
    unit.forgetting.slice(_MESSAGES, NOW - timedelta(days=1), NOW, ROWS_AT_MOST)


def show(sizes: tuple[int, int], rounds: int, dialects: tuple[str, ...]) -> None:
    """A table for each database: milliseconds with few and with many, and the ratio."""
    for dialect in dialects:
        with (
            tempfile.TemporaryDirectory(prefix="ventanilla-scale-") as folder,
            _filled(dialect, Path(folder), sizes) as (few, many),
        ):
            _head(f"{dialect}, {rounds} times, ms", *sizes)
            for name, measure in OPERATIONS.items():
                _line(name, lambda each, measure=measure: measure(each), few, many, rounds)  # type: ignore[misc]
            _show_claims(dialect, Path(folder), rounds)


def _head(what: str, few: int, many: int) -> None:
    sizes = f"{few:>11,}{many:>11,}"
    print(f"{what:<36}{'median':>11}{'':>11}{'least':>11}{'':>11}  ratio of")
    print(f"{'':<36}{sizes}{sizes}{'medians':>8}{'least':>8}")


def _line(name: str, measure: Callable[[Counter], float], few: Counter, many: Counter, rounds: int) -> None:
    measure(few), measure(many)
    taken = [(measure(few), measure(many)) for _ in range(rounds)]
    figures = [judge(each) for judge in (statistics.median, min) for each in zip(*taken, strict=True)]
    small, large, least_small, least_large = figures
    shown = "".join(f"{each:>11.3f}" for each in figures)
    print(f"{name:<36}{shown}{large / small:>8.1f}{least_large / least_small:>8.1f}", flush=True)


@contextmanager
def _filled(dialect: str, folder: Path, sizes: tuple[int, int]) -> Iterator[tuple[Counter, Counter]]:
    with database(dialect, folder, migrated=False) as small, database(dialect, folder, migrated=False) as large:
        for store, size in zip((small, large), sizes, strict=True):
            begun = time.perf_counter()
            fill(store, size)
            print(f"{dialect}: {size:,} tickets filled in {time.perf_counter() - begun:.0f} s", flush=True)
        yield Counter(small, sizes[0], Random(2)), Counter(large, sizes[1], Random(2))


class _Undone(Exception):
    """Gives the claimed rows back."""


def _show_claims(dialect: str, folder: Path, rounds: int) -> None:
    """What a claim costs while the vendor is away and everything is due."""
    with database(dialect, folder) as few, database(dialect, folder) as many:
        for store, size in ((few, 500), (many, 50_000)):
            _make_due(store, size)
        _line(
            "claim, 500 due beside 50,000",
            lambda each: _claim(each.store),
            Counter(few, 500, Random(3)),
            Counter(many, 50_000, Random(3)),
            rounds,
        )


def _make_due(store: Store, rows: int) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        for number in range(rows):
            contact = unit.people.arrive(Address("telegram", str(number)), language="es", now=NOW)
            unit.outbox.put(contact.address_id, OutgoingMessage("Su folio"), now=NOW)
    if store.dialect == "postgresql":
        # As the server itself does within a minute.
        with store._pooled() as connection:
            Rows(connection).command("ANALYZE")


def _claim(store: Store) -> float:
    with suppress(_Undone), store.transaction() as transaction:
        begun = time.perf_counter()
        transaction.unit.claims.claim("bench", NOW, {"telegram": 64})
        taken = (time.perf_counter() - begun) * 1000
        raise _Undone
    return taken
