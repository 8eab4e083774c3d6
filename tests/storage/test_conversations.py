"""A chat goes on where it stopped."""

from dataclasses import replace

import pytest

from handlers.messages import Choice
from handlers.ports import Conversation
from storage.engine import Store
from storage.unit_of_work import SqlUnitOfWork
from tests.storage.samples import MINUTE, NOW, arrive


def conversation(unit: SqlUnitOfWork, sender: str = "ana") -> Conversation:
    return Conversation(
        address_id=arrive(unit, sender).address_id,
        flow="report",
        journal={"story": "hay un bache", "kind": "VIA-BACHE", "place": {"longitude": -102.9, "latitude": 20.3}},
        asked="photos",
        offered=(Choice("yes", "Sí"), Choice("no", "No")),
        updated_at=NOW,
    )


def test_what_was_put_comes_back(store: Store) -> None:
    with store.transaction() as transaction:
        put = conversation(transaction.unit)
        assert transaction.unit.conversations.get(put.address_id) is None
        transaction.unit.conversations.put(put)
    with store.transaction() as transaction:
        found = transaction.unit.conversations.get(put.address_id)
        assert found == put
        # Equal dicts may differ in the order of their keys; a journal must not.
        assert list(found.journal) == ["story", "kind", "place"]


def test_the_last_put_counts(store: Store) -> None:
    with store.transaction() as transaction:
        conversations = transaction.unit.conversations
        first = conversation(transaction.unit)
        later = replace(first, flow=None, journal={}, asked=None, offered=(), updated_at=NOW + MINUTE)
        conversations.put(first)
        conversations.put(later)
        assert conversations.get(first.address_id) == later
        conversations.clear(first.address_id)
        assert conversations.get(first.address_id) is None


@pytest.mark.parametrize("text", ["x" * 10_000, "😀🕳️" * 2_500, "a\x00b\ud800c\u202edcba"])
def test_every_text_survives_in_a_journal(store: Store, text: str) -> None:
    with store.transaction() as transaction:
        put = replace(conversation(transaction.unit), journal={text[:50]: text}, offered=(Choice("1", text),))
        transaction.unit.conversations.put(put)
        assert transaction.unit.conversations.get(put.address_id) == put


def test_unfinished_conversations_expire_oldest_first(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        old = conversation(unit, "old")
        older = replace(conversation(unit, "older"), updated_at=NOW - MINUTE)
        paused = replace(conversation(unit, "paused"), is_paused=True)
        idle = replace(conversation(unit, "idle"), flow=None)
        new = replace(conversation(unit, "new"), updated_at=NOW + MINUTE)
        for each in (old, older, paused, idle, new):
            unit.conversations.put(each)
        assert unit.conversations.expired(NOW + MINUTE, 10) == (older, old)
        assert unit.conversations.expired(NOW + MINUTE, 1) == (older,)


def test_a_conversation_does_not_expire_under_a_message(postgres_store: Store) -> None:
    """While one replica handles a message of the chat, another's sweep leaves the chat alone; so do two sweeps."""
    with postgres_store.transaction() as transaction:
        for sender in ("ana", "beto"):
            transaction.unit.conversations.put(conversation(transaction.unit, sender))
    with postgres_store.transaction() as message, postgres_store.transaction() as sweep:
        ana = arrive(message.unit, "ana")
        found = sweep.unit.conversations.expired(NOW + MINUTE, 10)
        assert len(found) == 1
        assert found[0].address_id != ana.address_id
        with postgres_store.transaction() as other_sweep:
            assert other_sweep.unit.conversations.expired(NOW + MINUTE, 10) == ()
