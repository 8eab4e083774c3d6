"""What officials look for is found: the same on both databases, in the same order, however it is asked."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from faq.text import fold
from handlers.messages import Place
from handlers.ports import QueueScope
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Ticket, TicketState
from storage import ticket_search
from storage.engine import Store
from storage.statements import Statement
from storage.unit_of_work import SqlUnitOfWork
from tests.databases import database
from tests.storage import filler
from tests.storage.releases import bring_to, revisions
from tests.storage.samples import NOW, add_ticket, arrive

#: More than wait beside the index, and more than one block of numbers.
MANY = 700
EVERYTHING = QueueScope(only_open=False)
_WORDS = [
    "bache", "baches", "bacheo", "alumbrado", "alcantarillado", "alcantarilla", "árbol", "ÁRBOLES", "Hidalgo",
    "hidalguense", "5", "12", "de", "la", "no", "Ñandú", "niño", "100%", "c/", "d685", "_x", "and", "NEAR", "'ley'",
    '"cita"', "straße", "ﬁn", "ΑΣ", "日本語", "١٢٣", "x²", "e\u0301poca",
]  # fmt: skip


def _text(chance: Random, n: int) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(chance.randint(1, n)))


def _fill(unit: SqlUnitOfWork) -> list[Ticket]:
    """The same tickets wherever it is called."""
    chance, ana = Random(11), arrive(unit)
    filed = []
    for number in range(MANY):
        if number in (300, 400):
            _jump(unit, 5_000 * (number - 299))
        ticket = add_ticket(
            unit,
            ana,
            folios.new(chance.choice),
            story=_text(chance, 8) + (" unicornio" if number == 3 else "") + " todas",
            place=chance.choice([None, Place(text=_text(chance, 3)), Place(20.38, -102.92)]),
            department=chance.choice(["obras", "agua", "agua-2", "añil"]),
            assignee_person_id=chance.choice([None, ana.person_id]),
        )
        if chance.random() < 0.3:
            ticket = unit.tickets.save(ticket, replace(ticket, story=_text(chance, 8), department="obras"))
        if chance.random() < 0.3:
            ticket = unit.tickets.save(ticket, ticket.moved(TicketState.CLOSED, NOW))
        filed.append(ticket)
    return filed


def _jump(unit: SqlUnitOfWork, to: int) -> None:
    """The next ticket has a far higher number."""
    rows = unit.tickets._rows
    rows.command(
        f"UPDATE sqlite_sequence SET seq = {to} WHERE name = 'ticket'"
        if rows.is_sqlite
        else f"SELECT setval('ticket_id_seq', {to})"
    )


def _expected(filed: list[Ticket], words: str, scope: QueueScope) -> list[str]:
    """Said once more, in plain Python: words by their beginnings, folios by any part."""
    said = fold(words).split()[:16]
    joined = "".join(said)

    def is_found(ticket: Ticket) -> bool:
        place = ticket.place.text if ticket.place and ticket.place.text else ""
        there, folio = fold(f"{ticket.folio} {ticket.story} {place}").split(), ticket.folio.lower()
        parts = {folio[start:] for start in range(5)}
        whole = all(
            any(each[:12].startswith(word[:12]) for each in (*there, *parts)) if len(word) > 2 else word in there
            for word in said
        )
        signs = set(folios.SIGNS.lower())
        return whole or (len(said) > 1 and 2 < len(joined) < 8 and signs.issuperset(joined) and joined in folio)

    return [
        ticket.folio
        for ticket in reversed(filed)
        if said
        and is_found(ticket)
        and scope.department in {None, ticket.department}
        and scope.assignee_person_id in {None, ticket.assignee_person_id}
        and (ticket.is_open or not scope.only_open)
    ]


def _searches(filed: list[Ticket]) -> Iterator[tuple[str, QueueScope, int]]:
    chance = Random(5)
    scopes = [
        EVERYTHING,
        EVERYTHING,
        QueueScope(),
        QueueScope("agua", only_open=False),
        QueueScope("añil"),
        QueueScope("nada", only_open=False),
        QueueScope("obras", filed[0].author_person_id, only_open=False),
    ]
    for scope in scopes:
        yield "unicornio", scope, 10
        for _ in range(60):
            folio = folios.pretty(chance.choice(filed).folio)
            start, end = sorted(chance.sample(range(9), 2))
            said = chance.choice([folio[start:end], folio[start:end].lower(), _text(chance, 3), chance.choice(_WORDS)])
            yield said[: chance.choice([3, 5, 20])], scope, chance.choice([1, 10, 1000])


def _found(unit: SqlUnitOfWork, said: str, scope: QueueScope, limit: int) -> list[str]:
    return [ticket.folio for ticket in unit.tickets.search(said, scope, limit=limit)]


def test_words_beginnings_and_parts_of_folios_are_found(store: Store) -> None:
    """As plain Python finds them; newest first, in every scope, wherever the tickets lie."""
    with store.transaction() as transaction:
        filed = _fill(transaction.unit)
    with store.transaction() as transaction:
        for said, scope, limit in _searches(filed):
            expected = _expected(filed, said, scope)[:limit]
            assert _found(transaction.unit, said, scope, limit) == expected, (said, scope)


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, Store]]:
    folder = tmp_path_factory.mktemp("both")
    with database("sqlite", folder) as small, database("postgresql", folder) as large:
        for store in (small, large):
            with store.transaction() as transaction:
                _fill(transaction.unit)
        yield small, large


# However long one question takes on a busy machine.
@settings(deadline=None)
@given(
    st.lists(st.one_of(st.sampled_from(_WORDS), st.text(max_size=5), st.text(folios.SIGNS, max_size=7)), max_size=5),
    st.sampled_from(["", " ", "-", "*", '" OR "', "' | '"]),
    st.integers(1, 800),
)
def test_sqlite_and_postgresql_find_the_same(
    both: tuple[Store, Store], words: list[str], between: str, limit: int
) -> None:
    """Whatever is asked, in the same order."""
    found = []
    for store in both:
        with store.transaction() as transaction:
            found.append(_found(transaction.unit, between.join(words), EVERYTHING, limit))
    assert found[0] == found[1]


@pytest.mark.parametrize(
    "said",
    [
        '"', "'", "\\", "*", "bac*", '"bache"', "bache OR nada", "bache NEAR arbol", "NOT bache", "^bache",
        "words:bache", "-bache", "bache & | ! ( ) :*", "('bache')", "ticket_search", "_12x0",
        "bache); DROP TABLE ticket; --", "%", "_", "\x00bache", "\ud800", "a" * 5_000, "bache " * 2_000,
    ],
)  # fmt: skip
def test_signs_of_query_languages_are_no_words(store: Store, said: str) -> None:
    """Quotes, operators and the index's own marks: nothing of it fails, and words in it are words."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        add_ticket(unit, ana, "OTRO", story="Árbol caído en el drenaje")
        filed = add_ticket(unit, ana, "UNO", story="Un bache or nada near árbol not words drop table ticket search")
        expected = (
            ["UNO"] if fold(said) and all(word in fold(filed.story + " arbol") for word in fold(said).split()) else []
        )
        assert _found(unit, said, EVERYTHING, 10) == expected


