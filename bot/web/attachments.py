"""Owns the door to stored attachments: a signed link that expires. Knows no channel and no person."""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.attachments.store import UNKNOWN_TYPE
from bot.services import Services

#: Shown by the browser; everything else is downloaded.
_SHOWN = ("image/", "audio/", "video/", "application/pdf")


def routes(services: Services) -> list[Route]:
    """GET /media/{token}."""

    async def media(request: Request) -> Response:
        media_id = services.media_links.media_id(request.path_params["token"])
        if media_id is None:
            return _gone()
        found = await services.database.run(lambda unit: unit.media.get([media_id]))
        if not found or found[0].key is None:
            return _gone()
        content_type = found[0].content_type or UNKNOWN_TYPE
        try:
            content = await services.files.read(found[0].key)
        except FileNotFoundError:
            return _gone()
        return Response(content, media_type=content_type, headers=_headers(content_type))

    return [Route("/media/{token}", media)]


def _headers(content_type: str) -> dict[str, str]:
    is_shown = content_type.startswith(_SHOWN)
    return {
        "Content-Disposition": "inline" if is_shown else "attachment",
        "Cache-Control": "private, max-age=3600",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Referrer-Policy": "no-referrer",
    }


def _gone() -> Response:
    return PlainTextResponse("This link is not valid, or no longer.", status_code=404)
