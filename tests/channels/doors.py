"""A server with the channels' doors and nothing behind them but a list: for tests of channels alone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.app import listen
from bot.attachments.store import FileStore
from bot.channels import CHANNELS
from bot.channels.base import Channel
from bot.channels.kind import ChannelKind, Wiring
from bot.channels.menus import Menus
from bot.http import Http
from bot.metrics import Metrics
from bot.settings import settings
from bot.settings.settings import Settings
from handlers.messages import IncomingMessage
from storage.engine import StorageUnavailable
from tests.harness import MovableClock

NO_MENUS = Menus(("es", "en"), {})


class ListHouse:
    """Takes messages into a list, or refuses them as if the database were away."""

    def __init__(self) -> None:
        self.received: list[IncomingMessage] = []
        self.receipts: list[tuple[str, str, str, str | None]] = []
        self.is_away = False
        #: Called before a message is kept; what it raises reaches the door.
        self.on_receive: Callable[[IncomingMessage], None] = lambda _: None

    async def receive(self, message: IncomingMessage) -> None:
        if self.is_away:
            raise StorageUnavailable("the database is away")
        self.on_receive(message)
        await asyncio.sleep(0)
        if message.external_id not in {each.external_id for each in self.received}:
            self.received.append(message)

    async def run(self, work: Callable[[Any], object], *, key: str = "") -> Any:
        if self.is_away:
            raise StorageUnavailable("the database is away")
        return work(self)

    # What the receipts are written to.

    @property
    def delivery(self) -> "ListHouse":
        return self

    def receipt(self, channel: str, provider_id: str, status: str, error: str | None, now: object) -> None:
        self.receipts.append((channel, provider_id, status, error))


@dataclass
class Town:
    """What channels ask the town for: it changes while they run."""

    menus: Menus = NO_MENUS
    place_label: str = "📍"
    languages: tuple[str, ...] = ("es",)

    def words(self, key: str, language: str) -> str:
        assert (key, language) == ("web.chat.share_place", "es")
        return self.place_label


@dataclass
class Shop:
    """Where vendors are told to get attachments."""

    url_of_all: str = ""

    def url(self, media_id: int, *, shown_in: str) -> str:
        return self.url_of_all


@dataclass
class Doors:
    """Running channels and their doors."""

    url: str
    #: The settings by their environment names.
    environ: dict[str, str]
    settings: Settings
    files: FileStore
    house: ListHouse
    town: Town
    channels: dict[str, Channel] = field(default_factory=dict)
    shop: Shop = field(default_factory=Shop)
    metrics: Metrics = field(default_factory=Metrics)
    clock: MovableClock = field(default_factory=MovableClock)

    def counted(self, name: str, **labels: str) -> float:
        """The value of a counter."""
        return self.metrics.registry.get_sample_value(f"ventanilla_{name}_total", labels) or 0.0

    def wiring(self, http: Http) -> Wiring:
        """What the channels may use."""
        return Wiring(
            public_url=self.settings.public_url,
            is_demo=self.settings.demo,
            shares_database=False,
            http=http,
            clock=self.clock,
            metrics=self.metrics,
            database=self.house,
            looks=self.house,
            reception=self.house,
            files=self.files,
            media_links=self.shop,
            stopping=asyncio.Event(),
            town=lambda: self.town,
            menus=lambda: self.town.menus,
        )


@asynccontextmanager
async def open_doors(
    folder: Path,
    *,
    kinds: Sequence[ChannelKind] = CHANNELS,
    house: ListHouse | None = None,
    menus: Menus = NO_MENUS,
    **environ: str,
) -> AsyncIterator[Doors]:
    """Doors on a free port; settings by their environment names, WEBCHAT and PUBLIC_URL have a default."""
    socket = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{socket.getsockname()[1]}"
    environ = {"DATA_DIR": str(folder), "WEBCHAT": "off", "PUBLIC_URL": url, **environ}
    read = settings.read(environ, kinds)
    http = Http()
    doors = Doors(url, environ, read, FileStore(read.media_url), house or ListHouse(), Town(menus))
    wiring = doors.wiring(http)
    doors.channels.update({name: closed.open(wiring) for name, closed in read.channels.items()})
    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=[route for channel in doors.channels.values() for route in channel.routes()]),
            log_config=None,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
    )
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign,assignment] # the test's own signals
    serving = asyncio.create_task(server.serve(sockets=[socket]))
    try:
        for channel in doors.channels.values():
            await channel.start()
        while not server.started:
            await asyncio.sleep(0.005)
        yield doors
    finally:
        for channel in doors.channels.values():
            await channel.stop()
        server.should_exit = True
        await serving
        await http.close()
