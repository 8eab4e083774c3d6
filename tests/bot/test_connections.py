"""What a connection may take of us: heads, bodies and answers that trickle, and how many there are."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import uvicorn
from structlog.testing import capture_logs

from bot.app import listen
from bot.connections import HEAD_BYTES_AT_MOST, HEADERS_AT_MOST, connections
from bot.sources import Proxies

NOBODY = Proxies("192.0.2.1")


class Echo:
    """Answers with the length of the body, and notes what it heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.answer = b""

    async def __call__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        length = 0
        while True:
            event = await receive()
            if event["type"] == "http.disconnect":
                self.heard.append("cut off")
                return
            length += len(event.get("body", b""))
            if not event.get("more_body"):
                break
        self.heard.append(f"{scope['client'][0]} {length}")
        body = self.answer or str(length).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [
            (b"content-length", str(len(body)).encode())]})  # fmt: skip
        await send({"type": "http.response.body", "body": body})


@asynccontextmanager
async def serving(app: Echo, proxies: Proxies = NOBODY, **limits: float) -> AsyncIterator[int]:
    door = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        app, http=connections(proxies, **limits), lifespan="off", log_config=None, timeout_graceful_shutdown=1,
        forwarded_allow_ips="127.0.0.1" if "127.0.0.1" in proxies else "192.0.2.1",
    )  # fmt: skip
    server = uvicorn.Server(config)
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
    task = asyncio.create_task(server.serve(sockets=[door]))
    while not server.started:
        await asyncio.sleep(0.005)
    try:
        yield int(door.getsockname()[1])
    finally:
        server.should_exit = True
        await task


@asynccontextmanager
async def connected(port: int) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
    try:
        yield reader, writer
    finally:
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def says(port: int, *pieces: bytes, pause: float = 0.0, seconds: float = 10.0) -> bytes:
    """What comes back until the other side hangs up. Pieces that nobody takes any more are left out."""
    async with connected(port) as (reader, writer):
        try:
            for piece in pieces:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(pause)
            async with asyncio.timeout(seconds):
                return await reader.read()
        except ConnectionError:
            return b"cut off"


GET = b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 5\r\n\r\n"


async def test_an_ordinary_request_is_answered() -> None:
    """In one piece or in many, one after the other on a connection or alone."""
    async with serving(Echo()) as port:
        assert (await says(port, POST + b"hello")).endswith(b"5")
        assert (await says(port, *(bytes([each]) for each in POST + b"hello"))).endswith(b"5")
        two = POST.replace(b"connection: close\r\n", b"") + b"hello" + GET
        assert (await says(port, two)).count(b"200 OK") == 2


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nhost: x\r\nx-a: " + b"a" * HEAD_BYTES_AT_MOST + b"\r\n\r\n",
        # It never ends.
        b"GET / HTTP/1.1\r\nhost: x\r\nx-a: " + b"a" * (2 * HEAD_BYTES_AT_MOST),
        b"GET /" + b"a" * (2 * HEAD_BYTES_AT_MOST),
        b"GET /" + b"a" * HEAD_BYTES_AT_MOST + b" HTTP/1.1\r\nhost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * (HEADERS_AT_MOST + 1) + b"\r\n",
        # Behind the body, where nobody looks.
        b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n0\r\n"
        + b"x: y\r\n" * HEADERS_AT_MOST
        + b"\r\n",
    ],
    ids=["one header", "no end", "no end of the address", "address", "many headers", "trailers"],
)
async def test_a_head_that_is_too_long_is_refused(head: bytes) -> None:
    """Before anything is done for it."""
    app = Echo()
    async with serving(app) as port:
        assert b" 431 " in await says(port, head)
        assert (await says(port, GET)).endswith(b"0")
    assert [each for each in app.heard if each != "cut off"] == ["127.0.0.1 0"]


@pytest.mark.parametrize(
    "pieces",
    [
        (b"GET / HTTP/1.1\r\n", *([b"x: y\r\n"] * 60)),
        (b"\r\n",) * 60,
        (*(b"G", b"E", b"T"), *([b""] * 60)),
    ],
    ids=["headers", "empty lines", "silence"],
)
async def test_a_head_that_trickles_in_has_a_deadline(pieces: tuple[bytes, ...]) -> None:
    """However steadily something comes."""
    async with serving(Echo(), head_seconds=0.3) as port:
        answer = await says(port, *pieces, pause=0.02)
    assert answer == b"cut off" or b" 408 " in answer


