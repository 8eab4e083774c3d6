"""What a browser may ask of the chat, and what it is answered. In words of HTTP, without a browser."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.channels.webchat.parse import new_token
from storage.schema import outbox
from storage.statements import Statement
from storage.unit_of_work import SqlUnitOfWork
from tests.harness import RunningApp
from tests.web.person import WebPerson

pytestmark = pytest.mark.asyncio(loop_scope="module")

JPEG = bytes.fromhex(
    "ffd8ffe000104a46494600010100000100010000ffdb004300080606070605080707070909080a0c140d0c0b0b0c1912130f141d1a1f1e1d1a"
    "1c1c20242e2720222c231c1c2837292c30313434341f27393d38323c2e333432ffc0000b080001000101011100ffc4001f000001050101010101"
    "0100000000000000000102030405060708090a0bffc400b5100002010303020403050504040000017d01020300041105122131410613516107227"
    "114328191a1082342b1c11552d1f02433627282090a161718191a25262728292a3435363738393a434445464748494a535455565758595a636465"
    "666768696a737475767778797a838485868788898a92939495969798999aa2a3a4a5a6a7a8a9aab2b3b4b5b6b7b8b9bac2c3c4c5c6c7c8c9cad2"
    "d3d4d5d6d7d8d9dae1e2e3e4e5e6e7e8e9eaf1f2f3f4f5f6f7f8f9faffda0008010100003f00fbd3ffd9"
)
PDF = b"%PDF-1.4\n%%EOF\n"


@asynccontextmanager
async def somebody(app: RunningApp) -> AsyncIterator[WebPerson]:
    """A person whose token was made behind the door, so that the limit of new chats does not end the test."""
    secret = await app.database(lambda unit: unit.secrets.get_or_create("webchat_tokens", "not asked for a chat yet"))
    async with WebPerson(app.url, token=new_token(secret)) as person:
        yield person


async def test_a_message_is_answered_in_the_mailbox(everywhere: RunningApp) -> None:
    """What the counter says waits until the browser calls for it."""
    async with WebPerson(everywhere.url) as ana:
        await ana.starts()
        message = await ana.reads_until("¿Qué necesitas?")

    assert "Reportar una falla" in message.buttons


async def test_the_same_message_twice_is_handled_once(everywhere: RunningApp) -> None:
    """A browser that did not hear the answer sends again; nobody is asked twice."""
    async with WebPerson(everywhere.url) as ana:
        await ana.starts()
        await ana.repeats()
        await everywhere.settle()

        assert len(await ana.mail()) == 1


async def test_two_browsers_may_make_up_the_same_id(everywhere: RunningApp) -> None:
    """An id is unique within a chat, not among strangers."""
    body = {"id": str(uuid.uuid4()), "text": "hola"}
    async with WebPerson(everywhere.url) as ana, WebPerson(everywhere.url) as beto:
        await ana.sends_body(body)
        await beto.sends_body(body)
        await everywhere.settle()

        assert len(await beto.mail()) == len(await ana.mail()) == 1


async def test_a_stranger_reads_nothing(everywhere: RunningApp) -> None:
    """Another token is another chat."""
    async with WebPerson(everywhere.url) as ana, WebPerson(everywhere.url) as beto:
        await ana.starts()
        await everywhere.settle()

        assert await beto.mail() == []


async def test_a_chat_goes_on_with_the_token_alone(everywhere: RunningApp) -> None:
    """After the browser was closed, the same token is the same chat, and no mail is lost."""
    async with WebPerson(everywhere.url) as ana:
        await ana.starts()
    async with WebPerson(everywhere.url, token=ana.token) as again:
        assert await again.reads(1)


async def test_the_token_is_nowhere_in_the_database(own: RunningApp) -> None:
    """Who reads the database cannot enter a chat."""
    async with WebPerson(own.url) as ana:
        await ana.starts()
        await own.settle()

        def addresses(unit: SqlUnitOfWork) -> list[str]:
            return [unit.people.contact(number).address.value for number in (1,)]

        assert ana.token not in str(await own.database(addresses))
        assert str(ana.token) not in own.logs


async def test_what_was_shown_counts_as_delivered(own: RunningApp) -> None:
    """The question for what follows says that all before it has arrived."""
    async with WebPerson(own.url) as ana:
        await ana.starts()
        await own.settle()
        first = (await ana.mail())[0]["id"]
        assert await own.database(_states) == ["sent"]

        assert await ana.mail(after=first) == []

    assert await own.database(_states) == ["delivered"]


async def test_mail_arrives_while_one_waits(everywhere: RunningApp) -> None:
    """A question for mail stays open and is answered as soon as there is some."""
    async with WebPerson(everywhere.url) as ana:
        waiting = asyncio.create_task(ana.mail(wait=20))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await ana.starts()

        async with asyncio.timeout(15):
            assert await waiting


async def test_nobody_keeps_the_counter_from_closing(own: RunningApp) -> None:
    """Open questions for mail are answered at once when the process is asked to end."""
    async with WebPerson(own.url) as ana:
        waiting = asyncio.create_task(ana.mail(wait=20))
        await asyncio.sleep(0.2)
        own.services.state.stopping.set()

        async with asyncio.timeout(15):
            assert await waiting == []


@pytest.mark.parametrize(
    "authorization",
    [
        None,
        "Bearer",
        "Bearer x",
        "Bearer " + "á" * 43,
        f"Basic {new_token('a secret')}",
        # Of another town, or made up in its form.
        f"Bearer {new_token('another secret')}",
    ],
    ids=["none", "no token", "short", "odd signs", "another scheme", "another town"],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/chat/messages"),
        ("POST", "/chat/messages"),
        ("POST", "/chat/attachments"),
        ("DELETE", "/chat/session"),
    ],
)
async def test_without_a_token_there_is_no_chat(
    shared: RunningApp, method: str, path: str, authorization: str | None
) -> None:
    """A missing or malformed token is refused before anything is read."""
    headers = {"Authorization": authorization} if authorization else {}
    async with (
        aiohttp.ClientSession() as session,
        session.request(method, shared.url + path, headers=headers) as answer,
    ):
        assert answer.status == 401


_OUTBOX_STATES = Statement(select(outbox.c.state).order_by(outbox.c.id))

ID = "0f8fad5b-d9cb-469f-a165-70867728950e"


@pytest.mark.parametrize(
    "body",
    [
        [],
        "hola",
        {},
        {"text": "hola"},
        {"id": "x", "text": "hola"},
        {"id": ID},
        {"id": ID, "text": 5},
        {"id": ID, "text": "a" * 20_001},
        {"id": ID, "choice": "á" * 40},
        {"id": ID, "latitude": 20.3},
        {"id": ID, "latitude": 91, "longitude": 0},
        {"id": ID, "latitude": "NaN", "longitude": 0},
        {"id": ID, "text": "hola", "reply_to": "telegram:5"},
        {"id": ID, "text": "hola", "language": "../es"},
        {"id": ID, "attachments": "abc"},
        {"id": ID, "attachments": ["../../etc/passwd"]},
        {"id": ID, "attachments": ["0" * 32]},
        {"id": ID, "attachments": ["0" * 32] * 11},
    ],
)
async def test_what_no_page_of_ours_sends_is_refused(shared: RunningApp, body: Any) -> None:
    """A malformed message says what is wrong with it, and leaves no trace."""
    async with somebody(shared) as ana:
        status, said = await ana.posts(body)

        assert status == 400
        assert said["error"]
        assert await ana.mail() == []


@pytest.mark.parametrize("raw", [b"", b"{", b"[" * 5000, b"\xff\xfe", b'{"id": 1e999}'])
async def test_broken_json_is_refused(shared: RunningApp, raw: bytes) -> None:
    """Whatever the bytes are."""
    async with (
        somebody(shared) as ana,
        ana.session.post(f"{shared.url}/chat/messages", data=raw, headers=ana.headers) as answer,
    ):
        assert answer.status == 400


@pytest.mark.parametrize(
    "text", ["", "   ", "\u0000\u0007", "\u202e\u200f", "a" * 10_000, "😀" * 500, "<script>alert(1)</script>"]
)
async def test_odd_texts_get_an_answer(shared: RunningApp, text: str) -> None:
    """Empty, far too long, invisible, or an attempt at an attack: the counter answers something."""
    async with somebody(shared) as ana:
        await ana.says(text)

        assert await ana.reads(1)


async def test_a_file_that_is_too_large_is_refused(shared: RunningApp) -> None:
    """More than 10 MB is not taken."""
    status = await _upload(shared, b"%PDF-" + b"0" * (10 * 1024 * 1024))

    assert status == 413


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"<html>",
        b"MZ" + b"\0" * 99,
        b"PK\x03\x04",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"\xff\xd8\xff junk",
    ],
)
async def test_only_photos_pdf_and_audio_are_kept(shared: RunningApp, content: bytes) -> None:
    """By what they are, not by what they are called."""
    assert await _upload(shared, content) in {400, 415}


async def test_a_photo_reaches_our_store(own: RunningApp) -> None:
    """An upload that a message names is an attachment like any other."""
    async with WebPerson(own.url) as ana:
        await ana.sends_photo(JPEG)
        await ana.sends_document(PDF)
        await own.settle()
    stored = await own.database(lambda unit: unit.media.get([1, 2]))

    assert [(each.content_type, each.state) for each in stored] == [
        ("image/jpeg", "stored"),
        ("application/pdf", "stored"),
    ]


async def test_who_writes_too_fast_is_told_when_to_go_on(shared: RunningApp) -> None:
    """The limit says how long to wait, so that the page can send the rest by itself."""
    async with somebody(shared) as ana:
        statuses = [(await ana.posts({"id": str(uuid.uuid4()), "text": "hola"}))[0] for _ in range(62)]
        async with ana.session.post(
            f"{shared.url}/chat/messages", json={"id": str(uuid.uuid4()), "text": "hola"}, headers=ana.headers
        ) as answer:
            assert int(answer.headers["Retry-After"]) >= 1

    assert statuses[:60] == [200] * 60
    assert statuses[-1] == 429


async def test_new_chats_from_one_place_are_limited(own: RunningApp) -> None:
    """Nobody opens chats by the thousand."""
    async with aiohttp.ClientSession() as session:
        statuses = []
        for _ in range(22):
            async with session.post(f"{own.url}/chat/session") as answer:
                statuses.append(answer.status)

    assert statuses.count(201) == 20
    assert statuses[-1] == 429


async def test_a_forgotten_chat_is_empty_and_gets_no_more_news(own: RunningApp) -> None:
    """The messages go, and the chat counts as unreachable: officials see that nothing arrives there."""
    async with WebPerson(own.url) as ana:
        await ana.starts()
        await own.settle()
        await ana.forgets()
        assert await ana.mail() == []
    contact = await own.database(lambda unit: unit.people.contact(1))

    assert contact.unreachable_at is not None


async def test_the_demo_invites_its_official(demo: RunningApp) -> None:
    """The official's phone of the demo gets a role by a real invitation."""
    async with WebPerson(demo.url) as official:
        async with official.session.post(f"{demo.url}/chat/demo-official") as answer:
            code = (await answer.json())["code"]
        await official.starts(f"inv_{code}")
        await official.reads(1)
    contact = await demo.database(lambda unit: unit.people.contact(1))

    assert contact.role == "supervisor"


