"""The kinds of tickets, and of what happens to them. Knows no state and no rule."""

from enum import StrEnum
from typing import Final


class TicketKind(StrEnum):
    """What a resident can leave at the counter."""

    REPORT = "report"
    INFORMATION_REQUEST = "information_request"
    COMPLAINT = "complaint"
    #: Written by another release; never by this one.
    UNKNOWN = "unknown"

    @classmethod
    def stored(cls, value: str) -> "TicketKind":
        """The kind of a stored row; UNKNOWN for one that this release does not have, so that no list breaks on it."""
        return cls(value) if value in _KINDS else cls.UNKNOWN


_KINDS: Final = frozenset(TicketKind)


class EventKind(StrEnum):
    """What happened to a ticket."""

    OPENED = "opened"
    TAKEN = "taken"
    ASSIGNED = "assigned"
    #: An official wrote to the resident.
    ANSWERED = "answered"
    #: Internal: never leaves the town hall.
    NOTED = "noted"
    STATE_CHANGED = "state_changed"
    TRANSFERRED = "transferred"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    #: The resident added words or photos.
    ADDED = "added"
    FOLLOWED = "followed"
    #: Written by another release; never by this one.
    UNKNOWN = "unknown"

    @classmethod
    def stored(cls, value: str) -> "EventKind":
        """The kind of a stored line; UNKNOWN for one that this release does not have: the others are still shown."""
        return cls(value) if value in _EVENTS else cls.UNKNOWN


_EVENTS: Final = frozenset(EventKind)
