"""The kinds of tickets, and of what happens to them. Knows no state and no rule."""

from enum import StrEnum


class TicketKind(StrEnum):
    """What a resident can leave at the counter."""

    REPORT = "report"
    INFORMATION_REQUEST = "information_request"
    COMPLAINT = "complaint"


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
