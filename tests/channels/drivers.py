"""What the contract suite needs of each channel: the channel itself, and a person at its other end."""

import importlib
import importlib.util
from collections.abc import Callable, Mapping, Set
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from bot.channels.base import Channel
from handlers.messages import Choice, IncomingMessage


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

    channel: Channel
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


def _driver(module: str) -> DriverFactory | None:
    name = f"tests.channels.{module}"
    if importlib.util.find_spec(name) is None:
        return None
    factory: DriverFactory | None = getattr(importlib.import_module(name), "driver", None)
    return factory


#: By the channel's name. Each module has `driver(folder)`, an asynchronous context manager.
DRIVERS: Mapping[str, DriverFactory | None] = {
    "telegram": _driver("telegram.driver"),
    "whatsapp": _driver("whatsapp.driver"),
    "webchat": _driver("webchat.driver"),
}
