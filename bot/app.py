"""Owns the running server: what starts and ends in which order, and the ASGI app in between. Builds no part itself."""

import asyncio
import contextlib
import faulthandler
import gc
import os
import secrets
import socket
import sys
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator
from functools import cache
from time import monotonic
from types import FrameType
from typing import Final

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute

from bot import logs
from bot.channels.base import Channel
from bot.connections import connections
from bot.services import Services
from bot.sources import Proxies
from bot.web import attachments as media
from bot.web import health, pages
from bot.web.gate import Gate
from storage.engine import AlreadyServed, SchemaMisfit, StorageUnavailable
from storage.unit_of_work import SqlUnitOfWork

#: The server answers from here on, even if the database does not.
_WAIT_FOR_DATABASE_SECONDS: Final = 3.0
_LONGEST_PAUSE_SECONDS: Final = 10.0

#: How long the process before this one may take to end, at a restart; it needs 10 seconds at most.
_HANDOVER_SECONDS: Final = 15.0
_HANDOVER_LOOK_SECONDS: Final = 0.2

#: How often we look whether the database still knows that we are alive.
_PRESENCE_SECONDS: Final = 5.0

#: In the data folder: what this process has begun to send.
NOTE: Final = "sending"

#: The parts of an orderly end; together less than the 10 seconds that an orchestrator grants.
_REQUESTS_SECONDS: Final = 2
_SENDS_SECONDS: Final = 3.0
_CHANNELS_SECONDS: Final = 1.0
_DATABASE_SECONDS: Final = 1.0
#: After this the process ends as it stands: everything that was acknowledged is in the database.
_DEADLINE_SECONDS: Final = 9.0
_LAST_DEADLINE_SECONDS: Final = 9.5

log = structlog.get_logger(__name__)


class Life:
    """The start and the end of a counter's services."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._tasks: set[asyncio.Task[None]] = set()
        #: What made an orderly start impossible, or going on.
        self.failure: Exception | None = None

    async def start(self) -> None:
        """Open the counter; where the database is away, go on trying behind the open doors."""
        opening = self._spawn(self._open())
        await asyncio.wait({opening}, timeout=_WAIT_FOR_DATABASE_SECONDS)

    async def stop(self) -> None:
        """Finish what is held, in the order in which it can still be written down."""
        services = self._services
        services.state.stopping.set()
        for task in list(self._tasks):
            task.cancel()
        services.bell.stop()
        await services.outbound.stop(_SENDS_SECONDS)
        await asyncio.gather(services.copier.stop(), *map(_stop_channel, services.channels.values()))
        await services.files.close()
        await services.database.close(_DATABASE_SECONDS)
        await services.readers.stop()
        await services.http.close()
        services.store.close()
        log.info("closed")
        logs.tell_repeats(is_end=True)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _open(self) -> None:
        try:
            await self._prepare_database()
        except Exception as error:
            log.critical("the counter cannot open", exc_info=error)
            self.failure = error
            return
        self._spawn(self._stay_present())
        services = self._services
        await services.readers.prepare(services.towns.current.understanding)
        services.outbound.start()
        services.copier.start()
        services.bell.start()
        for channel in services.channels.values():
            self._spawn(_start_channel(channel))
        services.state.is_open = True
        log.info("open", channels=sorted(services.channels))

    async def _prepare_database(self) -> None:
        """Migrate, take up what the last process left, read the secrets; until the database lets us.

        Raises AlreadyServed and SchemaMisfit.
        """
        pause = 0.5
        while True:
            try:
                await asyncio.to_thread(self._services.store.migrate)
                await self._follow_the_last_one()
                await self._take_up()
            except StorageUnavailable:
                log.warning("the database is away; trying again", pause_seconds=pause)
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE_SECONDS)
            else:
                return

    async def _follow_the_last_one(self) -> None:
        """Where only one may answer from the database: wait until the process before this one has ended."""
        until = monotonic() + _HANDOVER_SECONDS
        is_told = False
        while True:
            try:
                return await asyncio.to_thread(self._services.store.serve_alone)
            except AlreadyServed as served:
                if monotonic() > until:
                    raise
                if not is_told:
                    log.warning("waiting for another process to end", reason=str(served), seconds=_HANDOVER_SECONDS)
                    is_told = True
            await asyncio.sleep(_HANDOVER_LOOK_SECONDS)

    async def _stay_present(self) -> None:
        """Until the tables are changed under us while the database is away: this process must not write any more."""
        while True:
            await asyncio.sleep(_PRESENCE_SECONDS)
            try:
                await asyncio.to_thread(self._services.store.stay_present)
            except StorageUnavailable:
                log.warning("the database does not know that this process is alive; trying again")
            except SchemaMisfit as error:
                log.critical("the counter cannot go on", exc_info=error)
                self.failure = error
                return
            except Exception as error:
                # This must not end in silence: nobody else would know that this process writes.
                log.error("whether the database knows this process cannot be told; trying again", exc_info=error)

    async def _take_up(self) -> None:
        services = self._services
        if not services.database.is_open:
            services.database.open()
        links, marks = await services.database.run(_shared_secrets)
        services.media_links.use_secret(links)
        logs.use_mark_key(marks)
        if not services.settings.demo:
            await self._end_demo()
        await services.outbound.take_up(services.settings.data_dir / NOTE)
        await services.bell.sweeps.recover_copies()

    async def _end_demo(self) -> None:
        """Before anything is answered: whoever became an official in a demo is none any more."""
        now = self._services.clock.now()
        ended = await self._services.database.run(lambda unit: unit.invitations.end_demo(now))
        if ended:
            log.warning("the demo is over; the roles that it gave are taken away", rows=ended)


def build_app(services: Services, life: Life) -> Starlette:
    """The ASGI app over running services. The channels' routes come first: they are called most."""
    routes: list[BaseRoute] = [route for channel in services.channels.values() for route in channel.routes()]
    routes += [route for module in (media, pages, health) for route in module.routes(services)]

    @contextlib.asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        await life.start()
        try:
            yield
        finally:
            await life.stop()

    app = Starlette(
        routes=routes,
        lifespan=lifespan,
        middleware=[Middleware(Gate, prefix=pages.base_of(services))],
        exception_handlers={StorageUnavailable: _come_again, **pages.error_pages(services)},
    )
    # It would lead to whatever the Host header names; the gate takes the slash off instead.
    app.router.redirect_slashes = False
    return app


