"""The whole server: what operators ask it, how it starts without a database, and how it ends."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest

from bot.web.attachments import EACH_AT_MOST
from handlers.messages import Address, Attachment, AttachmentKind, OutgoingMessage
from handlers.ticket.ticket import Role
from storage.unit_of_work import SqlUnitOfWork
from tests.harness import RunningApp, free_port, running_app, server_process

PDF = b"%PDF-1.7 a document"


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


async def until(condition: Callable[[], Awaitable[bool]], seconds: float = 20.0) -> None:
    async with asyncio.timeout(seconds):
        while not await condition():
            await asyncio.sleep(0.05)


async def test_a_running_counter_is_alive_and_ready(content: Path, tmp_path: Path, client: aiohttp.ClientSession):
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        async with client.get(f"{app.url}/healthz") as answer:
            assert (answer.status, await answer.text()) == (200, "ok")
            assert "server" not in answer.headers
        async with client.get(f"{app.url}/readyz") as answer:
            assert (answer.status, await answer.json()) == (200, {"ready": True})


async def test_metrics_tell_how_it_is_doing(content: Path, tmp_path: Path, client: aiohttp.ClientSession):
    async with (
        running_app(tmp_path, CONTENT_DIR=str(content)) as app,
        client.get(f"{app.url}/metrics") as answer,
    ):
        text = await answer.text()
        assert answer.content_type == "text/plain"
        assert 'ventanilla_outbox{state="pending"} 0.0' in text
        assert "ventanilla_intake_batch_seconds_bucket" in text


async def test_a_stopping_counter_is_not_ready(content: Path, tmp_path: Path, client: aiohttp.ClientSession):
    """The load balancer sends people to another replica before this one is gone."""
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        app.services.state.stopping.set()
        async with client.get(f"{app.url}/readyz") as answer:
            assert answer.status == 503
            assert (await answer.json())["wrong"] == {"process": "stopping"}


async def stored_media(app: RunningApp, content: bytes) -> int:
    """An attachment of the web chat, copied; its id."""
    stored = await app.services.files.save(content)
    attachment = Attachment(AttachmentKind.DOCUMENT, stored.key)

    def receive(unit: SqlUnitOfWork) -> int:
        return unit.media.receive(Address("webchat", "ana"), [attachment], app.clock.now())[0]

    media_id = await app.database(receive)
    app.services.copier.wake()
    await app.settle()
    return media_id


async def test_a_signed_link_shows_an_attachment_until_it_expires(
    content: Path, tmp_path: Path, client: aiohttp.ClientSession
):
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        media_id = await stored_media(app, PDF)
        url = app.services.media_links.url(media_id, timedelta(minutes=5))
        async with client.get(url) as answer:
            assert answer.status == 200
            assert answer.content_type == "application/pdf"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert await answer.read() == PDF
        async with client.head(url) as answer:
            assert answer.status == 200
        app.clock.advance(minutes=6)
        async with client.get(url) as answer:
            assert answer.status == 404


async def test_a_link_ends_with_the_right_to_what_it_stands_in(
    content: Path, tmp_path: Path, client: aiohttp.ClientSession
):
    """An official whose role was taken away opens no photo with the links that they have."""
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        media_id = await stored_media(app, PDF)
        now = app.clock.now()

        def put(unit: SqlUnitOfWork) -> tuple[int, int]:
            ana = unit.people.arrive(Address("webchat", "ana"), language="es", now=now)
            role, until = Role.AGENT, now + timedelta(days=1)
            unit.invitations.create(code_hash="x", role=role, department=None, name="A", expires_at=until, now=now)
            unit.invitations.accept("x", ana.person_id, now)
            unit.outbox.put(ana.address_id, OutgoingMessage("Folio", media=(media_id,), role="agent"), now=now)
            return ana.person_id, unit.claims.claim("test", now, {"webchat": 1})[0].id

        person_id, row_id = await app.database(put)
        url = app.services.media_links.url(media_id, shown_in=f"outbox:{row_id}")
        async with client.get(url) as answer:
            assert answer.status == 200
        await app.database(lambda unit: unit.invitations.revoke(person_id, app.clock.now()))
        async with client.get(url) as answer:
            assert answer.status == 404


async def test_what_could_run_in_a_browser_is_downloaded(content: Path, tmp_path: Path, client: aiohttp.ClientSession):
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        media_id = await stored_media(app, b"<html><script>alert(1)</script>")
        async with client.get(app.services.media_links.url(media_id)) as answer:
            assert answer.content_type == "application/octet-stream"
            assert answer.headers["content-disposition"] == "attachment"


async def test_who_takes_attachments_slowly_holds_only_so_many(content: Path, tmp_path: Path):
    """Each lies in memory until it has been taken; the next one asks again, and others are served."""
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        media_id = await stored_media(app, PDF + b"0" * 15_000_000)
        path, port = app.services.media_links.path(media_id), int(app.url.rsplit(":", 1)[1])

        async def asks(host: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter, bytes]:
            """The first line of the answer, of which nothing more is read."""
            reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
            writer.write(f"GET {path} HTTP/1.1\r\nhost: x\r\nx-forwarded-for: {host}\r\n\r\n".encode())
            return reader, writer, await reader.readline()

        held = [await asks("203.0.113.7") for _ in range(EACH_AT_MOST)]
        try:
            assert all(b" 200 " in line for _, _, line in held)
            held.append(await asks("203.0.113.7"))
            assert b" 429 " in held[-1][2]
            held.append(await asks("203.0.113.8"))
            assert b" 200 " in held[-1][2]
        finally:
            for _, writer, _ in held:
                writer.transport.abort()
        async with asyncio.timeout(10):
            while b" 200 " not in (again := await asks("203.0.113.7"))[2]:
                again[1].transport.abort()
                await asyncio.sleep(0.05)
            again[1].transport.abort()


@pytest.mark.parametrize("token", ["x", "AAAA", "..%2f..%2fetc%2fpasswd"])
async def test_a_forged_link_shows_nothing(content: Path, tmp_path: Path, client: aiohttp.ClientSession, token: str):
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app, client.get(f"{app.url}/media/{token}") as answer:
        assert answer.status == 404


async def test_all_sweeps_ring_and_none_fails(content: Path, tmp_path: Path):
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        await app.sweep()
        sweeps = app.services.bell.sweeps
        value = app.services.metrics.registry.get_sample_value
        for name in sweeps.all:
            assert value("ventanilla_sweeps_total", {"sweep": name, "outcome": "done"}) >= 1, name
            assert not value("ventanilla_sweeps_total", {"sweep": name, "outcome": "failed"}), name


async def test_a_sweep_that_fails_is_counted_and_rings_again(content: Path, tmp_path: Path):
    async with running_app(tmp_path, CONTENT_DIR=str(content)) as app:
        # The table is gone: a mistake that no retry mends.
        with app.services.store.transaction() as transaction:
            transaction.unit._rows.command("DROP TABLE mailbox")
        await app.sweep("forget mail")
        await app.sweep("forget mail", "forget messages")
        value = app.services.metrics.registry.get_sample_value
        assert value("ventanilla_sweeps_total", {"sweep": "forget mail", "outcome": "failed"}) == 2
        assert value("ventanilla_sweeps_total", {"sweep": "forget messages", "outcome": "done"}) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_it_in_order(content: Path, tmp_path: Path, number: signal.Signals):
    """The orchestrator asks, and 10 seconds later it would kill."""
    async with server_process(tmp_path, port=free_port(), CONTENT_DIR=str(content)) as server:
        begun_at = asyncio.get_running_loop().time()
        assert await server.end(number) == 0
        assert asyncio.get_running_loop().time() - begun_at < 10
        assert "Traceback" not in server.log_file.read_text()


async def test_a_signal_ends_it_while_a_page_waits_for_mail(
    content: Path, tmp_path: Path, client: aiohttp.ClientSession
):
    """A long poll is answered at once; nobody waits for it to run out."""
    async with server_process(tmp_path, port=free_port(), CONTENT_DIR=str(content)) as server:
        async with client.post(f"{server.url}/chat/session", json={}) as answer:
            token = (await answer.json())["token"]
        headers = {"Authorization": f"Bearer {token}"}
        poll = asyncio.create_task(client.get(f"{server.url}/chat/messages?after=0&wait=20", headers=headers))
        await asyncio.sleep(0.3)
        # Asked after it, and answered: what came before was heard too.
        async with client.get(f"{server.url}/healthz") as answer:
            assert answer.status == 200
        assert not poll.done()
        begun_at = asyncio.get_running_loop().time()
        assert await server.end() == 0
        assert asyncio.get_running_loop().time() - begun_at < 10
        async with await poll as answer:
            assert answer.status == 200
            assert await answer.json() == []


async def test_a_vendor_that_is_away_at_start_delays_nobody(
    content: Path, tmp_path: Path, client: aiohttp.ClientSession
):
    """Telegram cannot be reached; the web chat answers, and the end is as quick as ever."""
    environ = {"TELEGRAM_TOKEN": "123:ABC", "TELEGRAM_API_URL": f"http://127.0.0.1:{free_port()}"}
    async with server_process(tmp_path, port=free_port(), CONTENT_DIR=str(content), **environ) as server:
        async with client.post(f"{server.url}/chat/session", json={}) as answer:
            assert answer.status in {200, 201}
        assert await server.end() == 0
        assert "123:ABC" not in server.log_file.read_text()


async def test_lines_of_a_process_are_json(content: Path, tmp_path: Path):
    async with server_process(tmp_path, port=free_port(), CONTENT_DIR=str(content)) as server:
        await server.end()
        lines = [line for line in server.log_file.read_text().splitlines() if line.startswith("{")]
        events = [json.loads(line)["event"] for line in lines]
        assert "open" in events
        assert "closed" in events


async def test_mistakes_end_the_start_with_2(content: Path, tmp_path: Path):
    """All of them at once, and nothing is opened."""
    broken = tmp_path / "broken"
    broken.mkdir()
    for name, environ, says in (
        (
            "settings",
            {"WEBCHAT": "maybe", "TELEGRAM_MODE": "x"},
            ("WEBCHAT must be on or off", "TELEGRAM_MODE must be"),
        ),
        ("content", {"CONTENT_DIR": str(broken)}, ("city.yaml", "The content needs to be mended")),
    ):
        async with server_process(tmp_path / name, port=free_port(), is_awaited=False, **environ) as server:
            async with asyncio.timeout(20):
                assert await server.process.wait() == 2
            text = server.log_file.read_text()
            for each in says:
                assert each in text
            assert "Traceback" not in text


async def test_a_taken_port_is_told(content: Path, tmp_path: Path):
    async with running_app(tmp_path / "one", CONTENT_DIR=str(content)) as app:
        port = int(app.url.rsplit(":", 1)[1])
        environ = {"CONTENT_DIR": str(content)}
        async with server_process(tmp_path / "two", port=port, is_awaited=False, **environ) as second:
            async with asyncio.timeout(20):
                assert await second.process.wait() == 2
            assert f"Cannot listen on 127.0.0.1:{port}" in second.log_file.read_text()
