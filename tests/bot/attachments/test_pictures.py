"""Pictures are cleaned in a process of their own: what is too much for it ends it, and the next picture is fine."""

import asyncio
import os
import struct
import subprocess
import sys
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.attachments import pictures as cleaning
from bot.attachments.containers import pixels
from bot.attachments.pictures import PIXELS_AT_MOST, BrokenPicture, Pictures, PicturesClosed
from tests.harness import ROOT

#: Most of what Python and Pillow take for themselves.
TIGHT = 60 * 1024 * 1024


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: object) -> bytes:
    out = BytesIO()
    Image.new(mode, size).save(out, kind, **options)
    return out.getvalue()


def size_of(content: bytes) -> tuple[int, int]:
    return Image.open(BytesIO(content)).size


def png_that_claims(width: int, height: int) -> bytes:
    """A few hundred bytes whose head promises any number of pixels."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    body = zlib.compress(bytes(1000))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.fixture
async def pictures() -> AsyncIterator[Pictures]:
    made = Pictures()
    yield made
    await made.close()


def bombs() -> dict[str, Callable[[], bytes]]:
    return {
        "a WebP of 50 megapixels": lambda: picture("WEBP", (8_000, 6_300)),
        "a PNG of 90 megapixels": lambda: picture("PNG", (10_000, 9_000), "1"),
        "a PNG that only claims": lambda: png_that_claims(60_000, 60_000),
        "a JPEG that only claims": lambda: picture().replace(
            struct.pack(">HH", 20, 40), struct.pack(">HH", 65_000, 65_000)
        ),
        "a JPEG that is cut off": lambda: picture(size=(900, 900))[:4000],
        "no picture": lambda: b"\xff\xd8\xff\xe0" + os.urandom(5000),
        "nothing": lambda: b"",
    }


@pytest.mark.parametrize("name", bombs())
async def test_a_bomb_costs_the_counter_nothing(pictures: Pictures, name: str):
    """It is refused, and the next picture is fine."""
    with pytest.raises(BrokenPicture):
        await pictures.without_metadata(bombs()[name]())
    assert size_of(await pictures.without_metadata(picture())) == (40, 20)


@pytest.mark.parametrize("options", [{}, {"progressive": True, "subsampling": 0}], ids=["plain", "progressive"])
async def test_a_jpeg_of_49_megapixels_is_read_smaller(pictures: Pictures, options: dict[str, object]):
    """What a good telephone takes, upright and in full, is more than anybody looks at."""
    exif = Image.Exif()
    exif[0x0112] = 6
    kept = await pictures.without_metadata(picture(size=(8_000, 6_125), exif=exif, **options))
    width, height = size_of(kept)
    assert PIXELS_AT_MOST / 4 < width * height <= PIXELS_AT_MOST
    assert (width, height) == (3_063, 4_000)
    assert not dict(Image.open(BytesIO(kept)).getexif())


async def test_a_jpeg_of_16_megapixels_stays_as_large_as_it_is(pictures: Pictures):
    assert size_of(await pictures.without_metadata(picture(size=(4_000, 4_000)))) == (4_000, 4_000)


async def test_a_picture_that_takes_too_much_memory_is_refused():
    """The limit is the kernel's: whatever the decoder does, the machine keeps its memory."""
    small = Pictures(memory=TIGHT)
    with pytest.raises(BrokenPicture):
        await small.without_metadata(picture("PNG", (4_000, 4_000)))
    assert size_of(await small.without_metadata(picture())) == (40, 20)
    await small.close()


async def test_a_picture_that_takes_too_much_time_is_refused():
    """By the clock: the process is ended, and another one begun for the next."""
    hasty = Pictures(seconds=0.0)
    with pytest.raises(BrokenPicture, match="too much time"):
        await hasty.without_metadata(picture("PNG", (3_000, 3_000)))
    assert hasty.pid is None
    await hasty.close()


async def test_a_picture_that_takes_too_much_of_the_processor_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """By the kernel's count, also where nobody looks at a clock."""
    slow = tmp_path / "decoder.py"
    program = (Path(cleaning.__file__).with_name("decoder.py")).read_text(encoding="utf-8")
    slow.write_text(program.replace("with Image.open(", "while True: pass\n    with Image.open("), encoding="utf-8")
    monkeypatch.setattr(cleaning, "_PROGRAM", slow)
    endless = Pictures(processor_seconds=0)
    with pytest.raises(BrokenPicture, match="memory or time"):
        await endless.without_metadata(picture())
    await endless.close()


