"""`make bench ARGS=--hostile`: 200 hostile pictures, bodies and texts against a counter, beside a second visitor.

Every attacker is a source of its own (an address of the loopback), so that no limit by source helps: the worst case.
"""

import asyncio
import json
import statistics
import tempfile
import time
import uuid
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from tests.architecture.hostile import COMMON
from tests.bench.driver import SCRIPT
from tests.harness import ServerProcess, free_port, server_process

ATTACKERS = 16
REPLIES = 100
#: As much slower as a visitor's slowest reply in a hundred may become.
SLOWER_AT_MOST = 5.0
PATIENCE_SECONDS = 120.0

#: Its kind, its name, and what is sent.
Piece = tuple[str, str, Any]


def pictures() -> Iterator[tuple[str, bytes]]:
    """What unpacks to gigabytes, claims to, is cut off, or takes its time."""
    noise = Image.effect_noise((3_900, 4_000), 90).convert("RGB")
    yield from (
        ("WebP of 50 MP", _picture(Image.new("RGB", (8_000, 6_300)), "WEBP")),
        ("PNG of 100 MP", _picture(Image.new("1", (10_000, 10_000)), "PNG")),
        ("PNG of 15 MP", _picture(Image.new("RGBA", (3_900, 3_900)), "PNG")),
        ("JPEG of 49 MP", _picture(Image.new("RGB", (8_000, 6_125)), "JPEG", progressive=True, subsampling=0)),
        ("JPEG of noise", _picture(noise, "JPEG", quality=80)),
        ("JPEG cut off", _picture(noise, "JPEG", quality=30)[:200_000]),
        ("JPEG that claims", _claiming(_picture(Image.new("RGB", (40, 20)), "JPEG"))),
        (
            "GIF of frames",
            _picture(Image.new("P", (99, 99)), "GIF", save_all=True, append_images=[Image.new("P", (9, 9))]),
        ),
        ("no picture", b"\xff\xd8\xff\xe0" + bytes(9_000_000)),
        ("zeros in a PDF", b"%PDF-1.7" + zlib.compress(bytes(50_000_000))),
    )


def bodies() -> Iterator[tuple[str, bytes]]:
    """What is no message of our page."""
    deep = 60_000
    yield from (
        ("nested lists", b"[" * deep + b"]" * deep),
        ("nested tables", b'{"a":' * 20_000 + b"1" + b"}" * 20_000),
        ("no JSON", b"\xff\xfe" * 60_000),
        ("a number of digits", b'{"id":"aaaaaaaa","latitude":' + b"9" * 100_000 + b"}"),
        ("many keys", json.dumps({f"k{number}": number for number in range(8_000)}).encode()),
        ("too large", b'{"text":"' + b"x" * 3_000_000 + b'"}'),
        ("uploads of nobody", json.dumps({"id": "aaaaaaaa", "attachments": ["0" * 32] * 10}).encode()),
    )


def texts() -> list[str]:
    """As long as the counter reads, made of what patterns stumble over."""
    made_of = (*COMMON, "fuego. ", "calle Hidalgo ", "\ufdfa", "de la calle ", "xq z ", "me llamo Juan de ")
    return ["a" + " " * 1_998 + "b", *((each * 10_000)[:10_000] for each in made_of)]


def pieces(count: int = 200) -> list[Piece]:
    """So many of all three kinds, in turns."""
    kinds: list[list[Piece]] = [
        [("pictures", name, content) for name, content in pictures()],
        [("bodies", name, content) for name, content in bodies()],
        [("texts", text[:12], text) for text in texts()],
    ]
    return [kind[number % len(kind)] for number in range(count) for kind in kinds][:count]


@dataclass
class Visitor:
    """Somebody in the web chat, from an address of their own."""

    url: str
    source: str
    token: str = ""
    after: int = 0
    _session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> "Visitor":
        connector = aiohttp.TCPConnector(local_addr=(self.source, 0))
        timeout = aiohttp.ClientTimeout(total=PATIENCE_SECONDS)
        self._session = aiohttp.ClientSession(self.url, connector=connector, timeout=timeout)
        self.token = (await (await self.post("/chat/session", b"")).json())["token"]
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._session is not None
        await self._session.close()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"} if self.token else {}

    async def post(self, path: str, body: Any) -> aiohttp.ClientResponse:
        assert self._session is not None
        answer = await self._session.post(path, data=body, headers=self.headers)
        await answer.read()
        return answer

    async def say(self, text: str) -> aiohttp.ClientResponse:
        return await self.post("/chat/messages", json.dumps({"id": str(uuid.uuid4()), "text": text}).encode())

    async def hear(self) -> None:
        """Wait for what comes next."""
        assert self._session is not None
        path = f"/chat/messages?after={self.after}&wait=20"
        async with self._session.get(path, headers=self.headers) as answer:
            mail = await answer.json()
        self.after = mail[-1]["id"]


