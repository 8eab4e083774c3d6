"""A code gives a role once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from handlers.ports import Official
from handlers.ticket.ticket import Role
from storage.engine import StatementRefused, Store
from storage.unit_of_work import SqlUnitOfWork
from tests.storage.samples import NOW, arrive


def invite(unit: SqlUnitOfWork, code: str = "code", role: Role = Role.AGENT, department: str | None = "obras") -> int:
    return unit.invitations.create(
        code_hash=code, role=role, department=department, name="Luz", expires_at=NOW + timedelta(days=1), now=NOW
    )


def test_an_invitation_gives_its_role_once(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        invite(unit)
        ana, beto = arrive(unit, "ana"), arrive(unit, "beto")
        assert unit.invitations.accept("code", ana.person_id, NOW) == Official(
            ana.person_id, "Luz", Role.AGENT, "obras", NOW
        )
        assert unit.invitations.accept("code", beto.person_id, NOW) is None
        assert unit.invitations.accept("code", ana.person_id, NOW) is None
        assert unit.people.official(beto.person_id) is None


def test_an_unknown_or_expired_code_gives_nothing(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        invite(unit)
        ana = arrive(unit)
        assert unit.invitations.accept("other", ana.person_id, NOW) is None
        assert unit.invitations.accept("code", ana.person_id, NOW + timedelta(days=1)) is None


def test_of_many_who_use_a_code_at_once_one_wins(store: Store) -> None:
    with store.transaction() as transaction:
        invite(transaction.unit)
        people = [arrive(transaction.unit, f"p{number}").person_id for number in range(6)]

    def accept(person_id: int) -> Official | None:
        with store.transaction() as transaction:
            return transaction.unit.invitations.accept("code", person_id, NOW)

    with ThreadPoolExecutor(6) as threads:
        won = [official for official in threads.map(accept, people) if official is not None]
    with store.transaction() as transaction:
        assert list(transaction.unit.people.officials()) == won
    assert len(won) == 1


def test_a_later_invitation_replaces_the_role(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        invite(unit, "first", Role.AGENT)
        invite(unit, "second", Role.SUPERVISOR, None)
        unit.invitations.accept("first", ana.person_id, NOW)
        unit.invitations.accept("second", ana.person_id, NOW)
        assert [(each.role, each.department) for each in unit.people.officials()] == [(Role.SUPERVISOR, None)]


def test_a_revoked_role_is_gone(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        invite(unit)
        unit.invitations.accept("code", ana.person_id, NOW)
        assert unit.invitations.revoke(ana.person_id, NOW)
        assert not unit.invitations.revoke(ana.person_id, NOW)
        assert unit.people.officials() == ()
        assert arrive(unit).role is None


def test_a_code_cannot_stand_for_two_invitations(store: Store) -> None:
    with store.transaction() as transaction, pytest.raises(StatementRefused), transaction.savepoint() as unit:
        invite(unit)
        invite(unit)
