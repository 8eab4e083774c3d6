"""The pages as they leave the server, before any browser."""

import json
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import httpx
import pytest
import pytest_asyncio
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.web import pages
from bot.web.pages import static_files, static_version
from tests.harness import RunningApp, running_app

pytestmark = pytest.mark.asyncio(loop_scope="module")

HTML = {"Accept": "text/html,*/*;q=0.8"}


@pytest_asyncio.fixture(loop_scope="module")
async def web(shared: RunningApp) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(shared.url, headers=HTML) as session:
        yield session


async def text_of(web: aiohttp.ClientSession, path: str, **headers: str) -> str:
    async with web.get(path, headers=headers) as answer:
        assert answer.status == 200, path
        return await answer.text()


async def test_the_front_page_says_what_this_is_and_where_to_begin(web: aiohttp.ClientSession) -> None:
    """The town's name, the way into the chat, and whom to call in an emergency."""
    page = await text_of(web, "/")

    assert "Ventanilla de Poncitlán" in page
    assert 'href="/chat?lang=es"' in page
    assert 'href="tel:911"' in page
    assert "Aviso de privacidad" in page
    assert "<script" not in page


@pytest.mark.parametrize("path", ["/", "/chat"])
async def test_pages_speak_the_browsers_language(web: aiohttp.ClientSession, path: str) -> None:
    """By its settings, or by the link on the page, which wins."""
    assert '<html lang="en">' in await text_of(web, path, **{"Accept-Language": "en-US,en;q=0.9"})
    assert '<html lang="es">' in await text_of(web, f"{path}?lang=es", **{"Accept-Language": "en-US"})
    assert '<html lang="es">' in await text_of(web, f"{path}?lang=xx")


@pytest.mark.parametrize("path", ["/", "/chat", "/chat?embed=1", "/chat?role=official"])
async def test_nothing_comes_from_elsewhere_and_nothing_is_inline(web: aiohttp.ClientSession, path: str) -> None:
    """Every script, style, picture and font is a file of this server; the browser is told to accept nothing else."""
    async with web.get(path) as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()

    assert "unsafe" not in policy
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'self'" in policy
    loaded = re.findall(r'<(?:script|img|iframe|source)[^>]*src="([^"]*)"|<link[^>]*href="([^"]*)"', page)
    assert loaded
    assert all((one or other).startswith(f"/static/{static_version()}/") for one, other in loaded)
    assert not re.search(r"\son[a-z]+=|\sstyle=|<style|javascript:", page)
    assert all('type="application/json"' in tag or "src=" in tag for tag in re.findall(r"<script[^>]*>", page))


async def test_an_attack_in_the_address_stays_a_text(web: aiohttp.ClientSession) -> None:
    """What stands in the address is nowhere on the page as markup."""
    page = await text_of(web, '/chat?lang=es&x="><script>alert(1)</script>')

    assert "<script>alert" not in page


async def test_what_a_town_writes_cannot_end_the_pages_script(tmp_path: Path, town_folder: Path) -> None:
    """A name or a text with marks of HTML reaches the browser letter by letter, and as nothing but text."""
    folder = tmp_path / "content"
    shutil.copytree(town_folder, folder)
    evil = "</script><script>alert(1)</script><!-- &\u2028."
    city, words = folder / "city.yaml", folder / "es" / "messages" / "web.yaml"
    city.write_text(city.read_text("utf-8").replace("name: Poncitlán", f"name: {json.dumps(evil)}", 1), "utf-8")
    words.write_text(words.read_text("utf-8").replace("start: Empezar", f"start: {json.dumps(evil)}", 1), "utf-8")
    async with running_app(tmp_path, CONTENT_DIR=str(folder)) as app, aiohttp.ClientSession(app.url) as web:
        page = await text_of(web, "/chat")

    assert "<script>alert" not in page and "<!--" not in page
    elements = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
    facts = json.loads(next(each for each in elements if each.strip()))
    assert facts["city"] == facts["texts"]["start"] == evil
    assert not set("<>&\u2028\u2029") & set("".join(elements))


async def test_an_invitation_in_the_address_goes_nowhere_else(web: aiohttp.ClientSession) -> None:
    """Neither to other sites, nor into caches, nor into the links of the page."""
    async with web.get("/chat?invite=SECRET123") as answer:
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
        assert "SECRET123" not in await answer.text()


