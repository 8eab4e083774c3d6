"""Of the processes that serve, one answers from a SQLite file: the next waits for it to end, or ends itself."""

import asyncio
import signal
import sys
from pathlib import Path

import pytest

from bot import app as app_module
from bot.app import Life
from bot.compose import build
from storage.errors import AlreadyServed
from tests.harness import ROOT, command_environment, free_port, read, running_app, server_process

WAITS = "waiting for another process to end"


async def until_said(log: Path, words: str, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while words not in log.read_text():
            await asyncio.sleep(0.05)


async def test_the_second_waits_until_the_first_is_gone(content: Path, tmp_path: Path) -> None:
    """At a restart by an orchestrator that starts the new one first; and at any end of the old one."""
    environ = {"CONTENT_DIR": str(content), "DATABASE_URL": f"sqlite:///{tmp_path}/town.db"}
    async with (
        server_process(tmp_path / "one", port=free_port(), **environ) as first,
        server_process(tmp_path / "two", port=free_port(), is_awaited=False, **environ) as second,
    ):
        await until_said(second.log_file, WAITS)
        assert f"Process {first.process.pid} on " in second.log_file.read_text()
        assert not await second.is_ready()
        assert await first.is_ready()
        await first.end(signal.SIGKILL)
        await second.wait_until_ready()


async def test_the_second_ends_where_the_first_does_not(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has opened nothing: what waits to be sent is the first one's alone."""
    monkeypatch.setattr(app_module, "_HANDOVER_SECONDS", 0.3)
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as first:
        services = build(read(tmp_path, CONTENT_DIR=str(content)), first.clock)
        life = Life(services)
        await life.start()
        assert isinstance(life.failure, AlreadyServed)
        assert not services.state.is_open
        assert not services.database.is_open
        await life.stop()
        assert WAITS in first.logs
        # What the second one closed was its own.
        with pytest.raises(AlreadyServed):
            services.store.serve_alone()


async def test_the_command_line_works_beside_it(content: Path, tmp_path: Path) -> None:
    environ = {"CONTENT_DIR": str(content)}
    async with server_process(tmp_path, port=free_port(), **environ) as server:
        invite = ("staff", "invite", "--role", "agent", "--name", "Rosa")
        for command in (
            invite,
            ("staff", "list"),
            ("faq", "check"),
            ("migrate",),
            ("backup", str(tmp_path / "backup")),
        ):
            code, said = await run(tmp_path, environ, *command)
            assert code == 0, said
        code, said = await run(tmp_path, {**environ, "PORT": server.url.rsplit(":", 1)[1]}, "serve")
        assert code == 2
        assert "Cannot listen on" in said
        assert f"Process {server.process.pid} on " in said
        assert f"answers from {tmp_path}/var/ventanilla.db already" in said
        assert await server.is_ready()


async def run(folder: Path, environ: dict[str, str], *command: str) -> tuple[int | None, str]:
    """A command as a process; its exit code, and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *command,
        cwd=ROOT, env=command_environment(folder, **environ),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 60)
    return process.returncode, said.decode()
