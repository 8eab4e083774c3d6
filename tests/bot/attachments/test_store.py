"""Attachments: what is kept of them, under which type, and what is refused."""

from collections.abc import AsyncIterator, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.attachments.files import Files
from bot.attachments.store import BYTES_AT_MOST, AttachmentRefused, FileStore, content_type_of
from tests.fakes.s3 import s3

GPS = 0x8825
ORIENTATION = 0x0112
MAKER = 0x010F

LET_THROUGH = {
    *("image/jpeg", "image/png", "image/gif", "image/webp", "image/heic"),
    *("audio/ogg", "audio/amr", "audio/mpeg", "audio/mp4"),
    *("video/mp4", "video/3gpp", "application/pdf", "application/octet-stream"),
}


def photo(kind: str = "JPEG", *, orientation: int = 1, size: tuple[int, int] = (40, 20)) -> bytes:
    """A picture whose left half is red and right half blue, with a place and a camera in its EXIF."""
    picture = Image.new("RGB", size, "blue")
    picture.paste("red", (0, 0, size[0] // 2, size[1]))
    exif = Image.Exif()
    exif[MAKER] = "Camara"
    exif[ORIENTATION] = orientation
    exif.get_ifd(GPS).update({1: "N", 2: (20.0, 22.0, 48.0), 3: "W", 4: (102.0, 55.0, 12.0)})
    out = BytesIO()
    picture.save(out, kind, exif=exif)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    picture = Image.open(BytesIO(content))
    picture.load()
    return picture


@pytest.fixture(scope="module")
def bucket() -> Iterator[Files]:
    """One for all: to get ready to talk to S3 takes its client half a second."""
    with pytest.MonkeyPatch.context() as environ:
        for name, value in s3().environ.items():
            environ.setenv(name, value)
        yield Files(s3().new_folder())


@pytest.fixture(params=["file", "s3"])
async def files(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FileStore]:
    """Whatever is promised holds in a folder and on an S3 server."""
    store = FileStore(f"file://{tmp_path}/media")
    if request.param == "s3":
        store._files = request.getfixturevalue("bucket")  # type: ignore[misc]
    yield store
    await store.close()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
async def test_a_photo_is_kept_without_the_place_where_it_was_taken(files: FileStore, kind: str):
    """A resident's photo must not tell where they live."""
    original = photo(kind)
    assert opened(original).getexif().get_ifd(GPS)

    stored = await files.save(original)

    kept = await files.read(stored.key)
    assert stored.content_type == f"image/{kind.lower()}"
    assert stored.size == len(kept)
    assert not dict(opened(kept).getexif())
    assert b"Camara" not in kept


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_a_photo_stands_as_the_phone_showed_it(files: FileStore, orientation: int):
    """Phones turn pictures by a tag; dropping the tag alone would lay them on their side."""
    stored = await files.save(photo(orientation=orientation))
    picture = opened(await files.read(stored.key))

    # The red half is left in the file; after each turn or mirroring it is where the tag says.
    where = {1: "left", 2: "right", 3: "right", 4: "left", 5: "top", 6: "top", 7: "bottom", 8: "bottom"}[orientation]
    width, height = picture.size
    assert (width, height) == ((40, 20) if where in {"left", "right"} else (20, 40))
    point = {
        "left": (5, height // 2),
        "right": (width - 5, height // 2),
        "top": (width // 2, 5),
        "bottom": (width // 2, height - 5),
    }[where]
    red, _, blue = picture.convert("RGB").getpixel(point)
    assert red > 200 > 100 > blue


async def test_what_hides_behind_the_end_of_a_picture_goes(files: FileStore):
    """Some phones hang a film, with its place, behind the picture."""
    stored = await files.save(photo() + b"ftypmp42 GPS 20.38")
    assert b"GPS" not in await files.read(stored.key)


async def test_a_phones_double_picture_becomes_a_plain_one(files: FileStore):
    """The second picture has its own place in it."""
    out = BytesIO()
    first, second = Image.new("RGB", (30, 30), "red"), Image.new("RGB", (30, 30), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    stored = await files.save(out.getvalue())
    picture = opened(await files.read(stored.key))
    assert picture.format == "JPEG"
    assert getattr(picture, "n_frames", 1) == 1


async def test_colours_stay(files: FileStore):
    """The colour profile says nothing of a person, and without it colours shift."""
    picture = Image.new("RGB", (8, 8), "green")
    out = BytesIO()
    picture.save(out, "JPEG", icc_profile=b"profile" * 20)
    stored = await files.save(out.getvalue())
    assert opened(await files.read(stored.key)).info["icc_profile"] == b"profile" * 20


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xff\xd8\xff\xe0\x00\x10JFIF\x00", "image/jpeg"),
        (b"\xff\xd8\xff\xe1\x1c\x06Exif\x00", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "image/png"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(17) + b"\x00\x00\x00\x08acTL", "image/png"),
        (b"GIF87a...", "image/gif"),
        (b"GIF89a...", "image/gif"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7 ...", "application/pdf"),
        (b"OggS\x00\x02\x00\x00OpusHead", "audio/ogg"),
        (b"#!AMR\n\x3c\x91\x17\x16\xbe\x66", "audio/amr"),
        (b"#!AMR-WB\n\x3c\x91\x17", "audio/amr"),
        (b"ID3\x04\x00\x00", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\x00", "audio/mpeg"),
        (b"\xff\xf3\x84\xc4\x00", "audio/mpeg"),
        (b"\x00\x00\x00\x1cftypM4A \x00\x00\x02\x00M4A isom", "audio/mp4"),
        (b"\x00\x00\x00\x18ftypmp42", "video/mp4"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41", "video/mp4"),
        (b"\x00\x00\x00\x1cftypM4V \x00\x00\x02\x00M4V isom", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  ", "video/mp4"),
        (b"\x00\x00\x00\x18ftyp3gp4\x00\x00\x00\x00isom3gp4", "video/3gpp"),
        (b"\x00\x00\x00\x24ftypheic\x00\x00\x00\x00mif1MiHEmiafheic", "image/heic"),
        (b"\x00\x00\x00\x1cftypheix\x00\x00\x00\x00mif1heix", "image/heic"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00\x00\x00mif1heic", "image/heic"),
        (b"\x00\x00\x00\x18ftypmsf1\x00\x00\x00\x00hevcmsf1", "image/heic"),
        (b"\x00\x00\x00\x1cftypavif\x00\x00\x00\x00mif1avif", "application/octet-stream"),
        (b"<html><script>alert(1)</script>", "application/octet-stream"),
        (b"<?xml version='1.0'?><svg onload='x'/>", "application/octet-stream"),
        (b"#!/bin/sh\n", "application/octet-stream"),
        (b"PK\x03\x04", "application/octet-stream"),
        (b"MZ\x90\x00\x03", "application/octet-stream"),
        (b"\x7fELF\x02\x01", "application/octet-stream"),
        (b"CWS\x0a\x00\x00", "application/octet-stream"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "application/octet-stream"),
        (b"\x1a\x45\xdf\xa3\x42\x82\x88matroska", "application/octet-stream"),
        (b"{\\rtf1", "application/octet-stream"),
        (b"RIFF\x00\x00\x00\x00WAVE", "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_a_type_is_told_by_the_content(content: bytes, expected: str):
    """What could run in a browser is only ever downloaded."""
    assert content_type_of(content) == expected


@given(
    start=st.sampled_from(
        [b"", b"\xff\xd8", b"\x89PNG\r\n\x1a\n", b"RIFF", b"\x00\x00\xff\xffftyp", b"#!AMR", b"%PDF"]
    ),
    rest=st.binary(max_size=40),
)
def test_a_type_is_one_of_those_that_are_let_through(start: bytes, rest: bytes):
    """Whatever the bytes are; and a pagefull of markup before them makes no difference."""
    assert content_type_of(start + rest) in LET_THROUGH
    assert content_type_of(b"<script>" + start + rest) == "application/octet-stream"


async def test_what_was_kept_is_told_by_its_first_bytes(files: FileStore):
    """A large file is not read for it; the answer is the one that was given when it came."""
    for content in (b"%PDF-1.7" + bytes(50_000), b"\x00\x00\x00\x18ftypheic" + bytes(50_000), photo("PNG")):
        stored = await files.save(content)
        assert await files.content_type(stored.key) == stored.content_type


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"%PDF-" + bytes(BYTES_AT_MOST), "20 MB"),
        (b"\xff\xd8\xff\xe0 broken", "cannot be read"),
        (photo()[:200], "cannot be read"),
    ],
    ids=["empty", "too large", "not a picture", "cut off"],
)
async def test_what_cannot_be_kept_is_refused_with_its_reason(files: FileStore, content: bytes, says: str):
    with pytest.raises(AttachmentRefused, match=says):
        await files.save(content)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_a_picture_of_too_many_pixels_is_kept_as_a_file(files: FileStore, kind: str):
    """A small file can hold a picture that fills the memory of whoever unpacks it: nobody does."""
    stored = await files.save(photo(kind, size=(4_400, 4_000)))
    assert stored.content_type == await files.content_type(stored.key) == "application/octet-stream"

    kept = await files.read(stored.key)
    assert b"Camara" not in kept
    picture = opened(kept)
    assert (picture.size, picture.format) == ((4_400, 4_000), kind)
    assert not dict(picture.getexif())


async def test_a_film_of_pictures_is_no_picture(files: FileStore):
    """A GIF is kept as it came, unless it claims to be larger than anybody can look at."""
    frames = [Image.new("P", (50, 50), number % 250) for number in range(500)]
    out = BytesIO()
    frames[0].save(out, "GIF", save_all=True, append_images=frames[1:])
    assert (await files.save(out.getvalue())).content_type == "image/gif"

    bomb = b"GIF89a" + bytes([255, 255, 255, 255]) + out.getvalue()[10:]
    assert (await files.save(bomb)).content_type == "application/octet-stream"


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
async def test_a_large_picture_that_is_cut_off_is_refused(files: FileStore, kind: str):
    with pytest.raises(AttachmentRefused, match="ends too early"):
        await files.save(photo(kind, size=(4_400, 4_000))[:-40])


async def test_keys_cannot_be_guessed_or_bent(files: FileStore):
    """Nobody reads the machine's files by asking for them as attachments."""
    first, second = await files.save(b"%PDF-1"), await files.save(b"%PDF-1")
    assert first.key != second.key
    for key in ("../../etc/passwd", "/etc/passwd", "", first.key.upper(), first.key[:-1] + "/"):
        with pytest.raises(FileNotFoundError):
            await files.read(key)


async def test_a_deleted_file_is_gone(files: FileStore):
    stored = await files.save(b"%PDF-1")
    assert await files.has(stored.key)
    assert await files.size(stored.key) == 6
    await files.delete(stored.key)
    await files.delete(stored.key)
    assert not await files.has(stored.key)


async def test_its_keys_are_what_is_kept(files: FileStore):
    """And what was kept before can be put back under its key."""
    before = await files.keys()
    stored = await files.save(b"%PDF-1")
    await files.put("0" * 32, b"%PDF-2")
    assert await files.keys() == before | {stored.key, "0" * 32}
    assert stored.key not in before
    assert await files.read("0" * 32) == b"%PDF-2"
    with pytest.raises(FileNotFoundError):
        await files.put("../x", b"")
    for ask in (files.read, files.size, files.content_type):
        with pytest.raises(FileNotFoundError):
            await ask("1" * 32)
