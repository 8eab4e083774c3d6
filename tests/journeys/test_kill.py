"""The server is killed again and again while residents write: what was acknowledged has its effect and its replies.

Nothing is lost, what comes twice was on the wire when a process was killed, and nobody waits for long after a restart.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest

from storage.engine import Store, open_store
from tests.bench.driver import SCRIPT, SECRET, TOKEN, FakeApi, update_of
from tests.databases import database_url
from tests.harness import ServerProcess, free_port, server_process

RESIDENTS = 100
KILLS = 10

#: Residents whose messages the vendor takes, and whose answers it keeps back longer than we wait for them.
HANGS_FOR = frozenset(range(7000, 7000 + RESIDENTS, 10))
HANGS_SECONDS = 25.0

#: From a restart until everybody who waited has their answer.
SILENCE_SECONDS_AT_MOST = 15.0


@dataclass
class RecordingApi(FakeApi):
    """Remembers what was said to whom, and lets some wait."""

    said: list[tuple[int, str]] = field(default_factory=list)
    hangs_for: frozenset[int] = frozenset()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As the fake it stands on."""
        before = len(self.said)

        async def send_in_time(message: Any) -> None:
            if message["type"] == "http.response.start" and self.hangs_for & {chat for chat, _ in self.said[before:]}:
                await asyncio.sleep(HANGS_SECONDS)
            await send(message)

        await super().__call__(scope, receive, send_in_time if self.hangs_for else send)

    def answer(self, method: str, body: bytes) -> bytes:
        """As the fake it stands on."""
        if method == "sendMessage":
            form = parse_qs(body.decode())
            self.said.append((int(form["chat_id"][0]), form["text"][0]))
        return super().answer(method, body)


class Vendor:
    """Telegram's side: tells each message again until it is acknowledged, in order for each resident."""

    def __init__(self, ports: list[int]) -> None:
        self.urls = [f"http://127.0.0.1:{port}/hooks/telegram" for port in ports]
        self.is_quick = True
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
            async with session.post(
                random.choice(self.urls), json=update, timeout=aiohttp.ClientTimeout(total=15)
            ) as answer:
                return answer.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False


@dataclass
class Town:
    """The server processes over one database."""

    folder: Path
    ports: list[int]
    environ: dict[str, str]
    processes: list[ServerProcess] = field(default_factory=list)

    async def serve(self, stack: AsyncExitStack, number: int) -> ServerProcess:
        """Start a replica, again or for the first time; each has its own data folder."""
        replica = server_process(self.folder / f"replica {number}", port=self.ports[number], **self.environ)
        return await stack.enter_async_context(replica)


@pytest.mark.parametrize(
    ("dialect", "replicas", "hangs_for"),
    [
        ("sqlite", 1, frozenset()),
        ("postgresql", 2, frozenset()),
        ("sqlite", 1, HANGS_FOR),
    ],
    ids=["sqlite", "two replicas on postgresql", "a vendor that hangs"],
)
async def test_killed_ten_times_nothing_is_lost_and_nothing_is_said_twice(
    tmp_path: Path, dialect: str, replicas: int, hangs_for: frozenset[int]
) -> None:
    """500 messages, ten kills: 100 tickets, each reply once; those on their way at a kill are counted apart."""
    fake = RecordingApi(free_port(), hangs_for=hangs_for)
    api = await fake.serve()
    with database_url(dialect, tmp_path) as url:
        town = Town(tmp_path, [free_port() for _ in range(replicas)], _environ(fake.port, url))
        vendor = Vendor(town.ports)
        vendor.is_quick = not hangs_for
        silence = await _kill_and_restart(town, vendor)
        api.should_exit = True
        await api.bench_task  # type: ignore[attr-defined] # kept there by the driver
        store = open_store(url)
        rows = read_outbox(store)
        counted = {table: count(store, table) for table in ("ticket", "inbox")}
        store.close()
    doubtful = sum(uncertain for *_, uncertain in rows)
    print(f"\n{vendor.acknowledged} acknowledged, {vendor.repeated} told again, {counted['ticket']} tickets,")
    print(f"{len(rows)} replies, {len(fake.said)} sent, {doubtful} uncertain;")
    print(f"who waited at the last start was answered within {silence:.1f} s")

    assert vendor.acknowledged == RESIDENTS * len(SCRIPT)
    assert counted == {"ticket": RESIDENTS, "inbox": vendor.acknowledged}
    by_chat = Counter(chat for chat, _, _ in rows)
    assert set(by_chat.values()) == {len(SCRIPT)}, "each message has one reply"
    assert {uncertain for *_, uncertain in rows} <= {0, 1, 2}
    arrived = Counter(chat for chat, _ in fake.said)
    for chat in by_chat:
        doubts = sum(uncertain for other, _, uncertain in rows if other == chat)
        assert by_chat[chat] <= arrived[chat] <= by_chat[chat] + doubts, (chat, by_chat[chat], doubts, arrived[chat])
    if not hangs_for:
        assert silence < SILENCE_SECONDS_AT_MOST


