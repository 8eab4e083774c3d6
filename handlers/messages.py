"""What goes through a channel, in words that no vendor owns. Knows nothing of tickets or storage."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from handlers.theirs import Theirs


@dataclass(frozen=True, slots=True)
class Address:
    """One chat on one channel."""

    #: A key of CHANNELS: "telegram", "whatsapp", "webchat".
    channel: str
    #: The vendor's identifier of the chat, perhaps a telephone; opaque to us.
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is: coordinates, words, or both. Coordinates are WGS84 degrees."""

    latitude: float | None = None
    longitude: float | None = None
    #: What the person wrote, or the vendor's label of the pin.
    text: str | None = None
    #: Id of an area in places.geojson.
    area: str | None = None


class AttachmentKind(StrEnum):
    """What an attachment is, whatever the vendor calls it."""

    PHOTO = "photo"
    VOICE = "voice"
    VIDEO = "video"
    DOCUMENT = "document"

    @classmethod
    def stored(cls, value: str) -> "AttachmentKind":
        """The kind of a stored row; a document where another release wrote one that this one does not have."""
        return cls(value) if value in _ATTACHMENT_KINDS else cls.DOCUMENT


_ATTACHMENT_KINDS: Final = frozenset(AttachmentKind)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message, still at the vendor (or, in the web chat, already in our store)."""

    kind: AttachmentKind
    #: What the channel needs to fetch it: a Telegram file_id, a Twilio media URL, a key of our store.
    source: str
    content_type: str | None = None
    #: Bytes, where the vendor says so.
    size: int | None = None


class MessageKind(StrEnum):
    """What reached us."""

    #: Something the person said: text, choice, place or attachments.
    MESSAGE = "message"
    #: A correction of an earlier message; recorded, never handled as a new one.
    EDITED = "edited"
    #: Something we cannot read (sticker, poll, contact): gets a helpful reply.
    UNSUPPORTED = "unsupported"
    #: Something nobody expects an answer to (a reaction, a group, an unknown update): recorded quietly.
    IGNORED = "ignored"
    #: The person blocked us: stop pushing to this chat.
    BLOCKED = "blocked"
    #: The person is back.
    UNBLOCKED = "unblocked"


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """One authenticated message, as every channel hands it to intake."""

    address: Address
    #: The vendor's identifier, unique per channel: a repeat is the same message.
    external_id: str
    #: Aware UTC.
    sent_at: datetime
    kind: MessageKind = MessageKind.MESSAGE
    #: What the person said stays out of any line that shows the message.
    text: str | None = field(default=None, repr=False)
    #: Id of the tapped choice.
    choice: str | None = field(default=None, repr=False)
    place: Place | None = field(default=None, repr=False)
    attachments: tuple[Attachment, ...] = field(default=(), repr=False)
    #: The vendor's id of our message that this one answers.
    reply_to: str | None = None
    #: The client's language where the vendor tells it: an IETF tag such as "es-MX".
    language: str | None = None


#: Telegram: callback_data holds 1 to 64 bytes; the shortest of the vendors' limits.
CHOICE_BYTES: Final = 64


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to answer: by tap (id), by number, or by label."""

    #: At most CHOICE_BYTES. One that starts with "/" is run as a command.
    id: str
    label: str

    @property
    def fits(self) -> bool:
        """Whether every channel can make a button of it."""
        return 0 < len(self.id.encode()) <= CHOICE_BYTES


#: A value for a placeholder; texts by language are resolved when rendered, instants are shown in the town's time.
Param = str | Theirs | int | float | date | datetime | Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Reply:
    """Something to say, before wording: a key into the message files and what goes into its placeholders."""

    key: str
    params: Mapping[str, Param]
    #: Choice labels are final text here.
    choices: tuple[Choice, ...] = ()
    #: Back, cancel and the like: shown smaller, after the choices, never numbered.
    controls: tuple[Choice, ...] = ()
    wants_place: bool = False
    #: Ids of stored media to show along.
    media: tuple[int, ...] = ()
    #: Only for whoever holds this role, or one that includes it.
    role: str | None = None


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """What a channel sends: final words in the recipient's language. **double asterisks** mark what stands out."""

    text: str = field(repr=False)
    choices: tuple[Choice, ...] = field(default=(), repr=False)
    controls: tuple[Choice, ...] = field(default=(), repr=False)
    #: Offer to share a location, where the channel can.
    wants_place: bool = False
    #: Ids of stored media to send along.
    media: tuple[int, ...] = ()
    #: Not a message: set the chat's command menu to this role's ("resident", "agent", ...).
    #: Channels without menus do nothing.
    command_menu: str | None = None
    #: Only for whoever holds this role, or one that includes it, at the moment it is sent or shown.
    role: str | None = None
    #: Its choices go by letters: the numbers belong to a list that was sent before.
    lettered: bool = False


class NoticeKind(StrEnum):
    """Why a message is sent: decides its priority and whether a closed window may hold it."""

    #: Answers what the person just sent.
    REPLY = "reply"
    #: A push: something that somebody else caused.
    NOTICE = "notice"
