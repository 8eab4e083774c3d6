"""Owns whether the counter can take what people send: proved by writing, now and then. Knows no page and no message."""

import asyncio
import secrets
from collections.abc import Awaitable, Mapping
from time import monotonic
from typing import Final

import structlog

from bot.attachments.store import FileStore
from bot.clock import Clock
from bot.database.queue import DatabaseQueue
from storage.engine import StorageUnavailable

#: Whoever asks within this time of the last proof gets its answer.
PROVED_FOR_SECONDS: Final = 10.0
#: What has not answered by then is away.
SECONDS_TO_ANSWER: Final = 3.0

_SILENT: Final = "does not answer"

log = structlog.get_logger(__name__)


class Readiness:
    """Proves that database and store of attachments can be written to. One proof at a time, however many ask."""

    def __init__(self, database: DatabaseQueue, files: FileStore, clock: Clock) -> None:
        self._database, self._files, self._clock = database, files, clock
        self._name = secrets.token_hex(4)
        self._proof: asyncio.Task[None] | None = None
        self._began_at = 0.0
        self._wrong: dict[str, str] = {}

    async def wrong(self) -> Mapping[str, str]:
        """What cannot be written to, by its part; nothing if all is well. Answers within SECONDS_TO_ANSWER.

        A proof that takes longer goes on: what asks meanwhile waits for it, or hears that it does not answer.
        """
        if self._proof is None or (self._proof.done() and monotonic() - self._began_at >= PROVED_FOR_SECONDS):
            self._began_at = monotonic()
            self._wrong = {"database": _SILENT, "files": _SILENT}
            self._proof = asyncio.create_task(self._prove(), name="readiness")
        left = self._began_at + SECONDS_TO_ANSWER - monotonic()
        if not self._proof.done() and left > 0:
            await asyncio.wait({self._proof}, timeout=left)
        return dict(self._wrong)

    async def _prove(self) -> None:
        now = self._clock.now()
        # Through the same queue as messages: a queue that is stuck is as bad as a database that is away.
        row = self._database.run(lambda unit: unit.heartbeat.beat(now))
        await asyncio.gather(self._judge("database", row), self._judge("files", self._files.prove(self._name)))

    async def _judge(self, part: str, proof: Awaitable[None]) -> None:
        try:
            await proof
        except StorageUnavailable:
            pass
        except Exception as error:
            # Whatever it is, this counter does not take what people send.
            log.warning("something cannot be written to", what=part, exc_info=error)
            self._wrong[part] = "cannot be written to"
        else:
            del self._wrong[part]