def _environ(api_port: int, url: str) -> dict[str, str]:
    return {
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API_URL": f"http://127.0.0.1:{api_port}",
        "TELEGRAM_MODE": "webhook",
        "TELEGRAM_WEBHOOK_SECRET": SECRET,
        "WEBCHAT": "off",
        "DATABASE_URL": url,
        **({"CONTENT_DIR": os.environ["CONTENT_DIR"]} if "CONTENT_DIR" in os.environ else {}),
    }


async def _kill_and_restart(town: Town, vendor: Vendor) -> float:
    """While everybody writes; seconds from the last start until whoever waited then has been answered."""
    # Where the vendor hangs, each message takes long enough.
    kills = KILLS if vendor.is_quick else KILLS // 3

    async def kill() -> float:
        async with AsyncExitStack() as stack:
            running = [await town.serve(stack, number) for number in range(len(town.ports))]
            for turn in range(kills):
                await asyncio.sleep(0.5 + random.random() * 1.5)
                number = turn % len(running)
                await running[number].end(signal.SIGKILL)
                running[number] = await town.serve(stack, number)
            begun_at = monotonic()
            await until_all_is_sent(town, waiting_now(town))
            silence = monotonic() - begun_at
            await done.wait()
            await until_all_is_sent(town, None)
            return silence

    done = asyncio.Event()
    async with aiohttp.ClientSession(headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}) as session:
        killing = asyncio.create_task(kill())
        await asyncio.gather(*(vendor.tell(session, 7000 + number) for number in range(RESIDENTS)))
        done.set()
        return await killing


def waiting_now(town: Town) -> int:
    """The newest row that waits to be sent."""
    store = open_store(town.environ["DATABASE_URL"])
    try:
        with store.transaction() as transaction:
            found = transaction.unit.delivery._rows._cursor.execute("SELECT max(id) FROM outbox").fetchone()[0]
            return int(found or 0)
    finally:
        store.close()


async def until_all_is_sent(town: Town, newest: int | None) -> None:
    """Every row up to that one, or every row."""
    store = open_store(town.environ["DATABASE_URL"])
    bound = "" if newest is None else f" AND id <= {newest}"
    statement = f"SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending'){bound}"
    try:
        async with asyncio.timeout(240):
            while True:
                with store.transaction() as transaction:
                    if not transaction.unit.delivery._rows._cursor.execute(statement).fetchone()[0]:
                        return
                await asyncio.sleep(0.5)
    finally:
        store.close()


def read_outbox(store: Store) -> list[tuple[int, str, int]]:
    """(chat, state, how often uncertain) of every reply."""
    with store.transaction() as transaction:
        found = transaction.unit.delivery._rows._cursor.execute(
            "SELECT a.value, o.state, o.uncertain_count FROM outbox o JOIN address a ON a.id = o.address_id"
        ).fetchall()
    return [(int(chat), state, uncertain) for chat, state, uncertain in found]


def count(store: Store, table: str) -> int:
    """Rows of a table."""
    with store.transaction() as transaction:
        return int(transaction.unit.delivery._rows._cursor.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
