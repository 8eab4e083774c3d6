"""A real counter inside a test: the whole app on a free port, its clock in the test's hand; or one as a process.

    async with running_app(tmp_path, TELEGRAM_TOKEN="1:A", TELEGRAM_API_URL=fake.url) as app:
        ...                             # talk HTTP to app.url, or use app.services
        app.clock.advance(hours=73)
        await app.sweep()               # what the scheduler would ring
        await app.settle()              # until all attachments are copied and all messages are sent
        assert "Hidalgo" not in app.logs

Settings are given by their environment names. The database is SQLite in `folder` unless DATABASE_URL is given.
"""

import asyncio
import io
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Final, TypeVar

import aiohttp

from bot import logs
from bot.app import Life, Server, build_app, listen
from bot.channels import CHANNELS
from bot.channels.kind import ChannelKind
from bot.cli.serve import at_its_port
from bot.compose import build
from bot.content.source import TownSource
from bot.services import Services
from bot.settings import settings
from bot.settings.settings import Settings
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

ROOT: Final = Path(__file__).resolve().parents[1]

SAMPLE_TOWN: Final = settings.read({}).content_dir

#: A Monday in the middle of the town's working day: 10:00 in central Mexico.
MONDAY: Final = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)


class MovableClock:
    """Runs like a real clock, from a moment that the test knows, and jumps ahead when told to."""

    def __init__(self, begins_at: datetime = MONDAY) -> None:
        self._begins_at = begins_at
        self._started = monotonic()

    def now(self) -> datetime:
        """The present instant, aware UTC."""
        return self._begins_at + timedelta(seconds=monotonic() - self._started)

    def advance(self, **span: float) -> None:
        """Let time pass: `advance(hours=73)`, as timedelta takes it."""
        self._begins_at += timedelta(**span)


@dataclass
class RunningApp:
    """A counter that serves."""

    url: str
    services: Services
    clock: MovableClock
    server: Server
    _stream: io.StringIO = field(repr=False)

    @property
    def logs(self) -> str:
        """All that was logged so far, one JSON line each."""
        return self._stream.getvalue()

    async def database(self, work: Callable[[SqlUnitOfWork], T]) -> T:
        """Do something in the app's database, through its own queue."""
        return await self.services.database.run(work)

    async def sweep(self, *names: str) -> None:
        """Ring the sweeps of these names, or all."""
        sweeps = self.services.bell.sweeps
        for name in names or tuple(sweeps.all):
            await sweeps.ring(name)

    async def settle(self, seconds: float = 30.0) -> None:
        """Wait until every attachment is copied and every message that is due is sent, or judged in another way.

        Raises TimeoutError where that takes too long.
        """
        async with asyncio.timeout(seconds):
            for part in (self.services.copier, self.services.outbound):
                # The first look may have begun before what is waited for.
                enough = part.idle_looks + 2
                while part.idle_looks < enough:
                    part.wake()
                    await asyncio.sleep(0.005)


@asynccontextmanager
async def running_app(
    folder: Path, clock: MovableClock | None = None, kinds: Sequence[ChannelKind] = CHANNELS, **environ: str
) -> AsyncIterator[RunningApp]:
    """A counter on a free port, started as `serve` starts it, and stopped in its order at the end."""
    clock = clock or MovableClock()
    door = listen("127.0.0.1", 0)
    # As uvloop does it for the product: without it each answer waits 40 ms for the other side's acknowledgement.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    wanted = at_its_port(read(folder, kinds, PORT="0", **environ), door)
    with _captured_logs() as stream:
        services = build(wanted, clock, _sample_town(wanted))
        life = Life(services)
        server = Server(build_app(services, life), services, life, catches_signals=False)
        serving = asyncio.create_task(server.serve(sockets=[door]))
        try:
            await _started(server, serving)
            yield RunningApp(f"http://127.0.0.1:{wanted.port}", services, clock, server, stream)
        finally:
            server.should_exit = True
            await serving


def read(folder: Path, kinds: Sequence[ChannelKind] = CHANNELS, **environ: str) -> Settings:
    """The settings of a counter that keeps all it has in a folder."""
    return settings.read({"DATA_DIR": str(folder / "var"), "READER": "thread", **environ}, kinds)


@cache
def _town_source(folder: Path) -> TownSource:
    return TownSource(folder, MovableClock())


def _sample_town(wanted: Settings) -> TownSource | None:
    """The sample town is read once for all tests; any other folder anew for each app, since a test may change it."""
    return _town_source(wanted.content_dir) if wanted.content_dir == SAMPLE_TOWN else None


async def _started(server: Server, serving: "asyncio.Task[None]") -> None:
    async with asyncio.timeout(30):
        while not server.started:
            if serving.done():
                await serving
            await asyncio.sleep(0.005)


@contextmanager
def _captured_logs() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.set_up(stream)
    try:
        yield stream
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@dataclass
class ServerProcess:
    """`python -m bot serve` as a process of its own, which can be killed."""

    url: str
    process: asyncio.subprocess.Process
    log_file: Path

    async def is_ready(self) -> bool:
        """Whether /readyz says so."""
        try:
            async with aiohttp.ClientSession() as session, session.get(f"{self.url}/readyz") as answer:
                return answer.status == 200
        except aiohttp.ClientError:
            return False

    async def wait_until_ready(self, seconds: float = 30.0) -> None:
        """Raises TimeoutError; the process's own words are in `log_file`."""
        async with asyncio.timeout(seconds):
            while not await self.is_ready():
                if self.process.returncode is not None:
                    raise RuntimeError(f"the server ended with {self.process.returncode}:\n{self.log_file.read_text()}")
                await asyncio.sleep(0.05)

    async def end(self, number: signal.Signals = signal.SIGTERM, seconds: float = 15.0) -> int:
        """Send a signal and wait; the exit code (negative: ended by a signal)."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(seconds):
            return await self.process.wait()


@asynccontextmanager
async def server_process(
    folder: Path, *, port: int, is_awaited: bool = True, command: Sequence[str] = ("bot", "serve"), **environ: str
) -> AsyncIterator[ServerProcess]:
    """A counter as a process; killed at the end if it still runs. The same `folder` is the same counter again.

    command: another module that serves, with its arguments.
    """
    folder.mkdir(parents=True, exist_ok=True)
    log_file = folder / "server.log"
    with log_file.open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *command,
            cwd=ROOT, env=_environment(folder, PORT=str(port), **environ), stdout=log, stderr=log,
        )  # fmt: skip
    server = ServerProcess(f"http://127.0.0.1:{port}", process, log_file)
    try:
        if is_awaited:
            await server.wait_until_ready()
        yield server
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def free_port() -> int:
    """A port that nobody listens on now."""
    with listen("127.0.0.1", 0) as door:
        return int(door.getsockname()[1])


def command_environment(folder: Path, **environ: str) -> dict[str, str]:
    """What a command of ours needs to run as a process that keeps all it has in a folder."""
    return _environment(folder, **environ)


def _environment(folder: Path, **environ: str) -> dict[str, str]:
    ours = {setting.name for setting in settings.DOCUMENTED}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    return {**inherited, "DATA_DIR": str(folder / "var"), "READER": "thread", "PYTHONUNBUFFERED": "1", **environ}
