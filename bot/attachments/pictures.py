"""Owns the cleaning of pictures in a process of its own, one at a time: what is too much ends that process alone.

What the eye sees stays, where and with what it was taken goes. The program is bot/attachments/decoder.py.
"""

import asyncio
import struct
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from pathlib import Path
from typing import Final

import structlog

#: A JPEG of more is read smaller, any other picture of more is kept as a file: nobody looks at more on a telephone.
PIXELS_AT_MOST: Final = 16_000_000

#: Address space of the process. It takes 27 MB idle; 320 MB for a WebP of 16 million pixels, whose writer needs most;
#: 360 MB for a progressive JPEG of 49 million, which is held in full, 6 bytes a pixel, however small it is read.
MEMORY_BYTES_AT_MOST: Final = 640 * 1024 * 1024

#: For one picture, of the processor: the slowest that is no attack, a PNG of 16 million pixels, takes 3 to 5.
PROCESSOR_SECONDS_AT_MOST: Final = 10
#: And by the clock, for what waits instead of working: the machine may be busy, and others come first.
SECONDS_AT_MOST: Final = 90.0

#: A process that nobody needs gives its memory back.
_IDLE_SECONDS: Final = 60.0
_ENDING_SECONDS: Final = 2.0

_PROGRAM: Final = Path(__file__).with_name("decoder.py")
_OK: Final = b"+"
_LENGTH: Final = struct.Struct(">Q")

log = structlog.get_logger(__name__)


class BrokenPicture(Exception):
    """It cannot be read as a picture, or takes too much memory or time."""


class PicturesClosed(OSError):
    """The counter ends: the picture can be sent again."""


class _Died(Exception):
    """The process ended without an answer."""


class Pictures:
    """One process that cleans pictures, begun when it is needed, and again when it died of one."""

    def __init__(
        self,
        *,
        memory: int = MEMORY_BYTES_AT_MOST,
        processor_seconds: int = PROCESSOR_SECONDS_AT_MOST,
        seconds: float = SECONDS_AT_MOST,
        idle_seconds: float = _IDLE_SECONDS,
    ) -> None:
        self._limits = (str(memory), str(processor_seconds), str(PIXELS_AT_MOST))
        self._seconds = seconds
        self._idle_seconds = idle_seconds
        self._turn = asyncio.Lock()
        self._process: Process | None = None
        self._ends: asyncio.TimerHandle | None = None
        self._is_closed = False

    @property
    def pid(self) -> int | None:
        """Of the process, while there is one."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def without_metadata(self, content: bytes) -> bytes:
        """The same picture, upright, without EXIF, GPS, comments or what was hidden behind its end.

        Keeps the format (a phone's double picture becomes a plain JPEG) and the colour profile; a JPEG of more than
        PIXELS_AT_MOST comes back smaller. Raises BrokenPicture, and PicturesClosed once closed.
        """
        async with self._turn:
            if self._is_closed:
                raise PicturesClosed
            if self._ends is not None:
                self._ends.cancel()
            try:
                return await self._answer(content)
            finally:
                self._ends = asyncio.get_running_loop().call_later(self._idle_seconds, self._kill)

    async def close(self) -> None:
        """End the process, whatever it is doing."""
        self._is_closed = True
        if self._ends is not None:
            self._ends.cancel()
        await self._end()

    async def _answer(self, content: bytes) -> bytes:
        """What the process makes of a picture. One that waited idle and is gone says nothing of this picture."""
        tries = 1 if self.pid is None else 2
        for _ in range(tries):
            with suppress(_Died):
                return await self._ask(content)
            if self._is_closed:
                raise PicturesClosed
        raise BrokenPicture("the picture takes too much memory or time")

    async def _ask(self, content: bytes) -> bytes:
        process = await self._running()
        try:
            async with asyncio.timeout(self._seconds):
                is_ok, answer = await _exchange(process, content)
        except TimeoutError:
            await self._end()
            raise BrokenPicture("the picture takes too much time") from None
        except (OSError, asyncio.IncompleteReadError) as gone:
            await self._end()
            log.warning("a picture was too much for the process that cleans them", status=process.returncode)
            raise _Died from gone
        except BaseException:
            # Half of an answer may be on its way: nobody else is to read it.
            self._kill()
            raise
        if not is_ok:
            raise BrokenPicture(answer.decode(errors="replace"))
        return answer

    async def _running(self) -> Process:
        if self._process is None or self.pid is None:
            await self._end()
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-P", str(_PROGRAM), *self._limits, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
            )
        return self._process

    async def _end(self) -> None:
        """Kill the process, and wait until it is gone: its memory is free then."""
        process = self._process
        if process is None:
            return
        self._kill()
        if process.stdin is not None:
            process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(_ENDING_SECONDS):
                await process.wait()
        if self._process is process:
            self._process = None

    def _kill(self) -> None:
        if self.pid is not None and self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()


async def _exchange(process: Process, content: bytes) -> tuple[bool, bytes]:
    if process.stdin is None or process.stdout is None:
        raise BrokenPipeError
    process.stdin.write(_LENGTH.pack(len(content)))
    process.stdin.write(content)
    await process.stdin.drain()
    mark = await process.stdout.readexactly(1)
    (length,) = _LENGTH.unpack(await process.stdout.readexactly(_LENGTH.size))
    return mark == _OK, await process.stdout.readexactly(length)
