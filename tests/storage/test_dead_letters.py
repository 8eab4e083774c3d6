"""What was given up is found by its key, tried again or dropped, by one of those who wish so, and nothing twice."""

import threading
from collections.abc import Callable, Mapping
from datetime import timedelta

import pytest

from handlers.content_change import ChangeState
from handlers.dead_letter import DeadLetter, Outcome, Trouble, What
from handlers.messages import NoticeKind, OutgoingMessage
from handlers.ports import Conversation
from storage.engine import Store
from tests.storage.samples import MINUTE, NOW, add_ticket, arrive, claim, message, say, state_of, texts

LATER = NOW + timedelta(days=2)
FLOWS = {"report": True, "menu": False}


def command(store: Store, sql: str) -> None:
    with store.transaction() as transaction:
        transaction.unit._rows.command(sql)


def letters(store: Store, after: str | None = None, limit: int = 100) -> tuple[DeadLetter, ...]:
    with store.transaction() as transaction:
        return transaction.unit.dead_letters.page(after, limit)


def retry(store: Store, key: str, *, even_if_arrived: bool = False, flows: Mapping[str, bool] = FLOWS) -> Outcome:
    with store.transaction() as transaction:
        return transaction.unit.dead_letters.retry(key, LATER, flows=flows, even_if_arrived=even_if_arrived)


def drop(store: Store, key: str) -> bool:
    with store.transaction() as transaction:
        return transaction.unit.dead_letters.drop(key, "person 7", LATER)


def dead(store: Store, *words: str) -> list[str]:
    """Keys of messages that were given up."""
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit), *words)
    keys: list[str] = []
    while rows := claim(store):
        with store.transaction() as transaction:
            for row in rows:
                transaction.unit.delivery.dead(row.id, NOW, "telegram: 400")
        keys += [f"m{row.id}" for row in rows]
    return keys


def unsure(store: Store, text: str) -> str:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit), text)
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.uncertain(row.id, NOW, None, "timed out")
    return f"m{row.id}"


def choked(store: Store, external_id: str = "9") -> str:
    with store.transaction() as transaction:
        transaction.unit.inbox.record_failure(message(external_id, text="hola"), "ValueError at x.py:1", NOW, None)
    return next(each.key for each in letters(store) if each.what is What.ARRIVAL)


def form(store: Store, why: str = "its flow is not here", sender: str = "ana") -> str:
    with store.transaction() as transaction:
        unit = transaction.unit
        address_id = arrive(unit, sender).address_id
        unit.conversations.put(
            Conversation(address_id, "report", {"story": {"answer": "un bache"}}, "place", (), NOW - MINUTE)
        )
        unit.conversations.set_apart(address_id, why, NOW)
    return letters(store)[-1].key


def change(store: Store, reason: str = "unwritable") -> str:
    with store.transaction() as transaction:
        unit = transaction.unit
        change_id = unit.content_changes.add(
            "es/a.md", None, "texto", person_id=arrive(unit).person_id, note="added", now=NOW
        )
        unit.content_changes.settle(change_id, ChangeState.REFUSED, reason=reason, now=NOW)
    return f"c{change_id}"


GIVE_UP: dict[str, Callable[[Store], str]] = {
    "message": lambda store: dead(store, "uno")[0],
    "arrival": choked,
    "form": form,
    "change": change,
}


@pytest.mark.parametrize("kind", GIVE_UP)
def test_it_is_listed_counted_and_tried_again_once(store: Store, kind: str) -> None:
    key = GIVE_UP[kind](store)
    assert [each.key for each in letters(store)] == [key]
    with store.transaction() as transaction:
        found = transaction.unit.dead_letters
        assert sum(found.counts().values()) == 1
        assert found.newest() == NOW
        assert found.get(key) == letters(store)[0] if store.dialect == "postgresql" else found.get(key) is not None
    assert retry(store, key) is Outcome.DONE
    assert retry(store, key) is Outcome.SETTLED
    assert letters(store) == ()
    with store.transaction() as transaction:
        assert transaction.unit.dead_letters.newest() is None


@pytest.mark.parametrize("kind", GIVE_UP)
def test_it_is_dropped_once_and_not_tried_again(store: Store, kind: str) -> None:
    key = GIVE_UP[kind](store)
    assert drop(store, key)
    assert not drop(store, key)
    assert retry(store, key) is Outcome.SETTLED
    assert letters(store) == ()


