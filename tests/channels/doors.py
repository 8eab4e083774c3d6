"""A server with the vendors' doors and nothing behind them but a list: for tests of channels alone."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette

from bot.app import listen
from bot.channels import Wiring, open_channels, webhooks
from bot.channels.base import Channel
from bot.http import Http
from bot.metrics import Metrics
from bot.settings import settings
from bot.settings.settings import Settings
from handlers.messages import IncomingMessage
from storage.engine import StorageUnavailable
from tests.harness import MovableClock


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

    async def run(self, work: Callable[[Any], object], *, key: str = "") -> object:
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
class Doors:
    """Running channels and their doors: as much of the services as the doors may use."""

    url: str
    settings: Settings
    channels: dict[str, Channel]
    house: ListHouse = field(default_factory=ListHouse)
    metrics: Metrics = field(default_factory=Metrics)
    clock: MovableClock = field(default_factory=MovableClock)

    @property
    def database(self) -> ListHouse:
        return self.house

    @property
    def reception(self) -> ListHouse:
        return self.house

    def counted(self, name: str, **labels: str) -> float:
        """The value of a counter."""
        return self.metrics.registry.get_sample_value(f"ventanilla_{name}_total", labels) or 0.0


@asynccontextmanager
async def open_doors(
    folder: Path, *, menus: dict[str, tuple[tuple[str, str, str], ...]] | None = None, **environ: str
) -> AsyncIterator[Doors]:
    """Doors on a free port; settings by their environment names, WEBCHAT and PUBLIC_URL have a default."""
    socket = listen("127.0.0.1", 0)
    url = f"http://127.0.0.1:{socket.getsockname()[1]}"
    read = settings.read({"DATA_DIR": str(folder), "WEBCHAT": "off", "PUBLIC_URL": url, **environ})
    http = Http()
    doors = Doors(url, read, {})
    wiring: Any = Wiring(
        settings=read,
        http=http,
        clock=doors.clock,
        database=doors.house,  # type: ignore[arg-type] # the list has the same method
        reception=doors.house,  # type: ignore[arg-type] # the list has the same method
        files=None,  # type: ignore[arg-type] # for the web chat only
        media_link=lambda media_id: f"{url}/media/{media_id}",
        menus=menus or {},
    )
    doors.channels.update(open_channels(wiring))
    server = uvicorn.Server(
        uvicorn.Config(
            Starlette(routes=webhooks.routes(doors)),  # type: ignore[arg-type] # the part of the services they use
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
