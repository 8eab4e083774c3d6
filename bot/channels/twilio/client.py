"""Owns how Twilio's library reaches Twilio: over our one aiohttp client, with a time limit. Knows no message.

The library's own asynchronous client ignores its time limit, and has no setting for another server.
"""

import base64
from typing import Final
from urllib.parse import urlencode, urlsplit, urlunsplit

import structlog
from twilio.http import AsyncHttpClient  # type: ignore[import-untyped] # the library has no py.typed
from twilio.http.response import Response  # type: ignore[import-untyped] # the library has no py.typed

from bot.http import Http, timeout

#: For one call. Twilio answers in well under a second; longer waits end in "may have been sent".
CALL_SECONDS: Final = 10.0

log = structlog.get_logger(__name__)


class TwilioHttp(AsyncHttpClient):  # type: ignore[misc] # untyped base
    """Calls Twilio's hosts, or the one that stands in for them, on the same paths."""

    def __init__(self, http: Http, stand_in: str | None) -> None:
        super().__init__(log, True, CALL_SECONDS)
        self._http = http
        self._stand_in = stand_in

    async def request(
        self,
        method: str,
        uri: str,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109 # the library's signature
        allow_redirects: bool = False,
    ) -> Response:
        """One call. Raises what aiohttp raises; nothing is tried again here."""
        sent = dict(headers or {})
        if auth is not None:
            sent["Authorization"] = basic_auth(*auth)
        body = urlencode(data, doseq=True).encode() if data else None
        async with self._http.session.request(
            method,
            rewritten(uri, self._stand_in),
            params=[(name, str(value)) for name, value in (params or {}).items()],
            data=body,
            headers=sent,
            timeout=_limit(timeout or self.timeout),
            allow_redirects=False,
        ) as response:
            return Response(response.status, await response.text(), response.headers)


def rewritten(url: str, stand_in: str | None) -> str:
    """The URL on the server that stands in for Twilio's, with the same path."""
    if stand_in is None:
        return url
    target, path = urlsplit(stand_in), urlsplit(url)
    return urlunsplit((target.scheme, target.netloc, target.path.rstrip("/") + path.path, path.query, ""))


def basic_auth(user: str, password: str) -> str:
    """The header that proves who we are. Only ever for Twilio's API."""
    return "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()


_limit = timeout
