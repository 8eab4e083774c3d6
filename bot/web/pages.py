"""Owns the pages people open in a browser, and their static files. Knows no message and no ticket."""

import gzip
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlencode, urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.webchat.settings import NAME as WEBCHAT
from bot.headers import HEADERS, SecurityHeaders
from bot.services import Services
from bot.web.language import preferred
from bot.web.texts import page_texts
from handlers.texts import declare
from handlers.town.render import halves_of_day, locale_of, text_of

declare(__name__, page_texts)

_HERE: Final = Path(__file__).parent
_TYPES: Final = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}
_A_YEAR: Final = "public, max-age=31536000, immutable"
#: Texts under this key are the page's own; what stands below `web.chat.` goes to the browser.
_BROWSER_TEXTS: Final = "web.chat."

templates: Final = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class StaticFile:
    """One file, read and compressed once. Starlette's own files take three times as long: docs/dependencies.md."""

    content: bytes
    zipped: bytes
    media_type: str


ErrorPage = Callable[[Request, Exception], Awaitable[Response]]


def routes(services: Services) -> list[Route]:
    """GET /, /static/..., /favicon.ico; where the web chat is on /chat, and /sw.js, which opens it without a signal."""
    pages = _Pages(services)

    async def static(request: Request) -> Response:
        file = static_files().get(request.path_params["name"])
        if file is None:
            return pages.error(request, 404)
        is_current = request.path_params["version"] == static_version()
        return _static_response(request, file, _A_YEAR if is_current else "no-cache")

    async def favicon(_request: Request) -> Response:
        return RedirectResponse(f"{base_of(services)}/static/{static_version()}/favicon.svg", 308)

    async def worker(request: Request) -> Response:
        return _static_response(request, static_files()["sw.js"], "no-cache")

    secured = [Middleware(SecurityHeaders)]
    compressed = [*secured, Middleware(GZipMiddleware)]
    table = [
        Route("/", pages.home, middleware=compressed),
        Route("/static/{version}/{name}", static, middleware=secured),
        Route("/favicon.ico", favicon, middleware=secured),
    ]
    if WEBCHAT not in services.channels:
        return table
    # A worker sees no page above its own folder: this one lies at the top.
    return [*table, Route("/chat", pages.chat, middleware=compressed), Route("/sw.js", worker, middleware=secured)]


def error_pages(services: Services) -> Mapping[int | type[Exception], ErrorPage]:
    """What the app answers where there is no such page, or something broke: people get a page, programs a line."""
    pages = _Pages(services)

    async def missing(request: Request, _error: Exception) -> Response:
        return pages.error(request, 404)

    async def broken(request: Request, _error: Exception) -> Response:
        return pages.error(request, 500)

    return {404: missing, Exception: broken}


class _Pages:
    """Pages in the languages of the town."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def home(self, request: Request) -> Response:
        """What this is, for whom, and how to begin."""
        return self._page(request, "home.html", {"elsewhere": self._elsewhere()})

    async def chat(self, request: Request) -> Response:
        """The chat: one phone, or two in the demo."""
        settings = self._services.settings
        is_official = "invite" in request.query_params or request.query_params.get("role") == "official"
        is_embedded = request.query_params.get("embed") == "1"
        phones = ["official"] if is_official else ["resident"]
        is_demo = settings.demo and not is_official and not is_embedded
        if is_demo:
            phones.append("official")
        language = self._language(request)
        facts = {
            "phones": phones,
            "is_demo": is_demo,
            "is_embedded": is_embedded,
            "browser": _as_script(self._browser_facts(language)),
        }
        return self._page(request, "chat.html", facts)

    def error(self, request: Request, status: int) -> Response:
        """What went wrong, in plain words; for programs that do not read pages, in one line."""
        if "text/html" not in request.headers.get("accept", ""):
            return PlainTextResponse("Not found." if status == 404 else "Something went wrong here.", status)
        answer = self._page(request, "error.html", {"what": "missing" if status == 404 else "broken"}, status)
        answer.headers.update(HEADERS)
        return answer

    def _page(self, request: Request, name: str, facts: Mapping[str, object], status: int = 200) -> Response:
        town = self._services.towns.current
        language = self._language(request)
        html = templates.get_template(name).render(
            language=language,
            languages=[
                {"code": each, "name": town.language_name(each), "url": _url_in(request, each)}
                for each in town.languages
                if each != language
            ],
            city=town.city,
            base=base_of(self._services),
            version=static_version(),
            has_chat=WEBCHAT in self._services.channels,
            t=lambda key, **params: town.words(f"web.{key}", language, params),
            **facts,
        )
        # The page depends on Accept-Language; an invitation's code may stand in its address, and nowhere in the page:
        # what is compressed holds no secret.
        return HTMLResponse(html, status, {"Cache-Control": "no-store", "Vary": "Accept-Language"})

    def _language(self, request: Request) -> str:
        languages = self._services.towns.current.languages
        asked = request.query_params.get("lang", "")
        return asked if asked in languages else preferred(request.headers.get("accept-language", ""), languages)

    def _browser_facts(self, language: str) -> dict[str, object]:
        town = self._services.towns.current
        keys = {key for texts in town.library.messages.values() for key in texts if key.startswith(_BROWSER_TEXTS)}
        texts = {key.removeprefix(_BROWSER_TEXTS): text_of(town.library, key, language) for key in sorted(keys)}
        return {
            "texts": texts,
            "language": language,
            "locale": str(locale_of(town.library, language)).replace("_", "-"),
            "halves": halves_of_day(town.library, language),
            "city": town.city.name,
            "emergencyPhone": town.city.emergency_phone,
            "isDemo": self._services.settings.demo,
        }

    def _elsewhere(self) -> list[dict[str, str]]:
        """The channels beside the chat that have a link by now, as people call them."""
        settings, channels = self._services.settings, list(self._services.channels.values())
        return [
            {"channel": settings.channels[each.name].title, "link": each.link}
            for each in reversed(channels)
            if each.link is not None and each.name != WEBCHAT
        ]


def base_of(services: Services) -> str:
    """What stands before the path of every link of ours: PUBLIC_URL's own path, without a slash at the end."""
    return urlsplit(services.settings.public_url).path


def _as_script(facts: object) -> Markup:
    """JSON that can stand inside of a script element: nothing in it can end the element."""
    text = json.dumps(facts, ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704  every sign that HTML knows was escaped above


def _url_in(request: Request, language: str) -> str:
    """The same page in another language. Without the page's own path: what somebody made up never becomes a link."""
    query = {**request.query_params, "lang": language}
    query.pop("invite", None)
    return f"?{urlencode(query)}"


@cache
def static_files() -> Mapping[str, StaticFile]:
    """All static files by name."""
    files = {}
    for path in sorted((_HERE / "static").iterdir()):
        if path.suffix in _TYPES:
            content = path.read_bytes()
            files[path.name] = StaticFile(content, gzip.compress(content, 9, mtime=0), _TYPES[path.suffix])
    return files


@cache
def static_version() -> str:
    """Changes whenever any file does, so that browsers may keep all of them for ever."""
    digest = hashlib.sha256()
    for name, file in static_files().items():
        digest.update(name.encode() + b"\0" + file.content)
    return digest.hexdigest()[:12]


def _static_response(request: Request, file: StaticFile, cache: str) -> Response:
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
        return Response(file.zipped, media_type=file.media_type, headers=headers)
    return Response(file.content, media_type=file.media_type, headers=headers)
