"""Owns the door to stored attachments: a signed link that expires, and ends with the right to what it stands in.

Knows no channel and no person.
"""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.attachments.links import Link
from bot.attachments.store import UNKNOWN_TYPE
from bot.limits import Crowd
from bot.services import Services
from bot.sources import source_of
from storage.media import StoredMedia
from storage.unit_of_work import SqlUnitOfWork

#: Shown by the browser; everything else is downloaded.
_SHOWN = ("image/", "audio/", "video/", "application/pdf")

#: Attachments on their way at once, to one source and to all: each lies in memory until it has been taken.
EACH_AT_MOST: Final = 8
ALL_AT_MOST: Final = 32
_AGAIN_AFTER_SECONDS: Final = 3
_PIECE_BYTES: Final = 64 * 1024


def routes(services: Services) -> list[Route]:
    """GET /media/{token}."""
    of_source, of_all = Crowd(EACH_AT_MOST), Crowd(ALL_AT_MOST)

    async def media(request: Request) -> Response:
        link = services.media_links.read(request.path_params["token"])
        return _gone() if link is None else _Sending(services, link, of_source, of_all)

    return [Route("/media/{token}", media)]


class _Sending(Response):
    """One attachment, read when there is room for it. The room is held until the other side has taken it."""

    def __init__(self, services: Services, link: Link, of_source: Crowd, of_all: Crowd) -> None:
        super().__init__()
        self._services, self._link = services, link
        self._of_source, self._of_all = of_source, of_all

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        source = source_of(client[0] if client else None)
        with self._of_source.inside(source) as is_in, self._of_all.inside("all") as is_next:
            answer = await self._answer() if is_in and is_next else _later()
            await answer(scope, receive, send)

    async def _answer(self) -> Response:
        found = await self._services.looks.run(lambda unit: _found(unit, self._link))
        if not found or found[0].key is None:
            return _gone()
        content_type = found[0].content_type or UNKNOWN_TYPE
        try:
            content = await self._services.files.read(found[0].key)
        except FileNotFoundError:
            return _gone()
        headers = {**_headers(content_type), "Content-Length": str(len(content))}
        # In pieces, so that a reader who takes his time is waited for here.
        return StreamingResponse(_pieces(content), media_type=content_type, headers=headers)


async def _pieces(content: bytes) -> AsyncIterator[bytes]:
    for start in range(0, len(content), _PIECE_BYTES):
        yield content[start : start + _PIECE_BYTES]


def _found(unit: SqlUnitOfWork, link: Link) -> Sequence[StoredMedia]:
    """Nothing where the reader of the message that the link was made for may not see it any more."""
    if link.shown_in is not None and not unit.rights.may_open(link.shown_in, link.media_id):
        return ()
    return unit.media.get([link.media_id])


def _headers(content_type: str) -> dict[str, str]:
    is_shown = content_type.startswith(_SHOWN)
    return {
        "Content-Disposition": "inline" if is_shown else "attachment",
        "Cache-Control": "private, max-age=300",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Referrer-Policy": "no-referrer",
    }


def _gone() -> Response:
    return PlainTextResponse("This link is not valid, or no longer.", status_code=404)


def _later() -> Response:
    headers = {"Retry-After": str(_AGAIN_AFTER_SECONDS), "Cache-Control": "no-store"}
    return PlainTextResponse("Too many attachments at once, wait a moment.", 429, headers)