class Server(uvicorn.Server):
    """uvicorn, with an end that tells the services at once and leaves with 0."""

    def __init__(self, app: Starlette, services: Services, life: Life, *, catches_signals: bool = True) -> None:
        super().__init__(
            uvicorn.Config(
                app,
                loop="uvloop",
                http=connections(Proxies(services.settings.forwarded_allow_ips)),
                forwarded_allow_ips=services.settings.forwarded_allow_ips,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                server_header=False,
                timeout_graceful_shutdown=_REQUESTS_SECONDS,
            )
        )
        self._state = services.state
        self._life = life
        self._catches_signals = catches_signals

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """As uvicorn does it, unless somebody else's process is ours to share."""
        if not self._catches_signals:
            yield
            return
        with super().capture_signals():
            yield
            # uvicorn raises the signal again once all is closed; an orderly end is no failure.
            self._captured_signals.clear()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """As uvicorn does it. From here on the time runs, whatever the loop is busy with; while it starts, too."""
        _end_by_deadline()
        super().handle_exit(sig, frame)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """As uvicorn does it; what is there then stays, so the collector need not look at it again."""
        await super().startup(sockets)
        if self._catches_signals:
            gc.collect()
            gc.freeze()

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to end. Long polls are told first, so that the end does not wait for them."""
        if self._life.failure is not None:
            self.should_exit = True
        if should_exit := await super().on_tick(counter):
            self._state.stopping.set()
            if self._catches_signals:
                # Not every end comes by a signal.
                _end_by_deadline()
        return should_exit


def listen(host: str, port: int) -> socket.socket:
    """A listening socket. Raises OSError where the address is taken or not ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family, backlog=2048)


async def _start_channel(channel: Channel) -> None:
    """Until it works: a vendor that is away delays nobody else."""
    pause = 1.0
    while True:
        try:
            await channel.start()
        except Exception as error:
            log.warning("a channel could not start; trying again", channel=channel.name, exc_info=error)
            await asyncio.sleep(pause)
            pause = min(2 * pause, 60.0)
        else:
            return


async def _stop_channel(channel: Channel) -> None:
    try:
        async with asyncio.timeout(_CHANNELS_SECONDS):
            await channel.stop()
    except Exception as error:
        log.warning("a channel did not stop in order", channel=channel.name, exc_info=error)


def _shared_secrets(unit: SqlUnitOfWork) -> tuple[str, str]:
    return (
        unit.secrets.get_or_create("media_links", secrets.token_urlsafe(32)),
        unit.secrets.get_or_create("log_marks", secrets.token_urlsafe(32)),
    )


async def _come_again(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("The counter cannot store anything now; try again.", 503, {"Retry-After": "5"})


@cache
def _end_by_deadline() -> None:
    """A thread or a vendor that hangs does not keep the process from ending in time; the first call counts."""

    def end() -> None:
        log.warning("closing took too long; what is left is taken up at the next start")
        sys.stderr.flush()
        os._exit(0)

    timer = threading.Timer(_DEADLINE_SECONDS, end)
    timer.daemon = True
    timer.start()
    # Where a thread does not even let Python's other threads run, this one, which is none of Python's, still does.
    with contextlib.suppress(RuntimeError, ValueError, OSError):  # there is nowhere to write to
        faulthandler.dump_traceback_later(_LAST_DEADLINE_SECONDS, exit=True)
