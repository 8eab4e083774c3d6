"""What is over its term is forgotten, a slice at a time, and nothing else is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest

from handlers.messages import Address, Attachment, AttachmentKind, NoticeKind, OutgoingMessage
from handlers.ports import Contact, Conversation
from handlers.ticket.ticket import EventKind, Role, TicketEvent
from storage.engine import Store
from storage.retention import RULES
from storage.unit_of_work import SqlUnitOfWork
from tests.storage.samples import MINUTE, NOW, add_ticket, arrive, message, say, state_of

RULE = {rule.name: rule for rule in RULES}
PHOTO = Attachment(AttachmentKind.PHOTO, "photo-1", "image/jpeg")
LATER = NOW + MINUTE


def forget(store: Store, name: str, before: datetime = LATER, limit: int = 100) -> int:
    with store.transaction() as transaction:
        return transaction.unit.forgetting.slice(RULE[name], before, NOW, limit)


def cells(store: Store, columns: str, table: str) -> list[tuple[object, ...]]:
    with store._connect() as connection:
        found = connection.exec_driver_sql(f"SELECT {columns} FROM {table} ORDER BY 1")
        return [tuple(row) for row in found]


def a_conversation(unit: SqlUnitOfWork, sender: str, **changes: object) -> Contact:
    contact = arrive(unit, sender)
    held = Conversation(contact.address_id, "report", {"story": "..."}, "place", (), NOW)
    unit.conversations.put(replace(held, **changes))  # type: ignore[arg-type]
    return contact


def test_drafts_that_nobody_took_up_are_forgotten(store: Store) -> None:
    with store.transaction() as transaction:
        draft = a_conversation(transaction.unit, "draft", is_paused=True)
        active = a_conversation(transaction.unit, "active")
        idle = a_conversation(transaction.unit, "idle", flow=None)
    assert forget(store, "drafts", NOW) == 0
    assert forget(store, "drafts") == 1
    assert cells(store, "address_id", "conversation") == [(active.address_id,), (idle.address_id,)]
    assert draft.address_id not in {active.address_id, idle.address_id}


def test_what_was_offered_and_asked_last_is_forgotten_but_no_form_that_waits(store: Store) -> None:
    with store.transaction() as transaction:
        active = a_conversation(transaction.unit, "active")
        a_conversation(transaction.unit, "idle", flow=None)
        new = a_conversation(transaction.unit, "new", flow=None, updated_at=LATER)
    assert forget(store, "offers") == 1
    assert cells(store, "address_id", "conversation") == [(active.address_id,), (new.address_id,)]


def test_messages_are_forgotten_but_not_what_waits_for_another_try(store: Store) -> None:
    """A dead letter stays longer than what is known of a message that was handled."""
    with store.transaction() as transaction:
        inbox = transaction.unit.inbox
        inbox.admit(message("handled"), NOW)
        inbox.record_failure(message("failed"), "error", NOW, NOW)
        inbox.record_failure(message("dead"), "error", NOW, None)
        inbox.admit(message("new"), LATER)
    assert forget(store, "messages") == 1
    assert cells(store, "external_id, state", "inbox") == [("dead", "dead"), ("failed", "failed"), ("new", "handled")]
    assert forget(store, "dead letters") == 1
    assert cells(store, "external_id", "inbox") == [("failed",), ("new",)]


def settled(store: Store, settle: Callable[[SqlUnitOfWork, int], None]) -> int:
    """Number of a row of the outbox, about a ticket, that was claimed and then settled."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        ticket = add_ticket(unit, ana)
        said = OutgoingMessage("Su folio: PON-7K3Q-9")
        put = partial(unit.outbox.put, now=NOW, kind=NoticeKind.NOTICE, ticket_id=ticket.id, dedupe_key="event:0:1")
        assert put(ana.address_id, said)
    with store.transaction() as transaction:
        (row,) = transaction.unit.claims.claim("test", NOW, {"telegram": 1})
        settle(transaction.unit, row.id)
    return row.id


