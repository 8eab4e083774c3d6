"""Attachments are copied once, each by one copier."""

from datetime import timedelta

from handlers.messages import Address, Attachment, AttachmentKind
from storage.engine import Store
from storage.media import MediaCopy, StoredMedia
from tests.storage.samples import MINUTE, NOW

ANA = Address("telegram", "ana")
PHOTO = Attachment(AttachmentKind.PHOTO, "photo-1", "image/jpeg", 5_000_000_000)
VOICE = Attachment(AttachmentKind.VOICE, "voice-1")


def receive(store: Store, *attachments: Attachment) -> tuple[int, ...]:
    with store.transaction() as transaction:
        return transaction.unit.media.receive(ANA, attachments, NOW)


def test_attachments_are_known_at_once_in_their_order(store: Store) -> None:
    photo, voice = receive(store, PHOTO, VOICE)
    with store.transaction() as transaction:
        media = transaction.unit.media
        assert media.get([voice, photo, 4711]) == (
            StoredMedia(photo, AttachmentKind.PHOTO, "image/jpeg", 5_000_000_000, None, "pending"),
            StoredMedia(voice, AttachmentKind.VOICE, None, None, None, "pending"),
        )
        assert media.get([]) == ()
        assert media.receive(ANA, [], NOW) == ()


def test_a_claimed_attachment_is_copied_and_stored(store: Store) -> None:
    photo, voice = receive(store, PHOTO, VOICE)
    with store.transaction() as transaction:
        media = transaction.unit.media
        assert media.claim("one", NOW, {"telegram": 1}) == (MediaCopy(photo, "telegram", PHOTO, 0),)
        assert media.claim("two", NOW, {"telegram": 10}) == (MediaCopy(voice, "telegram", VOICE, 0),)
        media.copied(photo, "2026/11/p.jpg", "image/jpeg", 1234, NOW)
        assert media.get([photo]) == (
            StoredMedia(photo, AttachmentKind.PHOTO, "image/jpeg", 1234, "2026/11/p.jpg", "stored"),
        )
        media.failed(photo, "a late failure", NOW, NOW)
        assert media.get([photo])[0].state == "stored"


def test_a_failed_copy_is_tried_again_or_given_up(store: Store) -> None:
    (voice,) = receive(store, VOICE)
    with store.transaction() as transaction:
        media = transaction.unit.media
        media.claim("one", NOW, {"telegram": 1})
        media.failed(voice, "timeout", NOW + MINUTE, NOW)
        assert media.claim("one", NOW, {"telegram": 1}) == ()
        (again,) = media.claim("one", NOW + MINUTE, {"telegram": 1})
        assert again.attempts == 1
        media.failed(voice, "gone", None, NOW)
        assert media.claim("one", NOW + timedelta(days=1), {"telegram": 1}) == ()
        assert media.get([voice])[0].state == "failed"


def test_what_a_dead_copier_held_is_copied_by_another(store: Store) -> None:
    (voice,) = receive(store, VOICE)
    with store.transaction() as transaction:
        media = transaction.unit.media
        media.claim("one", NOW, {"telegram": 1})
        assert media.release_others("one") == 0
        assert media.release_lapsed("two") == 0
        assert media.release_others("two") == 1
        assert [copy.id for copy in media.claim("two", NOW, {"telegram": 1})] == [voice]


def test_two_copiers_never_take_the_same(postgres_store: Store) -> None:
    first, second = receive(postgres_store, PHOTO, VOICE)
    with postgres_store.transaction() as one, postgres_store.transaction() as two:
        assert [copy.id for copy in one.unit.media.claim("one", NOW, {"telegram": 1})] == [first]
        assert [copy.id for copy in two.unit.media.claim("two", NOW, {"telegram": 10})] == [second]
