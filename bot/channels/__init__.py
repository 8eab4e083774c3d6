"""Owns the list of channels: a new one is a module here and a name in CHANNELS. Starts none.

A channel's module is imported only when the settings switch it on: the vendors' libraries are large.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from handlers.messages import IncomingMessage

if TYPE_CHECKING:
    from bot.attachments.store import FileStore
    from bot.channels.base import Channel
    from bot.clock import Clock
    from bot.database.queue import DatabaseQueue
    from bot.http import Http
    from bot.inbound.reception import Reception
    from bot.settings.settings import Settings


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a channel may use of the rest of the house."""

    settings: "Settings"
    http: "Http"
    clock: "Clock"
    database: "DatabaseQueue"
    reception: "Reception"
    files: "FileStore"
    #: A link under which anybody can open a stored attachment for a while.
    media_link: Callable[[int], str | None]
    #: The command menu of each role ("resident", "agent", ...): command without slash, Spanish, English.
    menus: Mapping[str, Sequence[tuple[str, str, str]]] = field(default_factory=dict)
    #: The button that sends one's location, where a channel has one.
    place_label: str = "📍"

    @property
    def receive(self) -> Callable[[IncomingMessage], Awaitable[None]]:
        """Where messages go that a channel collects by itself."""
        return self.reception.receive


def _telegram(wiring: Wiring) -> "Channel | None":
    if not wiring.settings.has_telegram:
        return None
    from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415 # see the module's docstring

    return TelegramChannel(wiring)


def _whatsapp(wiring: Wiring) -> "Channel | None":
    if not wiring.settings.has_whatsapp:
        return None
    from bot.channels.whatsapp.channel import WhatsAppChannel  # noqa: PLC0415 # see the module's docstring

    return WhatsAppChannel(wiring)


def _webchat(wiring: Wiring) -> "Channel | None":
    if not wiring.settings.webchat:
        return None
    from bot.channels.webchat.channel import WebChat  # noqa: PLC0415 # see the module's docstring

    return WebChat(wiring.database.run, wiring.clock, wiring.files)


#: Every channel there is; each builder returns None where the settings leave its channel out.
CHANNELS: Final[Mapping[str, Callable[[Wiring], "Channel | None"]]] = {
    "telegram": _telegram,
    "whatsapp": _whatsapp,
    "webchat": _webchat,
}


def open_channels(wiring: Wiring) -> dict[str, "Channel"]:
    """The channels that the settings switch on, by name; not started yet."""
    built = {name: build(wiring) for name, build in CHANNELS.items()}
    return {name: channel for name, channel in built.items() if channel is not None}
