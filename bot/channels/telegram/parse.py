"""Owns the reading of Telegram's updates: JSON in, an IncomingMessage out. Sends nothing.

Reads the JSON itself instead of python-telegram-bot's `Update`: that refuses an update in which Telegram left out or
changed one field, however small, and a refused update would block its chat. It also costs as much as all the rest.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

import structlog

from bot.channels.fields import cleaned, degrees, line, whole
from handlers.messages import Address, Attachment, AttachmentKind, IncomingMessage, MessageKind, Place

CHANNEL: Final = "telegram"

#: The kinds of update to ask Telegram for.
ALLOWED_UPDATES: Final = ("message", "edited_message", "callback_query", "my_chat_member")

#: What a person's message is made of. Whatever has none of these was written by Telegram about the chat (a pinned
#: message, a new background, what it thinks of next): nobody waits for an answer to it.
_CONTENT: Final = frozenset({
    "animation", "audio", "caption", "checklist", "contact", "dice", "document", "game", "giveaway", "giveaway_winners",
    "invoice", "live_photo", "location", "paid_media", "photo", "poll", "rich_message", "sticker", "story", "text",
    "venue", "video", "video_note", "voice",
})  # fmt: skip

#: A command as it arrives where several bots are: "/ayuda@VentanillaBot bache".
_ADDRESSED_COMMAND: Final = re.compile(r"^(/\w+)@\w+")

_FILES: Final = {
    "voice": AttachmentKind.VOICE,
    "video": AttachmentKind.VIDEO,
    "video_note": AttachmentKind.VIDEO,
    "animation": AttachmentKind.VIDEO,
    "audio": AttachmentKind.DOCUMENT,
    "document": AttachmentKind.DOCUMENT,
}

#: What of documents people mean as photos: sent "as a file", so as not to lose sharpness.
_PHOTO_TYPES: Final = frozenset({"image/jpeg", "image/png", "image/webp", "image/heic", "image/heif"})

Table = Mapping[str, object]

log = structlog.get_logger(__name__)


def read(update: object, now: datetime) -> IncomingMessage | None:
    """As `parse`; None too for an update that it chokes on: that would come again for ever, and hold up all others."""
    try:
        return parse(update, now)
    except Exception as error:
        log.error("an update could not be read at all", exc_info=error)
        return None


def parse(update: object, now: datetime) -> IncomingMessage | None:
    """The message in an update; None where no chat is known to record it under. Raises on no JSON whatever.

    now: aware UTC; stands in for a time that Telegram does not tell.
    """
    fields = table(update)
    update_id = whole(fields.get("update_id"))
    if update_id is None:
        return None
    reader = _Reader(f"update:{update_id}", now)
    for kind, read in (
        ("message", reader.message),
        ("callback_query", reader.tap),
        ("edited_message", reader.edited),
        ("my_chat_member", reader.membership),
    ):
        if isinstance(fields.get(kind), dict):
            return read(table(fields[kind]))
    others = [table(value) for value in fields.values() if isinstance(value, dict)]
    return reader.ignored(others[0]) if others else None


def tapped_query(update: object) -> str | None:
    """The id of the callback query in an update: Telegram shows a clock on the button until it is answered."""
    query_id = table(table(update).get("callback_query")).get("id")
    return query_id if isinstance(query_id, str) and query_id else None


def message_id_of(chat_id: object, message_id: object) -> str:
    """What send() calls a message: Telegram numbers messages chat by chat, we need them unique in the channel."""
    return f"{chat_id}:{message_id}"


def table(value: object) -> Table:
    """A JSON object; empty for anything else."""
    return value if isinstance(value, dict) else {}


class _Reader:
    """Reads one update; knows what all kinds of update share."""

    def __init__(self, external_id: str, now: datetime) -> None:
        self._external_id = external_id
        self._now = now

    def message(self, message: Table) -> IncomingMessage | None:
        read = self._envelope(message)
        if read is None or not _is_personal(message) or _CONTENT.isdisjoint(message):
            return read
        filled = replace(
            read,
            kind=MessageKind.MESSAGE,
            text=_text(message),
            place=_place(message),
            attachments=_attachments(message),
            reply_to=_reply_to(message, read.address),
        )
        is_empty = not (filled.text or filled.place or filled.attachments)
        return replace(filled, kind=MessageKind.UNSUPPORTED) if is_empty else filled

    def edited(self, message: Table) -> IncomingMessage | None:
        read = self._envelope(message)
        # A live location goes on as edits of its first message: one pin is enough.
        if read is None or not _is_personal(message) or "location" in message:
            return read
        return replace(read, kind=MessageKind.EDITED, text=_text(message))

    def tap(self, query: Table) -> IncomingMessage | None:
        # The message may be too old to be shown to us: a chat with one person has that person's number.
        message = table(query.get("message")) or {"chat": {**table(query.get("from")), "type": "private"}}
        # The message is the bot's own; who tapped stands beside it.
        tapped = {"chat": message.get("chat"), "from": query.get("from")}
        read = self._envelope(tapped)
        choice = line(query.get("data"))
        if read is None or choice is None or "inline_message_id" in query or not _is_personal(tapped):
            return read
        return replace(read, kind=MessageKind.MESSAGE, choice=choice)

    def membership(self, change: Table) -> IncomingMessage | None:
        read = self._envelope(change)
        status = table(change.get("new_chat_member")).get("status")
        kind = {"kicked": MessageKind.BLOCKED, "member": MessageKind.UNBLOCKED}.get(str(status))
        return replace(read, kind=kind) if read and kind and _is_personal(change) else read

    def ignored(self, thing: Table) -> IncomingMessage | None:
        return self._envelope(thing if "chat" in thing else table(thing.get("message")) or thing)

    def _envelope(self, thing: Table) -> IncomingMessage | None:
        """Who, where and when; to be ignored until more is known. None without a chat."""
        sender = table(thing.get("from")) or table(thing.get("user"))
        chat_id = whole((table(thing.get("chat")) or sender).get("id"))
        if chat_id is None:
            return None
        language = line(sender.get("language_code"))
        return IncomingMessage(
            address=Address(CHANNEL, str(chat_id)),
            external_id=self._external_id,
            sent_at=self._instant(thing.get("date")),
            kind=MessageKind.IGNORED,
            language=language[:35] if language else None,
        )

    def _instant(self, seconds: object) -> datetime:
        number = whole(seconds)
        # An inaccessible message has the date 0.
        if not number or not 0 < number <= self._now.timestamp():
            return self._now
        return datetime.fromtimestamp(number, UTC)


def _is_personal(thing: Table) -> bool:
    """Whether a person wrote it to the bot alone."""
    return table(thing.get("chat")).get("type") == "private" and table(thing.get("from")).get("is_bot") is not True


def _text(message: Table) -> str | None:
    text = cleaned(message.get("text")) or cleaned(message.get("caption"))
    return _ADDRESSED_COMMAND.sub(r"\1", text) if text and text.startswith("/") else text


def _place(message: Table) -> Place | None:
    # A venue comes with its location beside it; a pin has only that.
    venue = table(message.get("venue"))
    pin = table(message.get("location")) or table(venue.get("location"))
    latitude, longitude = degrees(pin.get("latitude"), 90), degrees(pin.get("longitude"), 180)
    if latitude is None or longitude is None:
        return None
    label = ", ".join(filter(None, (line(venue.get("title")), line(venue.get("address")))))
    return Place(latitude, longitude, text=label or None)


def _attachments(message: Table) -> tuple[Attachment, ...]:
    sizes = message.get("photo")
    if isinstance(sizes, list) and sizes:
        # Telegram: the same photo in several sizes, the largest last, always JPEG.
        return _attachment(AttachmentKind.PHOTO, {**table(sizes[-1]), "mime_type": "image/jpeg"})
    for name, kind in _FILES.items():
        file = table(message.get(name))
        if file:
            is_photo = file.get("mime_type") in _PHOTO_TYPES
            return _attachment(AttachmentKind.PHOTO if is_photo else kind, file)
    return ()


def _attachment(kind: AttachmentKind, file: Table) -> tuple[Attachment, ...]:
    file_id = line(file.get("file_id"))
    if file_id is None:
        return ()
    content_type = line(file.get("mime_type"))
    return (Attachment(kind, file_id, content_type.lower() if content_type else None, whole(file.get("file_size"))),)


def _reply_to(message: Table, address: Address) -> str | None:
    message_id = whole(table(message.get("reply_to_message")).get("message_id"))
    return None if message_id is None else message_id_of(address.value, message_id)
