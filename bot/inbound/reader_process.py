"""Owns one process that reads texts by one library: its start, its questions and answers, its end. Knows no message."""

import asyncio
import itertools
import pickle
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import Final, cast

import structlog

from bot.inbound.reader import HEAD, Content, Reply, Request, frame_of
from faq.understanding import Found, Understanding, Wanted

#: A process that was asked something and says nothing for so long is ended.
SILENCE_SECONDS: Final = 10.0
#: It may take so long to get to know a library.
_LEARNING_SECONDS: Final = 300.0
_END_SECONDS: Final = 1.0

log = structlog.get_logger(__name__)


class ReadingFailed(Exception):
    """A text could not be read, or whoever read it did not survive."""


class ReaderGone(Exception):
    """The process ended before it came to this text."""


class ReaderProcess:
    """Of one event loop. Reads one text after the other, in the order in which they came."""

    def __init__(self, understanding: Understanding, *, silence_seconds: float = SILENCE_SECONDS) -> None:
        self.understanding = understanding
        #: Whether it knows the library and answers.
        self.is_ready = False
        self._silence_seconds = silence_seconds
        self._process: Process | None = None
        self._numbers = itertools.count(1)
        #: What was asked and is not answered, the oldest first.
        self._asked: dict[int, asyncio.Future[Reply]] = {}
        self._heard_at = monotonic()

    async def run(self) -> None:
        """Start it, let it answer, and return when it has ended."""
        process = self._process = await _started()
        watch = asyncio.create_task(self._watch(process))
        try:
            self._write(Content(self.understanding.library, self.understanding.model))
            while (reply := await _next(process.stdout)) is not None:
                self._take(reply)
        finally:
            self.is_ready = False
            watch.cancel()
            self._disappoint()
            await _to_its_end(process)

    async def read(self, wants: Sequence[Wanted]) -> Mapping[Wanted, Found]:
        """What the texts mean. Raises ReadingFailed, and ReaderGone where another may be asked."""
        if not self.is_ready:
            raise ReaderGone
        number = next(self._numbers)
        if not self._asked:
            self._heard_at = monotonic()
        future: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._asked[number] = future
        self._write(Request(number, tuple(wants)))
        reply = await future
        if reply.readings is None:
            raise ReadingFailed("a text could not be read")
        return reply.readings

    def _write(self, what: Content | Request) -> None:
        if self._process is not None and self._process.stdin is not None:
            self._process.stdin.write(frame_of(what))

    def _take(self, reply: Reply) -> None:
        self._heard_at = monotonic()
        if reply.number == 0:
            self.is_ready = True
            return
        future = self._asked.pop(reply.number, None)
        if future is not None and not future.done():
            future.set_result(reply)

    async def _watch(self, process: Process) -> None:
        """A text that hangs is not read for ever; nor does a library take for ever to be known."""
        while True:
            await asyncio.sleep(self._silence_seconds / 4)
            limit = self._silence_seconds if self.is_ready else _LEARNING_SECONDS
            if (self._asked or not self.is_ready) and monotonic() - self._heard_at > limit:
                log.error("the process that reads texts hangs; it is ended")
                process.kill()
                return

    def _disappoint(self) -> None:
        """The oldest was being read when it ended; the others may be read elsewhere."""
        for place, future in enumerate(self._asked.values()):
            if not future.done():
                future.set_exception(ReadingFailed("the reader did not survive") if place == 0 else ReaderGone())
        self._asked.clear()


async def _started() -> Process:
    # As this process finds its modules, wherever it was started.
    code = f"import sys; sys.path[:] = {sys.path!r}; from bot.inbound.reader import main; main()"
    return await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdin=PIPE, stdout=PIPE)


async def _next(replies: asyncio.StreamReader | None) -> Reply | None:
    """None once the process has ended."""
    if replies is None:
        return None
    try:
        (size,) = HEAD.unpack(await replies.readexactly(HEAD.size))
        body = await replies.readexactly(size)
    except (asyncio.IncompleteReadError, ConnectionError):
        return None
    return cast(Reply, pickle.loads(body))  # noqa: S301 - our child's


async def _to_its_end(process: Process) -> None:
    """Also where the caller is given up meanwhile: a process that nobody waited for stays behind."""
    ending = asyncio.create_task(_end(process))
    try:
        await asyncio.shield(ending)
    except asyncio.CancelledError:
        await ending
        raise


async def _end(process: Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    try:
        async with asyncio.timeout(_END_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
