"""What a channel's folder brings into the house, and what the house gives it. Knows no channel."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Protocol

from bot.channels.base import Channel
from bot.channels.menus import Menus
from bot.settings.reader import Reader, Setting

if TYPE_CHECKING:
    import asyncio

    from bot.attachments.links import MediaLinks
    from bot.attachments.store import FileStore
    from bot.clock import Clock
    from bot.database.looks import Looks
    from bot.database.queue import DatabaseQueue
    from bot.http import Http
    from bot.inbound.reception import Reception
    from bot.metrics import Metrics
    from handlers.town.town import Town


@dataclass(frozen=True, slots=True)
class Wiring:
    """What a channel may use of the rest of the house. What can change while the counter runs is a question to ask."""

    #: How the outside world reaches this server, without a slash at the end.
    public_url: str
    #: Whether anybody may have an official's phone.
    is_demo: bool
    #: Whether other processes work on the same database.
    shares_database: bool
    http: "Http"
    clock: "Clock"
    metrics: "Metrics"
    database: "DatabaseQueue"
    #: For what only reads.
    looks: "Looks"
    #: Where messages go.
    reception: "Reception"
    files: "FileStore"
    media_links: "MediaLinks"
    #: Set once, when the process was asked to end: nobody waits for anything any more.
    stopping: "asyncio.Event"
    town: "Callable[[], Town]"
    menus: Callable[[], Menus]


class VendorAway(Exception):
    """The vendor did not answer a question that only they can answer."""


class ClosedChannel(Protocol):
    """A channel that the settings switch on, not opened yet; a value that compares by its settings."""

    #: What people call it.
    title: ClassVar[str]

    def open(self, wiring: Wiring) -> Channel:
        """The channel, not started. Only now is the vendor's library loaded: they are large."""

    async def invitation_link(self, code: str, public_url: str) -> str | None:
        """The channel's link with an invitation's code, for who does not run the counter; None where it has none.

        Raises VendorAway where that cannot be told now.
        """


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One kind of channel, whether it is switched on or not."""

    #: As it stands in addresses, rows and metrics.
    name: str
    #: Its settings, in the order of docs/settings.md.
    documented: tuple[Setting, ...]
    #: What to set to switch it on, as it is said to whoever has set nothing.
    switch: str
    #: The channel as the settings want it, or None; mistakes are noted in the reader.
    read: Callable[[Reader], ClosedChannel | None]
    #: Settings any of which shows that a vendor's channel is meant; none for a channel of our own.
    signs: tuple[str, ...] = ()
