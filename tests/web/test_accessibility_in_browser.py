"""Everybody can use the pages: by keyboard, on a tiny screen, enlarged, in the dark, and with a screen reader."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, expect

from tests.harness import RunningApp
from tests.web.window import Phone, Window, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")

INSPECTING = Path(__file__).with_name("inspecting.js")


@asynccontextmanager
async def inspected(browser: Browser, url: str, **options: Any) -> AsyncIterator[Window]:
    async with opened(browser, url, **options) as window:
        # Put in before the page, where its content security policy does not reach.
        await window.page.add_init_script(path=INSPECTING)
        yield window


async def faults(window: Window) -> list[str]:
    """Everything that is wrong on the page as it stands."""
    # What is coming in moves and fades; it is judged where it ends.
    await window.page.evaluate("Promise.all(document.getAnimations().map((each) => each.finished))")
    found = []
    for check in ("faint", "edgeless", "nameless", "small", "dangling"):
        found += [f"{check}: {each}" for each in await window.page.evaluate(f"inspecting.{check}()")]
    return found


async def with_all_kinds_of_messages(phone: Phone) -> None:
    """Old and new buttons, controls, links, own messages, an answer, and the tools below."""
    await phone.says("hola")
    await phone.sees("¿Qué necesitas?")
    await phone.taps("Reportar una falla")
    await phone.taps("Calles y tránsito")
    await phone.taps("Bache")
    await phone.sees_choice("Mandar mi ubicación")
    await phone.root.get_by_role("button", name="Responder a este mensaje").last.click()
    await phone.does("more")


async def test_the_inspection_sees_what_is_wrong(browser: Browser, shared: RunningApp) -> None:
    """An inspector that finds nothing proves nothing: here is one fault of each kind."""
    async with inspected(browser, shared.url) as window:
        await window.page.goto(shared.url)
        await window.page.evaluate(
            """() => {
                const make = (name, facts) => document.querySelector("main").append(Object.assign(
                    document.createElement(name), facts));
                make("p", {textContent: "pale", id: "start"});
                document.querySelector("main p:last-child").style.color = "#999";
                make("button", {title: "no name"});
                make("textarea", {className: "", id: "t"});
                document.querySelector("#t").style.borderColor = "#eee";
            }"""
        )
        found = " ".join(await faults(window))

    assert all(f"{kind}: " in found for kind in ("faint", "edgeless", "nameless", "small", "dangling"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_the_chat_can_be_read_and_hit_by_everybody(
    browser: Browser, shared: RunningApp, scheme: Literal["light", "dark"]
) -> None:
    """Contrast, edges, names, and buttons as large as a thumb, in both colour schemes."""
    async with inspected(browser, shared.url, width=360, height=740, is_mobile=True, color_scheme=scheme) as window:
        phone = await window.opens()
        await with_all_kinds_of_messages(phone)
        assert await faults(window) == []
        await window.context.set_offline(True)
        await phone.says("bache")
        await expect(phone.banner).to_contain_text("Sin conexión")
        await phone.root.locator("summary").click()

        assert await faults(window) == []
        await phone.does("forget")
        assert await faults(window) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/?lang=en", "/static/x/nothing-here"])
async def test_pages_can_be_read_and_hit_by_everybody(
    browser: Browser, shared: RunningApp, path: str, scheme: Literal["light", "dark"]
) -> None:
    """The same for the pages around the chat."""
    async with inspected(browser, shared.url, width=320, height=640, color_scheme=scheme) as window:
        await window.page.goto(shared.url + path)

        assert await faults(window) == []
        assert not await window.is_too_wide()
        assert await window.page.locator("h1").count() == 1


async def test_the_demo_can_be_read_and_hit_by_everybody(browser: Browser, demo: RunningApp) -> None:
    """Both phones; no id is there twice."""
    async with inspected(browser, demo.url) as window:
        phone = await window.opens()
        await window.phone("official").sees("Entraste como")
        await with_all_kinds_of_messages(phone)

        assert await faults(window) == []


@pytest.mark.parametrize(("width", "height"), [(320, 640), (320, 256), (640, 360), (1280, 900)])
async def test_nothing_is_cut_off_on_any_screen(browser: Browser, shared: RunningApp, width: int, height: int) -> None:
    """Down to 320 pixels (a desktop enlarged to 400 %), with very long words too; the conversation keeps some room."""
    async with inspected(browser, shared.url, width=width, height=height) as window:
        phone = await window.opens()
        await with_all_kinds_of_messages(phone)
        await phone.does("more")
        await phone.says("https://example.org/" + "x" * 300 + " " + "ñ" * 200)
        await phone.sees("¿Dónde es?")

        assert not await window.is_too_wide()
        wide = await phone.log.evaluate("(log) => log.scrollWidth > log.clientWidth")
        assert not wide
        box, log = await phone.field.bounding_box(), await phone.log.bounding_box()
        assert box is not None and log is not None
        assert box["y"] + box["height"] <= height
        assert log["height"] >= 90


async def test_letters_can_be_twice_as_large(browser: Browser, shared: RunningApp) -> None:
    """With the browser's own letters at 200 % nothing overlaps the edge."""
    async with inspected(browser, shared.url, width=360, height=740) as window:
        await window.page.add_init_script(
            "addEventListener('DOMContentLoaded', () => { document.documentElement.style.fontSize = '32px' })"
        )
        phone = await window.opens()
        await with_all_kinds_of_messages(phone)

        assert not await window.is_too_wide()
        assert not await phone.log.evaluate("(log) => log.scrollWidth > log.clientWidth")


