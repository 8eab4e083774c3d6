"""The folio: short, safe to read over the telephone, with a check character. Pure arithmetic.

23 signs without vowels (no words come out) and without those taken for each other as written (0/O, 1/I/L, 5/S, 8/B) or
as heard (B/V). Seven of them: six by chance, the seventh makes the weighted sum a multiple of 23. Since 23 is prime and
the weights differ, one wrong sign and two swapped ones are always detected.
"""

import re
from collections.abc import Callable, Sequence
from typing import Final

SIGNS: Final = "23456789CDFGHJKMNPRTVWX"
LENGTH: Final = 7
_WEIGHTS: Final = (2, 3, 4, 5, 6, 7, 1)
#: What people write for a sign that we never use.
_MEANT: Final = str.maketrans({"B": "8", "Z": "2", "S": "5"})
#: Mistakes that people make when they copy one; enough to tell that a folio was meant.
_ONE: Final = f"[{SIGNS}BZS0O1IL]"
_SHAPE: Final = re.compile(rf"(?<![0-9A-Z])(?=({_ONE}(?:[ \-._/]?{_ONE}){{{LENGTH - 1}}})(?![0-9A-Z]))", re.IGNORECASE)


def new(choice: Callable[[Sequence[str]], str]) -> str:
    """A folio in its normal form, such as K7M4TX9; `choice` picks one of a sequence."""
    body = "".join(choice(SIGNS) for _ in range(LENGTH - 1))
    return body + SIGNS[-_sum(body) % len(SIGNS)]


def pretty(folio: str) -> str:
    """As people see it: K7M4-TX9."""
    return f"{folio[:4]}-{folio[4:]}"


def read(text: str) -> str | None:
    """The folio in a text, in its normal form, whatever its case and separators; None if there is none that checks."""
    for found in _candidates(text):
        if is_valid(found):
            return found
    return None


def looks_like(text: str) -> bool:
    """Whether the text holds something that was meant as a folio, right or mistyped."""
    return any(any(sign.isdigit() for sign in found) for found in _candidates(text))


def strange_signs(text: str) -> list[str]:
    """The signs of a text as long as a folio that no folio has, in order, each once: what its author should look at."""
    signs = _signs(text)
    if len(signs) != LENGTH:
        return []
    return list(dict.fromkeys(sign for sign in signs if sign.translate(_MEANT) not in SIGNS))


def is_as_long(text: str) -> bool:
    """Whether the text has as many letters and digits as a folio: whoever wrote so many meant one."""
    return len(_signs(text)) == LENGTH


def is_valid(folio: str) -> bool:
    """Whether the check character fits."""
    return len(folio) == LENGTH and all(sign in SIGNS for sign in folio) and _sum(folio) % len(SIGNS) == 0


def _candidates(text: str) -> list[str]:
    shapes = (match.group(1) for match in _SHAPE.finditer(text[:2000]))
    return [re.sub(r"[^0-9A-Z]", "", shape.upper()).translate(_MEANT) for shape in shapes]


def _signs(text: str) -> list[str]:
    return [sign for sign in text[:60].upper() if sign.isalnum()]


def _sum(signs: str) -> int:
    return sum(weight * SIGNS.index(sign) for weight, sign in zip(_WEIGHTS, signs, strict=False))
