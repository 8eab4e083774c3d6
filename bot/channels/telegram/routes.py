"""Owns Telegram's door: who may come in, and what becomes of an update that is brought. Knows no message's meaning."""

import hmac
import json
from collections.abc import Callable

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope

from bot.channels.doors import Door, body, header
from bot.channels.kind import Wiring
from bot.channels.telegram.parse import CHANNEL, read

#: Where Telegram brings updates to, below PUBLIC_URL.
PATH = "/hooks/telegram"


def routes(wiring: Wiring, secret: str | None, stored: Callable[[object], None]) -> list[Route]:
    """POST /hooks/telegram. Without a secret nobody is let in. `stored` is told of each update that is in the house."""
    return [Route(PATH, _UpdateDoor(wiring, secret, stored), methods=["POST"])]


class _UpdateDoor(Door):
    """One update a call."""

    def __init__(self, wiring: Wiring, secret: str | None, stored: Callable[[object], None]) -> None:
        super().__init__(CHANNEL, wiring.metrics)
        self._receive = wiring.reception.receive
        self._clock = wiring.clock
        self._secret = None if secret is None else secret.encode()
        self._stored = stored

    async def admit(self, scope: Scope, receive: Receive) -> Response:
        """See Door."""
        if not self._is_genuine(header(scope, b"x-telegram-bot-api-secret-token")):
            return self.forged()
        update = _update(await body(scope, receive))
        message = read(update, self._clock.now())
        if message is None:
            # Telegram sends again whatever is not acknowledged, and nothing of the chat passes until it is.
            self.unreadable()
            return Response()
        await self._receive(message)
        self._stored(update)
        return Response()

    def _is_genuine(self, secret: str) -> bool:
        """Whether a call carries the secret that only Telegram was told."""
        return self._secret is not None and hmac.compare_digest(secret.encode(), self._secret)


def _update(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
