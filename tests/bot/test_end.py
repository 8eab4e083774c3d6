"""The end comes within 10 seconds, whatever a thread does: the orchestrator would kill the process then."""

import asyncio
import contextlib
from pathlib import Path

import aiohttp
import pytest

from tests.harness import ServerProcess, free_port, server_process
from tests.web.person import WebPerson
from tests.web.test_webchat_routes import PDF

SECONDS = 10.0


async def ends(server: ServerProcess) -> int:
    """The exit code. Raises TimeoutError."""
    server.process.terminate()
    async with asyncio.timeout(SECONDS):
        return await server.process.wait()


async def asks(server: ServerProcess, what: str) -> None:
    """Something that will not be answered."""
    with contextlib.suppress(aiohttp.ClientError):
        async with WebPerson(server.url) as ana:
            if what == "files":
                await ana.uploads(PDF)
            else:
                await ana.says("hola")


@pytest.mark.parametrize("what", ["database", "files"])
async def test_it_ends_while_a_thread_hangs_in(content: Path, tmp_path: Path, what: str):
    """A long statement, a picture that decodes for ever, a network drive that is gone."""
    command = ("tests.bot.stuck", what)
    async with server_process(tmp_path, port=free_port(), command=command, CONTENT_DIR=str(content)) as server:
        asking = asyncio.create_task(asks(server, what))
        await asyncio.sleep(1)
        assert not asking.done()
        assert await ends(server) == 0
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


@pytest.mark.parametrize(("what", "code"), [("thread", 0), ("loop", 0), ("all", 1)])
async def test_it_ends_however_the_end_goes(content: Path, tmp_path: Path, what: str, code: int):
    """A thread that Python would wait for, an end that hangs itself, a thread that lets no other run."""
    command = ("tests.bot.stuck", what)
    async with server_process(tmp_path, port=free_port(), command=command, CONTENT_DIR=str(content)) as server:
        assert await ends(server) == code


async def test_it_ends_while_it_starts(content: Path, tmp_path: Path):
    """The database hangs before anything was opened."""
    port, command = free_port(), ("tests.bot.stuck", "start")
    async with server_process(
        tmp_path, port=port, is_awaited=False, command=command, CONTENT_DIR=str(content)
    ) as server:
        async with asyncio.timeout(30):
            while "Waiting for application startup" not in server.log_file.read_text():
                await asyncio.sleep(0.05)
        assert await ends(server) == 0
