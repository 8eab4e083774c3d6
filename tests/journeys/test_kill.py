"""The server is killed again and again while residents write: what was acknowledged has its effect and its replies."""

import asyncio
import os
import random
import signal
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs

import aiohttp

from tests.bench.driver import SCRIPT, SECRET, TOKEN, FakeApi, update_of
from tests.harness import free_port, server_process

RESIDENTS = 100
KILLS = 10


@dataclass
class RecordingApi(FakeApi):
    """Remembers what was said to whom."""

    said: list[tuple[int, str]] = field(default_factory=list)

    def answer(self, method: str, body: bytes) -> bytes:
        """As the fake it stands on."""
        if method == "sendMessage":
            form = parse_qs(body.decode())
            self.said.append((int(form["chat_id"][0]), form["text"][0]))
        return super().answer(method, body)


class Vendor:
    """Telegram's side: tells each message again until it is acknowledged, in order for each resident."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.acknowledged = 0
        self.repeated = 0

    async def tell(self, session: aiohttp.ClientSession, chat: int) -> None:
        for text in SCRIPT:
            update = update_of(chat, text)
            while not await self._post(session, update):
                self.repeated += 1
                await asyncio.sleep(0.1)
            self.acknowledged += 1
            await asyncio.sleep(random.random() * 6)

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, object]) -> bool:
        try:
            async with session.post(self.url, json=update, timeout=aiohttp.ClientTimeout(total=15)) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


async def test_killed_ten_times_nothing_is_lost_and_nothing_is_said_twice(tmp_path: Path) -> None:
    """500 messages, ten kills: 100 tickets, each reply once; those on their way at a kill are counted apart."""
    fake = RecordingApi(free_port())
    api = await fake.serve()
    port = free_port()
    environ = {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": f"http://127.0.0.1:{fake.port}",
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "WEBCHAT": "off",
        **({"CONTENT_DIR": os.environ["CONTENT_DIR"]} if "CONTENT_DIR" in os.environ else {}),
    }
    vendor = Vendor(f"http://127.0.0.1:{port}/hooks/telegram")

    async def kill_and_restart() -> None:
        for _ in range(KILLS):
            async with server_process(tmp_path, port=port, **environ) as server:
                await asyncio.sleep(0.5 + random.random() * 1.5)
                await server.end(signal.SIGKILL)
        async with server_process(tmp_path, port=port, **environ):
            await done.wait()
            await until_all_is_sent(tmp_path)

    done = asyncio.Event()
    async with aiohttp.ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}) as session:
        killing = asyncio.create_task(kill_and_restart())
        await asyncio.gather(*(vendor.tell(session, 7000 + number) for number in range(RESIDENTS)))
        done.set()
        await killing
    api.should_exit = True
    await api.bench_task  # type: ignore[attr-defined] # kept there by the driver

    rows = read_outbox(tmp_path)
    tickets = count(tmp_path, "ticket")
    print(
        f"\n{vendor.acknowledged} acknowledged, {vendor.repeated} told again, {tickets} tickets, {len(rows)} replies, "
    )
    print(f"{len(fake.said)} sent, {sum(uncertain for *_, uncertain in rows)} uncertain")

    assert vendor.acknowledged == RESIDENTS * len(SCRIPT)
    assert count(tmp_path, "inbox") == vendor.acknowledged
    assert tickets == RESIDENTS
    by_chat = Counter(chat for chat, _, _ in rows)
    assert set(by_chat.values()) == {len(SCRIPT)}, "each message has one reply"
    sent = Counter(fake.said)
    for chat, _state, uncertain in rows:
        assert chat in by_chat
        assert uncertain in {0, 1}
    for chat in by_chat:
        certain = sum(1 for other, _, uncertain in rows if other == chat and not uncertain)
        doubtful = by_chat[chat] - certain
        arrived = sum(n for (other, _), n in sent.items() if other == chat)
        assert certain <= arrived <= certain + 2 * doubtful, (chat, certain, doubtful, arrived)


async def until_all_is_sent(folder: Path) -> None:
    """The uncertain ones are tried again after a minute."""
    async with asyncio.timeout(180):
        while any(state in {"pending", "sending"} for _, state, _ in read_outbox(folder)):
            await asyncio.sleep(0.5)


def read_outbox(folder: Path) -> list[tuple[int, str, int]]:
    """(chat, state, how often uncertain) of every reply."""
    with sqlite3.connect(folder / "var" / "ventanilla.db") as connection:
        return connection.execute(
            "select cast(a.value as integer), o.state, o.uncertain_count"
            " from outbox o join address a on a.id = o.address_id"
        ).fetchall()


def count(folder: Path, table: str) -> int:
    """Rows of a table."""
    with sqlite3.connect(folder / "var" / "ventanilla.db") as connection:
        return int(connection.execute(f"select count(*) from {table}").fetchone()[0])
