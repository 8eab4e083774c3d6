"""Owns the reading of the post office's letters: JSON in, an IncomingMessage out."""

from collections.abc import Mapping
from datetime import datetime

from bot.channels.fields import cleaned, degrees
from handlers.messages import Address, Attachment, AttachmentKind, IncomingMessage, Place


def parse(letter: object, now: datetime) -> IncomingMessage | None:
    """The message in a letter; None where nobody is known to have written it."""
    fields: Mapping[str, object] = letter if isinstance(letter, dict) else {}
    sender, number, photo = cleaned(fields.get("from")), cleaned(fields.get("id")), cleaned(fields.get("photo"))
    if sender is None or number is None:
        return None
    latitude, longitude = degrees(fields.get("latitude"), 90), degrees(fields.get("longitude"), 180)
    return IncomingMessage(
        address=Address("fourth", sender),
        external_id=number,
        sent_at=now,
        text=cleaned(fields.get("text")),
        choice=cleaned(fields.get("choice")),
        place=None if latitude is None or longitude is None else Place(latitude, longitude),
        attachments=(Attachment(AttachmentKind.PHOTO, photo),) if photo else (),
        reply_to=cleaned(fields.get("reply_to")),
    )
