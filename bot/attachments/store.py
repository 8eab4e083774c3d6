"""Owns the store of attachments: a folder, or S3-compatible storage. Knows no vendor, no row and no ticket."""

import asyncio
import contextlib
import secrets
from dataclasses import dataclass
from typing import Final

import filetype  # type: ignore[import-untyped]  # it ships no types
from filetype.types import archive, audio, image  # type: ignore[import-untyped]  # it ships no types
from fsspec.core import url_to_fs  # type: ignore[import-untyped]  # it ships no types

from bot.attachments.containers import BrokenContainer, pixels, without_tales
from bot.attachments.pictures import PIXELS_AT_MOST, BrokenPicture, Pictures

#: Larger attachments are refused. Telegram: getFile serves at most 20 MB; WhatsApp: 16 MB.
BYTES_AT_MOST: Final = 20 * 1024 * 1024

#: What cannot be told, or could run in a browser: kept as bytes that are downloaded, never shown.
UNKNOWN_TYPE: Final = "application/octet-stream"

_PICTURES: Final = frozenset({"image/jpeg", "image/png", "image/webp"})

#: The types that we let through, told by the first bytes; what a vendor or a browser says of a file is not believed.
_KNOWN: Final = (
    image.Jpeg(),
    image.Png(),
    image.Gif(),
    image.Webp(),
    audio.Ogg(),
    audio.Amr(),
    audio.Mp3(),
    archive.Pdf(),
)

#: Films, sound and pictures in the container of ISO 14496-12, by the brand that they begin with; the others are films.
#: Ours: filetype takes 3GP for MP4, knows one of HEIC's brands in four, and QuickTime only by one layout.
_BRANDS: Final = {
    b"3gp": "video/3gpp",
    b"M4A": "audio/mp4",
    b"hei": "image/heic",
    b"hev": "image/heic",
    b"mif": "image/heic",
    b"msf": "image/heic",
    b"avi": UNKNOWN_TYPE,
}

#: More than a file system keeps beside a file's name: a full disk has no room for it.
_PROOF_BYTES: Final = 8192

#: As many as the library looks at.
_FIRST_BYTES: Final = 8192


class AttachmentRefused(Exception):
    """The attachment is not kept: too large, empty or broken. Trying again is of no use."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """What was kept."""

    #: Cannot be guessed.
    key: str
    #: By its content.
    content_type: str
    size: int


class FileStore:
    """Attachments by key. All methods wait in a thread, so that the event loop goes on."""

    def __init__(self, url: str, pictures: Pictures | None = None) -> None:
        self._pictures = pictures or Pictures()
        self._files, self._root = url_to_fs(url, auto_mkdir=True) if url.startswith("file:") else url_to_fs(url)

    async def save(self, content: bytes, key: str | None = None) -> StoredFile:
        """Keep an attachment under a new key: its type told by its content, pictures without place and camera.

        key: of `new_key`, for whoever wrote it down before.
        Raises AttachmentRefused, and OSError where the store cannot be written or the counter ends.
        """
        _check_size(content)
        content_type = content_type_of(content)
        try:
            if content_type in _PICTURES:
                content = await self._pictures.without_metadata(content)
            elif is_large_picture(content):
                content = without_tales(content)
        except (BrokenPicture, BrokenContainer) as broken:
            raise AttachmentRefused(str(broken)) from broken
        key = key or new_key()
        await asyncio.to_thread(self._files.pipe_file, self._path(key), content)
        return StoredFile(key, content_type, len(content))

    async def close(self) -> None:
        """Take nothing more; end the process that cleans pictures."""
        await self._pictures.close()

    async def read(self, key: str) -> bytes:
        """The content. Raises FileNotFoundError, and other OSErrors where the store cannot be read."""
        return await asyncio.to_thread(self._read, key)

    async def has(self, key: str) -> bool:
        """Whether something is kept under a key."""
        return await asyncio.to_thread(lambda: bool(self._files.exists(self._path(key))))

    async def size(self, key: str) -> int:
        """Bytes kept under a key. Raises FileNotFoundError."""
        return await asyncio.to_thread(lambda: int(self._files.size(self._path(key))))

    async def delete(self, key: str) -> None:
        """Forget a file; none is no mistake."""
        await asyncio.to_thread(self._delete, key)

    async def prove(self, name: str) -> None:
        """Write something, read it again and take it away. Raises OSError where that does not work.

        name: another for each process that shares the store.
        """
        await asyncio.to_thread(self._prove, f"{self._root}/.proof-{name}")

    async def content_type(self, key: str) -> str:
        """The type by the first bytes. Raises FileNotFoundError."""
        return await asyncio.to_thread(
            lambda: content_type_of(bytes(self._files.cat_file(self._path(key), start=0, end=_FIRST_BYTES)))
        )

    def _read(self, key: str) -> bytes:
        return bytes(self._files.cat_file(self._path(key)))

    def _delete(self, key: str) -> None:
        path = self._path(key)
        if self._files.exists(path):
            self._files.rm_file(path)

    def _prove(self, path: str) -> None:
        written = secrets.token_bytes(_PROOF_BYTES)
        try:
            self._files.pipe_file(path, written)
            if bytes(self._files.cat_file(path)) != written:
                raise OSError("what was written is not what is read")
        finally:
            with contextlib.suppress(OSError):
                self._files.rm_file(path)

    def _path(self, key: str) -> str:
        """Where a key lies. Only keys of ours: a path that leads elsewhere is none."""
        if not (len(key) == 32 and set(key) <= set("0123456789abcdef")):
            raise FileNotFoundError("no such attachment")
        return f"{self._root}/{key[:2]}/{key}"


def new_key() -> str:
    """A key that nobody can guess."""
    return secrets.token_hex(16)


def is_large_picture(content: bytes) -> bool:
    """Whether it is kept as a file because it has too many pixels to be shown. A JPEG is read smaller instead."""
    return (pixels(content) or 0) > PIXELS_AT_MOST


def _check_size(content: bytes) -> None:
    if not content:
        raise AttachmentRefused("the file is empty")
    if len(content) > BYTES_AT_MOST:
        raise AttachmentRefused(f"the file has more than {BYTES_AT_MOST // 1024 // 1024} MB")


def content_type_of(content: bytes) -> str:
    """The type by the first bytes; octet-stream for what is unknown, could run (HTML, SVG) or is too large to show."""
    if is_large_picture(content):
        return UNKNOWN_TYPE
    if content[4:8] == b"ftyp":
        return _BRANDS.get(content[8:11], "video/mp4")
    # Ours: the wide-band form, which filetype does not know.
    if content.startswith(b"#!AMR-WB\n"):
        return "audio/amr"
    known = filetype.match(content[:_FIRST_BYTES], _KNOWN)
    return str(known.mime) if known else UNKNOWN_TYPE
