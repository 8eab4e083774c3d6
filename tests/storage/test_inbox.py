"""Messages come in once, and what could not be handled is kept until it is."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from handlers.messages import Attachment, AttachmentKind, MessageKind, Place
from storage.engine import Store
from tests.storage.samples import MINUTE, NOW, message


def admit(store: Store, *external_ids: str, channel: str = "telegram") -> list[bool]:
    with store.transaction() as transaction:
        return [transaction.unit.inbox.admit(message(each, channel=channel), NOW) for each in external_ids]


def test_a_message_is_admitted_once(store: Store) -> None:
    """A vendor that sends the same message again does not make us answer twice."""
    assert admit(store, "1") == [True]
    assert admit(store, "1", "2", "2") == [False, True, False]


def test_two_vendors_may_use_the_same_number(store: Store) -> None:
    assert admit(store, "1") == [True]
    assert admit(store, "1", channel="whatsapp") == [True]


def test_of_two_that_come_at_once_one_is_admitted(store: Store) -> None:
    """Two replicas that get the same message in the same instant handle it once."""
    with ThreadPoolExecutor(4) as threads:
        for number in range(10):
            asked = [threads.submit(admit, store, f"same-{number}") for _ in range(4)]
            assert sorted(each.result()[0] for each in asked) == [False, False, False, True]


def test_a_message_whose_savepoint_was_undone_may_come_again(store: Store) -> None:
    with store.transaction() as transaction:
        try:
            with transaction.savepoint() as unit:
                unit.inbox.admit(message(), NOW)
                raise RuntimeError
        except RuntimeError:
            pass
    assert admit(store, "1") == [True]


def test_a_failed_message_comes_back_whole_when_it_is_due(store: Store) -> None:
    """Nothing of it is lost while it waits: place, photos and all."""
    failed = message(
        kind=MessageKind.MESSAGE,
        text="el foco \x00 está 😀 fundido",
        choice="c",
        place=Place(20.3, -102.9, "aquí", None),
        attachments=(
            Attachment(AttachmentKind.PHOTO, "file-1", "image/jpeg", 9),
            Attachment(AttachmentKind.VOICE, "v"),
        ),
        reply_to="77",
        language="es-MX",
    )
    with store.transaction() as transaction:
        transaction.unit.inbox.record_failure(failed, "KeyError at report.py:7", NOW, NOW + MINUTE)
    with store.transaction() as transaction:
        inbox = transaction.unit.inbox
        assert inbox.due(NOW, 10) == ()
        assert inbox.due(NOW + MINUTE, 10) == (failed,)
        assert inbox.attempts(failed) == 1
        assert inbox.counts() == {"failed": 1, "dead": 0, "unreadable": 0}


def test_a_retried_message_that_is_handled_leaves_no_text(store: Store) -> None:
    secret = message(text="mi CURP es XAXX")
    with store.transaction() as transaction:
        inbox = transaction.unit.inbox
        inbox.record_failure(secret, "error", NOW, NOW)
        inbox.settle(secret, NOW)
        assert inbox.due(NOW, 10) == ()
        assert inbox.counts() == {"failed": 0, "dead": 0, "unreadable": 0}
    with store._connect() as connection:
        assert "XAXX" not in str(connection.exec_driver_sql("SELECT * FROM inbox").all())
    assert admit(store, "1") == [False]


def test_tries_are_counted_until_the_message_is_given_up(store: Store) -> None:
    with store.transaction() as transaction:
        inbox = transaction.unit.inbox
        assert inbox.attempts(message()) == 0
        for tries in (1, 2):
            inbox.record_failure(message(), "error", NOW, NOW)
            assert inbox.attempts(message()) == tries
        inbox.record_failure(message(), "error", NOW, None)
        assert inbox.due(NOW + timedelta(days=1), 10) == ()
        assert inbox.counts() == {"failed": 0, "dead": 1, "unreadable": 0}


def test_one_replica_at_a_time_retries_a_message(postgres_store: Store) -> None:
    with postgres_store.transaction() as transaction:
        transaction.unit.inbox.record_failure(message(), "error", NOW, NOW)
    with postgres_store.transaction() as one, postgres_store.transaction() as other:
        assert len(one.unit.inbox.due(NOW, 10)) == 1
        assert other.unit.inbox.due(NOW, 10) == ()
