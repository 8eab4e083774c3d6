"""A backup is taken while residents write, and restored elsewhere: all of one instant, and nothing goes out twice."""

import asyncio
import json
import os
import shutil
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest

from storage.engine import open_store
from tests.bench.driver import SCRIPT, SECRET, TOKEN, FakeApi, update_of
from tests.databases import database_url, postgres
from tests.harness import ROOT, SAMPLE_TOWN, command_environment, free_port, server_process
from tests.storage import filler
from tests.web.person import WebPerson

RESIDENTS = 12
#: Telegram does not answer what is sent to this chat: it is on its way when the backup is taken.
HELD = 4711
PDF = b"%PDF-1.7 "


@dataclass
class HoldingApi(FakeApi):
    """Remembers what was sent to whom, and keeps one chat waiting."""

    said: Counter[int] = field(default_factory=Counter)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        if f"chat_id={HELD}".encode() in body:
            await self.released.wait()

        async def again() -> dict[str, Any]:
            return {"type": "http.request", "body": body}

        await super().__call__(scope, again, send)

    def answer(self, method: str, body: bytes) -> bytes:
        if method == "sendMessage":
            self.said[int(parse_qs(body.decode())["chat_id"][0])] += 1
        return super().answer(method, body)


@dataclass
class Residents:
    """People who write until they are told to stop; a message is told again until it is acknowledged."""

    url: str
    acknowledged: int = 0
    is_over: bool = False

    async def write(self, session: aiohttp.ClientSession, chat: int) -> None:
        while not self.is_over:
            for text in SCRIPT:
                await self.tell(session, chat, text)

    async def tell(self, session: aiohttp.ClientSession, chat: int, text: str) -> None:
        update = update_of(chat, text)
        while not await self._is_taken(session, update):
            await asyncio.sleep(0.2)
        self.acknowledged += 1
        await asyncio.sleep(0.1)

    async def _is_taken(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> bool:
        async with session.post(self.url, json=update) as answer:
            return answer.status == 200


async def command(folder: Path, environ: dict[str, str], *words: str) -> str:
    """A command of ours as a process; what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words,
        cwd=ROOT, env=command_environment(folder, **environ),
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    said, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode == 0, said.decode()
    return said.decode()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A town without articles, which starts at once."""
    folder = tmp_path / "content"
    shutil.copytree(SAMPLE_TOWN, folder, ignore=shutil.ignore_patterns("articles"))
    return folder


@pytest.fixture
async def api() -> Any:
    """The vendor's side."""
    fake = HoldingApi(free_port())
    server = await fake.serve()
    yield fake
    fake.released.set()
    server.should_exit = True
    await server.bench_task  # type: ignore[attr-defined] # kept there by the driver


async def test_a_backup_of_a_running_counter_is_restored_elsewhere(
    dialect: str, tmp_path: Path, content: Path, api: HoldingApi, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every count and checksum is the same; what was on its way is not sent by the second instance; and it answers."""
    if dialect == "postgresql":
        monkeypatch.setenv("PATH", f"{postgres().programs}:{os.environ['PATH']}")
    async with AsyncExitStack() as stack:
        (tmp_path / "databases").mkdir()
        first, second = (
            stack.enter_context(database_url(dialect, tmp_path / "databases", migrated=False)) for _ in range(2)
        )
        environ = {
            "CONTENT_DIR": str(content),
            "TELEGRAM_TOKEN": TOKEN,
            "TELEGRAM_API_URL": f"http://127.0.0.1:{api.port}",
            "TELEGRAM_MODE": "webhook",
            "TELEGRAM_WEBHOOK_SECRET": SECRET,
        }
        session = await stack.enter_async_context(
            aiohttp.ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": SECRET})
        )
        backup, again, new = tmp_path / "backup", tmp_path / "again", tmp_path / "new"

        async with server_process(tmp_path, port=free_port(), DATABASE_URL=first, **environ) as server:
            people = Residents(f"{server.url}/hooks/telegram")
            async with WebPerson(server.url) as ana:
                await ana.sends_files(PDF + b"one", PDF + b"two")
            await people.tell(session, HELD, "/start")
            writing = [asyncio.create_task(people.write(session, 7000 + number)) for number in range(RESIDENTS)]
            while people.acknowledged < 5 * RESIDENTS:
                await asyncio.sleep(0.05)
            before, began = people.acknowledged, time.monotonic()
            said = await command(tmp_path, {"DATABASE_URL": first, "CONTENT_DIR": str(content)}, "backup", str(backup))
            during, took = people.acknowledged - before, time.monotonic() - began
            people.is_over = True
            await asyncio.gather(*writing)
            await server.end()

        said += await command(new, {"DATABASE_URL": second}, "restore", str(backup))
        rows = _rows(second)
        await command(new, {"DATABASE_URL": second}, "backup", str(again))
        print(f"\n{dialect}: {during} messages acknowledged during a backup of {took:.1f} s.\n{said}")

        taken, restored = (json.loads((folder / "manifest.json").read_text()) for folder in (backup, again))
        for part in ("dialect", "revision", "rows", "attachments", "missing"):
            assert restored[part] == taken[part], part
        assert len(taken["attachments"]) == 2
        assert during > 0, "nobody wrote during the backup"
        # All of one instant: whatever was acknowledged before it, and of each message all that it did.
        messages = taken["rows"]["inbox"]
        assert before < messages <= people.acknowledged + 1
        assert len(rows["outbox"]) == messages
        waited = {row["id"] for row in rows["outbox"] if row["state"] == "uncertain"}
        assert waited
        assert not [row for row in rows["outbox"] if row["state"] in {"pending", "sending"}]

        api.released.set()
        api.said.clear()
        async with server_process(new, port=free_port(), DATABASE_URL=second, **environ) as server:
            await Residents(f"{server.url}/hooks/telegram").tell(session, HELD, "hola")
            while not api.said:
                await asyncio.sleep(0.05)
            await server.end()
        assert set(api.said) == {HELD}, "only the new message is answered"


def _rows(url: str) -> filler.Rows:
    store = open_store(url)
    with store._connect() as connection:
        rows = filler.rows(connection)
    store.close()
    return rows
