"""Running counters with the sample town and a few of its articles, and a real browser.

A counter takes seconds to start, so tests that leave no trace for others share one: each person in it is a new one.
"""

import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.settings import settings
from tests.databases import DIALECTS, database_url
from tests.harness import RunningApp, running_app
from tests.web.answering import Answering
from tests.web.window import Window, opened

#: Enough to answer something; the whole library takes long to learn.
_ARTICLES = ("acta-defuncion", "acta-extranjera", "adicciones")

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def town_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town") / "content"
    shutil.copytree(settings.read({}).content_dir, folder)
    for article in sorted(folder.glob("*/articles/*.md")):
        if article.stem not in _ARTICLES:
            article.unlink()
            continue
        lines = article.read_text(encoding="utf-8").splitlines(keepends=True)
        article.write_text("".join(line for line in lines if not line.startswith("related:")), encoding="utf-8")
    return folder


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=DIALECTS)
async def everywhere(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, town_folder: Path
) -> AsyncIterator[RunningApp]:
    """A counter for all tests of a module, on each kind of database."""
    folder = tmp_path_factory.mktemp("everywhere")
    with database_url(request.param, folder) as url:
        async with running_app(folder, CONTENT_DIR=str(town_folder), DATABASE_URL=url) as app:
            yield app


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory, town_folder: Path) -> AsyncIterator[RunningApp]:
    """A counter for all tests of a module, on SQLite."""
    async with running_app(tmp_path_factory.mktemp("shared"), CONTENT_DIR=str(town_folder)) as app:
        yield app


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def demo(tmp_path_factory: pytest.TempPathFactory, town_folder: Path) -> AsyncIterator[RunningApp]:
    """A counter to try out."""
    async with running_app(tmp_path_factory.mktemp("demo"), CONTENT_DIR=str(town_folder), DEMO="on") as app:
        yield app


@pytest_asyncio.fixture(loop_scope="module")
async def own(tmp_path: Path, town_folder: Path) -> AsyncIterator[RunningApp]:
    """A counter that a test may break."""
    async with running_app(tmp_path, CONTENT_DIR=str(town_folder)) as app:
        yield app


@pytest_asyncio.fixture(loop_scope="module")
async def own_without_chat(tmp_path: Path, town_folder: Path) -> AsyncIterator[RunningApp]:
    """A town that answers on WhatsApp only."""
    async with running_app(
        tmp_path,
        CONTENT_DIR=str(town_folder),
        WEBCHAT="off",
        TWILIO_ACCOUNT_SID="AC" + "0" * 32,
        TWILIO_AUTH_TOKEN="0" * 32,
        TWILIO_WHATSAPP_FROM="+14155238886",
        TWILIO_API_URL="http://127.0.0.1:9",
    ) as app:
        yield app


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    """Debian's chromium. Without one the test is skipped; where everything must run (CI), it fails."""
    chromium = shutil.which("chromium")
    if chromium is None:
        if os.environ.get("CI"):
            pytest.fail("no chromium: apt-get install chromium")
        pytest.skip("no chromium is installed: the browser tests are not run (apt-get install chromium)")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(_ARGUMENTS))
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="module")
async def telephone(browser: Browser, shared: RunningApp) -> AsyncIterator[Window]:
    """A small telephone, not on any page yet."""
    async with opened(browser, shared.url, width=360, height=740, is_mobile=True) as window:
        yield window


@pytest_asyncio.fixture(loop_scope="module")
async def answers(telephone: Window) -> Answering:
    """What the small telephone hears, in the place of the counter's answers."""
    answering = Answering()
    await telephone.page.route("**/chat/messages*", answering)
    return answering
