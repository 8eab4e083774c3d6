"""However many tickets and messages there are, what runs for each of them looks at few rows."""

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from types import ModuleType

import pytest

from storage import (
    claims,
    conversations,
    forgetting,
    heartbeat,
    inbox,
    instance_secrets,
    invitations,
    leases,
    mailbox,
    media,
    misses,
    outbox,
    outbox_parts,
    people,
    receipts,
    rights,
    ticket_counts,
    ticket_queries,
    ticket_search,
    tickets,
    uploads,
)
from storage import (
    delivery as sending,
)
from storage.dead import arrivals, changes, forms, messages
from storage.engine import Store, open_store
from storage.statements import Statement
from tests.databases import database, database_url
from tests.storage.samples import NOW

MODULES = (
    claims, conversations, forgetting, heartbeat, inbox, instance_secrets, invitations, leases, mailbox, media, misses,
    outbox, outbox_parts, people, receipts, rights, sending, ticket_counts, ticket_queries, ticket_search,
    tickets, uploads,
)  # fmt: skip

#: Tables that stay small, or statements that are told to look at all of a short index.
MAY_BE_SCANNED = {"staff", "receipt", "invitation", "instance_secret", "json_each", "conversation_apart", "lease"}
#: Parts of a statement that are told how many rows they may give.
MAY_BE_SCANNED |= {"found", "ready_0", "ready_1", "ready_2"}

QUEUES = {
    "what is due in three channels": claims.ready_addresses(3, are_locked=False),
    "count of a department": ticket_counts.kept(True, False, True),
    "count of an official": ticket_counts.kept(True, True, True),
    **{f"forgetting {name}": statement for name, statement in forgetting.SLICES.items()},
    "change of a ticket": tickets.change_of("state", "is_open"),
}

#: The modules below storage/dead.
GIVEN_UP = (arrivals, changes, forms, messages)

#: Small, or read through an index of its own kind; or no table at all.
MAY_BE_SCANNED |= {"ticket_count", "ticket_search", "ticket_search_pending", "CONSTANT"}
#: What only PostgreSQL reads, and the statement that counts every ticket.
NOT_LOOKED_AT = {"_HITS", "_HITS_IN_SCOPE", "_NEWEST_HITS", "_NEWEST_HITS_IN_SCOPE", "_COUNTED"}

#: By whether it is a department's, an official's, only what is overdue.
RANGES = list(product((True, False), repeat=3))


def statements(modules: tuple[ModuleType, ...]) -> Iterator[tuple[str, Statement]]:
    for module in modules:
        for name, held in vars(module).items():
            if isinstance(held, Statement) and name not in NOT_LOOKED_AT:
                yield f"{module.__name__}.{name}", held


@pytest.fixture(scope="module")
def sqlite_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with database_url("sqlite", tmp_path_factory.mktemp("plans")) as url:
        store = open_store(url)
        yield store
        store.close()


def plan(store: Store, statement: Statement) -> list[str]:
    compiled = statement.on(store._engine.dialect)
    with store._connect() as connection:
        # Otherwise the plan of an insert shows scans for rows that point to the new one; they are jumped over.
        connection.commit()
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        return [
            str(row[3])
            for row in connection.exec_driver_sql(
                f"EXPLAIN QUERY PLAN {compiled.sql}", tuple(None for _ in compiled.template)
            )
        ]


@pytest.mark.parametrize(("name", "statement"), [*statements((*MODULES, *GIVEN_UP)), *QUEUES.items()])
def test_no_statement_reads_a_whole_table(sqlite_store: Store, name: str, statement: Statement) -> None:
    """A partial index may be read as a whole: it holds only what is unfinished."""
    for step in plan(sqlite_store, statement):
        scanned = re.match(r"SCAN (\w+)(.*)", step)
        if scanned is None or scanned[1] in MAY_BE_SCANNED:
            continue
        assert re.search(
            r"ix_(outbox_(due|active|sending|troubled)|inbox_(failed|troubled)|media_(due|claimed))$", scanned[2]
        ), step


