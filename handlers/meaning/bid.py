"""What a reader makes of a message: how sure it is, why, and what is then to be done. A plain value; does nothing."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from handlers.conversation.beginning import Do

__all__ = ["ACT", "CERTAIN", "CLOSE", "PLAIN", "RESIDENTS", "Bid", "Do"]

#: Nothing is done on less; what is as sure as PLAIN needs no dear reader, as CERTAIN no other at all; two that differ
#: by less than CLOSE are asked.
ACT: Final = 0.6
PLAIN: Final = 0.85
CERTAIN: Final = 0.97
#: The readers of free words as a resident means them.
RESIDENTS: Final = frozenset({"service", "free"})
CLOSE: Final = 0.12


@dataclass(frozen=True, slots=True)
class Bid:
    """One reader's claim on the message."""

    #: Who, and by which sign: they are logged, so they never hold what was said.
    reader: str
    why: str
    #: 0..1: how sure.
    sure: float
    #: What is done: a conversation, or something that is no conversation.
    do: Do | Callable[[], object] = field(repr=False)
    #: How it is called where the person is asked which was meant; None where it is never asked about.
    label: Mapping[str, str] | None = field(default=None, repr=False)
    #: With a form open: it is said, and the form goes on. Else the form waits for a yes.
    in_passing: bool = False
    #: With a form open: it takes its place, and nothing of it waits.
    ends_form: bool = False

    @property
    def name(self) -> str:
        """As the log shows it."""
        return f"{self.reader}/{self.why}"
