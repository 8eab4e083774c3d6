"""Owns the decoding of pictures, as a program of its own that may die of it: pictures come in, clean ones go out.

Run by bot/attachments/pictures.py with its limits; imports Pillow and nothing of the house, to stay small.
Each picture comes as its length (8 bytes) and its content; the answer is OK or REFUSED (1 byte), a length, and the
clean picture or the reason. Ends when its input does.
"""

import os
import resource
import signal
import struct
import sys
from contextlib import suppress
from io import BytesIO
from typing import Any, BinaryIO, Final

from PIL import Image, ImageOps

OK: Final = b"+"
REFUSED: Final = b"-"
LENGTH: Final = struct.Struct(">Q")

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 90
#: JPEG: how much smaller it can be read without being unpacked first.
_SCALES: Final = (1, 2, 4, 8)
#: Linux: the signal that the kernel sends to us when our parent is gone, however it ended.
_PR_SET_PDEATHSIG: Final = 1
#: Others come first: a picture can wait, an answer cannot.
_NICENESS: Final = 3

# Pillow's own guard warns where ours refuses; a warning helps nobody here.
Image.MAX_IMAGE_PIXELS = None


class Refused(Exception):
    """Not a picture that is kept; the reason is for the log."""


def main() -> None:
    """Answer until the input ends. Arguments: bytes of memory, seconds of the processor for each, pixels at most."""
    memory, seconds, pixels = map(int, sys.argv[1:4])
    _live_under(memory)
    source, sink = sys.stdin.buffer, sys.stdout.buffer
    while (content := _read(source)) is not None:
        _grant(seconds)
        try:
            mark, answer = OK, clean(content, pixels)
        except Refused as refusal:
            mark, answer = REFUSED, str(refusal).encode()
        except MemoryError:
            mark, answer = REFUSED, b"the picture takes too much memory"
        except Exception:  # Pillow's decoders raise anything on broken input
            mark, answer = REFUSED, b"the picture cannot be read"
        sink.write(mark + LENGTH.pack(len(answer)) + answer)
        sink.flush()


def clean(content: bytes, pixels_at_most: int) -> bytes:
    """The same picture, upright, without EXIF, GPS, comments or what was hidden behind its end.

    Keeps the format (a phone's double picture becomes a plain JPEG) and the colour profile. A JPEG of more pixels than
    may be is read at a half, a quarter or an eighth. Raises Refused, and whatever Pillow raises.
    """
    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        kind = "JPEG" if picture.format in {"JPEG", "MPO"} else str(picture.format)
        _fit(picture, kind, pixels_at_most)
        options: dict[str, Any] = {} if kind == "PNG" else {"quality": _QUALITY}
        if profile := picture.info.get("icc_profile"):
            options["icc_profile"] = profile
        # The camera's orientation is a tag: it is carried out before the tag is dropped.
        ImageOps.exif_transpose(picture, in_place=True)
        picture.info = {}
        out = BytesIO()
        picture.save(out, kind, **options)
        return out.getvalue()


def _fit(picture: Image.Image, kind: str, pixels_at_most: int) -> None:
    width, height = picture.size
    fitting = [scale for scale in _SCALES if width * height <= pixels_at_most * scale**2]
    if not fitting or (fitting[0] > 1 and kind != "JPEG"):
        raise Refused("the picture has too many pixels")
    if fitting[0] > 1:
        picture.draft(None, (width // fitting[0], height // fitting[0]))
        if picture.width * picture.height > pixels_at_most + width + height:
            raise Refused("the picture cannot be read smaller")


def _live_under(memory: int) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Ctrl-C in a terminal is for the parent, which closes our input then.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.nice(_NICENESS)
    with suppress(ImportError, OSError, AttributeError):
        import ctypes  # noqa: PLC0415 - only Linux needs it, and not every Python has it

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _grant(seconds: int) -> None:
    """So many seconds more of the processor; whoever takes longer is ended by the kernel."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds + 1, hard))


def _read(source: BinaryIO) -> bytes | None:
    head = source.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    content = source.read(length)
    return content if len(content) == length else None


if __name__ == "__main__":
    main()
