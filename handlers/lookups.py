"""What is looked up beside the transaction that needs it: what a message's lookups found, and the signal for one to do.

Knows no database. For what takes long and changes nothing; what is found is as old as the message.
"""

from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from handlers.ports import UnitOfWork

T = TypeVar("T")


class NotLookedUp(Exception):
    """Something is wanted that takes long: it is to be looked up beside the transaction, and then the message handled
    again, from its beginning. It passes through flows like any error, so that all is undone.
    """

    def __init__(self, what: Hashable, read: Callable[[UnitOfWork], Any]) -> None:
        super().__init__("something is to be looked up")
        self.what = what
        self.read = read


class Lookups:
    """What was looked up for one message. Of one thread at a time; it goes with the message."""

    def __init__(self) -> None:
        self._found: dict[Hashable, Any] = {}
        self._is_closed = False
        self._failure: Exception | None = None

    def put(self, what: Hashable, found: object) -> None:
        """Know more."""
        self._found[what] = found

    def fail(self, error: Exception) -> None:
        """It could not be looked up: who asks for what is not known gets the error."""
        self._failure = error

    def close(self) -> None:
        """From here on everything else is looked up where it is asked for."""
        self._is_closed = True

    def get(self, what: Hashable, read: Callable[[UnitOfWork], T], uow: UnitOfWork) -> T:
        """What was found. Raises NotLookedUp."""
        if what in self._found:
            found: T = self._found[what]
            return found
        if self._failure is not None:
            raise self._failure
        if self._is_closed:
            return read(uow)
        raise NotLookedUp(what, read)


def inside() -> Lookups:
    """For whoever handles a message in one go."""
    lookups = Lookups()
    lookups.close()
    return lookups
