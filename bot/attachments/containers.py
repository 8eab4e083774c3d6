"""Owns what can be said of a picture, and taken out of it, without unpacking it: PNG, WebP and GIF. Knows no Pillow."""

import struct
from collections.abc import Iterator
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
#: What a PNG may tell of its maker: EXIF, words, the time.
_PNG_TELLS: Final = frozenset({b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME"})
_WEBP_TELLS: Final = frozenset({b"EXIF", b"XMP "})
#: WebP: the bits of its first chunk that announce those two.
_WEBP_FLAGS: Final = 0b1100


class BrokenContainer(Exception):
    """Its parts do not add up."""


def pixels(content: bytes) -> int | None:
    """Width times height as the first 30 bytes claim them; None for anything but PNG, GIF and WebP."""
    if content.startswith(_PNG) and content[12:16] == b"IHDR" and len(content) >= 24:
        width, height = struct.unpack(">II", content[16:24])
        return int(width * height)
    if content[:6] in {b"GIF87a", b"GIF89a"} and len(content) >= 10:
        width, height = struct.unpack("<HH", content[6:10])
        return int(width * height)
    return _webp_pixels(content) if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None


def without_tales(content: bytes) -> bytes:
    """A PNG or WebP without the chunks that tell where and with what it was made, and without what is behind its end.

    Anything else comes back as it is. Raises BrokenContainer.
    """
    if content.startswith(_PNG):
        return _PNG + b"".join(chunk for name, chunk in _png_chunks(content) if name not in _PNG_TELLS)
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        chunks = b"".join(_silent(name, chunk) for name, chunk in _webp_chunks(content) if name not in _WEBP_TELLS)
        return b"RIFF" + struct.pack("<I", len(chunks) + 4) + b"WEBP" + chunks
    return content


def _webp_pixels(content: bytes) -> int | None:
    # WebP: one of three first chunks, each with the size of the canvas in a form of its own.
    kind, head = content[12:16], content[20:30]
    if len(head) < 10:
        return None
    if kind == b"VP8X":
        return (1 + int.from_bytes(head[4:7], "little")) * (1 + int.from_bytes(head[7:10], "little"))
    if kind == b"VP8L":
        bits = int.from_bytes(head[1:5], "little")
        return (1 + (bits & 0x3FFF)) * (1 + ((bits >> 14) & 0x3FFF))
    width, height = struct.unpack("<HH", head[6:10])
    return int((width & 0x3FFF) * (height & 0x3FFF))


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_PNG)
    while at + 12 <= len(content):
        size = int.from_bytes(content[at : at + 4], "big")
        name, end = content[at + 4 : at + 8], at + 12 + size
        if end > len(content):
            break
        yield name, content[at:end]
        if name == b"IEND":
            return
        at = end
    raise BrokenContainer("the picture ends too early")


def _webp_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    at, end = 12, 8 + int.from_bytes(content[4:8], "little")
    if end > len(content):
        raise BrokenContainer("the picture ends too early")
    while at + 8 <= end:
        size = int.from_bytes(content[at + 4 : at + 8], "little")
        # WebP: chunks begin at even places.
        after = at + 8 + size + size % 2
        if after > end:
            raise BrokenContainer("the picture ends too early")
        yield content[at : at + 4], content[at:after]
        at = after


def _silent(name: bytes, chunk: bytes) -> bytes:
    if name != b"VP8X" or len(chunk) < 9:
        return chunk
    return chunk[:8] + bytes([chunk[8] & ~_WEBP_FLAGS]) + chunk[9:]
