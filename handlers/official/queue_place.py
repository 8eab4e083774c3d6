"""A place in the queue in a few letters, for the button that goes on after it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

from handlers.ports import QueuePlace
from handlers.ticket.ticket import Ticket

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)
_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
#: Urgent or not, microseconds since 1970, number of the row; a blank, or the end, on both sides.
_WRITTEN: Final = re.compile(r"(?<!\S)([un])(-?[0-9a-z]{1,12})\.([0-9a-z]{1,13})(?!\S)")
#: The highest number of a row.
_LAST: Final = 2**63 - 1


def written(ticket: Ticket) -> str:
    """The place of a ticket, such as "nh1x2v3c4d0.4f": at most 28 letters."""
    urgent = "u" if ticket.is_urgent else "n"
    return f"{urgent}{_in_36((ticket.due_at - _EPOCH) // _MICROSECOND)}.{_in_36(ticket.id)}"


def read(text: str) -> QueuePlace | None:
    """The place that a text names; None where it names none."""
    found = _WRITTEN.search(text)
    if found is None:
        return None
    urgent, due, number = found.groups()
    ticket_id = int(number, 36)
    try:
        due_at = _EPOCH + int(due, 36) * _MICROSECOND
    except OverflowError:
        return None
    return QueuePlace(urgent == "u", due_at, ticket_id) if ticket_id <= _LAST else None


def _in_36(number: int) -> str:
    digits, left = "", abs(number)
    while left or not digits:
        left, digit = divmod(left, 36)
        digits = _DIGITS[digit] + digits
    return f"-{digits}" if number < 0 else digits
