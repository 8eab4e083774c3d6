"""Texts are read in a process of their own: the same as here, and whatever happens to it hurts no message."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.inbound.reader_process import ReaderGone, ReaderProcess, ReadingFailed
from bot.inbound.readers import Readers
from bot.metrics import Metrics
from faq.reading.library import load
from faq.understanding import Understanding, Want
from tests.harness import MovableClock
from tests.small_town import write_small_town

WANTS = (Want("¿Cómo saco mi acta de nacimiento?", "es"), Want("hay un bache en mi calle"), Want("pay my tax", "en"))


@pytest.fixture(scope="module")
def understanding(tmp_path_factory: pytest.TempPathFactory) -> Understanding:
    folder = write_small_town(tmp_path_factory.mktemp("town") / "content")
    return Understanding(load(folder, today=MovableClock().now().date()), model="none")


@asynccontextmanager
async def running(understanding: Understanding, **options: float) -> AsyncIterator[ReaderProcess]:
    process = ReaderProcess(understanding, **options)
    task = asyncio.create_task(process.run())
    try:
        await until(lambda: process.is_ready)
        yield process
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(is_so: Callable[[], bool], seconds: float = 60) -> None:
    async with asyncio.timeout(seconds):
        while not is_so():
            await asyncio.sleep(0.01)


async def ready(readers: Readers) -> ReaderProcess:
    await until(lambda: readers._process is not None and readers._process.is_ready)
    assert readers._process is not None
    return readers._process


def number_of(process: ReaderProcess) -> int:
    assert process._process is not None
    return process._process.pid


def is_alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


async def test_it_reads_as_we_do_and_ends_with_us(understanding: Understanding):
    async with running(understanding) as process:
        pid = number_of(process)
        assert await process.read(WANTS) == {want: understanding.read(want) for want in WANTS}
        many = await asyncio.gather(*(process.read([Want(f"bache {number}")]) for number in range(50)))
        assert [next(iter(each)).text for each in many] == [f"bache {number}" for number in range(50)]
    assert not is_alive(pid)


async def test_what_an_orchestrator_tells_all_processes_does_not_end_it_before_us(understanding: Understanding):
    async with running(understanding) as process:
        os.kill(number_of(process), signal.SIGTERM)
        os.kill(number_of(process), signal.SIGINT)
        assert await process.read(WANTS[:1])


async def test_one_that_dies_takes_with_it_only_what_it_was_reading(understanding: Understanding):
    """The others are read elsewhere."""
    async with running(understanding) as process:
        os.kill(number_of(process), signal.SIGSTOP)
        asked = [asyncio.create_task(process.read([want])) for want in WANTS]
        await asyncio.sleep(0.05)
        os.kill(number_of(process), signal.SIGKILL)
        results = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(each) for each in results] == [ReadingFailed, ReaderGone, ReaderGone]
        assert not process.is_ready
        with pytest.raises(ReaderGone):
            await process.read(WANTS)


async def test_one_that_hangs_is_ended(understanding: Understanding):
    async with running(understanding, silence_seconds=0.2) as process:
        pid = number_of(process)
        os.kill(pid, signal.SIGSTOP)
        with pytest.raises(ReadingFailed):
            await process.read(WANTS)
        await until(lambda: not is_alive(pid))


async def test_another_takes_its_place_and_nothing_stops_meanwhile(understanding: Understanding):
    readers = Readers(Metrics(), has_process=True)
    await readers.prepare(understanding)
    try:
        # Nobody waits for the start: a thread reads.
        expected = {want: understanding.read(want) for want in WANTS}
        assert await readers.read(understanding, WANTS) == expected
        first = await ready(readers)
        os.kill(number_of(first), signal.SIGKILL)
        await until(lambda: not first.is_ready)
        assert await readers.read(understanding, WANTS) == expected
        await until(
            lambda: readers._process is not first and readers._process is not None and readers._process.is_ready
        )
        assert await readers.read(understanding, WANTS) == expected
    finally:
        await readers.stop()
    assert await readers.read(understanding, WANTS) == expected


async def test_changed_content_gets_a_process_that_knows_it(understanding: Understanding):
    """And the old one ends: two would cost the memory of two."""
    other = Understanding(understanding.library, model="none")
    readers = Readers(Metrics(), has_process=True)
    await readers.prepare(understanding)
    old = number_of(await ready(readers))
    await readers.prepare(other)
    try:
        assert not is_alive(old)
        assert (await ready(readers)).understanding is other
        assert set(await readers.read(understanding, WANTS)) == set(WANTS)
    finally:
        await readers.stop()
