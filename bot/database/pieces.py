"""Owns how a batch is done in one transaction without one piece spoiling the others. Knows nothing of the pieces."""

from collections.abc import Callable, Iterable
from typing import TypeVar

import structlog

from storage.engine import StorageUnavailable
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

log = structlog.get_logger(__name__)


def one_by_one(
    unit: SqlUnitOfWork,
    pieces: Iterable[T],
    do: Callable[[T], object],
    *,
    what: str,
    failed: Callable[[T], object] | None = None,
) -> int:
    """Do each piece in a savepoint of its own; how many were done.

    One that fails is undone, logged as `what` and handed to `failed`, which may write down that it did: in a savepoint
    too. Raises StorageUnavailable only: the whole transaction is lost then.
    """
    return sum(_is_done(unit, piece, do, what) or _is_noted(unit, piece, failed, what) for piece in pieces)


def _is_done(unit: SqlUnitOfWork, piece: T, do: Callable[[T], object], what: str) -> bool:
    try:
        with unit.savepoint():
            do(piece)
    except StorageUnavailable:
        raise
    except Exception as error:
        log.error("one piece of a batch failed; the others go on", what=what, exc_info=error)
        return False
    return True


def _is_noted(unit: SqlUnitOfWork, piece: T, failed: Callable[[T], object] | None, what: str) -> bool:
    """Always false: it was not done."""
    if failed is not None:
        _is_done(unit, piece, failed, f"{what}: writing down that it failed")
    return False
