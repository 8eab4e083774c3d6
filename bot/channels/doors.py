"""Owns what the doors that vendors knock at have in common: how much is read, and what callers are told.

Knows no vendor. Plain ASGI: of all requests to this server, these are the many.
"""

from typing import Final

import structlog
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bot.channels.fields import natural
from bot.metrics import Metrics
from storage.engine import StorageUnavailable

#: No vendor's call comes near this.
BODY_BYTES_AT_MOST: Final = 1024 * 1024

#: When to call again while the database is away.
_AGAIN_AFTER_SECONDS: Final = 5

log = structlog.get_logger(__name__)


class Door:
    """One door of a channel: an ASGI app."""

    def __init__(self, channel: str, metrics: Metrics) -> None:
        self.channel = channel
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        response = await self._answer(scope, receive)
        await response(scope, receive, send)

    async def admit(self, scope: Scope, receive: Receive) -> Response:
        """What the channel answers. May raise StorageUnavailable: the vendor is told to call again."""
        raise NotImplementedError

    def forged(self) -> Response:
        """The answer to a stranger, who leaves no trace but a number."""
        self._metrics.forged.labels(self.channel).inc()
        return Response(status_code=403)

    def unreadable(self) -> None:
        """Count a genuine call that holds nothing we can read."""
        self._metrics.received.labels(self.channel, "refused").inc()
        log.warning("a vendor's call could not be read", channel=self.channel)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        try:
            return await self.admit(scope, receive)
        except StorageUnavailable:
            # Nothing was stored: the vendor is to call again.
            return Response(status_code=503, headers={"Retry-After": str(_AGAIN_AFTER_SECONDS)})
        except BodyTooLong:
            self._metrics.received.labels(self.channel, "refused").inc()
            return Response(status_code=413)
        except ClientDisconnect:
            # It hung up, or was too slow: nobody hears this.
            return Response(status_code=400)


class BodyTooLong(Exception):
    """The body passes the limit."""


def header(scope: Scope, name: bytes) -> str:
    """The first header of that name, which is in lower case; empty if there is none."""
    for each, value in scope["headers"]:
        if each == name:
            return bytes(value).decode("latin-1")
    return ""


async def body(scope: Scope, receive: Receive) -> bytes:
    """The whole body. Raises BodyTooLong beyond BODY_BYTES_AT_MOST, and as soon as that is known.

    Raises ClientDisconnect where the rest does not come; how slowly it may come is bot/connections.py's.
    """
    length = header(scope, b"content-length")
    if length and natural(length, BODY_BYTES_AT_MOST) is None:
        raise BodyTooLong
    read = bytearray()
    while True:
        event = await receive()
        if event["type"] == "http.disconnect":
            raise ClientDisconnect
        read += event.get("body", b"")
        if len(read) > BODY_BYTES_AT_MOST:
            raise BodyTooLong
        if not event.get("more_body"):
            return bytes(read)
