"""What was changed in the chat is kept in order, and what became of it is written once."""

import threading
from datetime import UTC, datetime

import pytest

from handlers.content_change import ChangeState
from handlers.messages import Address
from storage.engine import Store
from storage.unit_of_work import SqlUnitOfWork

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)
PATH = "es/articles/predial.md"


def person(unit: SqlUnitOfWork) -> int:
    return unit.people.arrive(Address("webchat", "rosa"), language="es", now=NOW).person_id


def add(unit: SqlUnitOfWork, before: str | None, after: str | None, path: str = PATH) -> int:
    return unit.content_changes.add(path, before, after, person_id=person(unit), note="edited", now=NOW)


def test_a_change_is_read_back_as_it_was_made(store: Store):
    with store.transaction() as transaction:
        change_id = add(transaction.unit, "ñandú {a}\n", None)
    with store.transaction() as transaction:
        change = transaction.unit.content_changes.get(change_id)
        assert change is not None
        assert (change.path, change.previous_text, change.text) == (PATH, "ñandú {a}\n", None)
        assert (change.at, change.state, change.reason, change.note) == (NOW, ChangeState.PENDING, None, "edited")
        assert transaction.unit.content_changes.get(change_id + 1) is None


def test_changes_are_listed_newest_first(store: Store):
    with store.transaction() as transaction:
        unit = transaction.unit
        ids = [add(unit, "a", "b"), add(unit, None, "x", "es/articles/otro.md"), add(unit, "b", "c")]
        assert [each.id for each in unit.content_changes.of(PATH)] == [ids[2], ids[0]]
        assert [each.id for each in unit.content_changes.of(PATH, limit=1)] == [ids[2]]


def test_a_replica_sees_what_it_lacks_in_order(store: Store):
    """Pending ones always, live ones after the last it has, refused ones never."""
    with store.transaction() as transaction:
        unit = transaction.unit
        old, refused, live, pending = (add(unit, "a", "b") for _ in range(4))
        for each, state in ((old, ChangeState.LIVE), (refused, ChangeState.REFUSED), (live, ChangeState.LIVE)):
            unit.content_changes.settle(each, state, reason=None, now=NOW)
        assert [each.id for each in unit.content_changes.unseen(old)] == [live, pending]
        assert [each.id for each in unit.content_changes.unseen(pending)] == [pending]


def test_what_became_of_a_change_is_written_once(store: Store):
    with store.transaction() as transaction:
        changes = transaction.unit.content_changes
        change_id = add(transaction.unit, "a", "b")
        assert changes.settle(change_id, ChangeState.LIVE, reason=None, now=NOW) is ChangeState.LIVE
        assert changes.settle(change_id, ChangeState.REFUSED, reason="unsound", now=NOW) is ChangeState.LIVE


def test_known_texts_leave_out_what_was_refused(store: Store):
    with store.transaction() as transaction:
        changes = transaction.unit.content_changes
        add(transaction.unit, None, "a")
        changes.settle(add(transaction.unit, "x", "y"), ChangeState.REFUSED, reason="unsound", now=NOW)
        assert set(changes.known_texts(PATH)) == {None, "a"}


def test_withdrawn_articles_are_those_whose_last_change_took_them_away(store: Store):
    with store.transaction() as transaction:
        unit = transaction.unit
        add(unit, "a", None, "es/articles/back.md")
        add(unit, None, "a", "es/articles/back.md")
        gone = add(unit, "b", None)
        refused = add(unit, None, "c")
        unit.content_changes.settle(refused, ChangeState.REFUSED, reason="unsound", now=NOW)
        assert [each.id for each in unit.content_changes.withdrawn()] == [gone]


@pytest.mark.parametrize("round_number", range(3))
def test_ids_grow_in_the_order_of_commits(postgres_store: Store, round_number: int):
    """A replica that has seen number 7 has missed none before it."""
    with postgres_store.transaction() as transaction:
        rosa = person(transaction.unit)
    committed: list[int] = []
    begun = threading.Event()

    def second() -> None:
        with postgres_store.transaction() as transaction:
            begun.set()
            change_id = transaction.unit.content_changes.add(PATH, "a", "c", person_id=rosa, note="edited", now=NOW)
        committed.append(change_id)

    thread = threading.Thread(target=second)
    with postgres_store.transaction() as transaction:
        first = transaction.unit.content_changes.add(PATH, "a", "b", person_id=rosa, note="edited", now=NOW)
        thread.start()
        begun.wait(5)
        thread.join(0.1)
        assert committed == []
        committed.append(first)
    thread.join(5)
    assert committed == sorted(committed)


def test_a_change_in_a_state_of_another_release_hides_no_other(store: Store) -> None:
    with store.transaction() as transaction:
        changes, who = transaction.unit.content_changes, person(transaction.unit)
        for text in ("uno", "dos"):
            changes.add("es/a.md", None, text, person_id=who, note="added", now=NOW)
        transaction.unit._rows.command("UPDATE content_change SET state = 'in_review' WHERE text = 'uno'")
        assert [change.state for change in changes.of("es/a.md")] == [ChangeState.PENDING, ChangeState.UNKNOWN]
        assert [change.text for change in changes.unseen(0)] == ["dos"]