def test_what_was_undone_is_not_found(store: Store) -> None:
    """The words go with the ticket, however many wait beside the index."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        for number in range(100):
            with pytest.raises(ZeroDivisionError), transaction.savepoint():
                add_ticket(unit, ana, f"X{number}", story="fantasma")
                raise ZeroDivisionError
            add_ticket(unit, ana, f"Y{number}", story="verdad")
        assert _found(unit, "fantasma", EVERYTHING, 10) == []
        assert len(_found(unit, "verdad", EVERYTHING, 1000)) == 100


def test_a_ticket_that_is_deleted_leaves_no_words(store: Store) -> None:
    """Whether they waited or lay in the index."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        kept = [add_ticket(unit, ana, f"F{number}", story="bache").id for number in range(70)]
        gone = (kept[0], kept[-1])
        unit.tickets._rows.command(f"DELETE FROM ticket WHERE id IN {gone}")
        rows = unit.tickets._rows
        found = ticket_search._on_sqlite if rows.is_sqlite else ticket_search._on_postgresql
        sought = ticket_search.read("bache")
        assert sought is not None
        assert found(rows, sought, EVERYTHING, 100) == sorted(set(kept) - set(gone), reverse=True)


@pytest.mark.parametrize("statement", [ticket_search._NEWEST_HITS, ticket_search._NEWEST_HITS_IN_SCOPE])
def test_postgresql_looks_for_words_and_for_blocks_apart(postgres_store: Store, statement: Statement) -> None:
    """So that it leaps from one to the other, and does not ask each ticket of the blocks for its words."""
    values = {"sought": "'bache'", "blocks": "'_8x1'", "limit": 10, "assignee": None, "ended_too": True}
    with postgres_store.transaction() as transaction:
        rows = transaction.unit.tickets._rows
        # There is hardly a row: it would read them all.
        rows.command("SET LOCAL enable_seqscan = off")
        compiled = statement.on(rows._dialect)
        plan = rows._cursor.execute(f"EXPLAIN {compiled.sql}", compiled.values(values)).fetchall()
    (condition,) = (line for (line,) in plan if "Index Cond" in line and "ticket_lexemes" in line)
    assert condition.count("@@") == 2


