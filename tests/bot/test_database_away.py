"""The database goes away: vendors are told to come again, operators are told why, and it mends by itself."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from tests.databases import PostgresServer, postgres
from tests.harness import free_port, running_app, server_process


@pytest.fixture(scope="module")
def server() -> PostgresServer:
    """A server of its own, which ends with this process: the others' tests do not like theirs to stop."""
    postgres()  # skips where none can run
    return PostgresServer()


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


class Visitor:
    """A browser in the web chat."""

    def __init__(self, client: aiohttp.ClientSession, url: str) -> None:
        self._client = client
        self._url = url
        self._headers: dict[str, str] = {}

    async def arrive(self) -> None:
        async with self._client.post(f"{self._url}/chat/session", json={}) as answer:
            self._headers = {"Authorization": f"Bearer {(await answer.json())['token']}"}

    async def say(self, text: str, message_id: str) -> tuple[int, str | None]:
        """The status, and when to try again."""
        said = {"id": f"message-{message_id}", "text": text}
        async with self._client.post(f"{self._url}/chat/messages", json=said, headers=self._headers) as answer:
            return answer.status, answer.headers.get("retry-after")

    async def read(self) -> list[str]:
        async with self._client.get(f"{self._url}/chat/messages?after=0&wait=10", headers=self._headers) as answer:
            return [each["text"] for each in await answer.json()]

    async def get(self, path: str) -> tuple[int, str]:
        async with self._client.get(f"{self._url}{path}") as answer:
            return answer.status, await answer.text()

    async def until_ready(self, seconds: float = 30.0) -> None:
        async with asyncio.timeout(seconds):
            while (await self.get("/readyz"))[0] != 200:
                await asyncio.sleep(0.1)


async def test_it_goes_away_and_comes_back(
    server: PostgresServer,
    content: Path,
    tmp_path: Path,
    client: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
):
    """Nothing is acknowledged meanwhile, and nothing needs a hand afterwards."""
    # /readyz looks whenever it is asked.
    monkeypatch.setattr("bot.readiness.PROVED_FOR_SECONDS", 0.0)
    database = server.url(server.create())
    async with running_app(tmp_path, CONTENT_DIR=str(content), DATABASE_URL=database) as app:
        ana = Visitor(client, app.url)
        await ana.arrive()
        await ana.until_ready()
        assert await ana.say("menú", "c1") == (200, None)
        await app.settle()

        server.stop()
        try:
            status, retry_after = await ana.say("menú", "c2")
            assert status == 503
            assert retry_after is not None
            status, body = await ana.get("/readyz")
            assert status == 503
            assert "database" in body
            assert (await ana.get("/healthz"))[0] == 200
            assert (await ana.get("/metrics"))[0] == 200
        finally:
            server.start()

        await ana.until_ready()
        assert await ana.say("menú", "c2") == (200, None)
        await app.settle()
        assert len(await ana.read()) >= 2


async def test_every_connection_is_cut_and_nobody_notices(
    server: PostgresServer, content: Path, tmp_path: Path, client: aiohttp.ClientSession
):
    """A restart of the database between two messages costs nothing: the pool begins anew."""
    name = server.create()
    async with running_app(tmp_path, CONTENT_DIR=str(content), DATABASE_URL=server.url(name)) as app:
        ana = Visitor(client, app.url)
        await ana.arrive()
        await ana.until_ready()
        for number in range(5):
            server.cut_off(name)
            assert await ana.say("menú", f"c{number}") == (200, None)
        await app.settle()


async def test_it_is_away_at_the_start(
    server: PostgresServer, content: Path, tmp_path: Path, client: aiohttp.ClientSession
):
    """The server stands behind open doors and waits; an orchestrator need not start it again and again."""
    database = server.url(server.create())
    environ = {"CONTENT_DIR": str(content), "DATABASE_URL": database}
    server.stop()
    try:
        process = server_process(tmp_path, port=free_port(), is_awaited=False, **environ)
        async with process as running:
            ana = Visitor(client, running.url)
            async with asyncio.timeout(30):
                while True:
                    try:
                        assert (await ana.get("/healthz"))[0] == 200
                        break
                    except aiohttp.ClientError:
                        await asyncio.sleep(0.1)
            assert (await ana.get("/readyz"))[0] == 503
            async with client.post(f"{running.url}/chat/session", json={}) as refused:
                assert refused.status == 503

            server.start()
            await ana.until_ready()
            await ana.arrive()
            assert await ana.say("menú", "c1") == (200, None)
            assert await ana.read()
            assert await running.end() == 0
    finally:
        server.start()


async def test_a_signal_ends_it_while_the_database_is_away(server: PostgresServer, content: Path, tmp_path: Path):
    database = server.url(server.create())
    async with server_process(tmp_path, port=free_port(), CONTENT_DIR=str(content), DATABASE_URL=database) as running:
        server.stop()
        try:
            begun_at = asyncio.get_running_loop().time()
            assert await running.end() == 0
            assert asyncio.get_running_loop().time() - begun_at < 10
        finally:
            server.start()
