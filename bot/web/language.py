"""Owns which of the town's languages a browser asks for. Knows no text."""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from babel.core import negotiate_locale

#: A language and, perhaps, how much it is liked. Source: RFC 9110, 12.4.2 and 12.5.4.
_WISH: Final = re.compile(r"\s*([A-Za-z0-9-]+)\s*(?:;\s*[qQ]=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?")


def preferred(accept_language: str, languages: Sequence[str]) -> str:
    """The offered language that the header likes best; the first offered where it likes none.

    accept_language: such as "en-US,en;q=0.9,es;q=0.8". What cannot be read is passed over.
    """
    liked = [code for weight, code in sorted(_wishes(accept_language), key=lambda wish: -wish[0]) if weight]
    chosen = negotiate_locale(liked, languages, sep="-", aliases={})
    return next((each for each in languages if chosen is not None and each.lower() == chosen.lower()), languages[0])


def _wishes(accept_language: str) -> Iterator[tuple[float, str]]:
    """How much, and which language, in the header's order."""
    for part in accept_language.split(","):
        if wish := _WISH.fullmatch(part):
            yield float(wish[2] or 1), wish[1]
