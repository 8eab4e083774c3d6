"""Owns the list of what a running counter is made of. Builds nothing: bot/compose.py does."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.clock import Clock
from bot.metrics import Metrics
from bot.settings.settings import Settings

if TYPE_CHECKING:
    from bot.attachments.copier import Copier
    from bot.attachments.links import MediaLinks
    from bot.attachments.store import FileStore
    from bot.channels.base import Channel
    from bot.content.source import TownSource
    from bot.database.looks import Looks
    from bot.database.queue import DatabaseQueue
    from bot.http import Http
    from bot.inbound.readers import Readers
    from bot.inbound.reception import Reception
    from bot.jobs.bell import Bell
    from bot.outbound.loop import OutboundLoop
    from bot.readiness import Readiness
    from storage.engine import Store


@dataclass(slots=True)
class State:
    """Where the process stands between its start and its end."""

    #: The database answered, and its migrations are done.
    is_open: bool = False
    #: Set once, when the process was asked to end: long polls answer at once, nothing new is taken.
    stopping: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def is_stopping(self) -> bool:
        """Whether the process was asked to end."""
        return self.stopping.is_set()


@dataclass(slots=True)
class Services:
    """Everything that the routes, the channels and the loops share."""

    settings: Settings
    clock: Clock
    metrics: Metrics
    store: "Store"
    towns: "TownSource"
    database: "DatabaseQueue"
    #: For what only reads.
    looks: "Looks"
    readers: "Readers"
    reception: "Reception"
    outbound: "OutboundLoop"
    #: By name; only those that the settings switch on.
    channels: "Mapping[str, Channel]"
    files: "FileStore"
    copier: "Copier"
    media_links: "MediaLinks"
    #: The one client for outgoing HTTP.
    http: "Http"
    bell: "Bell"
    readiness: "Readiness"
    state: State = field(default_factory=State)