@pytest.mark.parametrize("status", ["sent", "delivered", "read"])
def test_the_words_of_what_was_sent_are_blanked_and_the_rest_still_serves(store: Store, status: str) -> None:
    """A quoted reply finds its ticket, the card says how far it got, receipts apply, and nothing is said twice."""
    row_id = settled(store, lambda unit, row_id: unit.delivery.sent(row_id, "m1", NOW))
    with store.transaction() as transaction:
        transaction.unit.delivery.receipt("telegram", "m1", status, None, NOW)
    assert forget(store, "failures") == 0
    assert forget(store, "texts", NOW) == 0
    assert forget(store, "texts") == 1
    assert forget(store, "texts") == 0
    assert cells(store, "message, error, state", "outbox") == [('{"text":""}', None, status)]
    with store.transaction() as transaction:
        unit = transaction.unit
        ticket = unit.tickets.by_folio("PON-7K3Q-9")
        assert ticket is not None
        assert unit.outbox.ticket_of("telegram", "m1", arrive(unit).address_id) == ticket.id
        unit.delivery.receipt("telegram", "m1", "read", None, LATER)
        assert [each.state for each in unit.outbox.notices_of(ticket.id)] == ["read"]
        again = unit.outbox.put(1, OutgoingMessage("again"), now=LATER, dedupe_key="event:0:1")
        assert not again
    assert state_of(store, row_id) == "read"


@pytest.mark.parametrize(
    ("state", "settle"),
    [
        ("dead", lambda unit, row_id: unit.delivery.dead(row_id, NOW, "blocked")),
        ("uncertain", lambda unit, row_id: unit.delivery.uncertain(row_id, NOW, None, "no answer")),
    ],
)
def test_what_did_not_arrive_keeps_its_words_longer(
    store: Store, state: str, settle: Callable[[SqlUnitOfWork, int], None]
) -> None:
    row_id = settled(store, settle)
    assert forget(store, "texts") == 0
    assert 'PON-7K3Q-9"' in str(cells(store, "message", "outbox"))
    assert forget(store, "failures") == 1
    assert cells(store, "message, error", "outbox") == [('{"text":""}', None)]
    assert state_of(store, row_id) == state


def test_what_is_still_to_be_sent_keeps_its_words(store: Store) -> None:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit), "uno")
    assert forget(store, "texts", NOW + timedelta(days=999)) == 0
    assert forget(store, "failures", NOW + timedelta(days=999)) == 0


def test_mail_receipts_and_invitations_end(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit, "ana", "webchat")
        say(unit, ana, "uno")
        unit.mailbox.put("ana", 1, OutgoingMessage("uno"), NOW)
        unit.delivery.receipt("whatsapp", "nobody's", "delivered", None, NOW)
        unit.invitations.create(
            code_hash="x", role=Role.AGENT, department=None, name="Beatriz", expires_at=NOW, now=NOW
        )
    for name, table in (("mail", "mailbox"), ("receipts", "receipt"), ("invitations", "invitation")):
        assert forget(store, name, NOW) == 0
        assert len(cells(store, "1", table)) == 1
        assert forget(store, name) == 1
        assert cells(store, "1", table) == []


def test_misses_end_once_they_are_settled_and_when_nobody_sees_them_any_more(store: Store) -> None:
    with store.transaction() as transaction:
        misses = transaction.unit.misses
        for text in ("settled", "open"):
            misses.add(text, reason="unknown", article=None, language="es", now=NOW)
        misses.settle([each.id for each in misses.recent(NOW) if each.text == "settled"], LATER)
    assert forget(store, "misses", LATER) == 0
    assert forget(store, "misses", LATER + MINUTE) == 1
    assert cells(store, "text", "miss") == [("open",)]
    assert forget(store, "open misses") == 1


def photo(unit: SqlUnitOfWork, sender: str, key: str | None = "a" * 32) -> int:
    """Number of a photo that came from a chat, and was copied where it has a key."""
    arrive(unit, sender)
    (media_id,) = unit.media.receive(Address("telegram", sender), [PHOTO], NOW)
    if key is not None:
        unit.media.copied(media_id, key, "image/jpeg", 3, NOW)
    return media_id


def discarded(store: Store) -> list[str]:
    return [str(key) for (key,) in cells(store, "key", "discarded_file")]


def test_a_photo_that_nothing_names_is_forgotten_and_its_file_noted(store: Store) -> None:
    with store.transaction() as transaction:
        photo(transaction.unit, "ana")
        photo(transaction.unit, "ana", key=None)
    assert forget(store, "attachments", NOW) == 0
    assert forget(store, "attachments") == 2
    assert (cells(store, "id", "media"), discarded(store)) == ([], ["a" * 32])
    with store.transaction() as transaction:
        ((number, key),) = transaction.unit.forgetting.discarded(0, 10)
        assert transaction.unit.forgetting.discarded(number, 10) == ()
        transaction.unit.forgetting.deleted([number])
    assert (key, discarded(store)) == ("a" * 32, [])


