"""What Twilio's webhooks mean to us."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.twilio.form import fields_of
from bot.channels.twilio.receipts import Receipt, receipt
from bot.channels.whatsapp.parse import parse
from bot.channels.whatsapp.spelling import Spellings, address_of
from handlers.messages import Address, Attachment, AttachmentKind, IncomingMessage, MessageKind, Place
from tests.channels.fixtures import events, payload
from tests.fakes.twilio import ACCOUNT

NOW = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
CHAT = Address("whatsapp", "whatsapp:+523300000101")
MEDIA = f"https://api.twilio.com/2010-04-01/Accounts/{ACCOUNT}/Messages/MM{1:032x}/Media/ME" + "0" * 31
INCOMING = [event for event in events("twilio") if not event.startswith("status_")]


def read(event: str) -> IncomingMessage:
    message = parse(payload("twilio", event), NOW)
    assert message is not None
    return message


@pytest.mark.parametrize(
    ("event", "kind"),
    [
        ("text", MessageKind.MESSAGE),
        ("location", MessageKind.MESSAGE),
        ("photo", MessageKind.MESSAGE),
        ("button", MessageKind.MESSAGE),
        ("list_row", MessageKind.MESSAGE),
        ("from_an_advertisement", MessageKind.MESSAGE),
        ("empty_text", MessageKind.UNSUPPORTED),
        ("sticker", MessageKind.UNSUPPORTED),
        ("contact_card", MessageKind.UNSUPPORTED),
        ("opted_out_with_advanced_opt_out", MessageKind.BLOCKED),
        ("opted_in_again", MessageKind.UNBLOCKED),
    ],
)
def test_what_kind_of_message_a_webhook_is(event: str, kind: MessageKind):
    """What somebody said is answered; where Twilio has answered a STOP itself, we do not."""
    assert read(event).kind is kind


def test_a_message_tells_who_and_which():
    """Twilio tells no time of writing: it is the time of arrival."""
    assert read("text") == IncomingMessage(
        address=CHAT,
        external_id=f"SM{1:032x}",
        sent_at=NOW,
        text="Hay un bache en la calle Hidalgo",
    )


def test_both_spellings_of_a_mexican_number_are_one_person():
    """Whoever changed their telephone keeps their tickets."""
    assert read("text").address == read("text_from_the_new_spelling").address == CHAT
    assert read("plus_became_a_space").address == CHAT


def test_numbers_of_other_countries_stay_as_they_are():
    """Only Mexico had that 1."""
    assert read("text_from_abroad").address.value == "whatsapp:+15005550006"
    assert address_of("whatsapp:+5491123456789") == "whatsapp:+5491123456789"
    assert address_of("whatsapp:+521234567890") == "whatsapp:+521234567890"


def test_somebody_without_a_phone_number_can_write():
    """WhatsApp lets people hide their number; the id in its place is never taken apart."""
    assert read("text_from_a_hidden_number").address.value == "whatsapp:MX.1a2b3C4d5e6F"
    assert read("only_an_external_id").address.value == "whatsapp:MX.1a2b3C4d5e6F"
    assert read("button").address == CHAT


@pytest.mark.parametrize("event", INCOMING)
def test_no_genuine_message_is_lost(event: str):
    """Each one that we know of is recorded under somebody."""
    message = read(event)
    assert message.address.value.startswith("whatsapp:")


@pytest.mark.parametrize(
    ("event", "attachment"),
    [
        ("photo", Attachment(AttachmentKind.PHOTO, MEDIA + "1", "image/jpeg")),
        ("voice", Attachment(AttachmentKind.VOICE, MEDIA + "2", "audio/ogg")),
        ("video", Attachment(AttachmentKind.VIDEO, MEDIA + "3", "video/mp4")),
        ("document", Attachment(AttachmentKind.DOCUMENT, MEDIA + "4", "application/pdf")),
    ],
)
def test_files_are_told_by_what_they_are(event: str, attachment: Attachment):
    """A voice note is a voice, whatever it is packed in."""
    assert read(event).attachments == (attachment,)


def test_a_sticker_is_not_taken_for_a_photo():
    """Thumbs up is no evidence of a pothole."""
    assert read("sticker").attachments == ()


def test_a_named_place_keeps_its_name():
    """The crew reads the name, the map shows the pin."""
    assert read("location").place == Place(20.380123, -102.925456)
    assert read("location_with_a_name").place == Place(20.3807, -102.9268, text="Plaza principal, Calle Hidalgo 1")


def test_a_button_and_a_row_of_a_list_are_choices():
    """The label that comes along is not something the person wrote."""
    assert (read("button").choice, read("button").text, read("button").reply_to) == ("n1:ok:yes", None, None)
    assert (read("list_row").choice, read("list_row").text) == ("n1:kind:water", None)


def test_a_reply_names_our_message():
    """Answering a notice adds to its ticket."""
    assert read("reply").reply_to == "SM" + "f" * 32


@pytest.mark.parametrize(
    ("event", "wanted"),
    [
        ("status_sent", ("sent", None)),
        ("status_delivered", ("delivered", None)),
        ("status_read", ("read", None)),
        ("status_undelivered_window_closed", ("failed", "63016")),
        ("status_failed_not_found", ("failed", "63024")),
    ],
)
def test_a_receipt_tells_how_far_a_message_got(event: str, wanted: tuple[str, str | None]):
    """And why it got no further; whom it was for is spelt as Twilio spells it."""
    assert receipt(payload("twilio", event)) == Receipt("SM" + "d" * 32, *wanted, "whatsapp:+5213300000101")


@pytest.mark.parametrize("status", ["failed", "undelivered", "canceled", "partially_delivered", "Undelivered"])
def test_every_end_short_of_arriving_is_a_failure(status: str):
    """Twilio has several words for it."""
    found = receipt({"MessageSid": "SM1", "MessageStatus": status})
    assert found is not None
    assert found.status == "failed"


@pytest.mark.parametrize(
    ("status", "code", "wanted"),
    [
        ("undelivered", "63014", True),
        ("failed", "21610", True),
        # Perhaps only this spelling of the number.
        ("undelivered", "63024", False),
        ("undelivered", "63016", False),
        ("undelivered", None, False),
        ("delivered", "63014", False),
    ],
)
def test_a_receipt_tells_who_wants_nothing_from_us(status: str, code: str | None, wanted: bool):
    """Blocked or opted out, after Twilio took the message."""
    found = receipt({"MessageSid": "SM1", "MessageStatus": status, **({"ErrorCode": code} if code else {})})
    assert found is not None
    assert found.is_refused is wanted


def test_the_first_of_two_values_counts():
    """A field that comes twice does not make a message unreadable."""
    assert fields_of([("Body", "uno"), ("Body", "dos"), ("From", "x")]) == {"Body": "uno", "From": "x"}


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(events("twilio")),
    st.dictionaries(st.sampled_from(sorted(payload("twilio", "photo") | payload("twilio", "location"))), st.text()),
    st.sets(st.sampled_from(sorted(payload("twilio", "photo")))),
)
def test_no_form_whatever_raises(event: str, changed: dict[str, str], gone: set[str]):
    """One strange webhook never ends in an error."""
    fields = {name: value for name, value in {**payload("twilio", event), **changed}.items() if name not in gone}
    receipt(fields)
    message = parse(fields, NOW)
    if message is not None:
        for text in (message.text, message.choice, message.address.value, message.external_id):
            (text or "").encode()


def test_a_person_is_written_to_as_they_wrote():
    """Where WhatsApp kept the old spelling of a number, the new one may reach nobody."""
    spellings = Spellings()
    assert spellings.of(CHAT.value) == CHAT.value
    spellings.hear("whatsapp:+5213300000101")
    assert spellings.of(CHAT.value) == "whatsapp:+5213300000101"
    assert spellings.other(CHAT.value) == CHAT.value
    spellings.hear("whatsapp:+523300000101")
    assert spellings.of(CHAT.value) == CHAT.value


def test_the_other_spelling_is_tried_where_nobody_is_found():
    """After a restart nobody has written yet."""
    spellings = Spellings()
    assert spellings.other(CHAT.value) == "whatsapp:+5213300000101"
    spellings.prefer_other(CHAT.value)
    assert spellings.of(CHAT.value) == "whatsapp:+5213300000101"
    spellings.prefer_other(CHAT.value)
    assert spellings.of(CHAT.value) == CHAT.value
    assert spellings.other("whatsapp:MX.1a2b3C4d5e6F") is None
