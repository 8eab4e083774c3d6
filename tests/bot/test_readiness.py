"""Readiness is proved by writing, seldom, and one proof at a time; a vendor's trouble is told beside it."""

import asyncio
import errno
import resource
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot import readiness
from bot.attachments.store import FileStore
from bot.readiness import Readiness
from storage.engine import StorageUnavailable
from tests.fakes.telegram import TOKEN, FakeTelegram
from tests.harness import MovableClock, free_port, running_app, server_process


class Counted:
    """A database and a store that count how often they are written to, and do as they are told."""

    def __init__(self) -> None:
        self.rows = self.files = 0
        self.row: Callable[[], Awaitable[None]] = self.at_once
        self.file: Callable[[], Awaitable[None]] = self.at_once

    async def run(self, _work: Any) -> None:
        self.rows += 1
        await self.row()

    async def prove(self, _name: str) -> None:
        self.files += 1
        await self.file()

    async def at_once(self) -> None:
        await asyncio.sleep(0)


@pytest.fixture
def counted() -> Counted:
    return Counted()


@pytest.fixture
def ready(counted: Counted) -> Readiness:
    return Readiness(counted, counted, MovableClock())  # type: ignore[arg-type]  # they stand in


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The time, in the test's hand."""
    now = [1000.0]
    monkeypatch.setattr(readiness, "monotonic", lambda: now[0])
    return now


async def test_whoever_asks_within_ten_seconds_gets_the_last_answer(
    ready: Readiness, counted: Counted, seconds: list[float]
):
    """However many: a probe costs the counter nothing."""
    answers = await asyncio.gather(*(ready.wrong() for _ in range(50)))
    seconds[0] += 9.9
    answers.append(await ready.wrong())
    assert answers == [{}] * 51
    assert (counted.rows, counted.files) == (1, 1)
    seconds[0] += 0.2
    assert await ready.wrong() == {}
    assert (counted.rows, counted.files) == (2, 2)


async def test_a_slow_database_is_not_asked_again_before_it_has_answered(
    ready: Readiness, counted: Counted, seconds: list[float], monkeypatch: pytest.MonkeyPatch
):
    """Probes do not pile up behind each other; each hears that it does not answer."""
    monkeypatch.setattr(readiness, "SECONDS_TO_ANSWER", 0.05)
    is_back = asyncio.Event()
    counted.row = is_back.wait  # type: ignore[assignment,return-value]
    for _ in range(5):
        assert await ready.wrong() == {"database": "does not answer"}
        seconds[0] += 11
    assert (counted.rows, counted.files) == (1, 1)
    is_back.set()
    await asyncio.sleep(0.01)
    assert await ready.wrong() == {}
    assert counted.rows == 2


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (StorageUnavailable("away"), "does not answer"),
        (OSError(errno.ENOSPC, "No space left on device"), "cannot be written to"),
        (RuntimeError("whatever"), "cannot be written to"),
    ],
)
async def test_what_cannot_be_written_to_is_named_and_found_again(
    ready: Readiness, counted: Counted, seconds: list[float], error: Exception, says: str
):
    """Whatever goes wrong with a part is no reason to leave the other out."""

    async def fails() -> None:
        raise error

    counted.row = fails
    assert await ready.wrong() == {"database": says}
    counted.row, counted.file = counted.at_once, fails
    seconds[0] += 11
    assert await ready.wrong() == {"files": says}
    counted.file = counted.at_once
    seconds[0] += 11
    assert await ready.wrong() == {}


async def test_the_proof_leaves_nothing_in_the_store(tmp_path: Path):
    """And it is a proof: a folder that is none is not written to."""
    store = FileStore(f"file://{tmp_path}/media")
    await store.prove("one")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError):
        await FileStore(f"file://{tmp_path}/file").prove("one")


async def test_a_full_disk_is_told_and_so_is_its_end(content: Path, tmp_path: Path):
    """No file of this process can grow any more; then they can again. Nobody needs to start anything anew."""
    async with (
        server_process(tmp_path, port=free_port(), CONTENT_DIR=str(content)) as server,
        aiohttp.ClientSession() as client,
    ):

        async def answers(status: int) -> dict[str, Any]:
            async with asyncio.timeout(30):
                while True:
                    async with client.get(f"{server.url}/readyz") as answer:
                        if answer.status == status:
                            return dict(await answer.json())
                    await asyncio.sleep(0.2)

        _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1, hard))
        assert "files" in (await answers(503))["wrong"]
        async with client.get(f"{server.url}/healthz") as answer:
            assert answer.status == 200
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (hard, hard))
        assert await answers(200) == {"ready": True}


async def test_a_vendor_from_whom_nothing_comes_is_told_beside(content: Path, tmp_path: Path):
    """The other channels answer, so people are not sent elsewhere; operators see it, and its end."""
    async with FakeTelegram() as fake:
        environ = {"CONTENT_DIR": str(content), "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_API_URL": fake.url}
        async with running_app(tmp_path, **environ) as app, aiohttp.ClientSession() as client:

            async def said() -> tuple[int, dict[str, Any]]:
                async with client.get(f"{app.url}/readyz") as answer:
                    return answer.status, dict(await answer.json())

            async def until(is_troubled: bool) -> None:
                async with asyncio.timeout(90):  # a busy machine takes its time
                    while ("troubled" in (await said())[1]) is not is_troubled:
                        await asyncio.sleep(0.05)

            fake.refuses("getUpdates", 409, "Conflict: terminated by other getUpdates request")
            fake.breaks_off("getUpdates")
            await fake.user(4001).says("hola", wait=False)
            await until(is_troubled=True)
            status, told = await said()
            assert (status, told["ready"], list(told["troubled"])) == (200, True, ["telegram"])
            await until(is_troubled=False)
            async with client.get(f"{app.url}/metrics") as answer:
                text = await answer.text()
            assert 'ventanilla_channel_troubled{channel="telegram"} 0.0' in text
            assert 'ventanilla_channel_failures_total{channel="telegram"}' in text
