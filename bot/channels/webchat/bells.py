"""Owns who is told that mail has come, in this process. Knows no mail."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Bells:
    """Wakes whoever waits for a chat's mail in this process. A ring that nobody waits for is forgotten."""

    def __init__(self) -> None:
        self._waiting: dict[str, set[asyncio.Event]] = {}

    @contextmanager
    def listen(self, to: str) -> Iterator[asyncio.Event]:
        """An event that is set when something is put for this chat."""
        bell = asyncio.Event()
        self._waiting.setdefault(to, set()).add(bell)
        try:
            yield bell
        finally:
            others = self._waiting[to]
            others.discard(bell)
            if not others:
                del self._waiting[to]

    def ring(self, to: str) -> None:
        """Something was put for this chat."""
        for bell in self._waiting.get(to, ()):
            bell.set()
