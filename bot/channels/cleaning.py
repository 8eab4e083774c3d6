"""Owns what may stay of a text that came from outside. Knows no vendor."""

import math
import re
from typing import Final

#: Line ends of other systems and of Unicode.
_LINE_ENDS: Final = re.compile("\r\n?|[\u0085\u2028\u2029]")

#: Control characters but tab and line feed, invisible marks that turn the direction of writing or hide letters, and
#: halves of surrogate pairs, which no database stores. The joiners of emoji and of Persian (200C, 200D) stay.
_UNWANTED: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: str) -> str:
    """The text without what cannot be seen, stored or trusted, and without space around it. Its length is kept."""
    if not text.isprintable():
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return text.strip()


def words(value: object) -> str | None:
    """A vendor's text field, cleaned; None if it is no text, or nothing is left of it."""
    return (clean(value) or None) if isinstance(value, str) else None


def whole(value: object) -> int | None:
    """A vendor's whole number that fits 64 bits; None if it is anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) >= 2**63:
        return None
    return value


def degrees(value: object, limit: float) -> float | None:
    """A coordinate, as a number or as text, between -limit and limit; None if it is anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if math.isfinite(number) and abs(number) <= limit else None
