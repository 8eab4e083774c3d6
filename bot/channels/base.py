"""What every channel is to the rest of the house: one base, its features, and how a send can fail."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from handlers.messages import Attachment, OutgoingMessage

if TYPE_CHECKING:
    from starlette.routing import BaseRoute


@dataclass(frozen=True, slots=True)
class Features:
    """How fast a channel takes messages; infinity means no limit that matters."""

    #: Messages a second to one chat.
    per_chat_rate: float
    #: Messages a second in all.
    overall_rate: float


class SendFailed(Exception):
    """A message did not go out, or may not have."""

    def __init__(
        self,
        reason: str,
        *,
        is_permanent: bool = False,
        retry_after_seconds: float | None = None,
        is_uncertain: bool = False,
        is_unreachable: bool = False,
        is_away: bool = False,
    ) -> None:
        super().__init__(reason)
        #: Short, without personal data or tokens: it is stored and shown to staff.
        self.reason = reason
        #: Trying again is of no use.
        self.is_permanent = is_permanent
        #: What the vendor asked us to wait.
        self.retry_after_seconds = retry_after_seconds
        #: It may have arrived: the connection broke after the request was on its way.
        self.is_uncertain = is_uncertain
        #: Nothing arrives in this chat any more (blocked, deactivated, unknown).
        self.is_unreachable = is_unreachable
        #: The vendor cannot be reached, or says that it is unwell: nothing was sent, to nobody.
        self.is_away = is_away


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A stored attachment, ready to send."""

    media_id: int
    content_type: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """One outbox row as the channel gets it."""

    outbox_id: int
    #: The vendor's identifier of the chat.
    to: str
    message: OutgoingMessage
    files: tuple[OutgoingFile, ...] = ()
    #: What went out already: the vendor's id of each part, by its name. Grows as parts go out, so that it is known
    #: however the try ends.
    sent: dict[str, str] = field(default_factory=dict)


class Channel(ABC):
    """A way to reach people, with what most of them do alike: nothing.

    Parsing of inbound requests is each channel's own; it ends in an IncomingMessage.
    """

    name: str
    features: Features

    @property
    def link(self) -> str | None:
        """Where residents begin; None where there is no such link, or until the vendor has told it."""
        return None

    @property
    def trouble(self) -> str | None:
        """Why no messages come from the vendor now, in words for operators; None if all is well."""
        return None

    def invitation_link(self, code: str) -> str | None:
        """Opens the channel and uses an invitation's code; None where `link` is."""
        return None

    def routes(self) -> "Sequence[BaseRoute]":
        """The doors at which the vendor, or a browser, brings messages. Asked for once, when the server is built."""
        return ()

    async def start(self) -> None:  # noqa: B027  most have nothing to do
        """Get ready to send. May retry in the background; must not block the other channels."""

    async def stop(self) -> None:  # noqa: B027  most have nothing to do
        """Finish what is under way and release connections."""

    async def town_changed(self) -> None:  # noqa: B027  most keep no words at the vendor
        """The town's files were read anew: show its new words where the vendor keeps any of them. Must not wait."""

    @abstractmethod
    async def send(self, envelope: Envelope) -> Mapping[str, str]:
        """Send what has not gone out of one message; the vendor's id of each of its parts, by the part's name.

        At least one, in the order of reading. Raises SendFailed: what went out by then stands in `envelope.sent`.
        """

    async def look_up(self, envelope: Envelope, since: datetime) -> Sequence[str] | None:
        """Ask the vendor what became of a message that may have arrived: the ids of messages, made since then, that may
        be this one; none if it surely never arrived. None where the vendor cannot be asked.

        Raises SendFailed.
        """
        return None

    def stored_key(self, attachment: Attachment) -> str | None:
        """Under which key an attachment already lies in our own store; None if it is still with the vendor."""
        return None

    @abstractmethod
    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The attachment's bytes from the vendor, in pieces. Raises SendFailed, permanent where it is gone."""
