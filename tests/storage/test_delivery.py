"""Rows go out in order for each chat, each by one sender, and none is lost or sent again without need."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from handlers.messages import NoticeKind
from storage.engine import StorageUnavailable, Store
from tests.storage.samples import MINUTE, NOW, arrive, claim, say, state_of, texts


def put(store: Store, sender: str, *words: str, kind: NoticeKind = NoticeKind.REPLY) -> None:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, sender), *words, kind=kind)


def test_a_chats_rows_are_claimed_in_order_and_once(store: Store) -> None:
    put(store, "ana", "a1", "a2")
    put(store, "beto", "b1")
    put(store, "ana", "a3")
    assert texts(claim(store)) == ["a1", "a2", "b1", "a3"]
    assert claim(store, "two") == ()


def test_a_chat_with_a_row_on_its_way_waits(store: Store) -> None:
    """The second message never overtakes the first."""
    put(store, "ana", "a1")
    (first,) = claim(store)
    put(store, "ana", "a2")
    put(store, "beto", "b1")
    assert texts(claim(store, "two")) == ["b1"]
    with store.transaction() as transaction:
        transaction.unit.delivery.sent(first.id, "m1", NOW)
    assert texts(claim(store, "two")) == ["a2"]


def test_a_chat_whose_first_row_is_to_wait_waits_as_a_whole(store: Store) -> None:
    put(store, "ana", "a1", "a2")
    first, second = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.retry(first.id, NOW + MINUTE, "429")
        transaction.unit.delivery.release([second.id])
    assert claim(store) == ()
    again = claim(store, now=NOW + MINUTE)
    assert [(row.message.text, row.attempts) for row in again] == [("a1", 1), ("a2", 0)]


def test_no_more_are_claimed_than_wanted_and_whole_beginnings_of_chats(store: Store) -> None:
    put(store, "ana", "a1", "a2", "a3")
    put(store, "beto", "b1", "b2")
    assert texts(claim(store, limit=2)) == ["a1", "a2"]
    assert texts(claim(store, limit=2)) == ["b1", "b2"]
    assert claim(store, limit=2) == ()


def test_answers_go_before_pushes(store: Store) -> None:
    """A broadcast to the whole town does not hold up who asks something now."""
    for number in range(5):
        put(store, f"resident-{number}", f"broadcast {number}", kind=NoticeKind.NOTICE)
    put(store, "resident-4", "behind its push")
    put(store, "ana", "an answer")
    assert texts(claim(store, limit=2)) == ["broadcast 0", "an answer"]
    assert texts(claim(store, limit=4)) == ["broadcast 1", "broadcast 2", "broadcast 3", "broadcast 4"]


def test_two_senders_never_share_a_chat(postgres_store: Store) -> None:
    """What one is claiming, not committed yet, the other skips; and takes what is left."""
    put(postgres_store, "ana", "a1", "a2")
    put(postgres_store, "beto", "b1")
    with postgres_store.transaction() as one, postgres_store.transaction() as two:
        assert texts(one.unit.delivery.claim("one", NOW, 1)) == ["a1"]
        put(postgres_store, "ana", "a3")
        assert texts(two.unit.delivery.claim("two", NOW, 10)) == ["b1"]
    assert claim(postgres_store, "two") == ()


def test_senders_in_a_race_keep_each_chats_order(postgres_store: Store) -> None:
    """Three senders empty the outbox together: every row goes out once, and each chat's rows in their order."""
    for turn in range(6):
        for number in range(12):
            put(postgres_store, f"resident-{number}", f"{number}:{2 * turn}", f"{number}:{2 * turn + 1}")
    gone_out: list[tuple[str, str]] = []
    lock = threading.Lock()

    def send(owner: str) -> None:
        idle = 0
        while idle < 5:
            rows = claim(postgres_store, owner, limit=5)
            idle = 0 if rows else idle + 1
            with lock:
                gone_out.extend((row.to, row.message.text) for row in rows)
            with postgres_store.transaction() as transaction:
                transaction.unit.delivery.many_sent([(row.id, f"m{row.id}") for row in rows], NOW)

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(send, ["one", "two", "three"]))
    assert len(gone_out) == len(set(gone_out)) == 144
    for number in range(12):
        assert [text for to, text in gone_out if to == f"resident-{number}"] == [f"{number}:{k}" for k in range(12)]


