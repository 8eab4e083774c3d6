"""Owns what becomes of log lines that say the same again and again: a few are written, the others counted.

A vendor or a database that is away meets every message that waits for it. Knows nothing of what is logged.
"""

import logging
import threading
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Final

#: Lines of one kind that are written as they come; within the window the rest is counted.
WRITTEN: Final = 3
WINDOW_SECONDS: Final = 60.0

#: Kinds that are remembered at once.
_KINDS_AT_MOST: Final = 500

#: What tells two kinds of one event apart. Numbers and marks of single messages do not.
_LABELS: Final = ("channel", "outcome", "sweep", "what", "reason", "error", "is_dead")


@dataclass(slots=True)
class _Kind:
    """Lines that say the same, since the window began."""

    began_at: float
    written: int = 0
    #: Left out since the window began.
    repeats: int = 0
    #: The last that was left out.
    last: logging.LogRecord | None = None


class Repeats(logging.Filter):
    """Lets the first lines of each kind through, and counts the others of the same minute.

    The count is written with the next line of the kind after the minute, or by `tell`. For one handler, in any thread.
    """

    def __init__(self, write: Callable[[logging.LogRecord], object], now: Callable[[], float] = monotonic) -> None:
        """write: what `tell` writes a line with, past this filter."""
        super().__init__()
        self._write = write
        self._now = now
        self._kinds: dict[Hashable, _Kind] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written; `repeats` of the record says how many like it were not."""
        key = _key(record)
        now = self._now()
        with self._lock:
            kind = self._kinds.get(key)
            if kind is None or now - kind.began_at >= WINDOW_SECONDS:
                record.repeats = kind.repeats if kind else 0
                self._make_room(now)
                kind = self._kinds[key] = _Kind(now)
            if kind.written < WRITTEN:
                kind.written += 1
                return True
            kind.repeats += 1
            kind.last = record
            return False

    def tell(self, *, is_end: bool = False) -> None:
        """Write the last line of each kind whose minute is over, with the count; at the end of the process of all."""
        now = self._now()
        with self._lock:
            over = [key for key, each in self._kinds.items() if is_end or now - each.began_at >= WINDOW_SECONDS]
            ended = [self._kinds.pop(key) for key in over]
        for kind in ended:
            if kind.last is not None:
                kind.last.repeats = kind.repeats
                self._write(kind.last)

    def _make_room(self, now: float) -> None:
        if len(self._kinds) < _KINDS_AT_MOST:
            return
        going = {key: each for key, each in self._kinds.items() if now - each.began_at < WINDOW_SECONDS}
        self._kinds = going if len(going) < _KINDS_AT_MOST else {}


def _key(record: logging.LogRecord) -> Hashable:
    """What a line says, whichever message it says it of."""
    said: object = record.msg
    if not isinstance(said, Mapping):
        # A library's: the words before anything is filled in.
        error = record.exc_info[0] if record.exc_info else None
        return (record.name, record.levelno, str(said), error)
    labels = tuple(str(said.get(name)) for name in _LABELS)
    lines = said.get("at")
    innermost = str(lines[-1]) if isinstance(lines, list) and lines else None
    return (record.name, record.levelno, said.get("event"), labels, innermost)