@pytest.mark.parametrize("kind", GIVE_UP)
def test_of_many_who_press_at_once_one_does_it(postgres_store: Store, kind: str) -> None:
    """On two replicas, two officials, whoever: tried again or dropped, and not both."""
    key = GIVE_UP[kind](postgres_store)
    became: list[bool] = []
    start = threading.Barrier(4)

    def press(number: int) -> None:
        start.wait()
        if number % 2:
            became.append(retry(postgres_store, key) is Outcome.DONE)
        else:
            became.append(drop(postgres_store, key))

    threads = [threading.Thread(target=press, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(became) == [False, False, False, True]


def test_a_message_goes_out_again_before_what_came_after_it_and_with_fresh_tries(store: Store) -> None:
    key, _ = dead(store, "uno", "dos")
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit), "tres")
    assert retry(store, key) is Outcome.DONE
    (first,) = claim(store, now=LATER)
    assert (first.message.text, first.attempts <= 1) == ("uno", True)
    with store.transaction() as transaction:
        transaction.unit.delivery.sent(first.id, "m1", LATER)
    assert texts(claim(store, now=LATER)) == ["tres"]


def test_a_late_word_of_the_vendor_about_the_old_message_is_not_about_the_new_one(store: Store) -> None:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit), "uno")
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.sent(row.id, "SM1", NOW)
        transaction.unit.delivery.receipt("telegram", "SM1", "failed", "63016", NOW)
    (letter,) = letters(store)
    assert (letter.trouble, letter.error) == (Trouble.REFUSED, "63016")
    assert retry(store, letter.key) is Outcome.DONE
    with store.transaction() as transaction:
        transaction.unit.delivery.receipt("telegram", "SM1", "failed", "63016", NOW)
    assert state_of(store, row.id) == "pending"


def test_of_a_message_in_parts_only_what_failed_goes_out_again(store: Store) -> None:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit), "uno")
    (row,) = claim(store)
    with store.transaction() as transaction:
        delivery = transaction.unit.delivery
        delivery.sent_in_parts(row.id, {"text": "P1", "file:1": "P2"}, NOW)
        delivery.receipt("telegram", "P1", "delivered", None, NOW)
        delivery.receipt("telegram", "P2", "failed", "too large", NOW)
    assert retry(store, f"m{row.id}") is Outcome.DONE
    (again,) = claim(store, now=LATER)
    assert dict(again.parts) == {"text": "P1"}


def test_what_may_have_arrived_needs_a_word(store: Store) -> None:
    """Also what was unsure once, and failed the second time."""
    uncertain = unsure(store, "uno")
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, "beto"), "dos")
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.uncertain(row.id, NOW, NOW, "timed out")
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.dead(row.id, NOW, "telegram: 400")
    for key in (uncertain, f"m{row.id}"):
        with store.transaction() as transaction:
            letter = transaction.unit.dead_letters.get(key)
        assert letter is not None and letter.may_have_arrived
        assert retry(store, key) is Outcome.MAY_HAVE_ARRIVED
        assert retry(store, key, even_if_arrived=True) is Outcome.DONE
    assert texts(claim(store, now=LATER)) == ["uno", "dos"]


def test_what_may_have_arrived_is_listed_and_not_counted(store: Store) -> None:
    unsure(store, "uno")
    assert [each.trouble for each in letters(store)] == [Trouble.UNCERTAIN]
    with store.transaction() as transaction:
        assert sum(transaction.unit.dead_letters.counts().values()) == 0
        assert transaction.unit.dead_letters.newest() is None


def test_what_still_cannot_be_read_stays_whole_until_it_can(store: Store) -> None:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit), "uno")
        transaction.unit._rows.command("""UPDATE outbox SET message = '{"words":"uno"}'""")
        transaction.unit.inbox.record_failure(message("9", text="hola"), "x", NOW, NOW)
        transaction.unit._rows.command("""UPDATE inbox SET payload = REPLACE(payload, '"message"', '"hologram"')""")
        assert transaction.unit.inbox.due(NOW, 5) == ()
    assert claim(store) == ()
    keys = [each.key for each in letters(store)]
    assert [retry(store, key) for key in keys] == [Outcome.UNREADABLE, Outcome.UNREADABLE]
    command(store, """UPDATE outbox SET message = '{"text":"uno"}'""")
    command(store, """UPDATE inbox SET payload = REPLACE(payload, '"hologram"', '"message"')""")
    assert [retry(store, key) for key in keys] == [Outcome.DONE, Outcome.DONE]
    assert texts(claim(store, now=LATER)) == ["uno"]
    with store.transaction() as transaction:
        (again,) = transaction.unit.inbox.due(LATER, 5)
        assert again.text == "hola"
        assert transaction.unit.inbox.attempts(again) == 0


def test_a_form_comes_back_as_a_draft_with_all_its_answers(store: Store) -> None:
    key = form(store)
    assert retry(store, key, flows={"queue": False}) is Outcome.UNREADABLE
    assert retry(store, key) is Outcome.DONE
    with store.transaction() as transaction:
        unit = transaction.unit
        found = unit.conversations.get(arrive(unit).address_id)
        assert found is not None and found.is_paused
        assert (found.flow, found.journal, found.updated_at) == ("report", {"story": {"answer": "un bache"}}, LATER)


