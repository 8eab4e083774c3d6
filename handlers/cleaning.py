"""Owns what may stay of a text that came from outside. Knows no channel and no limit."""

import re
import unicodedata
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
    """The text without what cannot be seen, stored or trusted, composed (NFC), and without space around it."""
    if not text.isprintable():
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    return unicodedata.normalize("NFC", text).strip()
