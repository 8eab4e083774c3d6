"""S3-compatible storage: a real server, one that hangs, one that is not there. The rest is in test_store.py."""

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.attachments import files as files_module
from bot.attachments.store import FileStore
from handlers.messages import Address, Attachment, AttachmentKind
from tests.fakes.s3 import KEYS, s3
from tests.harness import free_port, running_app

PDF = b"%PDF-1.7 a document"
KEY = "0" * 32


def use(monkeypatch: pytest.MonkeyPatch, url: str) -> FileStore:
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": url}.items():
        monkeypatch.setenv(name, value)
    return FileStore("s3://bucket/folder")


@asynccontextmanager
async def silent_server() -> AsyncIterator[str]:
    """Takes every connection, reads, and never answers."""
    held = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        while await reader.read(65536):
            pass

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        for writer in held:
            writer.close()
        server.close()


async def test_a_server_that_hangs_holds_no_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many wait for it at once, and all of them are told in time; what was given up has ended."""
    monkeypatch.setattr(files_module, "SECONDS_AT_MOST", 0.3)
    async with silent_server() as url:
        files = use(monkeypatch, url)
        with pytest.raises(TimeoutError, match="S3 did not answer"):
            await files.read(KEY)
        before = threading.active_count()
        asked = [files.read(KEY) for _ in range(40)] + [files.has(KEY), files.size(KEY), files.save(PDF), files.keys()]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(answer) for answer in answers} == {TimeoutError}
        # A few look up addresses and make ready what is to be saved; none waits for an answer.
        assert threading.active_count() < before + 5
        # A folder's threads are as free as before.
        assert await asyncio.wait_for(asyncio.to_thread(lambda: "free"), 5) == "free"


async def test_a_server_that_falls_silent_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long before all of a file's time is over."""
    monkeypatch.setattr(files_module, "SILENT_SECONDS", 0.2)
    async with silent_server() as url:
        files = use(monkeypatch, url)
        with pytest.raises(OSError, match=r"[Tt]imeout|timed out"):
            await files.read(KEY)


async def test_a_server_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    files = use(monkeypatch, f"http://127.0.0.1:{free_port()}")
    for work in (files.read(KEY), files.save(PDF), files.has(KEY)):
        with pytest.raises(OSError, match=r"S3|connect") as failed:
            await work
        assert not isinstance(failed.value, FileNotFoundError)


async def test_a_folder_where_nothing_was_kept_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, s3().url)
    assert await FileStore(s3().new_folder()).keys() == frozenset()


async def test_a_bucket_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, s3().url)
    with pytest.raises(OSError, match="bucket"):
        await FileStore("s3://nowhere/folder").save(PDF)


async def test_a_counter_keeps_and_shows_attachments_there(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Copied, known to a row, and shown by a link."""
    for name, value in s3().environ.items():
        monkeypatch.setenv(name, value)
    async with running_app(tmp_path, CONTENT_DIR=str(content), MEDIA_URL=s3().new_folder()) as app:
        stored = await app.services.files.save(PDF)
        attachment = Attachment(AttachmentKind.DOCUMENT, stored.key)
        (media_id,) = await app.database(
            lambda unit: unit.media.receive(Address("webchat", "ana"), [attachment], app.clock.now())
        )
        app.services.copier.wake()
        await app.settle()
        link = app.services.media_links.url(media_id, timedelta(minutes=5))
        async with aiohttp.ClientSession() as session, session.get(link) as answer:
            assert (answer.status, await answer.read()) == (200, PDF)
