"""Owns the web chat as a channel: messages wait in a mailbox until the browser calls for them. Knows no HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from typing import Final, Protocol, TypeVar

from bot.attachments.store import FileStore
from bot.channels.base import Envelope, Features, SendFailed
from bot.clock import Clock
from handlers.messages import Attachment
from storage.engine import StorageUnavailable
from storage.unit_of_work import SqlUnitOfWork

T = TypeVar("T")

NAME: Final = "webchat"

_PIECE_BYTES: Final = 64 * 1024


class Run(Protocol):
    """Database work that rides along with the other work of the process."""

    async def __call__(self, work: Callable[[SqlUnitOfWork], T], *, key: str = "") -> T:
        """What `work` returns, once it is committed. Raises StorageUnavailable."""


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


class WebChat:
    """The channel. Sending is writing to our own database, by outbox id: it can be repeated and is never uncertain."""

    name = NAME
    # A browser sets no limits of its own; these keep one chat from holding up the others.
    features = Features(text_limit=20_000, max_buttons=100, per_chat_rate=1_000.0, overall_rate=10_000.0)

    def __init__(self, run: Run, clock: Clock, files: FileStore) -> None:
        self._run = run
        self._clock = clock
        self._files = files
        self.bells = Bells()

    async def start(self) -> None:
        """Nothing to get ready."""

    async def stop(self) -> None:
        """Nothing to release: long polls end by the process's own sign."""

    async def send(self, envelope: Envelope) -> str:
        """Put the message into the chat's mailbox; the same outbox row twice is there once."""
        if envelope.message.command_menu is not None:
            return f"web:menu:{envelope.outbox_id}"
        now = self._clock.now()
        try:
            mailbox_id = await self._run(
                lambda unit: unit.mailbox.put(envelope.to, envelope.outbox_id, envelope.message, now),
                key=f"{NAME}:{envelope.to}",
            )
        except StorageUnavailable as away:
            raise SendFailed("the database is away") from away
        self.bells.ring(envelope.to)
        return provider_id(mailbox_id)

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The upload, which lies in our own store already."""
        try:
            content = await self._files.read(attachment.source)
        except FileNotFoundError as gone:
            raise SendFailed("the upload is gone", is_permanent=True) from gone
        except OSError as error:
            raise SendFailed("the store of attachments cannot be read") from error
        for start in range(0, len(content), _PIECE_BYTES):
            yield content[start : start + _PIECE_BYTES]


def provider_id(mailbox_id: int) -> str:
    """What a message of ours is called, towards the outbox and towards the browser."""
    return f"web:{mailbox_id}"
