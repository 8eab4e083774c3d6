"""Owns the fourth channel's door."""

import json

from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope

from bot.channels.doors import Door, body, header
from bot.channels.kind import Wiring
from tests.channels.fourth.parse import parse


def routes(wiring: Wiring, key: str) -> list[Route]:
    """POST /hooks/fourth."""
    return [Route("/hooks/fourth", _LetterDoor(wiring, key), methods=["POST"])]


class _LetterDoor(Door):
    def __init__(self, wiring: Wiring, key: str) -> None:
        super().__init__("fourth", wiring.metrics)
        self._wiring = wiring
        self._key = key

    async def admit(self, scope: Scope, receive: Receive) -> Response:
        if header(scope, b"x-key") != self._key:
            return self.forged()
        try:
            message = parse(json.loads(await body(scope, receive)), self._wiring.clock.now())
        except ValueError:
            message = None
        if message is None:
            self.unreadable()
        else:
            await self._wiring.reception.receive(message)
        return Response()