async def test_a_connection_that_says_nothing_is_closed_without_a_word() -> None:
    """Browsers open some ahead of need."""
    async with serving(Echo(), head_seconds=0.2) as port:
        assert await says(port) == b""


async def test_a_body_that_trickles_in_has_a_deadline() -> None:
    """Whoever waits for the rest of it hears that it does not come."""
    app = Echo()
    async with serving(app, look_seconds=0.2) as port:
        head = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n"
        answer = await says(port, head, *([b"a"] * 60), pause=0.02)
        assert answer == b"cut off" or b" 408 " in answer
        await asyncio.sleep(0.05)
    assert app.heard == ["cut off"]


async def test_a_body_that_keeps_coming_has_a_deadline_too() -> None:
    """Fast enough at every look, and never done."""
    async with serving(Echo(), look_seconds=0.1, body_seconds=0.5) as port:
        head = b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10000000\r\n\r\n"
        answer = await says(port, head, *([b"a" * 16_000] * 200), pause=0.01)
    assert answer == b"cut off" or b" 408 " in answer


async def test_an_answer_that_nobody_takes_is_given_up() -> None:
    """It would lie in our memory for as long as they like."""
    app = Echo()
    app.answer = b"a" * 30_000_000
    async with serving(app, look_seconds=0.3) as port, connected(port) as (reader, writer):
        writer.write(GET)
        await asyncio.sleep(1.5)
        with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
            async with asyncio.timeout(10):
                assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(len(app.answer))


async def test_a_slow_answer_is_waited_for() -> None:
    """What we take long to say has nothing to do with the one who asked."""
    app = Echo()
    whole = app.__call__

    async def slowly(scope: Any, receive: Any, send: Any) -> None:
        await asyncio.sleep(0.8)
        await whole(scope, receive, send)

    async with serving(slowly, head_seconds=0.2, look_seconds=0.2) as port:  # type: ignore[arg-type]
        assert (await says(port, POST + b"hello")).endswith(b"5")


async def test_one_peer_holds_only_so_many_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """Others are let in when it has gone; a proxy, which speaks for many, has no such limit."""
    monkeypatch.setattr("bot.connections.EACH_AT_MOST", 3)
    for proxies, expected in ((NOBODY, 3), (Proxies("127.0.0.1"), 6)):
        async with serving(Echo(), proxies) as port:
            async with contextlib.AsyncExitStack() as stack:
                held = [await stack.enter_async_context(connected(port)) for _ in range(6)]
                await asyncio.sleep(0.05)
                for _, writer in held:
                    writer.write(GET)
                answers = [await _rest(reader) for reader, _ in held]
            assert sum(b"200 OK" in each for each in answers) == expected
            assert sum(b" 503 " in each for each in answers) == 6 - expected
            assert b"200 OK" in await says(port, GET)


async def _rest(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.read()
    except ConnectionError:
        return b" 503 "


async def test_a_strangers_word_for_a_visitor_is_not_taken_and_warned_of_once() -> None:
    """The whole town would share one limit: whoever runs the counter must hear of it."""
    app = Echo()
    spoken = GET.replace(b"host: x", b"host: x\r\nx-forwarded-for: 203.0.113.7")
    with capture_logs() as lines:
        async with serving(app) as port:
            await says(port, GET)
            assert not lines
            await says(port, spoken)
            await says(port, spoken.replace(b"x-forwarded-for", b"forwarded"))
    assert app.heard == ["127.0.0.1 0"] * 3
    assert ["FORWARDED_ALLOW_IPS" in line["event"] for line in lines] == [True]
    assert "203.0.113.7" not in str(lines)


async def test_a_proxys_word_is_taken() -> None:
    """From those that the settings name."""
    app = Echo()
    with capture_logs() as lines:
        async with serving(app, Proxies("127.0.0.1")) as port:
            await says(port, GET.replace(b"host: x", b"host: x\r\nx-forwarded-for: 203.0.113.7"))
    assert app.heard == ["203.0.113.7 0"]
    assert not lines
