"""Who sends which row: each by one sender, in its chat's order, and again by another where the first is gone."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from handlers.messages import Address, Attachment, AttachmentKind, NoticeKind
from storage.engine import StorageUnavailable, Store
from storage.leases import LEASE_SECONDS
from tests.storage.samples import MINUTE, NOW, ROOM, arrive, claim, say, state_of, texts


def put(store: Store, sender: str, *words: str, kind: NoticeKind = NoticeKind.REPLY, channel: str = "telegram") -> None:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, sender, channel), *words, kind=kind)


def send(store: Store, *row_ids: int) -> None:
    with store.transaction() as transaction:
        transaction.unit.delivery.many_sent([(row_id, f"m{row_id}") for row_id in row_ids], NOW)


def let_pass(store: Store, seconds: float) -> None:
    """Make all that was told by the database's clock older."""
    ticks = round(seconds * 1_000_000)
    with store._connect() as connection:
        for table, column in (("outbox", "claimed_at"), ("media", "claimed_at"), ("lease", "renewed_at")):
            earlier = f"{column} - {ticks}" if store.dialect == "sqlite" else f"{column} - interval '{seconds} seconds'"
            connection.exec_driver_sql(f"UPDATE {table} SET {column} = {earlier}")
        connection.commit()


def test_a_chats_rows_are_claimed_in_order_and_one_at_a_time(store: Store) -> None:
    """The second message never overtakes the first, and none is claimed that cannot leave yet."""
    put(store, "ana", "a1", "a2")
    put(store, "beto", "b1")
    put(store, "ana", "a3")
    first, other = claim(store)
    assert texts((first, other)) == ["a1", "b1"]
    assert claim(store, "two") == ()
    send(store, first.id)
    (second,) = claim(store, "two")
    assert second.message.text == "a2"