async def test_outside_of_the_demo_nobody_is_invited(shared: RunningApp) -> None:
    """The door is not there at all."""
    async with aiohttp.ClientSession() as session, session.post(f"{shared.url}/chat/demo-official") as answer:
        assert answer.status == 404


async def test_a_database_that_is_away_is_said_so(own: RunningApp) -> None:
    """The page is told to send again; then the message is taken once."""
    async with WebPerson(own.url) as ana:
        await own.services.database.close()
        async with ana.session.post(
            f"{own.url}/chat/messages", json={"id": ID, "text": "hola"}, headers=ana.headers
        ) as answer:
            assert answer.status == 503
            assert int(answer.headers["Retry-After"]) >= 1
        own.services.database.open()
        await ana.sends_body({"id": ID, "text": "hola"})

        assert len(await ana.reads(1)) == 1


async def test_answers_are_not_kept_by_anybody_on_the_way(shared: RunningApp) -> None:
    """What is said in a chat is in no cache, and no header lets a page of somebody else's read it."""
    async with (
        somebody(shared) as ana,
        ana.session.get(
            f"{shared.url}/chat/messages?wait=0", headers=ana.headers | {"Origin": "https://evil.example"}
        ) as answer,
    ):
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in answer.headers


def _states(unit: SqlUnitOfWork) -> list[str]:
    return [state for (state,) in unit.mailbox._rows.all(_OUTBOX_STATES)]


async def _upload(app: RunningApp, content: bytes) -> int:
    form = aiohttp.FormData()
    form.add_field("file", BytesIO(content), filename="photo.jpg", content_type="image/jpeg")
    async with (
        somebody(app) as ana,
        ana.session.post(f"{app.url}/chat/attachments", data=form, headers=ana.headers) as answer,
    ):
        return answer.status
