"""A row that this release cannot read is set apart alone, with all that it holds: nobody else waits for it."""

import json
from dataclasses import replace

import pytest

from handlers.messages import Attachment, AttachmentKind, Choice, MessageKind, OutgoingMessage
from handlers.ports import Conversation
from handlers.ticket.ticket import EventKind, Role, TicketKind
from storage.engine import Store
from tests.storage.samples import MINUTE, NOW, add_ticket, arrive, claim, message, say, state_of, texts
from tests.storage.test_mailbox import pending

#: What another release, or a hand, may have left where a message should be.
BROKEN = (
    '{"words":"hola"}',
    '{"text":5}',
    '{"text":"hola","choices":"none"}',
    '{"text":"hola","choices":[{"id":"a"}]}',
    '{"text":"hola","media":["one"]}',
    '{"text":"hola","wants_place":"yes"}',
    '["hola"]',
    "null",
    '{"text":"ho',
    "[" * 100_000,
)


def command(store: Store, sql: str) -> None:
    with store.transaction() as transaction:
        transaction.unit._rows.command(sql)


def value(store: Store, sql: str) -> object:
    """The one cell that a statement finds, as it lies there."""
    with store._connect() as connection:
        return connection.exec_driver_sql(sql).scalar_one()


def waiting(store: Store) -> tuple[int, int, int]:
    """Ids of three rows: two for ana, one for beto."""
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, "ana"), "uno", "dos")
        say(transaction.unit, arrive(transaction.unit, "beto"), "tres")
    with store._connect() as connection:
        found = connection.exec_driver_sql("SELECT id FROM outbox ORDER BY id").scalars()
        first, second, third = map(int, found)
    return first, second, third


@pytest.mark.parametrize("held", BROKEN, ids=range(len(BROKEN)))
def test_an_outgoing_message_costs_no_other_row_and_no_later_one_of_its_chat(store: Store, held: str) -> None:
    first, second, _ = waiting(store)
    command(store, f"UPDATE outbox SET message = '{held}' WHERE id = {first}")
    assert texts(claim(store)) == ["dos", "tres"]
    assert state_of(store, first) == "unreadable"
    assert state_of(store, second) == "sending"
    with store.transaction() as transaction:
        assert transaction.unit.delivery.counts()["unreadable"] == 1
    assert value(store, f"SELECT message FROM outbox WHERE id = {first}") == held


def test_a_kind_of_notice_that_is_not_known_here_is_set_apart(store: Store) -> None:
    first, _, _ = waiting(store)
    command(store, f"UPDATE outbox SET kind = 'broadcast' WHERE id = {first}")
    assert texts(claim(store)) == ["dos", "tres"]
    assert state_of(store, first) == "unreadable"


def test_further_keys_and_further_parts_of_a_choice_are_left_aside(store: Store) -> None:
    """What a later release adds, an earlier one can do without."""
    first, _, _ = waiting(store)
    held = {"text": "uno", "choices": [["a", "Sí", "green"]], "effect": "confetti"}
    command(store, f"UPDATE outbox SET message = '{json.dumps(held)}' WHERE id = {first}")
    assert claim(store)[0].message == OutgoingMessage("uno", choices=(Choice("a", "Sí"),))


def failed(store: Store, *external_ids: str) -> None:
    with store.transaction() as transaction:
        for number, each in enumerate(external_ids):
            transaction.unit.inbox.record_failure(message(each), "choked", NOW, NOW + number * MINUTE)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "video_call"},
        {"kind": None},
        {"text": ["hola"]},
        {"sent_at": "yesterday"},
        {"attachments": [1]},
        {"attachments": None},
        {"place": {"latitude": "north"}},
        {"from": 5},
    ],
    ids="-".join,
)
def test_an_incoming_message_holds_up_no_other_that_is_to_be_tried_again(
    store: Store, change: dict[str, object]
) -> None:
    failed(store, "bad", "good")
    held = str(value(store, "SELECT payload FROM inbox WHERE external_id = 'bad'"))
    command(store, f"UPDATE inbox SET payload = '{json.dumps(json.loads(held) | change)}' WHERE external_id = 'bad'")
    with store.transaction() as transaction:
        inbox = transaction.unit.inbox
        assert [each.external_id for each in inbox.due(NOW + 5 * MINUTE, 1)] == ["good"]
        assert inbox.counts() == {"failed": 1, "dead": 0, "unreadable": 1}


def test_an_attachment_of_a_kind_that_is_not_known_here_is_a_document(store: Store) -> None:
    """One such attachment keeps neither its message nor the copier from going on."""
    with store.transaction() as transaction:
        unit = transaction.unit
        address = arrive(unit, "ana").address
        unit.media.receive(
            address, [Attachment(AttachmentKind.PHOTO, "one"), Attachment(AttachmentKind.VOICE, "two")], NOW
        )
        unit._rows.command("UPDATE media SET kind = 'hologram' WHERE source = 'one'")
        assert [each.attachment.kind for each in unit.media.claim("me", NOW, {"telegram": 10})] == ["document", "voice"]
    failed(store, "m")
    with store.transaction() as transaction:
        bad = message("m", kind=MessageKind.MESSAGE, attachments=(Attachment(AttachmentKind.PHOTO, "p"),))
        transaction.unit.inbox.record_failure(bad, "choked", NOW, NOW)
        transaction.unit._rows.command("""UPDATE inbox SET payload = REPLACE(payload, '"photo"', '"hologram"')""")
        (found,) = transaction.unit.inbox.due(NOW, 1)
        assert found.attachments[0].kind is AttachmentKind.DOCUMENT