@dataclass
class Attack:
    """What is thrown, and what became of it."""

    url: str
    outcomes: dict[str, Counter[str]] = field(
        default_factory=lambda: {"pictures": Counter(), "bodies": Counter(), "texts": Counter()}
    )
    said: Counter[str] = field(default_factory=Counter)

    async def run(self, pieces: Iterable[Piece]) -> None:
        """All of it, by so many attackers at a time."""
        turns = iter(pieces)
        await asyncio.gather(self._half_sent(), *(self._attacker(number, turns) for number in range(ATTACKERS)))

    async def _attacker(self, number: int, turns: Iterator[Piece]) -> None:
        async with Visitor(self.url, f"127.0.2.{number + 1}") as eva:
            for group, name, content in turns:
                try:
                    outcome = str(await self._throw(eva, group, content))
                except (aiohttp.ClientError, TimeoutError) as error:
                    outcome = type(error).__name__
                self.outcomes[group][outcome] += 1
                self.said[f"{name} {outcome}"] += 1

    async def _throw(self, eva: Visitor, group: str, content: Any) -> int:
        if group == "texts":
            return (await eva.say(content)).status
        if group == "bodies":
            return (await eva.post("/chat/messages", content)).status
        form = aiohttp.FormData()
        form.add_field("file", BytesIO(content), filename="file")
        return (await eva.post("/chat/attachments", form)).status

    async def _half_sent(self) -> None:
        """Requests that begin and do not go on."""
        host, port = self.url.removeprefix("http://").split(":")
        heads = (
            b"POST /chat/messages HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n{",
            b"GET / HTTP/1.1\r\nX: ",
        )
        for number in range(40):
            _, writer = await asyncio.open_connection(host, int(port), local_addr=(f"127.0.3.{number + 1}", 0))
            writer.write(heads[number % 2])
            await writer.drain()


async def replies(url: str, until: "asyncio.Task[None] | None" = None) -> list[float]:
    """How long a visitor waits for each reply, in milliseconds, who files one report after the other."""
    waited: list[float] = []
    people = 0
    while len(waited) < REPLIES or (until is not None and not until.done()):
        people += 1
        async with Visitor(url, f"127.0.1.{people % 250 + 1}") as ana:
            for text in SCRIPT:
                begun = time.perf_counter()
                answer = await ana.say(text)
                assert answer.status == 200, await answer.text()
                await ana.hear()
                waited.append(1000 * (time.perf_counter() - begun))
                await asyncio.sleep(0.05)
    return waited


async def main() -> bool:
    """Print what was seen; whether the second visitor was left alone."""
    with tempfile.TemporaryDirectory(prefix="bench-hostile-") as folder:
        thrown = pieces()
        async with server_process(Path(folder), port=free_port(), WEBCHAT="on", DEMO="off", HOST="127.0.0.1") as server:
            await replies(server.url)  # warm
            quiet = await replies(server.url)
            attack = Attack(server.url)
            begun = time.perf_counter()
            under_way = asyncio.create_task(attack.run(thrown))
            loud = await replies(server.url, under_way)
            await under_way
            return _show(server, quiet, loud, attack, time.perf_counter() - begun)


def _show(server: ServerProcess, quiet: list[float], loud: list[float], attack: Attack, seconds: float) -> bool:
    print(f"{'':<16}{'replies':>9}{'p50 ms':>9}{'p99 ms':>9}{'most ms':>9}")
    for name, waited in (("quiet", quiet), ("under attack", loud)):
        middle, most = statistics.median(waited), max(waited)
        print(f"{name:<16}{len(waited):>9}{middle:>9.1f}{_p99(waited):>9.1f}{most:>9.1f}")
    for group, outcomes in attack.outcomes.items():
        print(f"{group}: " + ", ".join(f"{count} x {outcome}" for outcome, count in sorted(outcomes.items())))
    for what, count in sorted(attack.said.items()):
        print(f"    {count:>3} x {what!r}")
    ratio = _p99(loud) / _p99(quiet)
    count = sum(map(Counter.total, attack.outcomes.values()))
    print(f"{count} in {seconds:.1f} s; the process took {_memory(server)} MB at most")
    print(f"slowest in a hundred: {ratio:.1f} times the quiet one (at most {SLOWER_AT_MOST:.0f})")
    return ratio <= SLOWER_AT_MOST


def _memory(server: ServerProcess) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="utf-8")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) // 1024


def _p99(waited: list[float]) -> float:
    return sorted(waited)[int(0.99 * (len(waited) - 1))]


def _picture(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _claiming(jpeg: bytes) -> bytes:
    size = (20).to_bytes(2, "big") + (40).to_bytes(2, "big")
    return jpeg.replace(size, b"\xfd\xe8\xfd\xe8")
