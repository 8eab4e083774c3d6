"""Owns what a browser may say: its chat's token, and a JSON body that becomes an IncomingMessage. Knows no route."""

import base64
import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from bot.channels.fields import cleaned, degrees, line
from bot.channels.webchat.settings import NAME
from handlers.messages import Address, Attachment, AttachmentKind, IncomingMessage, Place

#: What a person can type is limited by the page; this only keeps a message from being a file. How long an answer may
#: be is each question's business: it says so in the chat.
TEXT_AT_MOST: Final = 20_000
ATTACHMENTS_AT_MOST: Final = 10

#: 256 bits that nobody can guess, and our mark on them, each as base64.
_TOKEN: Final = re.compile(r"([A-Za-z0-9_-]{43})\.([A-Za-z0-9_-]{22})")
_MESSAGE_ID: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
_CHOICE_BYTES: Final = 64
_REPLY_TO: Final = re.compile(r"web:[0-9]{1,18}")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_UPLOAD: Final = re.compile(r"[0-9a-f]{32}")


class Malformed(Exception):
    """The body is not what our page sends; the reason is for its author."""


def new_token(secret: str) -> str:
    """What a browser keeps to be the same chat again. `secret` is the instance's own."""
    chance = secrets.token_urlsafe(32)
    return f"{chance}.{_mark(chance, secret)}"


def address_of(authorization: str | None, secret: str) -> Address | None:
    """The chat behind an Authorization header; None unless this instance made its token.

    The token itself never gets further than here. That of another instance is not taken, so that a browser which
    remembers a database that is gone begins anew instead of waiting for messages that will not come.
    """
    token = token_of(authorization)
    match = _TOKEN.fullmatch(token or "")
    if token is None or match is None or not hmac.compare_digest(match[2], _mark(match[1], secret)):
        return None
    return Address(NAME, hashlib.sha256(token.encode()).hexdigest())


def token_of(authorization: str | None) -> str | None:
    """What stands in the header in the form of a token, whoever made it."""
    scheme, _, token = (authorization or "").partition(" ")
    return token if scheme.lower() == "bearer" and _TOKEN.fullmatch(token) else None


def _mark(chance: str, secret: str) -> str:
    mark = hmac.digest(secret.encode(), chance.encode(), hashlib.sha256)[:16]
    return base64.urlsafe_b64encode(mark).decode().rstrip("=")


def external_id(address: Address, message_id: str) -> str:
    """Unique over all chats, whatever ids a browser makes up."""
    return f"{address.value[:16]}:{message_id}"


def provider_id(mailbox_id: int) -> str:
    """What a message of ours is called, towards the outbox and towards the browser."""
    return f"web:{mailbox_id}"


def read(body: bytes) -> Mapping[str, object]:
    """The body's object. Raises Malformed."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError) as broken:
        raise Malformed("the body must be JSON") from broken
    if not isinstance(said, dict):
        raise Malformed("the body must be a JSON object")
    return said


def uploads_of(said: Mapping[str, object]) -> tuple[str, ...]:
    """The uploads that a message names, in its order. Raises Malformed."""
    keys = said.get("attachments") or []
    if not isinstance(keys, list) or len(keys) > ATTACHMENTS_AT_MOST:
        raise Malformed(f"attachments must be a list of at most {ATTACHMENTS_AT_MOST}")
    if not all(isinstance(key, str) and _UPLOAD.fullmatch(key) for key in keys):
        raise Malformed("attachments must be ids that POST /chat/attachments gave")
    return tuple(keys)


def parse(
    said: Mapping[str, object], address: Address, attachments: Sequence[Attachment], sent_at: datetime
) -> IncomingMessage:
    """The message of a body. A text of which nothing is left after cleaning counts as empty. Raises Malformed."""
    message_id = _matching(said, "id", _MESSAGE_ID)
    if message_id is None:
        raise Malformed("id is missing")
    if not any(said.get(part) is not None for part in ("text", "choice", "latitude")) and not attachments:
        raise Malformed("text, choice, latitude and longitude, or attachments is needed")
    return IncomingMessage(
        address=address,
        external_id=external_id(address, message_id),
        sent_at=sent_at,
        text=_text(said),
        choice=_choice(said),
        place=_place(said),
        attachments=tuple(attachments),
        reply_to=_matching(said, "reply_to", _REPLY_TO),
        language=_matching(said, "language", _LANGUAGE),
    )


def kind_of(content_type: str) -> AttachmentKind | None:
    """What an upload is, by its content; None for what the counter does not take."""
    if content_type in {"image/jpeg", "image/png", "image/webp"}:
        return AttachmentKind.PHOTO
    if content_type.startswith("audio/"):
        return AttachmentKind.VOICE
    return AttachmentKind.DOCUMENT if content_type == "application/pdf" else None


def _text(said: Mapping[str, object]) -> str | None:
    text = _string(said, "text")
    if text is not None and len(text) > TEXT_AT_MOST:
        raise Malformed(f"text must have at most {TEXT_AT_MOST} characters")
    return cleaned(text)


def _choice(said: Mapping[str, object]) -> str | None:
    choice = _string(said, "choice")
    if choice is not None and len(choice.encode(errors="replace")) > _CHOICE_BYTES:
        raise Malformed(f"choice must have at most {_CHOICE_BYTES} bytes")
    return line(choice)


def _place(said: Mapping[str, object]) -> Place | None:
    given = said.get("latitude"), said.get("longitude")
    if given == (None, None):
        return None
    latitude, longitude = degrees(given[0], 90), degrees(given[1], 180)
    if latitude is None or longitude is None:
        raise Malformed("latitude and longitude must be degrees")
    return Place(latitude, longitude)


def _matching(said: Mapping[str, object], name: str, pattern: re.Pattern[str]) -> str | None:
    value = _string(said, name)
    if value is not None and not pattern.fullmatch(value):
        raise Malformed(f"{name} has another form")
    return value


def _string(said: Mapping[str, object], name: str) -> str | None:
    value = said.get(name)
    if value is not None and not isinstance(value, str):
        raise Malformed(f"{name} must be a text")
    return value
