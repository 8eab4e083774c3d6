"""Attachments are copied once, each by one copier."""

from datetime import timedelta

from sqlalchemy import select

from handlers.messages import Address, Attachment, AttachmentKind
from storage.engine import Store
from storage.media import MediaCopy, StoredMedia
from storage.schema import media
from storage.statements import Statement
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


def test_nothing_tells_whose_a_photo_was_once_a_ticket_has_it_and_it_is_copied(store: Store) -> None:
    """Until then whoever sent it is told of what could not be kept."""
    whose = Statement(select(media.c.address_id).order_by(media.c.id))
    with store.transaction() as transaction:
        unit = transaction.unit
        ana = unit.people.arrive(ANA, language="es", now=NOW)
        early, late, lost, loose = unit.media.receive(ANA, [PHOTO, PHOTO, PHOTO, PHOTO], NOW)
        unit.media.claim("one", NOW, {"telegram": 10})
        assert unit.media.sender_of(early) == ana.address_id
        unit.media.copied(early, "key", "image/jpeg", 1, NOW)
        assert unit.media.sender_of(early) is None
        unit.tickets._keep([early, late, lost])
        assert unit.media.sender_of(late) == unit.media.sender_of(lost) == ana.address_id
        unit.media.copied(late, "key", "image/jpeg", 1, NOW)
        unit.media.failed(lost, "gone", None, NOW)
        unit.media.copied(loose, "key", "image/jpeg", 1, NOW)
        assert [row[0] for row in unit._rows.all(whose)] == [None, None, None, ana.address_id]
