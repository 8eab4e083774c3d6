"""Uploads are known until a message names them, or nobody does."""

from handlers.messages import Address, Attachment, AttachmentKind
from storage.engine import Store
from tests.storage.samples import MINUTE, NOW


def test_what_no_message_names_is_found_the_oldest_first(store: Store) -> None:
    with store.transaction() as transaction:
        uploads = transaction.unit.uploads
        for number, key in enumerate(("c", "a", "b")):
            uploads.add(key, NOW + number * MINUTE)
        assert uploads.received_at("a") == NOW + MINUTE
        assert uploads.received_at("nobody's") is None
        assert uploads.unnamed(NOW + 2 * MINUTE, 10) == ("c", "a")
        assert uploads.unnamed(NOW + 3 * MINUTE, 1) == ("c",)
        uploads.forget(["c", "nobody's"])
        assert uploads.unnamed(NOW + 3 * MINUTE, 10) == ("a", "b")


def test_a_message_that_names_it_makes_it_an_attachment(store: Store) -> None:
    with store.transaction() as transaction:
        unit = transaction.unit
        for key in ("a", "b"):
            unit.uploads.add(key, NOW)
        unit.media.receive(Address("webchat", "ana"), [Attachment(AttachmentKind.PHOTO, "a")], NOW)
        assert unit.uploads.unnamed(NOW + MINUTE, 10) == ("b",)
