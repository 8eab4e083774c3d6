"""A closed loop of residents: each sends the next message of a report when the answer to the last one has arrived.

In the driver's process lives the fake of the Bot API that answers at once; loopback only, bounded in time.
"""

import asyncio
import itertools
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import uvicorn

SECRET = "bench-secret"
TOKEN = "1:bench"
#: Houses of a street: two residents of a run hardly write the same.
_HOUSES = 900


def report(number: int) -> tuple[str, ...]:
    """What one resident sends, in order, to file one report, each in words of their own. Both bots get the same."""
    return (
        "/reportar VIA-BACHE",
        f"calle Hidalgo {number % _HOUSES + 1}, colonia Centro",
        f"Hay un hoyo enorme frente al {number % _HOUSES + 1} desde hace {number % 30 + 2} dias",
        "sin foto",
        "1",
    )


#: One of them.
SCRIPT = report(4)


@dataclass
class FakeApi:
    """Answers every call of the Bot API at once and tells when a message for a chat has arrived."""

    port: int
    arrivals: dict[int, asyncio.Event] = field(default_factory=dict)
    calls: int = 0
    sent: int = 0
    _ids: Any = field(default_factory=lambda: itertools.count(1))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        self.calls += 1
        payload = self.answer(scope["path"].rsplit("/", 1)[-1], body)
        headers = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": payload})

    def answer(self, method: str, body: bytes) -> bytes:
        """What the Bot API says to a call."""
        if method == "getMe":
            return b'{"ok":true,"result":{"id":1,"is_bot":true,"first_name":"b","username":"bench_bot"}}'
        if method != "sendMessage":
            return b'{"ok":true,"result":true}'
        chat = int(parse_qs(body.decode())["chat_id"][0])
        self.sent += 1
        event = self.arrivals.get(chat)
        if event is not None:
            event.set()
        return (
            f'{{"ok":true,"result":{{"message_id":{next(self._ids)},"date":0,'
            f'"chat":{{"id":{chat},"type":"private"}},"text":"x"}}}}'
        ).encode()

    async def serve(self) -> uvicorn.Server:
        """Start on loopback."""
        config = uvicorn.Config(
            self, host="127.0.0.1", port=self.port, log_config=None, access_log=False, lifespan="off"
        )
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve())
        server.bench_task = task  # type: ignore[attr-defined] # kept alive with the server
        while not server.started:
            await asyncio.sleep(0.01)
        return server


@dataclass(frozen=True)
class Measured:
    """One run."""

    in_flight: int
    messages: int
    seconds: float
    #: From the webhook's request to the reply's arrival, in milliseconds.
    latencies: list[float]
    refused: int

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.messages / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")

    @property
    def median(self) -> float:
        """Milliseconds."""
        return statistics.median(self.latencies) if self.latencies else float("nan")


_updates = itertools.count(int(time.time()))
_chats = itertools.count(1_000_000)


def asking(questions: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """What one resident after the other sends, where a fifth of all messages is a free question: the report, then one.

    After every fourth comes somebody who only asks. Nobody asks twice: what comes within seconds goes on with a text.
    """
    asked = itertools.cycle(questions)
    for number in itertools.count(1):
        yield (*report(number), next(asked))
        if number % 4 == 0:
            yield (next(asked),)


async def drive(
    url: str, fake: FakeApi, *, in_flight: int, seconds: float, scripts: Iterator[tuple[str, ...]] | None = None
) -> Measured:
    """Send for a while, so many residents at a time; each waits for the reply before the next message.

    scripts: what each resident sends; a report without it.
    """
    scripts = scripts or map(report, itertools.count(1))
    latencies: list[float] = []
    refused = 0
    ends_at = time.perf_counter() + seconds
    connector = aiohttp.TCPConnector(limit=in_flight)
    headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:

        async def resident() -> None:
            nonlocal refused
            while time.perf_counter() < ends_at:
                chat = next(_chats)
                arrived = fake.arrivals[chat] = asyncio.Event()
                for text in next(scripts):
                    arrived.clear()
                    begun = time.perf_counter()
                    async with session.post(url, json=update_of(chat, text)) as answer:
                        if answer.status != 200:
                            refused += 1
                            break
                    try:
                        await asyncio.wait_for(arrived.wait(), 20)
                    except TimeoutError:
                        refused += 1
                        break
                    latencies.append((time.perf_counter() - begun) * 1000)
                    if time.perf_counter() >= ends_at:
                        break
                del fake.arrivals[chat]

        begun_at = time.perf_counter()
        await asyncio.gather(*(resident() for _ in range(in_flight)))
        took = time.perf_counter() - begun_at
    return Measured(in_flight, len(latencies), took, latencies, refused)


def update_of(chat: int, text: str) -> dict[str, Any]:
    """What Telegram tells of a text."""
    number = next(_updates)
    message: dict[str, Any] = {
        "message_id": number,
        "date": int(time.time()),
        "chat": {"id": chat, "type": "private", "first_name": "R"},
        "from": {"id": chat, "is_bot": False, "first_name": "R", "language_code": "es"},
        "text": text,
    }
    if text.startswith("/"):
        message["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
    return {"update_id": number, "message": message}
