"""What vendors tell of a message later only ever moves it forward."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import permutations
from threading import Barrier

import pytest

from storage.engine import Store
from tests.storage.samples import MINUTE, NOW, arrive, claim, say, state_of


def sent_row(store: Store, provider_id: str | None = "SM1") -> int:
    """A row that was claimed, and settled where the vendor's id is known."""
    with store.transaction() as transaction:
        say(transaction.unit, arrive(transaction.unit, "ana", "whatsapp"), "hola")
    (row,) = claim(store)
    if provider_id is not None:
        settle(store, row.id, provider_id)
    return row.id


def settle(store: Store, row_id: int, provider_id: str = "SM1") -> None:
    with store.transaction() as transaction:
        transaction.unit.delivery.many_sent([(row_id, provider_id)], NOW)


def receive(store: Store, *statuses: str) -> None:
    for status in statuses:
        with store.transaction() as transaction:
            transaction.unit.delivery.receipt("whatsapp", "SM1", status, None, NOW)


def kept(store: Store) -> int:
    with store._connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM receipt").scalar_one())


def test_receipts_in_any_order_end_at_read(store: Store) -> None:
    row_id = sent_row(store)
    for order in permutations(["sent", "delivered", "read"]):
        with store._connect() as connection:
            connection.exec_driver_sql("UPDATE outbox SET state = 'sent'")
            connection.commit()
        receive(store, *order, *order)
        assert state_of(store, row_id) == "read"


@pytest.mark.parametrize(
    ("statuses", "state"),
    [
        (["failed"], "failed"),
        (["failed", "delivered"], "failed"),
        (["failed", "sent"], "failed"),
        (["delivered", "failed"], "delivered"),
        (["read", "failed", "delivered"], "read"),
        (["canceled", "sent"], "sent"),
    ],
)
@pytest.mark.parametrize("is_early", [False, True])
def test_what_failed_stays_failed_and_what_arrived_cannot_fail(
    store: Store, statuses: list[str], state: str, is_early: bool
) -> None:
    """The same, whether the receipts come after the row was settled or before."""
    row_id = sent_row(store, None if is_early else "SM1")
    receive(store, *statuses)
    if is_early:
        settle(store, row_id)
    assert state_of(store, row_id) == state
    assert kept(store) == 0


def test_a_receipt_that_comes_before_the_row_is_settled_is_not_lost(store: Store) -> None:
    """A vendor may report a message before it has answered our request to send it."""
    row_id = sent_row(store, None)
    receive(store, "delivered", "sent")
    assert (state_of(store, row_id), kept(store)) == ("sending", 1)
    settle(store, row_id)
    assert (state_of(store, row_id), kept(store)) == ("delivered", 0)


def test_a_receipt_and_its_row_that_missed_each_other_are_joined_later(postgres_store: Store) -> None:
    """Written in the same instant by two replicas, neither saw the other; the next sweep joins them."""
    row_id = sent_row(postgres_store, None)
    with postgres_store.transaction() as webhook, postgres_store.transaction() as delivery:
        webhook.unit.delivery.receipt("whatsapp", "SM1", "delivered", None, NOW)
        delivery.unit.delivery.many_sent([(row_id, "SM1")], NOW)
    assert (state_of(postgres_store, row_id), kept(postgres_store)) == ("sent", 1)
    with postgres_store.transaction() as transaction:
        transaction.unit.delivery.join_receipts()
    assert (state_of(postgres_store, row_id), kept(postgres_store)) == ("delivered", 0)


def test_the_same_receipt_from_many_at_once_does_no_harm(store: Store) -> None:
    sent_row(store, None)
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda _: receive(store, "delivered"), range(12)))
    assert kept(store) == 1


def sent_in_parts(store: Store, *, settled: bool = True) -> int:
    """A row that went out in two parts."""
    row_id = sent_row(store, None)
    if settled:
        settle_parts(store, row_id)
    return row_id


