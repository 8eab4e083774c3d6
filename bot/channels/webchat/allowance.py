"""Owns how much of the web chat one browser, and one source, may take. Charged before anything is done for it."""

from typing import Final

from starlette.exceptions import HTTPException
from starlette.requests import Request

from bot.channels.fields import natural
from bot.limits import Crowd, Limit
from bot.sources import source_of

UPLOAD_BYTES_AT_MOST: Final = 10 * 1024 * 1024
_MB: Final = 1024 * 1024

#: Bytes of uploads in an hour, of one chat and of one source.
CHAT_BYTES: Final = 60 * _MB
SOURCE_BYTES: Final = 240 * _MB

#: Open questions for mail, of one chat (windows of one browser) and of one source.
CHAT_POLLS: Final = 6
SOURCE_POLLS: Final = 1_000

#: When to ask again, where too many questions are open.
_AGAIN_AFTER_SECONDS: Final = 10


class Allowance:
    """The limits of all chats. Each method raises HTTPException, 429 with the seconds to wait.

    Many telephones share one address of their operator: the limits of a source are wide.
    """

    def __init__(self) -> None:
        self._sessions = Limit(burst=20, per_minute=20)
        self._messages = Limit(burst=60, per_minute=30)
        self._uploads = Limit(burst=20, per_minute=10)
        self._calls = Limit(burst=240, per_minute=120)
        self._writes_of_source = Limit(burst=600, per_minute=300)
        self._bytes_of_chat = Limit(burst=CHAT_BYTES, per_minute=CHAT_BYTES / 60)
        self._bytes_of_source = Limit(burst=SOURCE_BYTES, per_minute=SOURCE_BYTES / 60)
        self.polls_of_chat = Crowd(CHAT_POLLS)
        self.polls_of_source = Crowd(SOURCE_POLLS)

    def session(self, request: Request, purpose: str = "") -> None:
        """A new chat."""
        _take(self._sessions, f"{purpose}{source(request)}")

    def message(self, request: Request, chat: str) -> None:
        """Something said."""
        _take(self._writes_of_source, source(request))
        _take(self._messages, chat)

    def upload(self, request: Request, chat: str) -> None:
        """A file, by the length that the request says it has; by the largest where it says none."""
        length = natural(request.headers.get("content-length", ""), UPLOAD_BYTES_AT_MOST)
        cost = UPLOAD_BYTES_AT_MOST if length is None else length
        _take(self._writes_of_source, source(request))
        _take(self._uploads, chat)
        _take(self._bytes_of_source, source(request), cost)
        _take(self._bytes_of_chat, chat, cost)

    def read(self, chat: str) -> None:
        """A question for mail; how many of one source is the whole server's limit."""
        _take(self._calls, chat)

    def forget(self, request: Request, chat: str) -> None:
        """The end of a chat."""
        _take(self._writes_of_source, source(request))
        _take(self._calls, chat)


def crowded() -> HTTPException:
    """Too many questions are open."""
    return _too_many(_AGAIN_AFTER_SECONDS)


def source(request: Request) -> str:
    """Whom the limits of a source count for."""
    return source_of(request.client.host if request.client else None)


def _take(limit: Limit, key: str, cost: float = 1) -> None:
    seconds = limit.wait_seconds(key, cost)
    if seconds:
        raise _too_many(seconds)


def _too_many(seconds: int) -> HTTPException:
    return HTTPException(429, "too many, wait a moment", {"Retry-After": str(seconds)})
