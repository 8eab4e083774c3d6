"""Counts are exact: whoever changes tickets, however many at once, and whatever of it is undone."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from handlers.errors import StaleTicket
from handlers.ports import OVERDUE_AT_MOST, Contact, QueueScope
from handlers.ticket.states import MACHINES
from handlers.ticket.ticket import Ticket, TicketKind
from storage.engine import Store
from storage.unit_of_work import SqlUnitOfWork
from tests.databases import database
from tests.storage import filler
from tests.storage.releases import bring_to, revisions
from tests.storage.samples import NOW, add_ticket, arrive

DEPARTMENTS = ("obras", "agua", "parques")
STATES = [*MACHINES[TicketKind.REPORT].rules]


class Undone(Exception):
    """Takes a savepoint back."""


def _changed(ticket: Ticket, chance: Random, people: list[Contact]) -> Ticket:
    department, person = chance.choice(DEPARTMENTS), chance.choice(people).person_id
    return replace(
        ticket.moved(chance.choice(STATES), NOW),
        department=chance.choice([ticket.department, department]),
        assignee_person_id=chance.choice([None, person]),
        kind=chance.choice([*TicketKind]),
    )


def _work(unit: SqlUnitOfWork, chance: Random, people: list[Contact], name: str, acts: int) -> None:
    """File, change and delete, in savepoints of which some are undone."""
    tickets: list[Ticket] = []
    for act in range(acts):
        try:
            with unit.savepoint():
                if not tickets or chance.random() < 0.5:
                    department = chance.choice(DEPARTMENTS)
                    made = add_ticket(unit, chance.choice(people), f"{name}{act}", department=department)
                else:
                    before = tickets.pop(chance.randrange(len(tickets)))
                    made = unit.tickets.save(before, _changed(before, chance, people))
                if chance.random() < 0.2:
                    raise Undone
                tickets.append(made)
        except (Undone, StaleTicket):
            pass
    if tickets and chance.random() < 0.5:
        unit.tickets._rows.command(f"DELETE FROM ticket WHERE id = {tickets[0].id}")


def _is_exact(store: Store, people: list[Contact]) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        assert unit.tickets.recount() == 0
        for department in (None, *DEPARTMENTS):
            for person in (None, *(each.person_id for each in people)):
                scope = QueueScope(department, person)
                assert unit.tickets.count(scope, NOW)[0] == len(unit.tickets.queue(scope, NOW, limit=10_000))


def test_counts_are_those_of_the_tickets(store: Store) -> None:
    """Kind, state, department and whose it is, changed together and taken back."""
    with store.transaction() as transaction:
        people = [arrive(transaction.unit, name) for name in ("ana", "luz")]
        _work(transaction.unit, Random(3), people, "T", 400)
    with pytest.raises(Undone), store.transaction() as transaction:
        _work(transaction.unit, Random(4), people, "U", 50)
        raise Undone
    _is_exact(store, people)


def test_many_who_count_at_once_wait_for_nobody_on_postgresql(postgres_store: Store) -> None:
    """Eight at a time over the same departments in any order: no deadlock, nothing counted twice or lost."""
    with postgres_store.transaction() as transaction:
        people = [arrive(transaction.unit, name) for name in ("ana", "luz", "pia")]

    def one(number: int) -> None:
        chance = Random(number)
        for turn in range(6):
            try:
                with postgres_store.transaction() as transaction:
                    _work(transaction.unit, chance, people, f"{number}-{turn}-", 25)
                    if chance.random() < 0.2:
                        raise Undone
            except Undone:
                pass

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(one, range(8)))
    _is_exact(postgres_store, people)
    with postgres_store.transaction() as transaction:
        rows = transaction.unit.tickets._rows
        assert len(_all(rows, "SELECT DISTINCT slot FROM ticket_count")) > 1


def test_two_who_file_for_the_same_department_do_not_wait_on_postgresql(postgres_store: Store) -> None:
    """Each with its transaction under way: else they would lock crosswise, one after the other."""
    with postgres_store.transaction() as transaction:
        ana, luz = arrive(transaction.unit), arrive(transaction.unit, "luz")
    with postgres_store.transaction() as one, postgres_store.transaction() as other:
        add_ticket(one.unit, ana, "A", department="obras")
        add_ticket(other.unit, luz, "B", department="agua")
        add_ticket(other.unit, luz, "C", department="obras")
        add_ticket(one.unit, ana, "D", department="agua")
    _is_exact(postgres_store, [ana, luz])


def test_what_is_wrong_is_counted_anew(store: Store) -> None:
    """Somebody wrote to the table by hand."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        for folio in ("A", "B", "C"):
            add_ticket(unit, ana, folio)
        unit.tickets._rows.command("UPDATE ticket_count SET tickets = 7")
        assert unit.tickets.count(QueueScope("obras"), NOW) == (7, 0)
        assert (unit.tickets.recount(), unit.tickets.recount()) == (1, 0)
        assert unit.tickets.count(QueueScope("obras"), NOW) == (3, 0)


def test_overdue_ones_are_counted_as_far_as_they_are_shown(store: Store) -> None:
    """Urgent or not."""
    late = NOW - timedelta(hours=1)
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        for number in range(OVERDUE_AT_MOST + 5):
            assert unit.tickets.count(QueueScope(), NOW) == (number, min(number, OVERDUE_AT_MOST))
            add_ticket(unit, ana, str(number), due_at=late, is_urgent=number % 3 == 0)
        add_ticket(unit, ana, "FRESH")
        for scope in (QueueScope(), QueueScope("obras")):
            assert unit.tickets.count(scope, NOW) == (OVERDUE_AT_MOST + 6, OVERDUE_AT_MOST)
        assert unit.tickets.count(QueueScope("agua"), NOW) == (0, 0)


def test_a_migration_counts_the_tickets_that_were_there(dialect: str, tmp_path: Path) -> None:
    """And goes on with what is written by hand, as the release before writes it."""
    with database(dialect, tmp_path, migrated=False) as store:
        bring_to(store, _before())
        with store._connect() as connection:
            filler.fill(connection)
            connection.commit()
        store.migrate()
        with store.transaction() as transaction:
            unit = transaction.unit
            rows = unit.tickets._rows
            assert unit.tickets.count(QueueScope(only_open=False), NOW)[0] == filler.ROWS
            rows.command("UPDATE ticket SET department = 'obras', is_open = true, assignee_person_id = 3 WHERE id < 4")
            rows.command("DELETE FROM ticket_media")
            for table in ("ticket_event", "follower", "outbox_part", "receipt", "mailbox", "outbox"):
                rows.command(f"DELETE FROM {table}")
            rows.command("DELETE FROM ticket WHERE id = 1")
            assert unit.tickets.count(QueueScope("obras", 3), NOW)[0] == 2
            assert unit.tickets.recount() == 0


def _before() -> str:
    """The revision before the counts' own."""
    made = next(each for each in revisions() if each.path.endswith("ticket_count.py"))
    return str(made.down_revision)


def _all(rows: object, sql: str) -> list[object]:
    rows._cursor.execute(sql)  # type: ignore[attr-defined] # a look at the table itself
    return list(rows._cursor.fetchall())  # type: ignore[attr-defined]