def test_a_row_is_sent_and_counted_no_more(store: Store) -> None:
    put(store, "ana", "a1", "a2")
    none = {"pending": 0, "sending": 0, "uncertain": 0, "failed": 0, "dead": 0}
    with store.transaction() as transaction:
        sending = transaction.unit.delivery
        assert sending.counts() == none | {"pending": 2}
        assert sending.oldest_due(NOW) == NOW
        assert sending.oldest_due(NOW - MINUTE) is None
        first, second = sending.claim("one", NOW, 10)
        assert sending.counts() == none | {"sending": 2}
        sending.sent(first.id, "m1", NOW)
        sending.dead(second.id, NOW, "blocked")
        assert sending.counts() == none | {"dead": 1}
        assert sending.oldest_due(NOW) is None


def test_an_uncertain_row_is_tried_again_or_left(store: Store) -> None:
    put(store, "ana", "a1")
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.uncertain(row.id, NOW, NOW + MINUTE, "no answer in time")
    assert claim(store) == ()
    (again,) = claim(store, now=NOW + MINUTE)
    assert (again.id, again.attempts, again.uncertain_count) == (row.id, 1, 1)
    with store.transaction() as transaction:
        transaction.unit.delivery.uncertain(row.id, NOW, None, "no answer in time")
    assert claim(store, now=NOW + timedelta(days=1)) == ()
    assert state_of(store, row.id) == "uncertain"


def test_a_row_of_a_dead_process_is_sent_again_once(store: Store) -> None:
    """It may have arrived: the first time we repeat it, the second time we leave it at that, for staff to see."""
    put(store, "ana", "a1", "a2")
    first, _ = claim(store)
    for expected, uncertain_count in ((["a1", "a2"], 1), ([], 2)):
        with store.transaction() as transaction:
            sending = transaction.unit.delivery
            assert sending.recover(None, NOW - MINUTE, NOW) == 0
            assert sending.recover(None, NOW, NOW + MINUTE) == 2
            assert sending.recover(None, NOW, NOW + MINUTE) == 0
        assert texts(claim(store, now=NOW)) == []
        again = claim(store, now=NOW + MINUTE)
        assert texts(again) == expected
        assert all(row.uncertain_count == uncertain_count for row in again)
        with store.transaction() as transaction:
            transaction.unit.delivery.release([])
        # The second death.
        with store.transaction() as transaction:
            for row in again:
                transaction.unit.delivery.release([row.id])
        claim(store, now=NOW + MINUTE)
        with store._connect() as connection:
            connection.exec_driver_sql("UPDATE outbox SET claimed_at = created_at WHERE state = 'sending'")
            connection.commit()
    assert state_of(store, first.id) == "uncertain"
    put(store, "ana", "a3")
    assert texts(claim(store)) == ["a3"]


def test_at_the_start_the_claims_of_all_others_are_judged(store: Store) -> None:
    put(store, "ana", "a1")
    put(store, "beto", "b1")
    claim(store, "before", limit=1)
    claim(store, "me")
    with store.transaction() as transaction:
        assert transaction.unit.delivery.recover("me", NOW, NOW) == 1
        assert texts(transaction.unit.delivery.claim("me", NOW, 10)) == ["a1"]


def test_a_result_that_comes_after_the_judgement_still_counts(store: Store) -> None:
    """A process that was only slow settles what was judged dead: then it is not sent again."""
    put(store, "ana", "a1")
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.recover(None, NOW, NOW)
        transaction.unit.delivery.sent(row.id, "m1", NOW)
    assert claim(store, "two") == ()
    assert state_of(store, row.id) == "sent"


def test_a_lost_commit_gives_the_claim_back(store: Store) -> None:
    put(store, "ana", "a1")
    try:
        with store.transaction() as transaction:
            transaction.unit.delivery.claim("one", NOW, 10)
            raise StorageUnavailable("as if the connection broke")
    except StorageUnavailable:
        pass
    assert texts(claim(store, "two")) == ["a1"]


def test_parts_that_went_out_are_known_at_the_next_try(store: Store) -> None:
    """And those that the vendor gave up later are not: they are to be sent again."""
    put(store, "ana", "a1")
    (row,) = claim(store)
    with store.transaction() as transaction:
        sending = transaction.unit.delivery
        sending.parts_went_out(row.id, {"text:1": "m1", "text:2": "m2"})
        sending.receipt("telegram", "m2", "failed", None, NOW)
        sending.retry(row.id, NOW, "too many")
    assert state_of(store, row.id) == "pending"
    (again,) = claim(store)
    assert again.parts == {"text:1": "m1"}
    with store.transaction() as transaction:
        transaction.unit.delivery.sent_in_parts(row.id, {"text:1": "m1", "text:2": "m3"}, NOW)
    assert state_of(store, row.id) == "sent"
