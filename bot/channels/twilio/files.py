"""Owns the download of what people send through Twilio: from there alone, and never showing our key to anybody else."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from typing import Final
from urllib.parse import urljoin, urlsplit

import aiohttp

from bot.channels.base import SendFailed
from bot.channels.downloads import SECONDS, pieces
from bot.channels.twilio.client import basic_auth, rewritten
from bot.channels.twilio.settings import TwilioSettings
from bot.http import FAILURES, Http, timeout

#: Twilio: the only host that may be asked for a file with our key.
_HOST: Final = "api.twilio.com"

_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})


class TwilioFiles:
    """The files of one account."""

    def __init__(self, settings: TwilioSettings, http: Http, channel: str) -> None:
        self._http = http
        self._channel = channel
        self._folder = f"/2010-04-01/Accounts/{settings.account}/"
        self._key = {"Authorization": basic_auth(settings.account, settings.token)}
        self._stand_in = settings.stand_in

    async def fetch(self, url: str) -> AsyncIterator[bytes]:
        """The bytes of a file. Raises SendFailed, permanent where asking again is of no use."""
        self._check(url)
        ours = rewritten(url, self._stand_in)
        try:
            async with self._get(ours, self._key) as response:
                if response.status not in _REDIRECTS:
                    async for piece in self._content(response):
                        yield piece
                    return
                elsewhere = urljoin(ours, response.headers.get("Location", ""))
            self._check_safe(elsewhere)
            # Twilio keeps files elsewhere. Whoever that is, it is not shown our key.
            async with self._get(elsewhere, {}) as response:
                async for piece in self._content(response):
                    yield piece
        except FAILURES as error:
            raise SendFailed(f"{self._channel}: the file did not arrive ({type(error).__name__})") from None

    def _check(self, url: str) -> None:
        """A webhook tells us what to ask for: nothing but our own account's files at Twilio."""
        self._check_safe(url)
        parts = urlsplit(url)
        hosts = {_HOST, urlsplit(self._stand_in).hostname} if self._stand_in else {_HOST}
        if parts.hostname not in hosts or not parts.path.startswith(self._folder) or ".." in parts.path:
            raise SendFailed(f"{self._channel}: the file is not at Twilio, or not ours", is_permanent=True)

    def _check_safe(self, url: str) -> None:
        try:
            scheme = urlsplit(url).scheme
        except ValueError:
            scheme = ""
        if scheme != "https" and not (scheme == "http" and self._stand_in):
            raise SendFailed(f"{self._channel}: the link to the file is not safe", is_permanent=True)

    def _get(self, url: str, headers: dict[str, str]) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        return self._http.session.get(url, headers=headers, timeout=timeout(SECONDS), allow_redirects=False)

    async def _content(self, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        # Twilio: a file can be announced before it can be had (404), so no status here is the last word.
        if response.status != 200:
            raise SendFailed(f"{self._channel}: the file's server answered {response.status}")
        async for piece in pieces(response):
            yield piece
