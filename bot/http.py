"""Owns the one client for outgoing HTTP. Knows no vendor and no secret."""

import asyncio
from typing import Final

import aiohttp

#: To get a connection, new or kept; always ends before the time for the whole request.
CONNECT_SECONDS: Final = 5.0

#: For a whole request, where the caller sets nothing else.
TOTAL_SECONDS: Final = 30.0

#: Connections at once, to all hosts.
CONNECTIONS: Final = 256

#: What goes wrong before anything of the request has left this machine.
_UNSENT: Final = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ServerFingerprintMismatch,
    aiohttp.InvalidURL,
)

#: Everything that a request can raise because of the network.
FAILURES: Final = (aiohttp.ClientError, OSError, TimeoutError)


class Http:
    """One session for the process: opened on first use, in the loop that runs then, and closed once at the end."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """The open session. Only inside of a running loop."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                # Vendors' APIs set no cookies that we want, and one person's must never reach another.
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=timeout(),
            )
        return self._session

    async def close(self) -> None:
        """Close the connections; a later use opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
            # aiohttp: TLS connections need one more turn of the loop to close.
            await asyncio.sleep(0)


def timeout(seconds: float | None = TOTAL_SECONDS) -> aiohttp.ClientTimeout:
    """A limit for the whole request, and a shorter one to get a connection; None sets only the shorter one."""
    connect = CONNECT_SECONDS if seconds is None else min(CONNECT_SECONDS, seconds / 2)
    return aiohttp.ClientTimeout(total=seconds, connect=connect)


def was_sent(error: BaseException) -> bool:
    """Whether the request may have reached the other side before it failed: then a second try may say it twice."""
    return not isinstance(error, _UNSENT)
