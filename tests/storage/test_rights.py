"""What was written for a role is sent, shown and opened only while its reader holds it."""

from datetime import datetime, timedelta

import pytest

from handlers.messages import OutgoingMessage
from handlers.ports import Contact
from handlers.ticket.ticket import Role
from storage.engine import Store
from storage.unit_of_work import SqlUnitOfWork
from tests.storage.samples import MINUTE, NOW, arrive, claim, texts

CARD = OutgoingMessage("Folio", media=(7,), role="agent")


def appoint(unit: SqlUnitOfWork, person: Contact, role: Role = Role.AGENT, now: datetime = NOW) -> None:
    code = f"{role}:{now}"
    unit.invitations.create(
        code_hash=code, role=role, department=None, name="Ana", expires_at=now + timedelta(days=1), now=now
    )
    assert unit.invitations.accept(code, person.person_id, now)


def put(unit: SqlUnitOfWork, to: Contact, *messages: OutgoingMessage, now: datetime = NOW) -> None:
    for message in messages:
        unit.outbox.put(to.address_id, message, now=now)


def mailed(store: Store, *messages: OutgoingMessage, role: Role | None = Role.AGENT) -> tuple[Contact, list[int]]:
    """Ana, and the ids of what lies in her mailbox."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit, "ana", "webchat")
        if role is not None:
            appoint(unit, ana, role)
        put(unit, ana, *messages)
    mails = []
    while rows := claim(store):
        with store.transaction() as transaction:
            for row in rows:
                mails.append(transaction.unit.mailbox.put(row.to, row.id, row.message, NOW) or 0)
                transaction.unit.delivery.sent(row.id, f"m{row.id}", NOW)
    return ana, mails


def revoke(store: Store, person: Contact) -> None:
    with store.transaction() as transaction:
        assert transaction.unit.invitations.revoke(person.person_id, NOW + MINUTE)


def shown(store: Store) -> list[str]:
    with store.transaction() as transaction:
        return [message.text for _, message, _ in transaction.unit.mailbox.after("ana", 0, 10).messages]


def may_open(store: Store, shown_in: str, media_id: int = 7) -> bool:
    with store.transaction() as transaction:
        return transaction.unit.rights.may_open(shown_in, media_id)


def test_a_mailbox_shows_what_is_for_a_role_as_long_as_it_is_held(store: Store) -> None:
    """Not a page later, also where it was shown before; one's own matters stay."""
    ana, _ = mailed(store, OutgoingMessage("Su folio"), CARD)
    assert shown(store) == ["Su folio", "Folio"]
    revoke(store, ana)
    assert shown(store) == ["Su folio"]


def test_what_was_written_for_an_earlier_appointment_is_not_shown_to_the_next(store: Store) -> None:
    """It may have been in another department."""
    ana, _ = mailed(store, CARD)
    with store.transaction() as transaction:
        appoint(transaction.unit, ana, now=NOW + MINUTE)
    assert shown(store) == []


@pytest.mark.parametrize("held", list(Role))
@pytest.mark.parametrize("needed", list(Role))
def test_a_role_includes_those_before_it(store: Store, held: Role, needed: Role) -> None:
    """On sending and in the mailbox alike."""
    _, mails = mailed(store, OutgoingMessage("x", role=needed.value), role=held)
    assert (len(mails), shown(store)) == ((1, ["x"]) if held.includes(needed) else (0, []))


def test_nothing_for_a_role_is_sent_to_whoever_lost_it(store: Store) -> None:
    """The row says so, and what follows it goes out."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        appoint(unit, ana)
        put(unit, ana, CARD, OutgoingMessage("hola"))
    revoke(store, ana)
    assert texts(claim(store)) == ["hola"]
    with store.transaction() as transaction:
        assert transaction.unit.delivery.counts()["dead"] == 1


def test_a_photo_opens_from_where_it_was_shown_as_long_as_that_may_be_shown(store: Store) -> None:
    ana, (mail_id,) = mailed(store, CARD)
    places = (f"mail:{mail_id}", "outbox:1")
    for place in places:
        assert may_open(store, place)
        assert not may_open(store, place, media_id=8)
    revoke(store, ana)
    for place in places:
        assert not may_open(store, place)


def test_a_residents_photo_opens_until_the_chat_is_forgotten(store: Store) -> None:
    _, (mail_id,) = mailed(store, OutgoingMessage("Así quedó", media=(7,)), role=None)
    assert may_open(store, f"mail:{mail_id}")
    assert may_open(store, "outbox:1")
    with store.transaction() as transaction:
        transaction.unit.mailbox.forget("ana", NOW)
    assert not may_open(store, f"mail:{mail_id}")


@pytest.mark.parametrize("place", ["", "mail:", "mail:x", "mail:-1", "mail:²", "mail:99", "outbox:" + "9" * 40, "x:1"])
def test_a_place_that_is_none_opens_nothing(store: Store, place: str) -> None:
    assert not may_open(store, place)
