"""Owns the doors that vendors knock at: who may come in, and what they are told. Knows no message's meaning.

Plain ASGI: of all requests to this server, these are the many.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import parse_qsl

import structlog
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.services import Services
from storage.engine import StorageUnavailable

if TYPE_CHECKING:
    from bot.channels.telegram.channel import TelegramChannel
    from bot.channels.whatsapp.channel import WhatsAppChannel
    from bot.channels.whatsapp.parse import Receipt

#: No vendor's call comes near this.
BODY_BYTES_AT_MOST: Final = 1024 * 1024

#: Fields of a form; Twilio sends about 30.
_FIELDS_AT_MOST: Final = 500

#: When to call again while the database is away.
_AGAIN_AFTER_SECONDS: Final = 5

#: Twilio: an answer in its markup language that says nothing.
_NO_WORDS: Final = b'<?xml version="1.0" encoding="UTF-8"?><Response></Response>'

Pairs = Sequence[tuple[str, str]]

log = structlog.get_logger(__name__)


def routes(services: Services) -> list[Route]:
    """The doors; one whose channel is switched off answers 404."""
    return [
        Route("/hooks/telegram", TelegramHook(services), methods=["POST"]),
        Route("/hooks/whatsapp", WhatsAppHook(services), methods=["POST"]),
        Route("/hooks/whatsapp/status", WhatsAppStatusHook(services), methods=["POST"]),
    ]


class Hook:
    """What all doors have in common."""

    channel: str

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        response = await self._answer(scope, receive)
        await response(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive) -> Response:
        if self.channel not in self._services.channels:
            return Response(status_code=404)
        try:
            return await self._admit(scope, receive)
        except StorageUnavailable:
            # Nothing was stored: the vendor is to call again.
            return Response(status_code=503, headers={"Retry-After": str(_AGAIN_AFTER_SECONDS)})
        except _TooLongError:
            self._services.metrics.received.labels(self.channel, "refused").inc()
            return Response(status_code=413)

    async def _admit(self, scope: Scope, receive: Receive) -> Response:
        raise NotImplementedError

    def _forged(self) -> Response:
        """A stranger leaves no trace but this number."""
        self._services.metrics.forged.labels(self.channel).inc()
        return Response(status_code=403)

    def _unreadable(self) -> None:
        self._services.metrics.received.labels(self.channel, "refused").inc()
        log.warning("a vendor's call could not be read", channel=self.channel)


class TelegramHook(Hook):
    """POST /hooks/telegram: one update a call."""

    channel = "telegram"

    async def _admit(self, scope: Scope, receive: Receive) -> Response:
        channel = cast("TelegramChannel", self._services.channels[self.channel])
        if not channel.is_genuine(_header(scope, b"x-telegram-bot-api-secret-token")):
            return self._forged()
        body = await _body(scope, receive)
        try:
            update = json.loads(body)
        except (ValueError, RecursionError):
            update = None
        message = channel.read(update)
        if message is None:
            # Telegram sends again whatever is not acknowledged, and nothing of the chat passes until it is.
            self._unreadable()
            return Response()
        await self._services.reception.receive(message)
        channel.acknowledge(update)
        return Response()


class _TwilioHook(Hook):
    """A door whose calls carry Twilio's signature."""

    channel = "whatsapp"

    async def _admit(self, scope: Scope, receive: Receive) -> Response:
        channel = cast("WhatsAppChannel", self._services.channels[self.channel])
        pairs = _form(await _body(scope, receive))
        if pairs is None or not channel.is_genuine(self._url(scope), pairs, _header(scope, b"x-twilio-signature")):
            return self._forged()
        return await self._take(channel, pairs)

    async def _take(self, channel: "WhatsAppChannel", pairs: Pairs) -> Response:
        raise NotImplementedError

    def _url(self, scope: Scope) -> str:
        # Twilio signs the address it was given, not the one that a proxy passes on; a Host header proves nothing.
        path, query = str(scope["path"]), bytes(scope["query_string"]).decode("latin-1")
        return f"{self._services.settings.public_url}{path}" + (f"?{query}" if query else "")


class WhatsAppHook(_TwilioHook):
    """POST /hooks/whatsapp: one message a call."""

    async def _take(self, channel: "WhatsAppChannel", pairs: Pairs) -> Response:
        message = channel.read(pairs)
        if message is None:
            self._unreadable()
        else:
            await self._services.reception.receive(message)
        return Response(_NO_WORDS, media_type="text/xml")


class WhatsAppStatusHook(_TwilioHook):
    """POST /hooks/whatsapp/status: how far one of our messages got."""

    async def _take(self, channel: "WhatsAppChannel", pairs: Pairs) -> Response:
        receipt = channel.read_receipt(pairs)
        if receipt is None:
            self._unreadable()
        else:
            await self._record(receipt)
        return Response(status_code=204)

    async def _record(self, receipt: "Receipt") -> None:
        now = self._services.clock.now()
        await self._services.database.run(
            lambda unit: unit.delivery.receipt(self.channel, receipt.provider_id, receipt.status, receipt.error, now),
            key=f"receipt:{receipt.provider_id}",
        )


class _TooLongError(Exception):
    """The body passes the limit."""


def _header(scope: Scope, name: bytes) -> str:
    for each, value in scope["headers"]:
        if each == name:
            return bytes(value).decode("latin-1")
    return ""


async def _body(scope: Scope, receive: Receive) -> bytes:
    length = _header(scope, b"content-length")
    if length.isdigit() and int(length) > BODY_BYTES_AT_MOST:
        raise _TooLongError
    body = bytearray()
    while True:
        event = await receive()
        body += event.get("body", b"")
        if len(body) > BODY_BYTES_AT_MOST:
            raise _TooLongError
        if not event.get("more_body"):
            return bytes(body)


def _form(body: bytes) -> Pairs | None:
    """Every field in its order; the empty ones are signed too. None if it is no form."""
    try:
        return parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=_FIELDS_AT_MOST)
    except ValueError:
        return None
