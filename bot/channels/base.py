"""What every channel is to the rest of the house: one protocol, its features, and how a send can fail."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Protocol

from handlers.messages import Attachment, OutgoingMessage


@dataclass(frozen=True, slots=True)
class Features:
    """What a channel can do, so that others can adapt; None means no limit that matters."""

    #: Characters of one message, after rendering.
    text_limit: int
    #: Choices that can be tapped; 0 means they are written as a numbered list.
    max_buttons: int
    #: Messages a second to one chat.
    per_chat_rate: float
    #: Messages a second in all.
    overall_rate: float
    #: Whether files can be sent; where not, the words go without them.
    sends_files: bool = True


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
        new_value: str | None = None,
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
        #: The chat goes on under another identifier (a group became a supergroup).
        self.new_value = new_value


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


class Channel(Protocol):
    """A way to reach people. Parsing of inbound requests is each channel's own; it ends in an IncomingMessage."""

    name: str
    features: Features

    async def start(self) -> None:
        """Get ready to send. May retry in the background; must not block the other channels."""

    async def stop(self) -> None:
        """Finish what is under way and release connections."""

    async def send(self, envelope: Envelope) -> str:
        """Send one message; the vendor's id of it (of the last part, where it had to be split).

        Raises SendFailed.
        """

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The attachment's bytes from the vendor, in pieces. Raises SendFailed, permanent where it is gone."""
