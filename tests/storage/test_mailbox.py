"""The web chat's page gets every message once and in order."""

from datetime import datetime

from handlers.messages import OutgoingMessage
from storage.engine import Store
from storage.outbox import OutboxRow
from storage.unit_of_work import SqlUnitOfWork
from tests.storage.samples import MINUTE, NOW, ROOM, arrive, claim, say, state_of


def deliver(store: Store, *texts: str, sender: str = "ana") -> list[tuple[int, int]]:
    """(outbox id, mailbox id) of messages that were put into the mailbox, but not settled yet."""
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, sender, "webchat"), *texts)
    with store.transaction() as transaction:
        unit = transaction.unit
        return [(row.id, unit.mailbox.put(row.to, row.id, row.message, NOW) or 0) for row in pending(unit)]


def pending(unit: SqlUnitOfWork) -> list[OutboxRow]:
    """What waits, taken as a sender takes it and put back into its place as if it were on its way all at once."""
    rows: list[OutboxRow] = []
    while found := unit.claims.claim("one", NOW, ROOM):
        rows += found
        for row in found:
            unit.delivery.sent(row.id, f"on its way {row.id}", NOW)
    for row in rows:
        unit._rows._cursor.execute(
            f"UPDATE outbox SET state = 'sending', owner = 'one', provider_id = NULL WHERE id = {row.id}"
        )
    return rows


def shown(store: Store, after_id: int = 0, sender: str = "ana", limit: int = 10) -> list[tuple[str, datetime]]:
    with store.transaction() as transaction:
        found = transaction.unit.mailbox.after(sender, after_id, limit).messages
        return [(message.text, created_at) for _, message, created_at in found]


def test_the_page_gets_what_follows_the_last_it_saw(store: Store) -> None:
    (_, first), (_, second) = deliver(store, "uno", "dos")
    deliver(store, "otro", sender="beto")
    assert shown(store) == [("uno", NOW), ("dos", NOW)]
    assert shown(store, first) == [("dos", NOW)]
    assert shown(store, second) == []
    assert shown(store, limit=1) == [("uno", NOW)]


def test_a_message_that_is_sent_again_is_shown_once(store: Store) -> None:
    ((outbox_id, mail_id),) = deliver(store, "uno")
    with store.transaction() as transaction:
        assert transaction.unit.mailbox.put("ana", outbox_id, OutgoingMessage("uno"), NOW + MINUTE) == mail_id
    assert shown(store) == [("uno", NOW)]


def test_what_the_page_has_shown_is_delivered(store: Store) -> None:
    """Also where the page was quicker than the settling of the row."""
    (first, first_mail), (second, second_mail) = deliver(store, "uno", "dos")
    with store.transaction() as transaction:
        unit = transaction.unit
        unit.delivery.sent(first, str(first_mail), NOW)
        unit.mailbox.acknowledge("beto", second_mail, NOW)
        unit.mailbox.acknowledge("ana", first_mail, NOW)
    assert (state_of(store, first), state_of(store, second)) == ("delivered", "sending")
    with store.transaction() as transaction:
        unit = transaction.unit
        unit.mailbox.acknowledge("ana", second_mail, NOW)
        unit.mailbox.acknowledge("ana", second_mail, NOW)
        unit.delivery.sent(second, str(second_mail), NOW)
    assert state_of(store, second) == "delivered"


def test_a_shown_message_of_a_dead_process_is_not_sent_again(store: Store) -> None:
    ((outbox_id, mail_id),) = deliver(store, "uno")
    with store.transaction() as transaction:
        assert transaction.unit.claims.judge_others("another", NOW) == 1
        transaction.unit.mailbox.acknowledge("ana", mail_id, NOW)
    assert claim(store) == ()
    assert state_of(store, outbox_id) == "delivered"


def test_a_forgotten_chat_shows_nothing_and_numbers_are_not_used_again(store: Store) -> None:
    """The page remembers the last number it saw: a new message must have a higher one."""
    ((row_id, old),) = deliver(store, "uno")
    with store.transaction() as transaction:
        transaction.unit.delivery.sent(row_id, str(old), NOW)
        transaction.unit.mailbox.forget("ana", NOW)
    assert shown(store) == []
    deliver(store, "dos")
    assert shown(store, old) == [("dos", NOW)]


def test_what_a_forgotten_chat_never_showed_has_not_arrived(store: Store) -> None:
    """And nothing more is put where nobody will look again."""
    (read, read_mail), (unread, _) = deliver(store, "uno", "dos")
    with store.transaction() as transaction:
        unit = transaction.unit
        unit.mailbox.acknowledge("ana", read_mail, NOW)
        unit.mailbox.forget("ana", NOW)
        ana = arrive(unit, "ana", "webchat")
        say(unit, ana, "tres")
        unit.people.mark_unreachable(ana.address_id, NOW)
    assert (state_of(store, read), state_of(store, unread)) == ("delivered", "failed")
    (row,) = claim(store)
    with store.transaction() as transaction:
        assert transaction.unit.mailbox.put(row.to, row.id, row.message, NOW) is None
    assert shown(store) == []
