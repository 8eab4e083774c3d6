"""What the contract suite needs of each channel: the channel itself, and a person at its other end."""

import importlib
from collections.abc import Callable, Sequence, Set
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.channels import CHANNELS
from bot.channels.base import Channel
from bot.channels.kind import ChannelKind
from handlers.messages import Choice, IncomingMessage
from tests.channels.doors import Doors
from tests.channels.fourth.kind import FOURTH


class Trouble(StrEnum):
    """How sending can fail, whatever the vendor calls it."""

    #: Too much at once: later.
    BUSY = "busy"
    #: The person wants nothing from us any more: never again.
    BLOCKED = "blocked"
    #: There is no such chat: never.
    UNKNOWN_CHAT = "unknown_chat"
    #: The connection ended after the vendor had the request.
    BROKEN_OFF = "broken_off"
    #: The vendor cannot be reached.
    AWAY = "away"
    #: Our own key or sender is wrong.
    SETTING = "setting"


@dataclass(frozen=True, slots=True)
class Shown:
    """One message as the person sees it."""

    text: str
    #: Labels of what can be chosen, in their order, be it buttons or a numbered list.
    choices: tuple[str, ...] = ()
    wants_place: bool = False
    files: tuple[bytes, ...] = ()


class Driver(Protocol):
    """A running channel with one person who has opened a chat."""

    doors: Doors
    channel: Channel
    #: Characters of one message at this vendor.
    text_limit: int
    #: Doors that a stranger may open: a new chat is nobody's yet.
    open_to_strangers: Set[tuple[str, str]]
    #: The value of the person's address.
    to: str
    #: The troubles that this vendor can be made to have.
    troubles: Set[Trouble]
    #: What reached the reception, oldest first. What opened the chat is not among it.
    received: list[IncomingMessage]

    async def says(self, text: str) -> None:
        """The person writes."""

    async def chooses(self, choice: Choice) -> None:
        """The person takes a choice of the newest message, the way this channel has for it."""

    async def sends_place(self, latitude: float, longitude: float) -> None:
        """The person sends a pin."""

    async def sends_photo(self, content: bytes, caption: str) -> None:
        """The person sends a JPEG."""

    async def replies(self, provider_id: str, text: str) -> None:
        """The person answers one message of ours, the way this channel has for it."""

    async def repeats(self) -> None:
        """The vendor brings the last message once more."""

    async def sees(self, count: int) -> list[Shown]:
        """The messages that the person got; waits until there are so many."""

    async def gets_into(self, trouble: Trouble) -> None:
        """From now on sending fails in this way."""


DriverFactory = Callable[[Path], AbstractAsyncContextManager[Driver]]


#: All that there are, and one more, which is built in tests alone.
KINDS: Sequence[ChannelKind] = (*CHANNELS, FOURTH)


def driver_of(name: str) -> DriverFactory:
    """A channel's driver: its module has `driver(folder)`, an asynchronous context manager."""
    factory: DriverFactory = importlib.import_module(f"tests.channels.{name}.driver").driver
    return factory
