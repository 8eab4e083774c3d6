"""Owns whose turn it is: the messages of one chat one after the other, chats beside each other. Knows no message."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from storage.engine import StorageUnavailable

#: A message that waited this long is refused: whoever wanted it may come again.
PATIENCE_SECONDS: Final = 30.0


class Turns:
    """Of one event loop."""

    def __init__(self, *, patience_seconds: float = PATIENCE_SECONDS) -> None:
        self._patience_seconds = patience_seconds
        #: Those whose turn it is, by key, each with who waits behind, in the order of arrival.
        self._behind: dict[str, deque[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def of(self, key: str) -> AsyncIterator[None]:
        """Inside, nobody else with this key is. Raises StorageUnavailable after waiting too long."""
        behind = self._behind.get(key)
        if behind is None:
            self._behind[key] = deque()
        else:
            await self._wait(key, behind)
        try:
            yield
        finally:
            self._next(key)

    async def _wait(self, key: str, behind: deque[asyncio.Future[None]]) -> None:
        turn = asyncio.get_running_loop().create_future()
        behind.append(turn)
        try:
            async with asyncio.timeout(self._patience_seconds):
                await turn
        except BaseException as error:
            if turn in behind:
                behind.remove(turn)
            elif not turn.cancelled():
                # It was our turn by then.
                self._next(key)
            if isinstance(error, TimeoutError):
                raise StorageUnavailable("an earlier message of the chat took too long") from error
            raise

    def _next(self, key: str) -> None:
        behind = self._behind[key]
        while behind:
            turn = behind.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        del self._behind[key]