def test_a_chat_whose_first_row_is_to_wait_waits_as_a_whole(store: Store) -> None:
    put(store, "ana", "a1", "a2")
    (first,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.retry(first.id, NOW + MINUTE, "429")
    assert claim(store) == ()
    (again,) = claim(store, now=NOW + MINUTE)
    assert (again.message.text, again.attempts) == ("a1", 1)


def test_a_row_that_is_put_off_keeps_its_place(store: Store) -> None:
    """Its chat's own pace: not a try, and nothing overtakes it."""
    put(store, "ana", "a1", "a2")
    (first,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.claims.defer(first.id, NOW + MINUTE)
    assert claim(store) == ()
    (again,) = claim(store, now=NOW + MINUTE)
    assert (again.message.text, again.attempts) == ("a1", 0)


def test_an_earlier_row_that_comes_back_waits_for_the_later_one_on_its_way(store: Store) -> None:
    """A dead letter that is tried again, while the chat is being written to."""
    put(store, "ana", "a1", "a2")
    (first,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.dead(first.id, NOW, "400")
    (second,) = claim(store)
    with store._connect() as connection:
        connection.exec_driver_sql(f"UPDATE outbox SET state = 'pending' WHERE id = {first.id}")
        connection.commit()
    assert claim(store) == ()
    send(store, second.id)
    assert texts(claim(store)) == ["a1"]


def test_each_channel_has_room_of_its_own(store: Store) -> None:
    """However much waits for one vendor, the others' messages go out."""
    for number in range(5):
        put(store, f"t{number}", f"t{number}")
        put(store, f"w{number}", f"w{number}", channel="whatsapp")
    with store.transaction() as transaction:
        rows = transaction.unit.claims.claim("one", NOW, {"telegram": 2, "whatsapp": 1, "webchat": 9})
    assert texts(rows) == ["t0", "w0", "t1"]
    with store.transaction() as transaction:
        assert transaction.unit.claims.claim("one", NOW, {"telegram": 0}) == ()
        assert transaction.unit.claims.claim("one", NOW, {}) == ()
        assert len(transaction.unit.claims.claim("one", NOW, {"whatsapp": 9})) == 4


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
        assert texts(one.unit.claims.claim("one", NOW, {"telegram": 1})) == ["a1"]
        put(postgres_store, "ana", "a3")
        assert texts(two.unit.claims.claim("two", NOW, ROOM)) == ["b1"]
    assert claim(postgres_store, "two") == ()


def test_senders_in_a_race_keep_each_chats_order(postgres_store: Store) -> None:
    """Three senders empty the outbox together: every row goes out once, and each chat's rows in their order."""
    for turn in range(6):
        for number in range(12):
            put(postgres_store, f"resident-{number}", f"{number}:{2 * turn}", f"{number}:{2 * turn + 1}")
    gone_out: list[tuple[str, str]] = []
    lock = threading.Lock()

    def work(owner: str) -> None:
        idle = 0
        while idle < 5:
            rows = claim(postgres_store, owner, limit=5)
            idle = 0 if rows else idle + 1
            with lock:
                gone_out.extend((row.to, row.message.text) for row in rows)
            send(postgres_store, *(row.id for row in rows))

    with ThreadPoolExecutor(3) as threads:
        list(threads.map(work, ["one", "two", "three"]))
    assert len(gone_out) == len(set(gone_out)) == 144
    for number in range(12):
        assert [text for to, text in gone_out if to == f"resident-{number}"] == [f"{number}:{k}" for k in range(12)]


def test_a_lost_commit_gives_the_claim_back(store: Store) -> None:
    put(store, "ana", "a1")
    with pytest.raises(StorageUnavailable), store.transaction() as transaction:
        transaction.unit.claims.claim("one", NOW, ROOM)
        raise StorageUnavailable("as if the connection broke")
    assert texts(claim(store, "two")) == ["a1"]


def test_a_claim_whose_answer_was_lost_is_given_back_without_a_doubt(store: Store) -> None:
    """It was committed, and whoever asked never saw it: nothing was sent."""
    put(store, "ana", "a1")
    put(store, "beto", "b1")
    seen, lost = claim(store)
    with store.transaction() as transaction:
        assert transaction.unit.claims.keep_only("one", {seen.id}) == 1
        assert transaction.unit.claims.keep_only("two", set()) == 0
    (again,) = claim(store)
    assert (again.id, again.uncertain_count, again.doubtful_since) == (lost.id, 0, None)


def test_of_a_process_that_is_gone_only_what_it_had_begun_is_in_doubt(store: Store) -> None:
    put(store, "ana", "a1")
    put(store, "beto", "b1")
    begun, untouched = claim(store, "gone")
    with store.transaction() as transaction:
        assert transaction.unit.claims.judge_gone("gone", {begun.id}, NOW) == 2
    again = {row.id: row for row in claim(store, "me")}
    assert (again[begun.id].uncertain_count, again[untouched.id].uncertain_count) == (1, 0)
    assert again[begun.id].doubtful_since is not None
    assert again[untouched.id].doubtful_since is None


def test_what_may_have_arrived_is_claimed_once_more_and_then_left(store: Store) -> None:
    """The second time nobody knows, staff see it; the chat's later words go on."""
    put(store, "ana", "a1", "a2")
    (row,) = claim(store, "first")
    for owner, expected in (("second", "a1"), ("third", "a2")):
        with store.transaction() as transaction:
            assert transaction.unit.claims.judge_others(owner, NOW) == 1
        assert texts(claim(store, owner)) == [expected]
    assert state_of(store, row.id) == "uncertain"


def test_at_the_start_the_claims_of_all_others_are_judged(store: Store) -> None:
    put(store, "ana", "a1")
    put(store, "beto", "b1")
    claim(store, "before", limit=1)
    claim(store, "me")
    with store.transaction() as transaction:
        assert transaction.unit.claims.judge_others("me", NOW) == 1
        assert texts(transaction.unit.claims.claim("me", NOW, ROOM)) == ["a1"]


def test_a_result_that_comes_after_the_judgement_still_counts(store: Store) -> None:
    """A process that was only slow settles what was judged dead: then it is not sent again."""
    put(store, "ana", "a1")
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.claims.judge_others("two", NOW)
        transaction.unit.delivery.sent(row.id, "m1", NOW)
    assert claim(store, "two") == ()
    assert state_of(store, row.id) == "sent"


def judged(store: Store, owner: str = "another") -> int:
    with store.transaction() as transaction:
        return transaction.unit.claims.judge_lapsed(owner, NOW)


def test_claims_of_a_process_that_tells_it_is_alive_are_left_to_it(store: Store) -> None:
    """However long a send takes, and whatever the clocks of the processes say."""
    put(store, "ana", "a1")
    claim(store, "slow", now=NOW + timedelta(hours=1))
    assert judged(store) == 0
    let_pass(store, LEASE_SECONDS + 1)
    with store.transaction() as transaction:
        transaction.unit.leases.renew("slow")
    assert judged(store) == 0
    let_pass(store, LEASE_SECONDS + 1)
    assert judged(store, "slow") == 0, "nobody judges himself"
    assert judged(store) == 1


def test_a_process_of_a_release_without_leases_is_judged_by_the_age_of_its_claim(store: Store) -> None:
    put(store, "ana", "a1")
    claim(store, "older release")
    let_pass(store, LEASE_SECONDS - 2)
    assert judged(store) == 0
    let_pass(store, 3)
    assert judged(store) == 1


def test_a_process_that_ended_in_order_holds_nothing(store: Store) -> None:
    with store.transaction() as transaction:
        transaction.unit.leases.renew("one")
        transaction.unit.leases.renew("one")
        transaction.unit.leases.end("one")
    with store._connect() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM lease").scalar_one() == 0


def test_copies_of_a_process_that_fell_silent_are_made_by_another(store: Store) -> None:
    with store.transaction() as transaction:
        media = transaction.unit.media
        (photo,) = media.receive(Address("telegram", "ana"), (Attachment(AttachmentKind.PHOTO, "p"),), NOW)
        media.claim("silent", NOW, {"telegram": 3})
        transaction.unit.leases.renew("silent")
    let_pass(store, LEASE_SECONDS + 1)
    with store.transaction() as transaction:
        assert transaction.unit.media.release_lapsed("silent") == 0
        assert transaction.unit.media.release_lapsed("another") == 1
        assert [copy.id for copy in transaction.unit.media.claim("another", NOW, {"telegram": 3})] == [photo]
