"""Words of strangers, shown so that nobody takes them for ours. Knows no channel: what is safe here is safe on each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

#: Stands before each line that is a stranger's.
MARK: Final = "> "

#: A line is broken after this many characters, so that wherever a channel cuts a message, no part begins without MARK.
_LINE_AT_MOST: Final = 300

#: What some channel takes for bold, italics, struck out or code, and the quotation marks that we put around a line.
_LOOK_ALIKES: Final = str.maketrans(
    {"*": "\u2217", "_": "\uff3f", "~": "\u223c", "`": "\u02cb", "«": "‹", "»": "›", "“": '"', "”": '"'}
)

#: After these a blank keeps clients from making something to tap: of domains, schemes, accounts, commands and topics.
_DOT: Final = re.compile(r"(?<=\S)[.\u3002\uff0e\uff61](?=[^\W\d_])")
_SCHEME: Final = re.compile(r":(?=//)")
_TAPPED: Final = re.compile(r"(?<![\w/])[/#](?=[^\W\d_])|@(?=\w)")


@dataclass(frozen=True, slots=True)
class Theirs:
    """Words of a stranger, to be put into ours. As a string they are what is shown."""

    text: str
    #: On lines of their own, each with MARK; else within one of our lines.
    is_block: bool = False

    def __str__(self) -> str:
        if not self.is_block:
            return " ".join(_harmless(self.text).split())
        return "\n".join(f"{MARK}{line}".rstrip() for line in _lines(_harmless(self.text)))


def _harmless(text: str) -> str:
    """Word for word, with nothing in it that stands out or can be tapped."""
    text = text.translate(_LOOK_ALIKES)
    for pattern in (_DOT, _SCHEME, _TAPPED):
        text = pattern.sub(lambda found: f"{found[0]} ", text)
    return text


def _lines(text: str) -> Iterator[str]:
    for line in text.strip().splitlines() or [""]:
        left = line.strip()
        while len(left) > _LINE_AT_MOST:
            at = left.rfind(" ", _LINE_AT_MOST // 2, _LINE_AT_MOST)
            at = at if at > 0 else _LINE_AT_MOST
            yield left[:at].rstrip()
            left = left[at:].lstrip()
        yield left
