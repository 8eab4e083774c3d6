"""Owns the codes that invite officials: how they are made, read out, recognised and kept. Knows no row and no link."""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Final

from handlers.ticket.folio import SIGNS

_LENGTH: Final = 10
_HALF: Final = _LENGTH // 2

#: What a deep link puts before the code, so that it is taken for nothing else.
LINK_MARK: Final = "inv_"

#: A code as people write it, or as a link brings it.
_WRITTEN: Final = re.compile(
    rf"(?:inv[_ -]?)?([{SIGNS}]{{{_HALF}}}[ -]?[{SIGNS}]{{{_HALF}}})",
    re.IGNORECASE,
)


def new(choice: Callable[[Sequence[str]], str]) -> str:
    """A code that nobody can guess: 23 signs to the power of 10. `choice` picks one of a sequence."""
    return "".join(choice(SIGNS) for _ in range(_LENGTH))


def shown(code: str) -> str:
    """The code as it is read out: XXXXX-XXXXX."""
    return f"{code[:_HALF]}-{code[_HALF:]}"


def read(text: str) -> str | None:
    """The code that a text is, as it was written; None if it is anything else."""
    match = _WRITTEN.fullmatch(text)
    return match[1] if match else None


def hash_of(code: str) -> str:
    """What storage keeps of a code: SHA-256 of it in upper case, separators aside."""
    return hashlib.sha256(re.sub(r"[^0-9A-Z]", "", code.upper()).encode()).hexdigest()
