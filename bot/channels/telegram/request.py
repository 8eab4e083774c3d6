"""Owns how python-telegram-bot reaches the Bot API: over our one aiohttp client. Knows no message and no chat.

The library's own transport gets slower the more requests are under way at once; this one does not.
"""

import io
import json
from types import MappingProxyType
from typing import Any, Final

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.http import FAILURES, Http, timeout

_TOO_MANY_REQUESTS: Final = 429
_GATEWAY_TIMEOUT: Final = 504

#: Time for the upload of files, beside the time for an answer.
_UPLOAD_SECONDS: Final = 60.0


class FloodWaitError(TelegramError):
    """Telegram did nothing and asks for patience.

    Stands in for the library's RetryAfter, which warns of its own future when it is made.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(f"Too many requests: retry after {seconds:g} s")
        self.seconds = seconds


class AiohttpRequest(BaseRequest):
    """The Bot API over aiohttp; `seconds` is the time for one answer."""

    def __init__(self, http: Http, seconds: float) -> None:
        self._http = http
        self._seconds = seconds

    @property
    def read_timeout(self) -> float:
        """Seconds for one answer. A long poll adds its own waiting time to this."""
        return self._seconds

    async def initialize(self) -> None:
        """Nothing to do: the client opens itself."""

    async def shutdown(self) -> None:
        """Nothing to do: the client belongs to the process."""

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body. Raises TimedOut or NetworkError, with the cause that bot.http.was_sent can judge."""
        seconds = read_timeout if isinstance(read_timeout, int | float) else self._seconds
        if request_data and request_data.contains_files:
            seconds += _UPLOAD_SECONDS
        try:
            async with self._http.session.request(
                method, url, timeout=timeout(seconds), allow_redirects=False, **_body(request_data)
            ) as response:
                status, body = response.status, await response.read()
        # No text of these errors goes on: it can hold the URL, and that holds the token.
        except TimeoutError as error:
            raise TimedOut(type(error).__name__) from error
        except FAILURES as error:
            raise NetworkError(type(error).__name__) from error
        _refuse(status, body)
        return status, body

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """The body as JSON. The library's own writes a body that it cannot read to the log, texts and all."""
        try:
            answer = json.loads(payload)
        except ValueError as error:
            raise TelegramError("Invalid server response") from error
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer


class Form:
    """The fields of a call that carries no file, as `do_request` wants them. Stands in for the library's RequestData,
    which is made field by field from its own types: for the one call that is made all the time.
    """

    contains_files = False

    def __init__(self, **fields: str) -> None:
        self.json_parameters = fields


#: Of a call without files.
_URLENCODED: Final = MappingProxyType({"Content-Type": "application/x-www-form-urlencoded"})


def _body(request: RequestData | None) -> dict[str, Any]:
    """What the client takes beside the address."""
    if request is None:
        return {}
    if not request.contains_files:
        # Encoded here: the client's own way takes ten times as long, with every message.
        encoded = URL.build(query=request.json_parameters).raw_query_string
        return {"data": encoded.encode(), "headers": _URLENCODED}
    return {"data": _multipart(request)}


def _multipart(request: RequestData) -> aiohttp.FormData:
    form = aiohttp.FormData()
    for name, value in request.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, content_type) in request.multipart_data.items():
        file = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, file, filename=filename, content_type=content_type)
    return form


def _refuse(status: int, body: bytes) -> None:
    if status == _GATEWAY_TIMEOUT:
        # A gateway gave up waiting for a server that may well have gone on.
        raise TimedOut("Gateway Timeout")
    if status == _TOO_MANY_REQUESTS:
        raise FloodWaitError(_seconds_to_wait(body))


def _seconds_to_wait(body: bytes) -> float:
    try:
        seconds = float(json.loads(body)["parameters"]["retry_after"])
    except (ValueError, TypeError, KeyError):
        return 1.0
    return max(seconds, 0.0)
