"""Owns what a connection may take of us: the size of its head, its slowness, its number. Knows no route.

uvicorn has none of these limits; whatever is refused here costs no task and no thread.
"""

import asyncio
import resource
from enum import Enum
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from bot.limits import Crowd
from bot.sources import PROXY_HEADERS, Proxies, source_of

#: The first line and all headers of a request. Vendors and browsers need 2 KB.
HEAD_BYTES_AT_MOST: Final = 16 * 1024
HEADERS_AT_MOST: Final = 100
#: From the first byte of a head, or from the connection, to its last.
HEAD_SECONDS: Final = 10.0

#: More than any door takes; each door has its own limit.
MESSAGE_BYTES_AT_MOST: Final = 16 * 1024 * 1024
#: A body comes, and an answer is taken, at least this fast: 1 KB a second, slower than the slowest telephone.
LOOK_SECONDS: Final = 15.0
BYTES_A_LOOK: Final = 15 * 1024
#: The chat page gives up an upload after 180 seconds.
BODY_SECONDS: Final = 200.0

#: Connections of one peer that is no proxy. Many telephones share one address of their operator.
EACH_AT_MOST: Final = 512

_REASONS: Final = {
    408: b"Request Timeout",
    413: b"Content Too Large",
    431: b"Request Header Fields Too Large",
    503: b"Service Unavailable",
}


class _Stage(Enum):
    #: Between two requests.
    IDLE = 0
    HEAD = 1
    BODY = 2


class _TooLong(Exception):
    """Stops the parser."""


class Connection(HttpToolsProtocol):
    """One connection, with limits. Made by uvicorn; `connections` makes the class for one server."""

    crowd: ClassVar[Crowd]
    proxies: ClassVar[Proxies]
    all_at_most: ClassVar[int]
    head_seconds: ClassVar[float] = HEAD_SECONDS
    look_seconds: ClassVar[float] = LOOK_SECONDS
    body_seconds: ClassVar[float] = BODY_SECONDS

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._stage = _Stage.IDLE
        self._source: str | None = None
        self._is_trusted = False
        self._deadline: asyncio.TimerHandle | None = None
        self._reader_watch: asyncio.TimerHandle | None = None
        #: Bytes since the message began, and of them those of its head.
        self._fed = self._head = 0
        self._fed_at_look = 0
        self._body_began_at = 0.0
        self._unread_at_look = 0
        self._refusal = 400

    # -- the connection ---------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # uvicorn's own form
        """See asyncio.Protocol."""
        super().connection_made(transport)
        peer = self.client[0] if self.client else None
        self._is_trusted = peer in self.proxies
        source = "proxies" if self._is_trusted else source_of(peer)
        if len(self.connections) > self.all_at_most or not (self._is_trusted or self.crowd.enter(source)):
            self._refuse(503)
            return
        self._source = None if self._is_trusted else source
        self._begin_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """See asyncio.Protocol."""
        super().connection_lost(exc)
        self._disarm()
        self._unwatch_reader()
        if self._source is not None:
            self.crowd.leave(self._source)
            self._source = None

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        if self._stage is _Stage.IDLE:
            self._begin_head()
        self._fed += len(data)
        super().data_received(data)
        if self.parser is None or self.transport.is_closing():
            return
        if self._stage is _Stage.HEAD and self._fed > HEAD_BYTES_AT_MOST:
            self._refuse(431)
        elif self._fed > MESSAGE_BYTES_AT_MOST:
            self._refuse(413)

    def pause_writing(self) -> None:
        """The peer reads slower than we write."""
        super().pause_writing()
        self._unread_at_look = self.transport.get_write_buffer_size()
        self._reader_watch = self.loop.call_later(self.look_seconds, self._look_at_reader)

    def resume_writing(self) -> None:
        """It has caught up."""
        super().resume_writing()
        self._unwatch_reader()

    # -- the parser -------------------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """The first sign of a request; in the same bytes, another may have ended."""
        super().on_message_begin()
        if self._stage is not _Stage.HEAD:
            self._begin_head()
        self._head = 0

    def on_header(self, name: bytes, value: bytes) -> None:
        """One header; one behind the body too."""
        self._head += len(name) + len(value) + 4
        if self._head > HEAD_BYTES_AT_MOST or len(self.headers) >= HEADERS_AT_MOST:
            self._refusal = 431
            raise _TooLong
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """The head is there."""
        if self._head + len(self.url) > HEAD_BYTES_AT_MOST:
            self._refusal = 431
            raise _TooLong
        if not self._is_trusted and any(name in PROXY_HEADERS for name, _ in self.headers):
            self.proxies.warn_of(self.client[0] if self.client else None)
        self._stage = _Stage.BODY
        self._body_began_at, self._fed_at_look = self.loop.time(), self._fed
        self._arm(self.look_seconds, self._look_at_body)
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The request is whole: from here on it is we who are waited for."""
        self._stage = _Stage.IDLE
        self._disarm()
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What the parser could not read, or we would not."""
        if self._refusal == 400:
            super().send_400_response(msg)
        else:
            self._refuse(self._refusal)

    # -- deadlines --------------------------------------------------------------------------------------------------

    def _begin_head(self) -> None:
        self._stage, self._fed = _Stage.HEAD, 0
        self._arm(self.head_seconds, self._refuse, 408)

    def _look_at_body(self) -> None:
        """A body that we do not read is not the peer's slowness."""
        is_slow = self._fed - self._fed_at_look < BYTES_A_LOOK and not self.flow.read_paused
        if is_slow or self.loop.time() - self._body_began_at > self.body_seconds:
            self._refuse(408)
            return
        self._fed_at_look = self._fed
        self._arm(self.look_seconds, self._look_at_body)

    def _look_at_reader(self) -> None:
        unread = self.transport.get_write_buffer_size()
        if self._unread_at_look - unread < BYTES_A_LOOK and unread:
            self.transport.abort()
            return
        self._unread_at_look = unread
        self._reader_watch = self.loop.call_later(self.look_seconds, self._look_at_reader)

    def _refuse(self, status: int) -> None:
        """Say why, if nothing was said yet, and hang up: who waits for the rest of the request waits no more."""
        self._disarm()
        if self.transport.is_closing():
            return
        is_silent = status == 408 and not self._fed
        if not is_silent and (self.cycle is None or self.cycle.response_complete or not self.cycle.response_started):
            reason = _REASONS[status]
            head = b"HTTP/1.1 %d %s\r\ncontent-length: 0\r\nconnection: close\r\n\r\n" % (status, reason)
            self.transport.write(head)
        self.transport.close()

    def _arm(self, seconds: float, call: Any, *args: Any) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, call, *args)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _unwatch_reader(self) -> None:
        if self._reader_watch is not None:
            self._reader_watch.cancel()
            self._reader_watch = None


def connections(proxies: Proxies, **limits: float) -> type[Connection]:
    """The class of one server's connections. limits: other seconds than ours, by the names of Connection."""
    shared = {"crowd": Crowd(EACH_AT_MOST), "proxies": proxies, "all_at_most": _all_at_most()}
    return type("Connection", (Connection,), {**shared, **limits})


def _all_at_most() -> int:
    """Three of four files that the process may open: the rest is for the database, vendors and attachments."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 100_000 if soft == resource.RLIM_INFINITY else max(64, soft * 3 // 4)