def test_photos_of_tickets_and_of_their_history_stay(store: Store) -> None:
    """Those that it was filed with, that were added, and that an official answered with."""
    with store.transaction() as transaction:
        unit = transaction.unit
        filed, added, answered = (photo(unit, "ana", key=str(n) * 32) for n in range(3))
        ticket = add_ticket(unit, arrive(unit), media=(filed,))
        unit.tickets.save(ticket, replace(ticket, media=(filed, added)))
        unit.tickets.record(TicketEvent(ticket.id, EventKind.ANSWERED, NOW, media=(answered,)))
    assert forget(store, "attachments") == 0
    assert [number for (number,) in cells(store, "id", "media")] == [filed, added, answered]


@pytest.mark.parametrize("is_paused", [False, True])
def test_a_photo_of_a_form_that_may_still_be_filed_stays(store: Store, is_paused: bool) -> None:
    """However old it is: the form may have been touched a moment ago."""
    with store.transaction() as transaction:
        photo(transaction.unit, "ana")
        a_conversation(transaction.unit, "ana", is_paused=is_paused)
        photo(transaction.unit, "beto", key="b" * 32)
        a_conversation(transaction.unit, "beto", flow=None)
    assert forget(store, "attachments") == 1
    assert discarded(store) == ["b" * 32]


def test_a_photo_of_a_form_that_was_set_apart_stays_until_that_is_dropped(store: Store) -> None:
    """Somebody may bring the form back."""
    with store.transaction() as transaction:
        photo(transaction.unit, "ana")
        ana = a_conversation(transaction.unit, "ana")
        transaction.unit.conversations.set_apart(ana.address_id, "its flow is gone", NOW)
        transaction.unit.conversations.clear(ana.address_id)
    assert cells(store, "state", "conversation_apart") == [("apart",)]
    assert forget(store, "attachments") == 0
    with store.transaction() as transaction:
        (letter,) = transaction.unit.dead_letters.page(None, 10)
        assert transaction.unit.dead_letters.drop(letter.key, "a test", NOW)
    assert forget(store, "attachments") == 1


def test_a_file_that_two_messages_named_goes_with_the_last(store: Store) -> None:
    """A browser may name one upload twice: once in a report, once in a form that was dropped."""
    with store.transaction() as transaction:
        unit = transaction.unit
        filed, _ = photo(unit, "ana"), photo(unit, "ana")
        add_ticket(unit, arrive(unit), media=(filed,))
        photo(unit, "beto", key="b" * 32)
        photo(unit, "beto", key="b" * 32)
    assert forget(store, "attachments") == 3
    assert (cells(store, "id", "media"), discarded(store)) == ([(filed,)], ["b" * 32])


def test_a_photo_that_is_being_copied_waits(store: Store) -> None:
    with store.transaction() as transaction:
        photo(transaction.unit, "ana", key=None)
    with store.transaction() as transaction:
        transaction.unit.media.claim("copier", NOW, {"telegram": 10, "webchat": 10, "whatsapp": 10})
    assert forget(store, "attachments") == 0
    with store.transaction() as transaction:
        transaction.unit.media.failed(1, "gone", None, NOW)
    assert forget(store, "attachments") == 1


def test_a_slice_is_as_large_as_it_may_be(store: Store) -> None:
    with store.transaction() as transaction:
        for number in range(25):
            transaction.unit.inbox.admit(message(str(number)), NOW)
    assert [forget(store, "messages", limit=10) for _ in range(4)] == [10, 10, 5, 0]


def test_what_somebody_touches_this_moment_is_left_alone(postgres_store: Store) -> None:
    """A message that takes a draft up holds its row: the sweep waits for nobody, and does not take it away after."""
    with postgres_store.transaction() as transaction:
        a_conversation(transaction.unit, "ana", is_paused=True)
        a_conversation(transaction.unit, "beto", is_paused=True)
    with postgres_store.transaction() as transaction:
        ana = a_conversation(transaction.unit, "ana", updated_at=NOW + 2 * MINUTE)
        assert forget(postgres_store, "drafts") == 1
    assert forget(postgres_store, "drafts") == 0
    assert cells(postgres_store, "address_id", "conversation") == [(ana.address_id,)]
