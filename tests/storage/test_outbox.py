"""What is to be said is put once, and found again by what was said."""

import pytest

from handlers.messages import Choice, NoticeKind, OutgoingMessage
from handlers.ports import SentNotice
from storage.engine import StatementRefused, Store
from tests.storage.samples import MINUTE, NOW, ROOM, add_ticket, arrive, claim


def test_the_same_thing_is_never_said_twice(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        hello = OutgoingMessage("hola")
        assert unit.outbox.put(ana.address_id, hello, now=NOW, dedupe_key="PON-1:7:ana")
        assert not unit.outbox.put(ana.address_id, hello, now=NOW, dedupe_key="PON-1:7:ana")
        assert unit.outbox.put(ana.address_id, hello, now=NOW)
        assert unit.outbox.put(ana.address_id, hello, now=NOW)
        assert unit.delivery.counts()["pending"] == 3


def test_a_message_comes_out_as_it_was_put(store: Store) -> None:
    full = OutgoingMessage(
        "**Su folio** es \x00 😀 " + "x" * 10_000,
        choices=(Choice("a", "Sí"), Choice("b", "No")),
        controls=(Choice("/menu", "Menú"),),
        wants_place=True,
        media=(3, 1),
        command_menu="agent",
    )
    with store.transaction() as transaction:
        ana = arrive(transaction.unit)
        ticket = add_ticket(transaction.unit, ana)
        transaction.unit.outbox.put(ana.address_id, full, now=NOW, kind=NoticeKind.NOTICE, ticket_id=ticket.id)
    (row,) = claim(store)
    assert row.message == full
    assert (row.channel, row.to, row.address_id) == ("telegram", "ana", ana.address_id)
    assert (row.kind, row.ticket_id) == (NoticeKind.NOTICE, ticket.id)
    assert (row.attempts, row.uncertain_count, row.created_at) == (0, 0, NOW)


def test_nothing_is_put_for_a_chat_that_nobody_knows(store: Store) -> None:
    with store.transaction() as transaction, pytest.raises(StatementRefused), transaction.savepoint() as unit:
        unit.outbox.put(4711, OutgoingMessage("hola"), now=NOW)


def test_an_answer_to_a_notice_finds_its_ticket(store: Store) -> None:
    """A resident who replies to our message means the ticket that it was about."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        ticket = add_ticket(unit, ana)
        unit.outbox.put(ana.address_id, OutgoingMessage("resuelto"), now=NOW, ticket_id=ticket.id)
        unit.outbox.put(ana.address_id, OutgoingMessage("menú"), now=NOW)
        for provider_id in ("ana:77", "ana:78"):
            (row,) = unit.claims.claim("one", NOW, ROOM)
            unit.delivery.many_sent([(row.id, provider_id)], NOW)
        assert unit.outbox.ticket_of("telegram", "ana:77", ana.address_id) == ticket.id
        assert unit.outbox.ticket_of("telegram", "ana:78", ana.address_id) is None
        assert unit.outbox.ticket_of("whatsapp", "ana:77", ana.address_id) is None


def test_a_stranger_who_guesses_an_id_of_ours_finds_no_ticket(store: Store) -> None:
    """Whether there is one is nobody else's business."""
    with store.transaction() as transaction:
        unit = transaction.unit
        ana, luis = arrive(unit), arrive(unit, "luis")
        ticket = add_ticket(unit, ana)
        for parts in (False, True):
            unit.outbox.put(ana.address_id, OutgoingMessage("resuelto"), now=NOW, ticket_id=ticket.id)
            (row,) = unit.claims.claim("one", NOW, ROOM)
            if parts:
                unit.delivery.sent_in_parts(row.id, {"text:1": "ana:80", "text:2": "ana:81"}, NOW)
            else:
                unit.delivery.many_sent([(row.id, "ana:77")], NOW)
        for provider_id in ("ana:77", "ana:80", "ana:81"):
            assert unit.outbox.ticket_of("telegram", provider_id, ana.address_id) == ticket.id
            assert unit.outbox.ticket_of("telegram", provider_id, luis.address_id) is None


def test_an_answer_to_any_part_of_a_notice_finds_its_ticket(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        ticket = add_ticket(unit, ana)
        unit.outbox.put(ana.address_id, OutgoingMessage("resuelto"), now=NOW, ticket_id=ticket.id)
        (row,) = unit.claims.claim("one", NOW, ROOM)
        unit.delivery.sent_in_parts(row.id, {"text:1": "ana:77", "text:2": "ana:78"}, NOW)
        for provider_id in ("ana:77", "ana:78"):
            assert unit.outbox.ticket_of("telegram", provider_id, ana.address_id) == ticket.id
        assert unit.outbox.ticket_of("telegram", "ana:79", ana.address_id) is None


def test_notices_of_a_ticket_tell_how_far_they_got(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit, "ana", "whatsapp")
        ticket = add_ticket(unit, ana)
        for text in ("first", "second"):
            unit.outbox.put(ana.address_id, OutgoingMessage(text), now=NOW, kind=NoticeKind.NOTICE, ticket_id=ticket.id)
        unit.outbox.put(ana.address_id, OutgoingMessage("a reply"), now=NOW + MINUTE, ticket_id=ticket.id)
        for provider_id in ("SM1", "SM2"):
            (row,) = unit.claims.claim("one", NOW + MINUTE, ROOM)
            unit.delivery.many_sent([(row.id, provider_id)], NOW)
        unit.delivery.receipt("whatsapp", "SM1", "failed", "63024", NOW)
        unit.delivery.receipt("whatsapp", "SM2", "read", None, NOW)
        assert unit.outbox.notices_of(ticket.id) == (
            SentNotice(ticket.id, "read", NOW, ana.address_id),
            SentNotice(ticket.id, "dead", NOW, ana.address_id),
        )
