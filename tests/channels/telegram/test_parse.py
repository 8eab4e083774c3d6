"""What Telegram's updates mean to us."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.telegram.parse import _CONTENT, parse, tapped_query
from handlers.messages import Address, Attachment, AttachmentKind, IncomingMessage, MessageKind, Place
from tests.channels.fixtures import events, payload
from tests.fakes import contracts

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
CHAT = "700000101"

#: Updates in our fixtures that the published contract does not know, on purpose.
BEYOND_THE_CONTRACT = {"something_new", "unknown_kind"}


def read(event: str) -> IncomingMessage:
    message = parse(payload("telegram", event), NOW)
    assert message is not None
    return message


@pytest.mark.parametrize("event", sorted(set(events("telegram")) - BEYOND_THE_CONTRACT))
def test_our_fixtures_are_updates_as_telegram_publishes_them(event: str):
    """What we test with could come from Telegram."""
    contract = contracts.telegram()
    if contract is None:
        pytest.skip(contracts.NOTICE)
    assert contract.value_problems(payload("telegram", event), "Update", event) == []


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("start", MessageKind.MESSAGE),
        ("text", MessageKind.MESSAGE),
        ("location", MessageKind.MESSAGE),
        ("live_location", MessageKind.MESSAGE),
        ("live_location_goes_on", MessageKind.IGNORED),
        ("venue", MessageKind.MESSAGE),
        ("photo", MessageKind.MESSAGE),
        ("voice", MessageKind.MESSAGE),
        ("document", MessageKind.MESSAGE),
        ("tap", MessageKind.MESSAGE),
        ("edited_message", MessageKind.EDITED),
        ("sticker", MessageKind.UNSUPPORTED),
        ("contact", MessageKind.UNSUPPORTED),
        ("poll", MessageKind.UNSUPPORTED),
        ("dice", MessageKind.UNSUPPORTED),
        ("something_new", MessageKind.IGNORED),
        ("pinned_message", MessageKind.IGNORED),
        ("timer_changed", MessageKind.IGNORED),
        ("blocked", MessageKind.BLOCKED),
        ("unblocked", MessageKind.UNBLOCKED),
        ("group_message", MessageKind.IGNORED),
        ("added_to_a_group", MessageKind.IGNORED),
        ("channel_post", MessageKind.IGNORED),
        ("reaction", MessageKind.IGNORED),
        ("inline_query", MessageKind.IGNORED),
        ("tap_on_an_inline_message", MessageKind.IGNORED),
        ("unknown_kind", MessageKind.IGNORED),
    ],
)
def test_what_kind_of_message_an_update_is(event: str, kind: MessageKind):
    """What somebody said is answered, what nobody waits for is kept quietly."""
    assert read(event).kind is kind


def test_a_poll_that_closed_belongs_to_no_chat():
    """There is nobody to record it under."""
    assert parse(payload("telegram", "poll_closed"), NOW) is None


def test_a_message_tells_who_where_and_when():
    """The language of the phone is the first guess for the language of the answer."""
    assert read("text") == IncomingMessage(
        address=Address("telegram", CHAT),
        external_id="update:900000003",
        sent_at=datetime(2025, 11, 20, 12, 0, tzinfo=UTC),
        text="Hay un bache grande en la calle Hidalgo",
        language="es",
    )


def test_a_link_into_the_chat_brings_its_payload():
    """An invitation works by its link."""
    assert read("start_with_payload").text == "/start inv_7Q2M9KX4"


def test_a_command_to_this_bot_is_the_plain_command():
    """Telegram adds the bot's name where several listen."""
    assert read("command_to_this_bot").text == "/ayuda bache"


def test_what_nobody_can_see_is_taken_out():
    """Neither control characters nor marks that turn the text around reach an official."""
    assert read("text_with_marks_that_turn_it").text == "folio 123 listo"


def test_a_venue_is_a_pin_with_a_name():
    """The crew reads the name, the map shows the pin."""
    assert read("venue").place == Place(20.3807, -102.9268, text="Plaza principal, Calle Hidalgo 1")


@pytest.mark.parametrize(
    ("event", "attachment"),
    [
        ("photo", Attachment(AttachmentKind.PHOTO, "AgACAgEAAxkBAAI0003", "image/jpeg", 143520)),
        ("photo_as_file", Attachment(AttachmentKind.PHOTO, "AgACAgEAAxkBAAI0008", "image/png", 2203344)),
        ("voice", Attachment(AttachmentKind.VOICE, "AgACAgEAAxkBAAI0010", "audio/ogg", 30122)),
        ("video", Attachment(AttachmentKind.VIDEO, "AgACAgEAAxkBAAI0011", "video/mp4", 1904322)),
        ("video_note", Attachment(AttachmentKind.VIDEO, "AgACAgEAAxkBAAI0012", None, 204322)),
        ("animation", Attachment(AttachmentKind.VIDEO, "AgACAgEAAxkBAAI0013", "video/mp4", 88211)),
        ("audio", Attachment(AttachmentKind.DOCUMENT, "AgACAgEAAxkBAAI0014", "audio/mpeg", 4104322)),
        ("document", Attachment(AttachmentKind.DOCUMENT, "AgACAgEAAxkBAAI0015", "application/pdf", 204800)),
    ],
)
def test_files_are_told_by_what_they_are(event: str, attachment: Attachment):
    """A photo sent as a file is still a photo, and of several sizes the largest is taken."""
    assert read(event).attachments == (attachment,)


