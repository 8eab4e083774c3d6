"""Owns the cleaning of pictures: what the eye sees stays, where and with what it was taken goes. Knows no store."""

from io import BytesIO
from typing import Any, Final

from PIL import Image, ImageOps

#: A picture that unpacks to more than this is an attack or a scan nobody needs.
PIXELS_AT_MOST: Final = 50_000_000

_FORMATS: Final = ("JPEG", "PNG", "WEBP")
_QUALITY: Final = 90


class BrokenPicture(Exception):
    """It cannot be read as a picture, or is far too large."""


# Pillow's own guard warns where ours refuses; a warning helps nobody here.
Image.MAX_IMAGE_PIXELS = None


def without_metadata(content: bytes) -> bytes:
    """The same picture, upright, without EXIF, GPS, comments or what was hidden behind its end.

    Keeps the format (a phone's double picture becomes a plain JPEG) and the colour profile.
    Raises BrokenPicture.
    """
    try:
        return _rewritten(content)
    except BrokenPicture:
        raise
    except Exception as error:  # Pillow's decoders raise anything on broken input
        raise BrokenPicture("the picture cannot be read") from error


def _rewritten(content: bytes) -> bytes:
    with Image.open(BytesIO(content), formats=_FORMATS) as picture:
        if picture.width * picture.height > PIXELS_AT_MOST:
            raise BrokenPicture("the picture has too many pixels")
        kind = "JPEG" if picture.format == "MPO" else picture.format
        options: dict[str, Any] = {} if kind == "PNG" else {"quality": _QUALITY}
        if profile := picture.info.get("icc_profile"):
            options["icc_profile"] = profile
        # The camera's orientation is a tag: it is carried out before the tag is dropped.
        upright = ImageOps.exif_transpose(picture)
        upright.info = {}
        out = BytesIO()
        upright.save(out, kind, **options)
        return out.getvalue()