def talking(store: Store, *senders: str) -> list[Conversation]:
    with store.transaction() as transaction:
        unit = transaction.unit
        found = [
            Conversation(arrive(unit, each).address_id, "report", {"story": {"answer": "bache"}}, "place", (), NOW)
            for each in senders
        ]
        for each in found:
            unit.conversations.put(each)
    return found


@pytest.mark.parametrize(
    "broken", ["journal = '{\"story'", "journal = '[1]'", "offered = '{}'", "offered = '[[1, 2]]'", "journal = 'null'"]
)
def test_a_conversation_is_told_from_one_that_is_not_there_and_kept_word_for_word(store: Store, broken: str) -> None:
    ana, beto = talking(store, "ana", "beto")
    command(store, f"UPDATE conversation SET {broken} WHERE address_id = {ana.address_id}")
    with store.transaction() as transaction:
        conversations = transaction.unit.conversations
        found = conversations.get(ana.address_id)
        assert found is not None and found.unreadable is not None and found.flow == "report"
        assert conversations.get(beto.address_id) == beto
        conversations.set_apart(ana.address_id, found.unreadable, NOW)
        assert conversations.get(ana.address_id) is None
    assert value(store, f"SELECT COUNT(*) FROM conversation_apart WHERE {broken} AND state = 'apart'") == 1


def test_a_conversation_that_expires_unreadable_waits_for_its_person_and_starves_no_other(store: Store) -> None:
    *bad, good = talking(store, "a", "b", "c", "ana")
    ids = ", ".join(str(each.address_id) for each in bad)
    command(store, f"UPDATE conversation SET journal = 'x' WHERE address_id IN ({ids})")
    with store.transaction() as transaction:
        conversations = transaction.unit.conversations
        assert conversations.expired(NOW + MINUTE, 2) == (good,)
        conversations.put(replace(good, is_paused=True))
        assert conversations.expired(NOW + MINUTE, 2) == ()
        left = conversations.get(bad[0].address_id)
        assert left is not None and left.unreadable and left.is_paused


def test_mail_that_was_not_shown_comes_back_to_the_outbox_and_the_page_goes_on(store: Store) -> None:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, "ana", "webchat"), "uno", "dos", "tres")
    with store.transaction() as transaction:
        unit = transaction.unit
        rows = pending(unit)
        mail = [unit.mailbox.put(row.to, row.id, row.message, NOW) for row in rows]
        unit.delivery.many_sent([(row.id, str(each)) for row, each in zip(rows, mail, strict=True)], NOW)
        unit.mailbox.acknowledge("ana", mail[0], NOW)
    command(store, f"UPDATE mailbox SET message = '5' WHERE id IN ({mail[0]}, {mail[1]})")
    with store.transaction() as transaction:
        unit = transaction.unit
        found = unit.mailbox.after("ana", 0, 10)
        assert [each.text for _, each, _ in found.messages] == ["tres"]
        assert found.unreadable == (mail[0], mail[1])
        unit.mailbox.set_apart(found.unreadable, NOW)
        unit.mailbox.acknowledge("ana", mail[2], NOW)
    # What the page had shown was delivered; what it never showed was not.
    assert [state_of(store, row.id) for row in rows] == ["delivered", "unreadable", "delivered"]


def test_a_line_of_history_hides_no_other(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        held = add_ticket(unit, arrive(unit, "ana"))
        for values in (
            "'beamed', '{}', '[]'",
            "'noted', '[1', '[]'",
            '\'noted\', \'{"n": 1, "a": "b"}\', \'["x", 7]\'',
        ):
            unit._rows.command(
                "INSERT INTO ticket_event (ticket_id, kind, at, is_public, details, media) SELECT id, "
                + values.replace("', '", "', opened_at, is_open, '", 1)
                + " FROM ticket"
            )
        lines = unit.tickets.history(held.id)
    assert [line.kind for line in lines] == [EventKind.UNKNOWN, EventKind.NOTED, EventKind.NOTED]
    assert [dict(line.details) for line in lines] == [{}, {}, {"a": "b"}]
    assert lines[2].media == (7,)


def test_a_ticket_of_a_kind_that_is_not_known_here_stays_in_every_list(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit, "ana")
        add_ticket(unit, ana)
        unit._rows.command("UPDATE ticket SET kind = 'petition'")
        (found,) = unit.tickets.of_person(ana.person_id)
        assert found.kind is TicketKind.UNKNOWN
        unit.tickets.save(found, replace(found, story="otra"))
    assert value(store, "SELECT kind FROM ticket") == "petition"


def test_a_role_that_is_not_known_here_allows_nothing_and_hides_nobody(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        for name in ("rosa", "pablo"):
            person = arrive(unit, name)
            unit.invitations.create(
                code_hash=name, role=Role.AGENT, department=None, name=name, expires_at=NOW + MINUTE, now=NOW
            )
            unit.invitations.accept(name, person.person_id, NOW)
        unit._rows.command("UPDATE staff SET role = 'mayor' WHERE name = 'rosa'")
        rosa = arrive(unit, "rosa")
        assert rosa.role is None
        assert unit.people.contact(rosa.address_id).role is None
        assert unit.people.official(rosa.person_id) is None
        assert [each.name for each in unit.people.officials()] == ["pablo"]
