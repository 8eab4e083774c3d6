"""Owns what every request passes before anything else: how many of one source, and where PUBLIC_URL has a path.

Knows no page. Vendors' doors are not counted: many people come through one vendor, and each call is signed.
"""

from typing import Final

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.limits import Limit
from bot.sources import source_of

#: Of one source, in a minute; whole neighbourhoods share one address of their operator, and an open chat asks all the
#: time.
REQUESTS_A_MINUTE: Final = 3_000

_VENDORS: Final = "/hooks/"


class Gate:
    """ASGI middleware in front of the routes."""

    def __init__(self, app: ASGIApp, prefix: str = "", limit: Limit | None = None) -> None:
        """prefix: PUBLIC_URL's path, without a slash at the end. A proxy may pass it on or take it off."""
        self._app = app
        self._prefix = prefix
        self._limit = limit or Limit(burst=REQUESTS_A_MINUTE, per_minute=REQUESTS_A_MINUTE)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = self._path(scope["path"])
        if path != scope["path"]:
            scope = {**scope, "path": path}
        seconds = 0 if path.startswith(_VENDORS) else self._limit.wait_seconds(_source(scope))
        if seconds:
            headers = {"Retry-After": str(seconds), "Cache-Control": "no-store"}
            await JSONResponse({"error": "too many, wait a moment"}, 429, headers)(scope, receive, send)
            return
        await self._app(scope, receive, send)

    def _path(self, path: str) -> str:
        """As the routes know it: without the prefix, and without a slash at the end."""
        if self._prefix and (path == self._prefix or path.startswith(f"{self._prefix}/")):
            path = path[len(self._prefix) :] or "/"
        return path[:-1] if len(path) > 1 and path.endswith("/") else path


def _source(scope: Scope) -> str:
    client = scope.get("client")
    return source_of(client[0] if client else None)
