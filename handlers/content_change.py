"""A change to a content file, as it was made in the chat, and the port that keeps it. Knows no file and no flow."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol


class ChangeState(StrEnum):
    """What became of a change."""

    #: Decided, and on its way into the files.
    PENDING = "pending"
    #: In the files, and what residents are told.
    LIVE = "live"
    #: Not carried out; `reason` says why.
    REFUSED = "refused"
    #: Written by another release; never by this one.
    UNKNOWN = "unknown"

    @classmethod
    def stored(cls, value: str) -> "ChangeState":
        """The state of a stored row; UNKNOWN for one that this release does not have, so that no list breaks on it."""
        return cls(value) if value in _STATES else cls.UNKNOWN


_STATES: Final = frozenset(ChangeState)


@dataclass(frozen=True, slots=True)
class ContentChange:
    """One file before and after."""

    id: int
    #: Below the content folder.
    path: str
    #: What the author saw; None for a file that was not there.
    previous_text: str | None
    #: None takes the file away.
    text: str | None
    person_id: int
    at: datetime
    #: What was done: "added", "edited", "withdrawn", "restored" or "undone".
    note: str
    state: ChangeState = ChangeState.PENDING
    #: Why it was refused: "changed_meanwhile", "unwritable" or "unsound".
    reason: str | None = None


class ContentChanges(Protocol):
    """The changes of the content files that were made in the chat, in order."""

    def add(
        self, path: str, previous_text: str | None, text: str | None, *, person_id: int, note: str, now: datetime
    ) -> int:
        """Keep a change; its id. Ids grow in the order in which the changes are committed."""

    def get(self, change_id: int) -> ContentChange | None: ...

    def of(self, path: str, *, limit: int = 10) -> tuple[ContentChange, ...]:
        """The changes of one file, newest first."""

    def withdrawn(self, *, limit: int = 50) -> tuple[ContentChange, ...]:
        """The last changes of the files that are gone by it, newest first."""

    def unseen(self, after_id: int) -> tuple[ContentChange, ...]:
        """Those that are pending, and those that went live after the one with this id; in order."""

    def known_texts(self, path: str) -> Sequence[str | None]:
        """Every text that this file had before or after a change that was not refused."""

    def settle(self, change_id: int, state: ChangeState, *, reason: str | None, now: datetime) -> ChangeState:
        """Write what became of a pending change; what became of it, perhaps by another's hand."""