@pytest.mark.parametrize(("into_one", "parts"), [(True, 1), (False, 2)])
def test_merging_leaves_few_parts_and_loses_nothing(store: Store, into_one: bool, parts: int) -> None:
    """A page at a time, while tickets are filed, changed and deleted; then nothing is left to be done."""
    chance, filed = Random(7), list[Ticket]()
    with store.transaction() as transaction:
        ana = arrive(transaction.unit)
    for _ in range(6):
        with store.transaction() as transaction:
            unit = transaction.unit
            filed += [add_ticket(unit, ana, folios.new(chance.choice), story=f"bache {each}") for each in range(70)]
    assert store.is_shared or _parts(store) > 3
    for number in range(MANY):
        with store.transaction() as transaction:
            unit = transaction.unit
            if not unit.tickets.merge_search(1, into_one=into_one):
                break
            if number < 100:
                filed.append(add_ticket(unit, ana, folios.new(chance.choice), story="bache nuevo"))
                filed[number] = unit.tickets.save(filed[number], replace(filed[number], story="bache tapado"))
                unit.tickets._rows.command(f"DELETE FROM ticket WHERE id = {filed.pop(-2).id}")
    else:
        pytest.fail("it has no end")
    assert store.is_shared or _parts(store) <= parts
    with store.transaction() as transaction:
        for said in ("bache", "tapado", "bache nuevo", filed[300].folio[2:6], "7"):
            expected = _expected(filed, said, EVERYTHING)
            assert _found(transaction.unit, said, EVERYTHING, 1000) == expected, said
        assert not transaction.unit.tickets.merge_search(1, into_one=into_one)


def test_a_hundred_nights_wear_nothing_out(tmp_path: Path) -> None:
    """FTS5's own notes grow with each merge into one, and it refuses its file where they are too long."""
    with database("sqlite", tmp_path) as store:
        chance, numbers = Random(3), count(1)
        for night in range(100):
            for _ in range(3):
                filed = [(next(numbers), " ".join(f"w{chance.randrange(2_000)}" for _ in range(10))) for _ in range(64)]
                with store._connect() as connection:
                    connection.exec_driver_sql("INSERT INTO ticket_search (rowid, words) VALUES (?, ?)", filed)
                    connection.commit()
            is_merging = True
            while is_merging:
                with store.transaction() as transaction:
                    is_merging = transaction.unit.tickets.merge_search(16, into_one=night % 30 == 29)
            assert _parts(store) <= 6
        with store._connect() as connection:
            notes = connection.exec_driver_sql("SELECT block FROM ticket_search_data WHERE id = 10").scalar_one()
        assert len(notes) < 100


def _parts(store: Store) -> int:
    """In how many parts FTS5 looks a word up."""
    with store._connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(DISTINCT segid) FROM ticket_search_idx").scalar_one())


def test_a_migration_finds_the_tickets_that_were_there(dialect: str, tmp_path: Path) -> None:
    """Those of the releases before, and what the release before goes on writing beside this one."""
    with database(dialect, tmp_path, migrated=False) as store:
        bring_to(store, _before())
        with store._connect() as connection:
            filler.fill(connection)
            connection.commit()
        store.migrate()
        with store.transaction() as transaction:
            rows = transaction.unit.tickets._rows
            rows.command("UPDATE ticket SET search_text = 'puente roto' WHERE id = 2")
            for said, numbers in (("search_text", [4, 3, 1]), ("puente", [2])):
                sought = ticket_search.read(said.partition("_")[0])
                assert sought is not None
                found = ticket_search._on_sqlite if rows.is_sqlite else ticket_search._on_postgresql
                assert found(rows, sought, EVERYTHING, 10) == numbers


def _before() -> str:
    """The revision before the search's own."""
    made = next(each for each in revisions() if each.path.endswith("ticket_search.py"))
    return str(made.down_revision)
