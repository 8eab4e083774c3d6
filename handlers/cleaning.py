"""Owns what may stay of a text that came from outside, and how much of it. Knows no channel.

Every text passes here before anything else looks at it: at the channel's door, and again at the counter's.
"""

import re
import unicodedata
from typing import Final

from faq.text import few_marks

#: Longer than any channel lets people type; the rest is not read. How long an answer may be, each question says.
TEXT_AT_MOST: Final = 10_000
#: What stands on one line: a label of a place, a tapped button, a vendor's id of something, the name of a language.
LINE_AT_MOST: Final = 500

#: Line ends of other systems and of Unicode.
_LINE_ENDS: Final = re.compile("\r\n?|[\u0085\u2028\u2029]")

#: Control characters but tab and line feed, invisible marks that turn the direction of writing or hide letters, and
#: halves of surrogate pairs, which no database stores. The joiners of emoji and of Persian (200C, 200D) stay.
_UNWANTED: Final = re.compile(
    "[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff]"
)


def clean(text: str, at_most: int = TEXT_AT_MOST) -> str:
    """The text without what cannot be seen, stored or trusted, composed (NFC), with single blanks and none around it.

    Lines stay, with at most one empty line between two. at_most: characters; what comes after is cut off.
    """
    text = text.strip()[:at_most]
    if not text.isprintable():
        text = _UNWANTED.sub("", _LINE_ENDS.sub("\n", text))
    if not text.isprintable() or "  " in text:
        text = _with_single_blanks(text)
    if not text.isascii():
        # Before composing, which sorts the marks of a letter in the square of their number; and what it took apart.
        text = few_marks(unicodedata.normalize("NFC", few_marks(text)))
    return text[:at_most].strip()


def clean_line(text: str, at_most: int = LINE_AT_MOST) -> str:
    """The same, all on one line."""
    return clean(" ".join(text[: 2 * at_most].split()), at_most).replace("\n", " ")


def _with_single_blanks(text: str) -> str:
    lines = [" ".join(line.split()) for line in text.split("\n")]
    return "\n".join(line for at, line in enumerate(lines) if line or lines[at - 1])
