"""Owns the reading of Twilio's webhooks: form fields in, an IncomingMessage out. Sends nothing."""

from datetime import datetime
from typing import Final

from bot.channels.fields import cleaned, degrees, line, natural
from bot.channels.twilio.form import Fields
from bot.channels.whatsapp.spelling import address_of
from handlers.messages import Address, Attachment, AttachmentKind, IncomingMessage, MessageKind, Place

CHANNEL: Final = "whatsapp"

#: Twilio: WhatsApp sends one file a message; MMS up to ten.
_FILES_AT_MOST: Final = 10

#: Kinds of message that are no message to us, although a file comes with some: a sticker is a picture.
_UNSUPPORTED: Final = frozenset({"sticker", "contacts", "order", "poll", "unsupported", "unknown"})

_CARDS: Final = frozenset({"text/vcard", "text/x-vcard", "text/directory"})

#: Where Twilio answers the word STOP by itself, it says so; then we neither answer nor push.
_OPT_OUTS: Final = {"STOP": MessageKind.BLOCKED, "START": MessageKind.UNBLOCKED, "HELP": MessageKind.IGNORED}


def parse(fields: Fields, now: datetime) -> IncomingMessage | None:
    """The message in a webhook; None where the sender or the message's number is missing.

    now: aware UTC; Twilio does not tell when a message was written.
    """
    sender = sender_of(fields)
    sid = line(fields.get("MessageSid")) or line(fields.get("SmsMessageSid")) or line(fields.get("SmsSid"))
    if sender is None or sid is None:
        return None
    choice = line(fields.get("ButtonPayload")) or line(fields.get("ListId"))
    text = None if choice else cleaned(fields.get("Body"))
    place, attachments = _place(fields), _attachments(fields)
    return IncomingMessage(
        address=Address(CHANNEL, address_of(sender)),
        external_id=sid,
        sent_at=now,
        kind=_kind(fields, is_empty=not (choice or text or place or attachments)),
        text=text,
        choice=choice,
        place=place,
        attachments=attachments,
        # A button comes with the message it stood under: a tap is a choice, not a reply to that.
        reply_to=None if choice else line(fields.get("OriginalRepliedMessageSid")),
    )


def sender_of(fields: Fields) -> str | None:
    """Who wrote, as Twilio spells it: a phone number, or an id that hides it. Never taken apart."""
    # The plus sign of a number may have become a space: what stands around the whole is all that is cut off.
    return line(fields.get("From")) or line(fields.get("ExternalUserId"))


def _kind(fields: Fields, *, is_empty: bool) -> MessageKind:
    opt_out = _OPT_OUTS.get((fields.get("OptOutType") or "").upper())
    if opt_out is not None:
        return opt_out
    kind = (fields.get("MessageType") or "").lower()
    if kind == "reaction":
        return MessageKind.IGNORED
    return MessageKind.UNSUPPORTED if is_empty or kind in _UNSUPPORTED else MessageKind.MESSAGE


def _place(fields: Fields) -> Place | None:
    latitude, longitude = degrees(fields.get("Latitude"), 90), degrees(fields.get("Longitude"), 180)
    if latitude is None or longitude is None:
        return None
    label = ", ".join(filter(None, (line(fields.get("Label")), line(fields.get("Address")))))
    return Place(latitude, longitude, text=label or None)


def _attachments(fields: Fields) -> tuple[Attachment, ...]:
    if (fields.get("MessageType") or "").lower() in _UNSUPPORTED:
        return ()
    number = min(natural(fields.get("NumMedia") or "0", 999) or 0, _FILES_AT_MOST)
    found = (_attachment(fields.get(f"MediaUrl{at}"), fields.get(f"MediaContentType{at}")) for at in range(number))
    return tuple(attachment for attachment in found if attachment)


def _attachment(url: str | None, content_type: str | None) -> Attachment | None:
    source = cleaned(url)
    # "audio/ogg; codecs=opus": what comes after the semicolon does not matter to us.
    kind = (line(content_type) or "").split(";")[0].strip().lower()
    if source is None or kind in _CARDS:
        return None
    return Attachment(_kind_of_file(kind), source, kind or None)


def _kind_of_file(content_type: str) -> AttachmentKind:
    match content_type.partition("/")[0]:
        case "image":
            return AttachmentKind.PHOTO
        case "audio":
            return AttachmentKind.VOICE
        case "video":
            return AttachmentKind.VIDEO
        case _:
            return AttachmentKind.DOCUMENT
