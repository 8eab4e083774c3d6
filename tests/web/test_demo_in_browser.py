"""The demo: a resident's phone and an official's on one screen, and what passes between them."""

import pytest
from playwright.async_api import Browser, expect

from tests.harness import RunningApp
from tests.web.test_chat_in_browser import files_a_report
from tests.web.window import opened

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_report_is_filed_answered_and_heard_of(browser: Browser, demo: RunningApp) -> None:
    """What the resident files reaches the official; what the official answers reaches the resident."""
    async with opened(browser, demo.url) as window:
        resident = await window.opens()
        official = window.phone("official")
        await official.sees("Entraste como")
        folio = await files_a_report(resident)
        await official.sees(folio)
        await official.taps("Responder")
        await official.says("Mañana a las 8 pasa la cuadrilla.")
        await official.taps("Enviar")

        await resident.sees("Mañana a las 8 pasa la cuadrilla.")


async def test_on_a_telephone_the_demo_is_just_the_chat(browser: Browser, demo: RunningApp) -> None:
    """One phone on one phone; the official's is not even started."""
    async with opened(browser, demo.url, width=360, height=740, is_mobile=True) as window:
        resident = await window.opens()
        await expect(resident.field).to_be_visible()
        await expect(window.phone("official").root).to_be_hidden()

        assert await window.page.evaluate("localStorage.getItem('ventanilla.official')") is None


async def test_outside_of_the_demo_there_is_one_phone(browser: Browser, shared: RunningApp) -> None:
    """However wide the screen is."""
    async with opened(browser, shared.url) as window:
        await window.opens()

        await expect(window.page.locator("section.phone")).to_have_count(1)


async def test_an_invitation_makes_an_official_and_leaves_the_address(browser: Browser, demo: RunningApp) -> None:
    """The link gives the role once; its code stays neither in the address nor in the history."""
    async with opened(browser, demo.url) as window:
        code = await window.page.request.post(f"{demo.url}/chat/demo-official")
        invitation = (await code.json())["code"]
        official = await window.opens(f"/chat?invite={invitation}")
        await official.sees("Entraste como")

        assert invitation not in window.page.url
        assert "role=official" in window.page.url
        await window.page.reload()
        await official.sees("Entraste como")
        await expect(official.sent).to_have_count(1)
