"""`make bench`: the answer engine beside rapidfuzz, then both bots in turn at 1 and at 64 messages in flight.

Ours once more where a fifth of the messages are free questions. The ratios are what counts, not the times and rates.
`--scale` instead: the database with many tickets beside few.
"""

import argparse
import asyncio
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NamedTuple

import uvloop

from tests.bench import answers, hostile, reading, scale
from tests.bench.driver import FakeApi, Measured, asking, drive
from tests.bench.processes import cpu_seconds
from tests.databases import DIALECTS

IN_FLIGHT = (1, 64)
#: Less than this in a second is doing nothing.
_IDLE_SECONDS = 0.05


class Run(NamedTuple):
    """What one bot did at one number in flight."""

    who: str
    measured: Measured
    #: Milliseconds of CPU a message, of all its processes.
    cpu: float


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def running(command: list[str], port: int) -> AsyncIterator[int]:
    """A bot in a process of its own, ready; its id. Ended by that."""
    process = subprocess.Popen([sys.executable, *command])
    try:
        for _ in range(300):
            if process.poll() is not None:
                raise RuntimeError(f"{command[1]} ended with {process.returncode}")
            if await asyncio.to_thread(_is_ready, port):
                break
            await asyncio.sleep(0.1)
        else:
            raise RuntimeError(f"{command[1]} did not get ready")
        await _settled(process.pid)
        yield process.pid
    finally:
        process.terminate()
        await asyncio.to_thread(process.wait, 20)


async def _settled(pid: int) -> None:
    """Until it does nothing for a second, a minute at most: what it starts beside the server is ready then."""
    for _ in range(60):
        before = cpu_seconds(pid)
        await asyncio.sleep(1)
        if not cpu_seconds(pid) - before > _IDLE_SECONDS:
            return


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


async def measure(name: str, fake: FakeApi, folder: Path, seconds: float, postgres: str | None) -> list[Run]:
    """One bot, fresh, at each number in flight; ours with questions, too."""
    port = free_port()
    if name == "plain":
        command = ["-m", "tests.bench.plain_bot", str(port), str(fake.port), str(folder / "plain.db")]
    else:
        url = postgres or f"sqlite:///{folder}/ventanilla.db"
        command = ["-m", "tests.bench.product", str(port), str(fake.port), str(folder), url]
    asked = answers.questions(250)
    async with running(command, port) as pid:
        url = f"http://127.0.0.1:{port}/hooks/telegram"
        await drive(url, fake, in_flight=8, seconds=1)  # warm
        found = []
        for who, scripts in {name: None, **({} if name == "plain" else {"questions": asking(asked)})}.items():
            for in_flight in IN_FLIGHT:
                before = cpu_seconds(pid)
                run = await drive(url, fake, in_flight=in_flight, seconds=seconds, scripts=scripts)
                found.append(Run(who, run, 1000 * (cpu_seconds(pid) - before) / max(1, run.messages)))
        return found


async def main(seconds: float, rounds: int) -> None:
    """Take turns, print a line a run, and the ratio of the medians last."""
    fake = FakeApi(free_port())
    server = await fake.serve()
    rates: dict[tuple[str, int], list[float]] = {}
    print("questions: ours, a fifth of the messages being free questions; cpu: of the bot's processes, a message")
    print(f"{'bot':<11}{'in flight':>9}{'messages/s':>12}{'p50 ms':>9}{'p99 ms':>9}{'cpu ms':>8}{'refused':>9}")
    for number in range(rounds):
        for name in ("ventanilla", "plain"):
            with tempfile.TemporaryDirectory(prefix=f"bench-{name}-{number}-") as folder:
                for who, run, cpu in await measure(name, fake, Path(folder), seconds, None):
                    rates.setdefault((who, run.in_flight), []).append(run.rate)
                    print(
                        f"{who:<11}{run.in_flight:>9}{run.rate:>12.0f}{run.median:>9.2f}"
                        f"{run.percentile(0.99):>9.2f}{cpu:>8.2f}{run.refused:>9}",
                        flush=True,
                    )
    for in_flight in IN_FLIGHT:
        ours, asked, plain = (
            sorted(rates[name, in_flight])[rounds // 2] for name in ("ventanilla", "questions", "plain")
        )
        print(f"ratio at {in_flight} in flight: {ours / plain:.1f}; time with questions / without: {ours / asked:.2f}")
    server.should_exit = True
    await server.bench_task  # type: ignore[attr-defined] # kept there by the driver


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each run (5)")
    parser.add_argument("--rounds", type=int, default=3, help="turns of each bot (3)")
    only = parser.add_mutually_exclusive_group()
    only.add_argument("--answers-only", action="store_true", help="leave the bots out")
    only.add_argument("--messages-only", action="store_true", help="leave the answer engine out")
    only.add_argument("--hostile", action="store_true", help="200 hostile inputs, and what a second visitor notices")
    only.add_argument("--reading", action="store_true", help="instead: how long a message's reading takes")
    only.add_argument("--scale", action="store_true", help="instead: many tickets beside few, on both databases")
    parser.add_argument("--sizes", type=int, nargs=2, default=(10_000, 1_000_000), help="few and many (10000 1000000)")
    parser.add_argument("--dialects", nargs="+", choices=DIALECTS, default=DIALECTS, help="for --scale (both)")
    options = parser.parse_args()
    if options.scale:
        scale.show(tuple(options.sizes), 25, tuple(options.dialects))
        sys.exit()
    if options.reading:
        reading.show()
        sys.exit()
    if options.hostile:
        sys.exit(0 if asyncio.run(hostile.main()) else 1)
    if not options.messages_only:
        answers.show()
    if not options.answers_only:
        uvloop.install()
        asyncio.run(main(options.seconds, options.rounds))
