"""Owns the list of channels: a new one is a module here and a name in CHANNELS. Starts none.

A channel's module is imported only when the settings switch it on: the vendors' libraries are large.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from handlers.messages import IncomingMessage

if TYPE_CHECKING:
    from bot.channels.base import Channel
    from bot.clock import Clock
    from bot.files import FileStore
    from bot.http import Http
    from bot.intake import Intake
    from bot.settings import Settings


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a channel may use of the rest of the house."""

    settings: "Settings"
    http: "Http"
    clock: "Clock"
    intake: "Intake"
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
        return self.intake.receive


def _telegram(wiring: Wiring) -> "Channel | None":
    if not wiring.settings.has_telegram:
        return None
    from bot.channels.telegram import TelegramChannel  # noqa: PLC0415 # see the module's docstring

    return TelegramChannel(wiring)


def _whatsapp(wiring: Wiring) -> "Channel | None":
    if not wiring.settings.has_whatsapp:
        return None
    from bot.channels.whatsapp import WhatsAppChannel  # noqa: PLC0415 # see the module's docstring

    return WhatsAppChannel(wiring)


def _webchat(wiring: Wiring) -> "Channel | None":
    if not wiring.settings.webchat:
        return None
    from bot.channels.webchat import WebChat  # noqa: PLC0415 # see the module's docstring

    return WebChat(wiring.intake.run, wiring.clock, wiring.files)


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
