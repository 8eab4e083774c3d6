"""How much one visitor of the web chat may take, and what becomes of files that no message names."""

import asyncio
import uuid
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import aiohttp
import pytest

from bot.channels.webchat.channel import WebChat
from handlers.messages import Attachment, AttachmentKind
from tests.harness import RunningApp, running_app
from tests.web.person import WebPerson
from tests.web.test_webchat_routes import PDF, somebody

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def uploads(app: RunningApp, person: WebPerson, content: bytes) -> tuple[int, str | None]:
    """The status, and when to try again."""
    form = aiohttp.FormData()
    form.add_field("file", BytesIO(content), filename="file")
    async with person.session.post(f"{app.url}/chat/attachments", data=form, headers=person.headers) as answer:
        return answer.status, answer.headers.get("Retry-After")


def kept(app: RunningApp) -> list[str]:
    """The files in the store."""
    folder = Path(app.services.settings.media_url.removeprefix("file://"))
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


async def test_bytes_of_uploads_are_limited_by_chat_and_by_source(
    tmp_path: Path, town_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody fills the disk: not by one chat, and not by opening others."""
    monkeypatch.setattr("bot.channels.webchat.allowance.CHAT_BYTES", 25_000)
    monkeypatch.setattr("bot.channels.webchat.allowance.SOURCE_BYTES", 45_000)
    content = PDF + b"0" * 10_000
    async with running_app(tmp_path, CONTENT_DIR=str(town_folder)) as app:
        async with somebody(app) as ana, somebody(app) as beto, somebody(app) as carla:
            statuses = [(await uploads(app, person, content))[0] for person in (ana, ana, ana, beto, beto, carla)]
            assert statuses == [201, 201, 429, 201, 429, 429]
            _, again = await uploads(app, ana, content)
            assert again is not None
            assert 1 <= int(again) <= 3600
        assert len(kept(app)) == 3


async def test_an_upload_that_is_refused_is_not_read(
    tmp_path: Path, town_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer comes before the file: what it may cost is known by its length."""
    monkeypatch.setattr("bot.channels.webchat.allowance.CHAT_BYTES", 1_000)
    async with running_app(tmp_path, CONTENT_DIR=str(town_folder)) as app, somebody(app) as ana:
        assert (await uploads(app, ana, PDF))[0] == 201
        port = int(app.url.rsplit(":", 1)[1])
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(
            f"POST /chat/attachments HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {ana.token}\r\n"
            "content-type: multipart/form-data; boundary=b\r\ncontent-length: 9000000\r\n\r\n".encode()
        )
        async with asyncio.timeout(5):
            assert b" 429 " in await reader.readline()
        writer.transport.abort()


async def test_what_is_malformed_is_counted_too(own: RunningApp) -> None:
    """The limit is charged before the work, whatever it turns out to be."""
    async with somebody(own) as ana:
        statuses = [(await ana.posts({}))[0] for _ in range(62)]

    assert statuses[:60] == [400] * 60
    assert statuses[-1] == 429


async def test_deleting_is_limited(own: RunningApp) -> None:
    """Each one is work for the database."""
    async with somebody(own) as ana:
        statuses = []
        while 429 not in statuses and len(statuses) < 1_000:
            async with ana.session.delete(f"{own.url}/chat/session", headers=ana.headers) as answer:
                statuses.append(answer.status)

    assert statuses[:240] == [200] * 240
    assert statuses[-1] == 429


async def test_one_chat_keeps_only_so_many_questions_open(own: RunningApp) -> None:
    """As many as windows; another chat is not concerned."""
    async with somebody(own) as ana, somebody(own) as beto:
        held = [asyncio.create_task(ana.mail(wait=20)) for _ in range(6)]
        web = own.services.channels["webchat"]
        assert isinstance(web, WebChat)
        async with asyncio.timeout(15):
            while sum(map(len, web._bells._waiting.values())) < len(held):
                await asyncio.sleep(0.01)
        async with ana.session.get(f"{own.url}/chat/messages?wait=20", headers=ana.headers) as answer:
            assert answer.status == 429
            assert int(answer.headers["Retry-After"]) >= 1
        assert await beto.mail() == []
        await ana.starts()
        assert all(await asyncio.gather(*held))
        assert await ana.mail()


@pytest.mark.parametrize("name", ["wait", "after"])
@pytest.mark.parametrize(
    "number",
    ["9" * 20, "9" * 5_000, "0" * 20 + "9" * 20, "-1", "1.5", "1e3", "٣", "²", "0x10", " 1", "", "9223372036854775808"],
)
async def test_a_number_that_is_none_is_refused(shared: RunningApp, name: str, number: str) -> None:
    """Neither a broken page nor an endless wait."""
    async with (
        somebody(shared) as ana,
        ana.session.get(
            f"{shared.url}/chat/messages", params={"wait": "0", name: number}, headers=ana.headers
        ) as answer,
    ):
        assert answer.status == 400
        assert name in (await answer.json())["error"]


async def test_uploads_that_no_message_names_are_forgotten(own: RunningApp) -> None:
    """After an hour, the file and its row; what was named stays."""
    async with somebody(own) as ana:
        await ana.uploads(PDF)
        await ana.sends_document(PDF)
        await own.settle()
        named = (await own.database(lambda unit: unit.media.get([1])))[0].key
        assert len(kept(own)) == 2
        own.clock.advance(minutes=59)
        await own.sweep("forget uploads")
        assert len(kept(own)) == 2
        own.clock.advance(minutes=2)
        await own.sweep("forget uploads")

    assert kept(own) == [named]
    assert await own.database(lambda unit: unit.uploads.unnamed(own.clock.now(), 10)) == ()


async def test_uploads_are_forgotten_after_a_restart_too(tmp_path: Path, town_folder: Path) -> None:
    """What knows of them is a row, not the process."""
    async with running_app(tmp_path, CONTENT_DIR=str(town_folder)) as app, somebody(app) as ana:
        await ana.uploads(PDF)
    async with running_app(tmp_path, CONTENT_DIR=str(town_folder)) as app:
        assert len(kept(app)) == 1
        app.clock.advance(minutes=61)
        await app.sweep("forget uploads")
        assert kept(app) == []


async def test_a_file_that_cannot_be_taken_away_is_tried_again(
    own: RunningApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its row says that it is still there; the others go."""
    async with somebody(own) as ana:
        stuck, _ = await ana.uploads(PDF), await ana.uploads(PDF)
    delete = own.services.files.delete

    async def fails(key: str) -> None:
        if key == stuck:
            raise PermissionError(13, "not now")
        await delete(key)

    own.clock.advance(minutes=61)
    with monkeypatch.context() as patch:
        patch.setattr(own.services.files, "delete", fails)
        await own.sweep("forget uploads")
    assert kept(own) == [stuck]
    await own.sweep("forget uploads")
    assert kept(own) == []


async def test_an_upload_is_known_before_it_is_there(own: RunningApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that is killed while it writes leaves no file that nobody knows of."""

    async def fails(_content: bytes, key: str) -> None:
        known = await own.database(lambda unit: unit.uploads.received_at(key))
        assert known is not None
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(own.services.files, "save", fails)
    async with somebody(own) as ana:
        assert (await uploads(own, ana, PDF))[0] == 503


async def test_a_message_names_no_file_that_is_about_to_go(own: RunningApp) -> None:
    """It is told to upload it again, instead of losing it a moment later; what it named before stays named."""
    async with somebody(own) as ana:
        late, early = await ana.uploads(PDF), await ana.uploads(PDF)
        body = {"id": str(uuid.uuid4()), "attachments": [early], "text": "hola"}
        await ana.sends_body(body)
        own.clock.advance(minutes=57)
        status, said = await ana.posts({"id": str(uuid.uuid4()), "attachments": [late]})
        assert status == 400
        assert "again" in said["error"]
        await ana.repeats()


async def test_files_of_a_message_that_failed_are_kept_for_its_next_try(own: RunningApp) -> None:
    """It was acknowledged, so nothing of it is lost."""
    handling = own.services.reception._handling
    product = handling._product

    def fails(*_: object, **__: object) -> None:
        raise KeyError("poison")

    handling._product = fails  # type: ignore[assignment]
    async with somebody(own) as ana:
        await ana.sends_document(PDF)
    handling._product = product
    own.clock.advance(minutes=61)
    await own.sweep("forget uploads")
    assert len(kept(own)) == 1
    await own.sweep("retry messages")
    await own.settle()

    assert [each.state for each in await own.database(lambda unit: unit.media.get([1]))] == ["stored"]


async def test_attachments_of_vendors_are_no_uploads(own: RunningApp) -> None:
    """A vendor's name for a file may be anything."""
    now = own.clock.now()
    attachment = Attachment(AttachmentKind.PHOTO, "AgACAgIAAxkBAAIB")
    async with somebody(own) as ana:
        await ana.uploads(PDF)
    await own.database(lambda unit: unit.uploads.forget([attachment.source]))

    assert len(await own.database(lambda unit: unit.uploads.unnamed(now + timedelta(hours=1), 10))) == 1
