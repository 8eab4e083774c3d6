"""Owns the store of attachments. Knows no vendor, no row and no ticket, and not where it is."""

import contextlib
import secrets
from dataclasses import dataclass
from typing import Final

import filetype  # type: ignore[import-untyped]  # it ships no types
from filetype.types import archive, audio, image  # type: ignore[import-untyped]  # it ships no types

from bot.attachments.containers import BrokenContainer, pixels, without_tales
from bot.attachments.files import Files
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
    """Attachments by key."""

    def __init__(self, url: str, pictures: Pictures | None = None) -> None:
        self._pictures = pictures or Pictures()
        self._files: Final = Files(url)

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
        await self._files.write(_path(key), content)
        return StoredFile(key, content_type, len(content))

    async def close(self) -> None:
        """Take nothing more; end the process that cleans pictures."""
        await self._pictures.close()

    async def put(self, key: str, content: bytes) -> None:
        """Keep what was kept before, as it is. Raises FileNotFoundError for a key that is not ours, and OSError."""
        await self._files.write(_path(key), content)

    async def read(self, key: str) -> bytes:
        """The content. Raises FileNotFoundError, and other OSErrors where the store cannot be read."""
        return await self._files.read(_path(key))

    async def has(self, key: str) -> bool:
        """Whether something is kept under a key."""
        return await self._files.has(_path(key))

    async def size(self, key: str) -> int:
        """Bytes kept under a key. Raises FileNotFoundError."""
        return await self._files.size(_path(key))

    async def delete(self, key: str) -> None:
        """Forget a file; none is no mistake."""
        await self._files.delete(_path(key))

    async def prove(self, name: str) -> None:
        """Write something, read it again and take it away. Raises OSError where that does not work.

        name: another for each process that shares the store.
        """
        path, written = f".proof-{name}", secrets.token_bytes(_PROOF_BYTES)
        try:
            await self._files.write(path, written)
            if await self._files.read(path) != written:
                raise OSError("what was written is not what is read")
        finally:
            with contextlib.suppress(OSError):
                await self._files.delete(path)

    async def keys(self) -> frozenset[str]:
        """Of everything that is kept. Raises OSError where the store cannot be read."""
        return frozenset(filter(is_key, await self._files.names()))

    async def content_type(self, key: str) -> str:
        """The type by the first bytes. Raises FileNotFoundError."""
        return content_type_of(await self._files.read(_path(key), first_bytes=_FIRST_BYTES))


def _path(key: str) -> str:
    """Where a key lies. Only keys of ours: a path that leads elsewhere is none."""
    if not is_key(key):
        raise FileNotFoundError("no such attachment")
    return f"{key[:2]}/{key}"


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


def is_key(name: str) -> bool:
    """Whether a name can be a key of ours; vendors' names of their files are none."""
    return len(name) == 32 and set(name) <= set("0123456789abcdef")


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