async def test_static_files_are_kept_for_ever_under_their_version(web: aiohttp.ClientSession) -> None:
    """A page loads them once; a new release has another address. An old address still works."""
    async with web.get(f"/static/{static_version()}/chat.js") as answer:
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["Content-Type"].startswith("text/javascript")
    async with web.get("/static/000000000000/chat.js") as answer:
        assert answer.status == 200
        assert answer.headers["Cache-Control"] == "no-cache"


async def test_a_static_file_that_is_not_there_is_a_page_that_says_so(web: aiohttp.ClientSession) -> None:
    """With the headers of every page, as the files have them too."""
    for path, status in ((f"/static/{static_version()}/base.css", 200), ("/static/000000000000/nothing.css", 404)):
        async with web.get(path) as answer:
            assert answer.status == status
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
            assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
            assert ("Esa página no está" in await answer.text()) == (status == 404)


@pytest.mark.parametrize("path", ["/", "/chat", f"/static/{static_version()}/chat.css"])
async def test_pages_and_files_travel_compressed_where_the_browser_can(web: aiohttp.ClientSession, path: str) -> None:
    """The same letters either way, and a cache on the way keeps the two apart."""
    async with web.get(path, headers={"Accept-Encoding": "gzip"}) as zipped:
        assert zipped.headers["Content-Encoding"] == "gzip"
        assert "Accept-Encoding" in zipped.headers["Vary"]
        read = await zipped.read()
        assert int(zipped.headers["Content-Length"]) < len(read)
        if not path.startswith("/static/"):
            assert "Accept-Language" in zipped.headers["Vary"]
    async with web.get(path, headers={"Accept-Encoding": "identity"}) as plain:
        assert "Content-Encoding" not in plain.headers
        assert "Accept-Encoding" in plain.headers["Vary"]
        assert await plain.read() == read


@pytest.mark.parametrize("name", ["../pages.py", "..%2fpages.py", "%2e%2e%2fpages.py", "nothing.js", "chat.js/x"])
async def test_only_static_files_are_served(web: aiohttp.ClientSession, name: str) -> None:
    """No path leads out of the folder."""
    async with web.get(f"/static/{static_version()}/{name}") as answer:
        assert answer.status == 404


async def test_the_chat_is_light() -> None:
    """All that a telephone loads for the chat is less than a small photo."""
    assert sum(len(file.zipped) for file in static_files().values()) < 30_000


async def test_modules_import_only_modules_that_are_there() -> None:
    """A name that was mistyped would leave the page dead."""
    for name, file in static_files().items():
        for imported in re.findall(r'from "\./([^"]+)"', file.content.decode()):
            assert imported in static_files(), f"{name} imports {imported}"


async def test_where_the_web_chat_is_off_there_is_no_page_for_it(own_without_chat: RunningApp) -> None:
    """The front page says so, and has no link that leads nowhere."""
    async with aiohttp.ClientSession(own_without_chat.url, headers=HTML) as web:
        async with web.get("/chat") as answer:
            assert answer.status == 404
        async with web.post("/chat/session") as answer:
            assert answer.status == 404
        page = await text_of(web, "/")

    assert "/chat" not in page
    assert "https://wa.me/14155238886" in page


async def test_what_goes_wrong_is_said_in_plain_words(shared: RunningApp) -> None:
    """A page for people, with ways on; a line for programs; never a traceback."""

    async def broken(_request: Request) -> Response:
        raise RuntimeError("secret detail")

    routes = [*pages.routes(shared.services), Route("/broken", broken)]
    app = Starlette(routes=routes, exception_handlers=pages.error_pages(shared.services))
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://town") as web:
        missing = await web.get("/nothing", headers=HTML | {"Accept-Language": "en"})
        failed = await web.get("/broken", headers=HTML)
        terse = await web.get("/broken", headers={"Accept": "application/json"})

    assert (missing.status_code, failed.status_code, terse.status_code) == (404, 500, 500)
    assert "That page is not here" in missing.text
    assert "Algo falló de nuestro lado" in failed.text
    assert 'href="/"' in failed.text
    assert "Content-Security-Policy" in failed.headers
    assert "secret detail" not in failed.text + terse.text
    assert "<" not in terse.text


async def test_texts_of_the_page_exist_in_both_languages(shared: RunningApp) -> None:
    """Every text that templates and scripts name."""
    messages = shared.services.towns.current.library.messages
    sources = "".join(file.content.decode() for name, file in static_files().items() if name.endswith(".js"))
    named = {f"web.chat.{key}" for key in re.findall(r'\bsay\("([a-z_]+)"', sources)}

    assert named
    for texts in messages.values():
        assert named <= set(texts)