@pytest.mark.parametrize("kind", RANGES)
def test_a_queue_is_a_range_of_its_index(sqlite_store: Store, kind: tuple[bool, bool, bool]) -> None:
    """So that any page costs the same with a hundred open tickets and with a hundred thousand."""
    has_department, has_assignee, only_overdue = kind
    by = "assignee_person_id=? AND " if has_assignee else "department=? AND " if has_department else ""
    end = " AND due_at<?" if only_overdue else ""
    for statement, place in (
        (ticket_queries.later(*kind), f"due_at>?{end}"),
        (ticket_queries.same_day(*kind), "due_at=? AND id>?"),
    ):
        search, *others = plan(sqlite_store, statement)
        assert search.endswith(f"({by}is_open=? AND is_urgent=? AND {place})"), search
        assert not [step for step in others if "TEMP B-TREE" in step]


@pytest.mark.parametrize(("has_department", "has_assignee"), list(product((True, False), repeat=2)))
def test_what_is_overdue_is_counted_in_a_range(sqlite_store: Store, has_department: bool, has_assignee: bool) -> None:
    """Of the urgent ones and of the others, and no further than is shown."""
    by = "assignee_person_id=? AND " if has_assignee else "department=? AND " if has_department else ""
    steps = plan(sqlite_store, ticket_counts.overdue(has_department, has_assignee))
    ranges = [step for step in steps if step.startswith("SEARCH ")]
    assert len(ranges) == 2
    assert all(step.endswith(f"({by}is_open=? AND is_urgent=? AND due_at<?)") for step in ranges), ranges


def test_the_search_reads_newest_first_out_of_its_index(sqlite_store: Store) -> None:
    """Nothing is sorted, so that it ends where enough is found."""
    for statement in (ticket_search._MATCHING, ticket_search._MATCHING_IN_SCOPE):
        first, *others = plan(sqlite_store, statement)
        assert re.fullmatch(r"SCAN ticket_search VIRTUAL TABLE INDEX \d+:M\d+", first), first
        assert not [step for step in others if "TEMP B-TREE" in step]


def test_what_is_near_is_found_by_cells(sqlite_store: Store) -> None:
    """Row and column both: a town's open reports may all lie in one row."""
    (search,) = plan(sqlite_store, ticket_queries.NEAR)
    assert re.search(r"ix_ticket_near \(service=\? AND is_open=\? AND <expr>=\? AND <expr>>\? AND <expr><\?\)", search)


@pytest.fixture(scope="module")
def untouched_postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """New, and of this module alone: what other tests left in its statistics would change the plans."""
    with database("postgresql", tmp_path_factory.mktemp("plans"), migrated=False) as store:
        store.migrate()
        yield store


@pytest.mark.parametrize(
    ("name", "statement"),
    [(name, each) for name, each in {**forgetting.SLICES, "attachments": forgetting.LOOSE}.items()],
)
def test_a_slice_of_what_is_forgotten_is_found_by_an_index_on_postgresql_too(
    untouched_postgres: Store, name: str, statement: Statement
) -> None:
    """Where no other way is open than the indexes, none is needed: what is over its term is a range of one."""
    compiled = statement.on(untouched_postgres._engine.dialect)
    values = {key: 200 if str(key).startswith(("limit", "param")) else NOW for key in compiled.template}
    values |= {key: held for key, held in compiled.template.items() if held is not None}
    with untouched_postgres._connect() as connection:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        # Serves as well while the table is empty; until the end of this transaction.
        connection.exec_driver_sql("DROP INDEX ix_outbox_troubled")
        steps = [str(step) for (step,) in connection.exec_driver_sql(f"EXPLAIN {compiled.sql}", values)]
    # Forms that were set apart are few, and read once for a slice.
    few = re.compile(r"Seq Scan on (invitation|conversation_apart)\b")
    assert not [step for step in steps if "Seq Scan" in step and not few.search(step)], steps
    assert name == "invitations" or any("Index Cond: " in step and " < " in step for step in steps), steps


def test_every_module_with_statements_is_looked_at() -> None:
    holders = {
        path.stem if path.parent.name == "storage" else f"{path.parent.name}.{path.stem}"
        for path in Path(sending.__file__).parent.rglob("*.py")
        if re.search(r"^_?[A-Z_]+(: Final)? = Statement\(", path.read_text(), re.M)
    }
    looked_at = {module.__name__.removeprefix("storage.") for module in (*MODULES, *GIVEN_UP)}
    # A backup reads all there is, once a day.
    of_backups = {holder for holder in holders if holder.startswith("backup.")}
    assert holders - looked_at - of_backups <= {"content_changes"}
