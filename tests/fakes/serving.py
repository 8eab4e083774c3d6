"""What the vendors' fakes share: a server on loopback, faults on demand, and a list of what we did wrong."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web

#: Long enough for a busy machine, short enough for a test that hangs.
PATIENCE_SECONDS = 10.0


@dataclass(slots=True)
class Fault:
    """Something that goes wrong for the next calls."""

    #: A method of the API; None for all.
    method: str | None
    #: What to answer instead; None for the true answer.
    answer: Callable[[], web.Response] | None = None
    #: Whether the vendor still does what it was asked.
    is_done: bool = False
    #: Seconds to let the caller wait for the answer.
    hangs: float = 0.0
    #: Whether the connection breaks instead of an answer.
    breaks: bool = False
    #: How many more times.
    times: int = 1


@dataclass(slots=True)
class Call:
    """One call that reached the vendor."""

    method: str
    params: dict[str, Any] = field(default_factory=dict)


class ViolationError(AssertionError):
    """We did not keep to the vendor's contract."""


class FakeServer:
    """A vendor on loopback: `async with Fake() as fake`, then `fake.url`; at the end it raises contract violations."""

    def __init__(self, *, port: int = 0, is_strict: bool = True) -> None:
        self._wanted_port = port
        #: Whether every request is held to the contract. Costs time; a benchmark goes without.
        self.is_strict = is_strict
        self.calls: list[Call] = []
        self.violations: list[str] = []
        self.faults: list[Fault] = []
        self.url = ""
        self._runner: web.AppRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        self.add_routes(app.router)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._wanted_port)
        await site.start()
        port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{port}"
        return self

    async def __aexit__(self, kind: object, *_: object) -> None:
        await self.close()
        if kind is None and self.violations:
            raise ViolationError("\n".join(self.violations))

    async def close(self) -> None:
        """Stop answering."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._runner is not None:
            await self._runner.cleanup()

    def add_routes(self, router: web.UrlDispatcher) -> None:
        raise NotImplementedError

    def calls_of(self, method: str) -> list[dict[str, Any]]:
        """The parameters of every call of a method, oldest first."""
        return [call.params for call in self.calls if call.method == method]

    def fails(self, method: str | None, answer: Callable[[], web.Response], *, times: int = 1) -> None:
        """Answer with an error and do nothing."""
        self.faults.append(Fault(method, answer, times=times))

    def hangs(self, method: str | None, *, seconds: float = 60.0, is_done: bool = True, times: int = 1) -> None:
        """Take the request, do it (or not), and let the caller wait."""
        self.faults.append(Fault(method, hangs=seconds, is_done=is_done, times=times))

    def breaks_off(self, method: str | None, *, is_done: bool = True, times: int = 1) -> None:
        """Take the request, do it (or not), and close the connection without an answer."""
        self.faults.append(Fault(method, is_done=is_done, breaks=True, times=times))

    async def perform(
        self, method: str, request: web.Request, do: Callable[[], Awaitable[web.Response]]
    ) -> web.StreamResponse:
        """What a call comes to, with the fault that is next for its method."""
        fault = self._next_fault(method)
        if fault is None:
            return await do()
        response = await do() if fault.is_done else None
        if fault.hangs:
            await asyncio.sleep(fault.hangs)
        if fault.breaks:
            assert request.transport is not None
            request.transport.abort()
            return web.Response(status=500)
        if fault.answer is not None:
            return fault.answer()
        return response or web.Response(status=500)

    def spawn(self, work: Any) -> None:
        """Let something happen beside the requests."""
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _next_fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method in {None, method}:
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None