async def test_a_report_can_be_begun_with_the_keyboard_alone(browser: Browser, shared: RunningApp) -> None:
    """Tab, Enter and letters; whatever has the focus shows it."""
    async with inspected(browser, shared.url) as window:
        phone = await window.opens()
        keys = window.page.keyboard
        await tab_to(window, "Empezar")
        await keys.press("Enter")
        await phone.sees_choice("Reportar una falla")
        await tab_to(window, "Reportar una falla")
        await keys.press("Space")
        await phone.sees("¿Qué está fallando?")
        await tab_to(window, "Escribe tu mensaje")
        await keys.type("un bache")
        await keys.press("Shift+Enter")
        await keys.type("muy hondo")
        await keys.press("Enter")
        await expect(phone.sent.last).to_have_text("un bache\nmuy hondo")
        await phone.sees("¿Dónde es?")


async def tab_to(window: Window, name: str) -> None:
    """Press Tab until the thing with this name has the focus; each thing on the way shows that it has it."""
    for _ in range(60):
        await window.page.keyboard.press("Tab")
        assert await window.page.evaluate("document.activeElement === document.body || inspecting.focus()")
        found = await window.page.evaluate(
            "(document.activeElement.ariaLabel || document.activeElement.labels?.[0]?.textContent"
            " || document.activeElement.textContent)"
        )
        if name in found:
            return
    raise AssertionError(f"60 times Tab, and never at {name!r}")


async def test_the_first_tab_leads_to_writing(browser: Browser, shared: RunningApp) -> None:
    """Nobody has to tab through a long conversation to write."""
    async with inspected(browser, shared.url) as window:
        phone = await window.opens()
        await phone.says("hola")
        await phone.sees("¿Qué necesitas?")
        await window.page.reload()
        await window.page.keyboard.press("Tab")
        await expect(phone.root.locator("a.skip")).to_be_focused()
        await expect(phone.root.locator("a.skip")).to_be_in_viewport()
        await window.page.keyboard.press("Enter")

        await expect(phone.field).to_be_focused()


async def test_the_focus_is_not_lost(browser: Browser, shared: RunningApp) -> None:
    """A menu and a question give it back; what comes in does not take it."""
    async with inspected(browser, shared.url) as window:
        phone = await window.opens()
        await phone.says("hola")
        await phone.sees("¿Qué necesitas?")
        await expect(phone.field).to_be_focused()
        await phone.root.locator("summary").click()
        await window.page.keyboard.press("Escape")
        await expect(phone.root.locator("summary")).to_be_focused()
        await expect(phone.root.locator("details")).not_to_have_attribute("open", "")
        await phone.root.locator("summary").click()
        await phone.does("forget")
        await expect(phone.root.get_by_role("button", name="No, dejarlo")).to_be_focused()
        await window.page.keyboard.press("Escape")
        await expect(phone.root.locator("dialog")).to_be_hidden()
        await expect(phone.sent).to_have_count(1)


async def test_a_screen_reader_hears_what_is_new_and_only_that(browser: Browser, shared: RunningApp) -> None:
    """The history is not read aloud on opening; what comes later is, with who said it."""
    async with inspected(browser, shared.url) as window:
        phone = await window.opens()
        await phone.says("hola")
        await phone.sees("¿Qué necesitas?")
        await window.page.reload()
        assert await phone.log.get_attribute("role") == "log"
        await expect(phone.log).to_have_attribute("aria-live", "polite")
        heard = await phone.root.locator(".row.them .bubble").last.inner_text()

        assert heard.startswith("Ventanilla:")
        assert await window.page.locator("html").get_attribute("lang") == "es"


async def test_who_wants_no_motion_gets_none(browser: Browser, shared: RunningApp) -> None:
    """As the system is set."""
    async with inspected(browser, shared.url, reduced_motion="reduce") as window:
        phone = await window.opens()
        await phone.says("hola")
        await phone.sees("¿Qué necesitas?")

        assert await phone.root.locator(".row").first.evaluate("(row) => getComputedStyle(row).animationName") == "none"