def test_each_photo_of_an_album_is_a_message():
    """None is lost, and only the first carries the words."""
    first, second = read("album_first"), read("album_second")
    assert (first.text, second.text) == ("tres fotos", None)
    assert len({first.attachments, second.attachments}) == 2
    assert first.external_id != second.external_id


def test_a_tap_is_its_choice():
    """On a message that is too old to be shown as well."""
    for event in ("tap", "tap_on_an_old_message"):
        message = read(event)
        assert (message.choice, message.address.value) == ("n1:kind:VIA-BACHE", CHAT)
    assert read("tap_without_message").choice == "/menu"
    assert tapped_query(payload("telegram", "tap")) == "3006000000000000001"
    assert tapped_query(payload("telegram", "text")) is None


def test_a_reply_names_our_message_as_send_named_it():
    """Message 35 of one chat is not message 35 of another."""
    assert read("reply").reply_to == f"{CHAT}:35"


@pytest.mark.parametrize("text", ["", "   ", "\u200e\u200f", "\u0000"])
def test_an_empty_text_gets_a_helpful_reply(text: str):
    """Nothing visible is not a story."""
    update = payload("telegram", "text")
    update["message"]["text"] = text
    message = parse(update, NOW)
    assert message is not None
    assert message.kind is MessageKind.UNSUPPORTED


@pytest.mark.parametrize(
    "update", [None, [], "x", 5, {}, {"update_id": "7"}, {"update_id": True}, {"update_id": 2**70}]
)
def test_what_is_no_update_is_nothing(update: object):
    """A stranger's JSON is not a message."""
    assert parse(update, NOW) is None


def test_a_date_from_nowhere_is_now():
    """A vendor's slip does not put a ticket into the year 9999."""
    for date in (0, -5, 2**60, 253402300799, "yesterday", None):
        update = payload("telegram", "text")
        update["message"]["date"] = date
        message = parse(update, NOW)
        assert message is not None
        assert message.sent_at == NOW


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A true update in which some values are something else, or gone."""
    update = payload("telegram", draw(st.sampled_from(events("telegram"))))
    for _ in range(draw(st.integers(1, 4))):
        at = update
        while True:
            keys = list(at) if isinstance(at, dict) else list(range(len(at)))
            if not keys:
                break
            key = draw(st.sampled_from(keys))
            if isinstance(at[key], dict | list) and draw(st.booleans()):
                at = at[key]
                continue
            if draw(st.booleans()) and isinstance(at, dict):
                del at[key]
            else:
                at[key] = draw(JSON)
            break
    return update


@settings(max_examples=400, deadline=None)
@given(mutated())
def test_no_update_whatever_raises(update: Any):
    """One strange update never holds up a chat."""
    message = parse(update, NOW)
    tapped_query(update)
    if message is not None:
        for text in (message.text, message.choice, message.address.value, message.external_id, message.language):
            (text or "").encode()
            assert "\x00" not in (text or "")
        assert message.sent_at.tzinfo is not None


@settings(max_examples=150, deadline=None)
@given(JSON)
def test_no_json_whatever_raises(update: Any):
    """Neither does a stranger's."""
    parse(update, NOW)
    parse({"update_id": 1, "message": update}, NOW)


@pytest.mark.parametrize("name", ["community_chat_added", "pinned_message", "gift_upgrade_sent", "made_up_tomorrow"])
def test_what_telegram_writes_about_a_chat_gets_no_answer(name: str):
    """Whatever it thinks of next: only what a person can say is answered."""
    update = {"update_id": 5, "message": {**_PRIVATE, name: {"text": "hola"}}}
    message = parse(update, NOW)
    assert message is not None
    assert (message.kind, message.text) == (MessageKind.IGNORED, None)


@pytest.mark.parametrize("name", ["sticker", "poll", "dice", "contact", "story", "paid_media", "checklist", "game"])
def test_what_a_person_sends_and_we_cannot_read_is_answered(name: str):
    """They are told what can be read."""
    message = parse({"update_id": 5, "message": {**_PRIVATE, name: {}}}, NOW)
    assert message is not None
    assert message.kind is MessageKind.UNSUPPORTED


_PRIVATE = {"message_id": 7, "date": 1, "chat": {"id": 5, "type": "private"}, "from": {"id": 5, "is_bot": False}}


def test_what_counts_as_content_is_in_the_contract():
    """No name is misspelt."""
    contract = contracts.telegram()
    if contract is None:
        pytest.skip(contracts.NOTICE)
    assert {field["name"] for field in contract.types["Message"]["fields"]} >= _CONTENT


@pytest.mark.parametrize("number", [10**19, 10**400, -(10**19), 1.5, True, "5", None])
def test_numbers_that_are_none_lead_nowhere(number: Any):
    """An identifier of 20 digits is not stored under half of itself."""
    update = {"update_id": number, "message": {**_PRIVATE, "text": "hola"}}
    assert parse(update, NOW) is None
    message = parse(
        {"update_id": 5, "message": {**_PRIVATE, "text": "hola", "reply_to_message": {"message_id": number}}}, NOW
    )
    assert message is not None
    assert message.reply_to is None
    assert (
        parse({"update_id": 5, "message": {**_PRIVATE, "text": "hola", "chat": {"id": number, "type": "private"}}}, NOW)
        is None
    )
