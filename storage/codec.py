"""Messages as JSON and back; what an older version wrote is still read. Knows no tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final, cast

from handlers.messages import (
    Address,
    Attachment,
    AttachmentKind,
    Choice,
    IncomingMessage,
    MessageKind,
    OutgoingMessage,
    Place,
)
from handlers.ports import Json

_PLACE: Final = ("latitude", "longitude", "text", "area")
_INCOMING: Final = ("text", "choice", "reply_to", "language")


def outgoing_to_json(message: OutgoingMessage) -> Json:
    """Only what is not empty."""
    held: dict[str, Json] = {"text": message.text}
    if message.choices:
        held["choices"] = choices_to_json(message.choices)
    if message.controls:
        held["controls"] = choices_to_json(message.controls)
    if message.wants_place:
        held["wants_place"] = True
    if message.media:
        held["media"] = list(message.media)
    if message.command_menu is not None:
        held["command_menu"] = message.command_menu
    return held


def outgoing_from_json(held: Any) -> OutgoingMessage:
    """The message as it was put."""
    return OutgoingMessage(
        text=held["text"],
        choices=choices_from_json(held.get("choices", ())),
        controls=choices_from_json(held.get("controls", ())),
        wants_place=held.get("wants_place", False),
        media=tuple(held.get("media", ())),
        command_menu=held.get("command_menu"),
    )


def choices_to_json(choices: Sequence[Choice]) -> Json:
    """[[id, label], ...]"""
    return cast(Json, [[choice.id, choice.label] for choice in choices])


def choices_from_json(held: Any) -> tuple[Choice, ...]:
    """Choices in their order."""
    return tuple(Choice(choice_id, label) for choice_id, label in held)


def incoming_to_json(message: IncomingMessage) -> Json:
    """The whole message, so that it can be handled another time."""
    held: dict[str, Json] = {
        "channel": message.address.channel,
        "from": message.address.value,
        "external_id": message.external_id,
        "sent_at": message.sent_at.isoformat(),
        "kind": message.kind.value,
        "attachments": [_attachment_to_json(each) for each in message.attachments],
    }
    if message.place is not None:
        held["place"] = {name: getattr(message.place, name) for name in _PLACE}
    return held | {name: getattr(message, name) for name in _INCOMING}


def incoming_from_json(held: Any) -> IncomingMessage:
    """The message as it came."""
    place = held.get("place")
    return IncomingMessage(
        address=Address(held["channel"], held["from"]),
        external_id=held["external_id"],
        sent_at=datetime.fromisoformat(held["sent_at"]),
        kind=MessageKind(held["kind"]),
        place=None if place is None else Place(**{name: place.get(name) for name in _PLACE}),
        attachments=tuple(_attachment_from_json(each) for each in held["attachments"]),
        **{name: held.get(name) for name in _INCOMING},
    )


def _attachment_to_json(attachment: Attachment) -> Json:
    return {
        "kind": attachment.kind.value,
        "source": attachment.source,
        "content_type": attachment.content_type,
        "size": attachment.size,
    }


def _attachment_from_json(held: Any) -> Attachment:
    return Attachment(AttachmentKind(held["kind"]), held["source"], held.get("content_type"), held.get("size"))
