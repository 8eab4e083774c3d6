"""Persons are known again by their chats."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from handlers.messages import Address
from handlers.ports import Contact
from handlers.ticket.ticket import Role
from storage.engine import StorageUnavailable, Store
from tests.storage.samples import MINUTE, NOW, arrive


def test_a_chat_is_known_again(store: Store) -> None:
    with store.transaction() as transaction:
        first = arrive(transaction.unit)
        assert first == Contact(first.person_id, first.address_id, Address("telegram", "ana"), "es", None)
        assert arrive(transaction.unit) == first
        assert transaction.unit.people.contact(first.address_id) == first
        assert arrive(transaction.unit, "ana", "whatsapp").person_id != first.person_id


def test_a_chat_that_is_new_to_two_replicas_becomes_one_person(store: Store) -> None:
    def first_message(sender: str) -> Contact:
        with store.transaction() as transaction:
            return arrive(transaction.unit, sender)

    with ThreadPoolExecutor(4) as threads:
        for number in range(8):
            seen = {each.result() for each in [threads.submit(first_message, f"new-{number}") for _ in range(4)]}
            assert len(seen) == 1
    with store._connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM person").scalar() == 8


def test_language_and_notice_belong_to_the_person(store: Store) -> None:
    with store.transaction() as transaction:
        people = transaction.unit.people
        ana = arrive(transaction.unit)
        people.set_language(ana.person_id, "en")
        people.set_notice(ana.person_id, "2026-11", NOW)
        for contact in (arrive(transaction.unit), people.contact(ana.address_id), people.contact_of(ana.person_id)):
            assert contact is not None
            assert (contact.language, contact.notice_version) == ("en", "2026-11")


def test_an_unreachable_chat_is_reachable_when_it_writes_again(store: Store) -> None:
    with store.transaction() as transaction:
        people = transaction.unit.people
        ana = arrive(transaction.unit)
        people.mark_unreachable(ana.address_id, NOW)
        people.mark_unreachable(ana.address_id, NOW + MINUTE)
        assert people.contact(ana.address_id).unreachable_at == NOW
        assert arrive(transaction.unit).unreachable_at is None
        assert people.contact(ana.address_id).unreachable_at is None


def test_nobody_is_nobody(store: Store) -> None:
    with store.transaction() as transaction:
        assert transaction.unit.people.contact_of(4711) is None
        assert transaction.unit.people.official(4711) is None
        with pytest.raises(LookupError):
            transaction.unit.people.contact(4711)


def test_officials_are_found_by_department_and_role(store: Store) -> None:
    """A department's list has its own people and those of the whole town hall."""
    with store.transaction() as transaction:
        unit = transaction.unit
        for name, role, department in (
            ("Luz", Role.AGENT, "agua"),
            ("Beto", Role.SUPERVISOR, "obras"),
            ("Ana", Role.ADMINISTRATOR, None),
        ):
            contact = arrive(unit, name)
            unit.invitations.create(
                code_hash=name, role=role, department=department, name=name, expires_at=NOW + MINUTE, now=NOW
            )
            official = unit.invitations.accept(name, contact.person_id, NOW)
            assert official == unit.people.official(contact.person_id)
            assert (arrive(unit, name).role, arrive(unit, name).department) == (role, department)
            assert unit.people.contact(contact.address_id).role is role
        assert [each.name for each in unit.people.officials()] == ["Ana", "Beto", "Luz"]
        assert [each.name for each in unit.people.officials("agua")] == ["Ana", "Luz"]
        assert [each.name for each in unit.people.officials("agua", Role.AGENT)] == ["Luz"]
        assert [each.name for each in unit.people.officials(role=Role.SUPERVISOR)] == ["Beto"]


def test_a_chat_is_locked_from_its_message_to_the_commit(postgres_store: Store) -> None:
    """Two messages of one person in two replicas are handled one after the other."""
    with postgres_store.transaction() as transaction:
        arrive(transaction.unit)

    def next_message() -> str:
        with postgres_store.transaction() as transaction:
            contact = arrive(transaction.unit)
            conversation = transaction.unit.conversations.get(contact.address_id)
            assert conversation is None
            return "waited"

    with ThreadPoolExecutor(1) as threads:
        with postgres_store.transaction() as transaction:
            arrive(transaction.unit)
            waiting = threads.submit(next_message)
            with pytest.raises(TimeoutError):
                waiting.result(timeout=0.2)
        assert waiting.result(timeout=5) == "waited"


def test_two_batches_that_wait_for_each_other_are_done_again(postgres_store: Store) -> None:
    """The server ends one of them; its worker sees an unavailable database and repeats the batch."""
    with postgres_store.transaction() as transaction:
        arrive(transaction.unit, "ana")
        arrive(transaction.unit, "beto")

    def other_batch() -> str:
        try:
            with postgres_store.transaction() as transaction, transaction.savepoint() as unit:
                arrive(unit, "beto")
                arrive(unit, "ana")
        except StorageUnavailable as error:
            return str(error)
        return "done"

    mine = "done"
    with ThreadPoolExecutor(1) as threads:
        try:
            with postgres_store.transaction() as transaction:
                arrive(transaction.unit, "ana")
                other = threads.submit(other_batch)
                with pytest.raises(TimeoutError):
                    other.result(timeout=0.2)
                arrive(transaction.unit, "beto")
        except StorageUnavailable as error:
            mine = str(error)
        assert sorted([mine, other.result(timeout=5)]) == ["deadlock detected", "done"]
