"""What every request passes: PUBLIC_URL's path, the limit of one source; and links that lead nowhere else."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import httpx
import pytest
import pytest_asyncio
from starlette.types import Receive, Scope, Send
from twilio.request_validator import RequestValidator

from bot.limits import Limit
from bot.web.gate import Gate
from tests.harness import RunningApp, running_app
from tests.web.person import WebPerson
from tests.web.test_webchat_routes import JPEG

pytestmark = pytest.mark.asyncio(loop_scope="module")

HTML = {"Accept": "text/html,*/*;q=0.8"}
_LINK = re.compile(r'(?:href|src)="([^"]*)"')


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def below(tmp_path_factory: pytest.TempPathFactory, town_folder: Path) -> AsyncIterator[RunningApp]:
    """A counter that the outside world finds below a path."""
    folder = tmp_path_factory.mktemp("below")
    url = "https://town.example/tramites/ventanilla"
    async with running_app(folder, CONTENT_DIR=str(town_folder), PUBLIC_URL=url) as app:
        yield app


@pytest.mark.parametrize("prefix", ["", "/tramites/ventanilla"], ids=["taken off by the proxy", "passed on"])
async def test_everything_is_found_below_the_path(below: RunningApp, prefix: str) -> None:
    """Pages, scripts, styles, the icon and the chat's own calls, whichever way the proxy does it."""
    async with aiohttp.ClientSession() as session:
        for page in ("/", "/chat", "/chat/", "/nowhere"):
            async with session.get(f"{below.url}{prefix}{page}", headers=HTML) as answer:
                assert answer.status == (404 if page == "/nowhere" else 200)
                links = [link for link in _LINK.findall(await answer.text()) if link.startswith("/")]
                assert links
                assert all(link.startswith("/tramites/ventanilla/") for link in links), links
        assets = [link for link in links if "/static/" in link]
        for link in assets:
            async with session.get(
                below.url + link.removeprefix("/tramites/ventanilla" if not prefix else "")
            ) as answer:
                assert answer.status == 200, link
        async with session.get(f"{below.url}{prefix}/favicon.ico", allow_redirects=False) as answer:
            assert answer.headers["Location"].startswith("/tramites/ventanilla/static/")


async def test_pictures_in_the_chat_are_found_below_the_path(below: RunningApp) -> None:
    """Their links are made for the page, not for the server's own root."""
    path = below.services.media_links.path(5)
    assert path.startswith("/tramites/ventanilla/media/")
    assert below.services.media_links.url(5) == f"https://town.example{path}"
    async with WebPerson(f"{below.url}/tramites/ventanilla") as ana:
        await ana.sends_photo(JPEG)
        await below.settle()
        link = below.services.media_links.path(1)
        async with ana.session.get(f"{below.url}{link}") as answer:
            assert answer.status == 200


async def test_a_path_that_only_looks_like_it_is_another(below: RunningApp) -> None:
    """Whole parts of it count."""
    async with aiohttp.ClientSession() as session, session.get(f"{below.url}/tramites/ventanillas/chat") as answer:
        assert answer.status == 404


@pytest.mark.parametrize(
    "path", ["//evil.example/", "//evil.example", "//evil.example/chat/", "/\\evil.example/", "///x/"]
)
async def test_a_page_that_is_not_there_links_nowhere_else(shared: RunningApp, path: str) -> None:
    """What somebody put into the address does not become a way out of this server."""
    async with httpx.AsyncClient() as client:
        request = client.build_request("GET", f"{shared.url}/x", headers=HTML | {"Host": "evil.example"})
        request.url = request.url.copy_with(raw_path=path.encode())
        answer = await client.send(request)

    assert answer.status_code == 404
    assert "location" not in answer.headers
    assert "evil" not in answer.text
    links = _LINK.findall(answer.text)
    assert "?lang=en" in links
    assert not [link for link in links if link.startswith(("//", "\\", "/\\"))]


async def test_languages_keep_what_the_page_was_asked_for(shared: RunningApp) -> None:
    """And not the invitation."""
    async with (
        aiohttp.ClientSession(headers=HTML) as session,
        session.get(f"{shared.url}/chat?embed=1&invite=ABC&x=%26%22%3E") as answer,
    ):
        links = _LINK.findall(await answer.text())

    assert "?embed=1&amp;x=%26%22%3E&amp;lang=en" in links


async def test_one_source_asks_only_so_often() -> None:
    """Before anything is done for it; vendors, whose calls are signed, are not counted."""
    passed: list[str] = []

    async def app(scope: Scope, _receive: Receive, send: Send) -> None:
        passed.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    gate = Gate(app, limit=Limit(2, 60))
    statuses = []
    for host, path in [("2001:db8::1", "/"), ("2001:db8::2", "/"), ("2001:db8::3", "/"), ("2001:db8:0:1::1", "/"),
                       ("2001:db8::1", "/hooks/telegram")]:  # fmt: skip
        transport = httpx.ASGITransport(gate, client=(host, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://town.example") as client:
            answer = await client.get(path)
            statuses.append(answer.status_code)
            if answer.status_code == 429:
                assert answer.headers["Retry-After"] == "1"

    assert statuses == [200, 200, 429, 200, 200]
    assert passed == ["/", "/", "/", "/hooks/telegram"]


@pytest.mark.parametrize("prefix", ["", "/ventanilla"], ids=["taken off by the proxy", "passed on"])
async def test_vendors_calls_are_genuine_below_the_path(tmp_path: Path, town_folder: Path, prefix: str) -> None:
    """Twilio signs the address that the outside world knows, whichever way the proxy brings it."""
    token, url = "0" * 32, "https://town.example/ventanilla"
    account = "AC" + "0" * 32
    fields = {"MessageSid": "SM1", "From": "whatsapp:+5213312345678", "Body": "hola", "AccountSid": account}
    signature = RequestValidator(token).compute_signature(f"{url}/hooks/whatsapp", fields)
    environ = {
        "TWILIO_ACCOUNT_SID": account,
        "TWILIO_AUTH_TOKEN": token,
        "TWILIO_WHATSAPP_FROM": "+14155238886",
        "TWILIO_API_URL": "http://127.0.0.1:9",
    }
    async with (
        running_app(tmp_path, CONTENT_DIR=str(town_folder), PUBLIC_URL=url, **environ) as app,
        aiohttp.ClientSession() as session,
    ):
        for signed, status in ((signature, 200), ("x", 403)):
            headers = {"X-Twilio-Signature": signed}
            async with session.post(f"{app.url}{prefix}/hooks/whatsapp", data=fields, headers=headers) as answer:
                assert answer.status == status