def settle_parts(store: Store, row_id: int) -> None:
    with store.transaction() as transaction:
        transaction.unit.delivery.sent_in_parts(row_id, {"text:1": "SM1", "text:2": "SM2"}, NOW)


def receive_of(store: Store, *told: tuple[str, str]) -> None:
    for provider_id, status in told:
        with store.transaction() as transaction:
            transaction.unit.delivery.receipt("whatsapp", provider_id, status, "63016", NOW)


@pytest.mark.parametrize(
    ("told", "state"),
    [
        ([("SM2", "delivered")], "sent"),
        ([("SM2", "delivered"), ("SM1", "delivered")], "delivered"),
        ([("SM2", "read"), ("SM1", "delivered")], "delivered"),
        ([("SM2", "read"), ("SM1", "read")], "read"),
        ([("SM1", "failed"), ("SM2", "delivered")], "failed"),
        ([("SM2", "read"), ("SM1", "failed"), ("SM1", "delivered")], "failed"),
    ],
)
@pytest.mark.parametrize("is_early", [False, True])
def test_a_message_in_parts_is_as_far_as_the_worst_of_them(
    store: Store, told: list[tuple[str, str]], state: str, is_early: bool
) -> None:
    """Nobody is told that something arrived of which the beginning is missing."""
    row_id = sent_in_parts(store, settled=not is_early)
    receive_of(store, *told)
    if is_early:
        settle_parts(store, row_id)
    assert state_of(store, row_id) == state
    assert kept(store) == 0


def test_receipts_of_two_parts_at_once_are_both_seen(postgres_store: Store) -> None:
    """Each alone would find the other part not delivered yet."""
    row_id = sent_in_parts(postgres_store)
    barrier = Barrier(2)

    def receive(provider_id: str) -> None:
        barrier.wait(timeout=10)
        receive_of(postgres_store, (provider_id, "delivered"))

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(receive, ["SM1", "SM2"]))
    assert state_of(postgres_store, row_id) == "delivered"


def test_a_receipt_of_a_part_that_missed_its_row_is_joined_later(postgres_store: Store) -> None:
    row_id = sent_row(postgres_store, None)
    with postgres_store.transaction() as webhook, postgres_store.transaction() as delivery:
        webhook.unit.delivery.receipt("whatsapp", "SM1", "failed", "63016", NOW)
        delivery.unit.delivery.sent_in_parts(row_id, {"text:1": "SM1", "text:2": "SM2"}, NOW)
    assert (state_of(postgres_store, row_id), kept(postgres_store)) == ("sent", 1)
    with postgres_store.transaction() as transaction:
        transaction.unit.delivery.join_receipts()
    assert (state_of(postgres_store, row_id), kept(postgres_store)) == ("failed", 0)


def unreachable_since(store: Store) -> datetime | None:
    with store.transaction() as transaction:
        return transaction.unit.people.contact(1).unreachable_at


@pytest.mark.parametrize("is_in_parts", [False, True])
def test_whoever_wants_nothing_from_us_is_pushed_nothing_more(store: Store, is_in_parts: bool) -> None:
    """The vendor took the message and learnt it later; a person who wrote meanwhile is there again."""
    row_id = sent_row(store, None)
    (settle_parts if is_in_parts else settle)(store, row_id)
    with store.transaction() as transaction:
        transaction.unit.delivery.refused("whatsapp", "SM3", NOW)
    assert unreachable_since(store) is None
    with store.transaction() as transaction:
        transaction.unit.delivery.refused("whatsapp", "SM1", NOW + MINUTE)
    assert unreachable_since(store) == NOW + MINUTE
    with store.transaction() as transaction:
        arrive(transaction.unit, "ana", "whatsapp", NOW + 2 * MINUTE)
        transaction.unit.delivery.refused("whatsapp", "SM1", NOW + 3 * MINUTE)
    assert unreachable_since(store) is None