async def test_a_process_that_was_ended_by_somebody_else_is_replaced(pictures: Pictures):
    """The kernel takes memory where it finds it: the next picture is not refused for that."""
    await pictures.without_metadata(picture())
    first = pictures.pid
    assert first is not None
    os.kill(first, 9)
    assert size_of(await pictures.without_metadata(picture())) == (40, 20)
    assert pictures.pid not in {None, first}


async def test_pictures_take_turns_and_the_counter_goes_on(pictures: Pictures):
    """One process, one picture at a time; whoever waits for it keeps nobody else from working."""
    large = picture("PNG", (2_500, 2_500))
    waiting = [asyncio.create_task(pictures.without_metadata(large)) for _ in range(4)]
    ticks = 0
    while not all(task.done() for task in waiting):
        await asyncio.sleep(0.01)
        ticks += 1
    assert {size_of(task.result()) for task in waiting} == {(2_500, 2_500)}
    assert ticks > 4


async def test_one_who_gives_up_spoils_nothing_for_the_next(pictures: Pictures):
    """Half of an answer is nobody else's."""
    await pictures.without_metadata(picture())
    given_up = asyncio.create_task(pictures.without_metadata(picture("PNG", (3_000, 3_000))))
    await asyncio.sleep(0.05)
    given_up.cancel()
    with suppress(asyncio.CancelledError):
        await given_up
    assert size_of(await pictures.without_metadata(picture(size=(33, 44)))) == (33, 44)


async def test_an_idle_process_gives_its_memory_back():
    brief = Pictures(idle_seconds=0.0)
    await brief.without_metadata(picture())
    async with asyncio.timeout(20):
        while brief.pid is not None:
            await asyncio.sleep(0.01)
    assert size_of(await brief.without_metadata(picture())) == (40, 20)
    await brief.close()


async def test_the_end_waits_for_no_picture():
    """What was being cleaned can be sent again: it is not called broken."""
    ending = Pictures()
    await ending.without_metadata(picture())
    tasks = [asyncio.create_task(ending.without_metadata(picture("PNG", (4_000, 4_000)))) for _ in range(3)]
    await asyncio.sleep(0.05)
    await ending.close()
    assert all(isinstance(each, PicturesClosed) for each in await asyncio.gather(*tasks, return_exceptions=True))
    assert ending.pid is None


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it ends when it next looks at its input")
def test_it_ends_with_its_parent():
    """However that ended: nobody is there to tell it."""
    program = (
        "import asyncio, os, sys\n"
        "from bot.attachments.pictures import Pictures\n"
        "async def main():\n"
        "    made = Pictures()\n"
        "    await made.without_metadata(sys.stdin.buffer.read())\n"
        "    print(made.pid, flush=True)\n"
        "    os.kill(os.getpid(), 9)\n"
        "asyncio.run(main())\n"
    )
    ended = subprocess.run([sys.executable, "-c", program], input=picture(), capture_output=True, cwd=ROOT, check=False)
    assert ended.returncode == -9, ended.stderr.decode()
    pid = int(ended.stdout)
    for _ in range(500):
        state = Path(f"/proc/{pid}/stat")
        if not state.exists() or state.read_text(encoding="utf-8").rsplit(")", 1)[1].split()[0] == "Z":
            return
        subprocess.run(["sleep", "0.02"], check=True)
    raise AssertionError("it lives on")


def test_the_process_knows_nothing_of_the_house():
    """It is small because of that."""
    program = Path(cleaning.__file__).with_name("decoder.py").read_text(encoding="utf-8")
    assert not [line for line in program.splitlines() if line.startswith(("from bot", "from handlers", "import bot"))]
    assert "PIL" not in Path(cleaning.__file__).read_text(encoding="utf-8").replace("Pillow", "")


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("options", [{}, {"lossless": True}, {"exif": Image.Exif().tobytes()}])
def test_the_size_is_read_off_the_head(kind: str, options: dict[str, object]):
    """As Pillow reads it, without unpacking anything."""
    content = picture(kind, (123, 45), **(options if kind == "WEBP" else {}))
    assert pixels(content) == 123 * 45
    assert pixels(picture()) is None
    assert pixels(content[:9]) is None
