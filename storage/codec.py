"""Messages as JSON and back; what another release wrote is read as far as it is understood. Knows no tables.

What is not understood raises Unreadable, with the part that it is and never what that holds. Further keys, and further
parts of a choice, are left aside: a later release adds what an earlier one can do without.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeVar, cast

from handlers.messages import (
    Address,
    Attachment,
    AttachmentKind,
    Choice,
    IncomingMessage,
    MessageKind,
    NoticeKind,
    OutgoingMessage,
    Place,
)
from handlers.ports import Json
from handlers.ticket.role import Role
from storage.errors import Unreadable
from storage.statements import Row

T = TypeVar("T")

_PLACE: Final = ("latitude", "longitude", "text", "area")
_INCOMING: Final = ("text", "choice", "reply_to", "language")


def sorted_out(rows: Iterable[Row], read: Callable[[Row], T]) -> tuple[list[T], list[tuple[Row, str]]]:
    """What could be read, and the rows that could not be, each with the reason: one of them costs no other."""
    understood: list[T] = []
    apart: list[tuple[Row, str]] = []
    for row in rows:
        try:
            understood.append(read(row))
        except Unreadable as error:
            apart.append((row, str(error)))
    return understood, apart


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
    if message.role is not None:
        held["role"] = message.role
    if message.lettered:
        held["lettered"] = True
    return held


def outgoing_from_json(held: Any) -> OutgoingMessage:
    """The message as it was put. Raises Unreadable."""
    held = _table(held, "message")
    return OutgoingMessage(
        text=_of(str, held.get("text"), "text"),
        choices=choices_from_json(held.get("choices", [])),
        controls=choices_from_json(held.get("controls", [])),
        wants_place=_of(bool, held.get("wants_place", False), "wants_place"),
        media=numbers_from_json(held.get("media", [])),
        command_menu=_maybe(str, held.get("command_menu"), "command_menu"),
        role=_maybe(str, held.get("role"), "role"),
        lettered=_of(bool, held.get("lettered", False), "lettered"),
    )


def notice_kind(value: Any) -> NoticeKind:
    """Why a message is sent. Raises Unreadable."""
    return _word(NoticeKind, value, "kind")


def role(value: Any) -> Role:
    """What an official may do. Raises Unreadable."""
    return _word(Role, value, "role")


def choices_to_json(choices: Sequence[Choice]) -> Json:
    """[[id, label], ...]"""
    return cast(Json, [[choice.id, choice.label] for choice in choices])


def choices_from_json(held: Any) -> tuple[Choice, ...]:
    """Choices in their order. Raises Unreadable."""
    return tuple(map(_choice, _of(list, held, "choices")))


def numbers_from_json(held: Any) -> tuple[int, ...]:
    """Ids of media. Raises Unreadable."""
    return tuple(_of(int, each, "media") for each in _of(list, held, "media"))


def journal_from_json(held: Any) -> dict[str, Json]:
    """A conversation's journal, entry by entry. Raises Unreadable."""
    return cast(dict[str, Json], _table(held, "journal"))


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
    """The message as it came. Raises Unreadable."""
    held = _table(held, "message")
    return IncomingMessage(
        address=Address(_of(str, held.get("channel"), "channel"), _of(str, held.get("from"), "from")),
        external_id=_of(str, held.get("external_id"), "external_id"),
        sent_at=_instant(held.get("sent_at")),
        kind=_word(MessageKind, held.get("kind"), "kind"),
        place=_place(held.get("place")),
        attachments=tuple(map(_attachment_from_json, _of(list, held.get("attachments", []), "attachments"))),
        **{name: _maybe(str, held.get(name), name) for name in _INCOMING},
    )


def _attachment_to_json(attachment: Attachment) -> Json:
    return {
        "kind": attachment.kind.value,
        "source": attachment.source,
        "content_type": attachment.content_type,
        "size": attachment.size,
    }


def _attachment_from_json(held: Any) -> Attachment:
    held = _table(held, "attachments")
    return Attachment(
        AttachmentKind.stored(_of(str, held.get("kind"), "attachments")),
        _of(str, held.get("source"), "attachments"),
        _maybe(str, held.get("content_type"), "attachments"),
        _maybe(int, held.get("size"), "attachments"),
    )


def _place(held: Any) -> Place | None:
    if held is None:
        return None
    held = _table(held, "place")
    latitude, longitude = (_maybe((int, float), held.get(name), "place") for name in ("latitude", "longitude"))
    return Place(latitude, longitude, _maybe(str, held.get("text"), "place"), _maybe(str, held.get("area"), "place"))


def _choice(held: Any) -> Choice:
    if type(held) is list and len(held) > 1 and type(held[0]) is type(held[1]) is str:
        return Choice(held[0], held[1])
    raise Unreadable("choices")


def _instant(held: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(_of(str, held, "sent_at"))
    except ValueError:
        raise Unreadable("sent_at") from None
    if instant.tzinfo is None:
        raise Unreadable("sent_at")
    return instant


def _table(held: Any, part: str) -> Mapping[str, Any]:
    return cast(Mapping[str, Any], _of(dict, held, part))


def _of(kind: Any, held: Any, part: str) -> Any:
    """The value, if it is of the kind. True and 1 are not the same here."""
    if not isinstance(held, kind) or (isinstance(held, bool) and kind is not bool):
        raise Unreadable(part)
    return held


def _maybe(kind: Any, held: Any, part: str) -> Any:
    return None if held is None else _of(kind, held, part)


def _word(words: type[T], value: Any, part: str) -> T:
    try:
        return words(value)  # type: ignore[call-arg]  # an enumeration takes its member's value
    except ValueError:
        raise Unreadable(part) from None
