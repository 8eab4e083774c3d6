"""What became of a row is written down once, and nothing is sent again without need."""

from datetime import timedelta

from storage.engine import Store
from tests.storage.samples import MINUTE, NOW, ROOM, arrive, claim, say, state_of


def put(store: Store, sender: str, *words: str) -> None:
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, sender), *words)


def test_a_row_is_sent_and_counted_no_more(store: Store) -> None:
    put(store, "ana", "a1")
    put(store, "beto", "b1")
    none = {"pending": 0, "sending": 0, "uncertain": 0, "failed": 0, "dead": 0, "unreadable": 0}
    with store.transaction() as transaction:
        delivery = transaction.unit.delivery
        assert delivery.counts() == none | {"pending": 2}
        assert delivery.oldest_due(NOW) == NOW
        assert delivery.oldest_due(NOW - MINUTE) is None
        first, second = transaction.unit.claims.claim("one", NOW, ROOM)
        assert delivery.counts() == none | {"sending": 2}
        delivery.sent(first.id, "m1", NOW)
        delivery.dead(second.id, NOW, "blocked")
        assert delivery.counts() == none | {"dead": 1}
        assert delivery.oldest_due(NOW) is None


def test_an_uncertain_row_is_tried_again_or_left(store: Store) -> None:
    put(store, "ana", "a1")
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.uncertain(row.id, NOW, NOW + MINUTE, "no answer in time")
    assert claim(store) == ()
    (again,) = claim(store, now=NOW + MINUTE)
    assert (again.id, again.attempts, again.uncertain_count) == (row.id, 1, 1)
    assert again.doubtful_since is not None
    with store.transaction() as transaction:
        transaction.unit.delivery.uncertain(row.id, NOW, None, "no answer in time")
    assert claim(store, now=NOW + timedelta(days=1)) == ()
    assert state_of(store, row.id) == "uncertain"


def test_a_row_that_the_vendor_never_had_goes_out_as_if_for_the_first_time(store: Store) -> None:
    put(store, "ana", "a1")
    (row,) = claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.uncertain(row.id, NOW, NOW, "no answer in time")
    claim(store)
    with store.transaction() as transaction:
        transaction.unit.delivery.cleared(row.id, NOW)
    (again,) = claim(store)
    assert (again.uncertain_count, again.doubtful_since) == (0, None)


def test_a_message_at_the_vendor_belongs_to_one_row(store: Store) -> None:
    """Two messages with the same words: the one that is ours already is not taken for the doubtful one."""
    put(store, "ana", "sí", "sí")
    (first,) = claim(store)
    with store.transaction() as transaction:
        delivery = transaction.unit.delivery
        delivery.sent(first.id, "m1", NOW)
        assert delivery.nobodys("telegram", ["m1"]) is None
        assert delivery.nobodys("telegram", ["m1", "m2"]) == "m2"
        assert delivery.nobodys("whatsapp", ["m1"]) == "m1"
        assert delivery.nobodys("telegram", []) is None


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