def test_a_form_never_takes_the_place_of_one_that_goes_on(store: Store) -> None:
    key = form(store)
    with store.transaction() as transaction:
        unit = transaction.unit
        new = Conversation(arrive(unit).address_id, "report", {"story": {"answer": "otro"}}, None, (), NOW)
        unit.conversations.put(new)
    assert retry(store, key) is Outcome.BUSY
    assert [each.key for each in letters(store)] == [key]
    with store.transaction() as transaction:
        assert transaction.unit.conversations.get(new.address_id) == new


def test_a_menu_makes_way_for_a_form(store: Store) -> None:
    """Whoever lost a form was shown the menu: that is nothing to lose."""
    key = form(store)
    with store.transaction() as transaction:
        unit = transaction.unit
        unit.conversations.put(Conversation(arrive(unit).address_id, "menu", {}, "what", (), NOW))
    assert retry(store, key) is Outcome.DONE
    with store.transaction() as transaction:
        unit = transaction.unit
        found = unit.conversations.get(arrive(unit).address_id)
        assert found is not None and (found.flow, found.is_paused) == ("report", True)


def test_a_change_that_another_hand_was_in_the_way_of_is_its_authors(store: Store) -> None:
    """It is not listed: the author was told, and begins anew from what is there now."""
    change(store, "changed_meanwhile")
    assert letters(store) == ()


def test_a_change_is_pending_again(store: Store) -> None:
    key = change(store)
    assert (letters(store)[0].file, letters(store)[0].trouble) == ("es/a.md", Trouble.UNWRITTEN)
    assert retry(store, key) is Outcome.DONE
    with store.transaction() as transaction:
        assert [each.text for each in transaction.unit.content_changes.unseen(10**6)] == ["texto"]


def test_of_what_is_dropped_the_words_go_and_who_did_it_stays(store: Store) -> None:
    words = "vivo en la calle Hidalgo 5"
    (key,) = dead(store, words)
    arrival = choked(store)
    apart = form(store)
    for each in (key, arrival, apart):
        assert drop(store, each)
    with store._connect() as connection:
        rows = [
            connection.exec_driver_sql("SELECT message, state, error FROM outbox").one(),
            connection.exec_driver_sql("SELECT payload, state, error FROM inbox").one(),
            connection.exec_driver_sql("SELECT journal, state, reason FROM conversation_apart").one(),
        ]
    assert [row[1] for row in rows] == ["dropped", "handled", "dropped"]
    assert not [row for row in rows if "Hidalgo" in str(row[0]) or "hola" in str(row[0]) or "bache" in str(row[0])]
    assert [("person 7" in row[2]) for row in rows] == [True, True, True]
    with store.transaction() as transaction:
        # A repeat of what was dropped is not taken for new.
        assert not transaction.unit.inbox.admit(message("9"), LATER)


def test_a_message_whose_words_are_gone_is_not_sent_empty(store: Store) -> None:
    (key,) = dead(store, "uno")
    command(store, """UPDATE outbox SET message = '{"text":""}'""")
    assert retry(store, key) is Outcome.WORDLESS


def test_pages_go_on_after_what_was_settled_meanwhile(store: Store) -> None:
    keys = [*dead(store, *"abcd"), choked(store, "1"), choked(store, "2"), form(store), change(store)]
    seen: list[str] = []
    after = None
    while page := letters(store, after, 1):
        seen.append(page[0].key)
        after = page[0].key
        drop(store, after)
    assert sorted(seen) == sorted({*keys, *seen})
    assert len(seen) == 8


def test_all_are_tried_again_and_what_cannot_be_is_left(store: Store) -> None:
    dead(store, *"abcde")
    unsure(store, "f")
    choked(store)
    with store.transaction() as transaction:
        became = transaction.unit.dead_letters.retry_all(LATER, flows=FLOWS, at_most=100)
    assert became == {Outcome.DONE: 6, Outcome.MAY_HAVE_ARRIVED: 1}
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, "beto"), *"ghijk")
    while rows := claim(store):
        with store.transaction() as transaction:
            transaction.unit.delivery.dead(rows[0].id, NOW, "telegram: 400")
    with store.transaction() as transaction:
        became = transaction.unit.dead_letters.retry_all(LATER, flows=FLOWS, at_most=2)
    assert became[Outcome.DONE] == 2


def test_a_letter_about_a_ticket_names_it(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = arrive(unit)
        ticket = add_ticket(unit, ana)
        unit.outbox.put(ana.address_id, OutgoingMessage("x"), now=NOW, kind=NoticeKind.NOTICE, ticket_id=ticket.id)
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.dead(row.id, NOW, "blocked")
    (letter,) = letters(store)
    assert (letter.what, letter.folio, letter.channel, letter.tries) == (What.NOTICE, ticket.folio, "telegram", 1)


@pytest.mark.parametrize("key", ["", "m", "mx", "m99999999999999999999", "a", "zzz", "f-1", "c1.5", "m²"])
def test_a_key_that_names_nothing_does_nothing(store: Store, key: str) -> None:
    dead(store, "uno")
    assert retry(store, key) is Outcome.SETTLED
    assert not drop(store, key)
    assert len(letters(store)) == 1
