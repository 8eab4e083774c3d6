"""A press does what its button says, whatever comes in between the finger's touching and its leaving."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Locator, expect

from tests.web.answering import LONG, Answering, said
from tests.web.window import Phone, Window

pytestmark = pytest.mark.asyncio(loop_scope="module")

#: Something that the page would move for.
Event = Callable[[Window, Answering], Awaitable[None]]


@asynccontextmanager
async def pressed(window: Window, button: Locator) -> AsyncIterator[None]:
    """Keep a button down."""
    box = await button.bounding_box()
    assert box is not None
    await window.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    await window.page.mouse.down()
    yield
    await window.page.mouse.up()


async def frames(window: Window) -> None:
    """Let the page draw what it has to draw."""
    await window.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def more_is_said(window: Window, answers: Answering) -> None:
    """A second bubble comes."""
    answers.left.append([said(2, LONG, "Tres")])
    while "Tres" not in str(await window.page.evaluate("localStorage['ventanilla.resident']")):
        await asyncio.sleep(0.05)


async def a_hint_comes(window: Window, _: Answering) -> None:
    """A file is looked at, and refused below the conversation."""
    program = {"name": "juego.exe", "mimeType": "application/x-msdownload", "buffer": b"MZ" * 9}
    await window.page.locator("[data-part=file]").set_input_files(program)  # type: ignore[arg-type]


async def two_buttons(phone: Phone, answers: Answering) -> Locator:
    """A question to press on: its first button."""
    await answers.to(phone, [said(1, "¿Cuál?", "Uno", "Dos")])
    button = phone.button("Uno").first
    await button.wait_for()
    # It comes in from a little lower.
    await button.evaluate("(button) => Promise.all(document.getAnimations().map((each) => each.finished))")
    return button


@pytest.mark.parametrize("event", [more_is_said, a_hint_comes])
async def test_what_comes_during_a_press_moves_nothing_until_it_is_over(
    telephone: Window, answers: Answering, event: Event
) -> None:
    """The button stays where it is, the choice is made, and then all is shown."""
    phone = await telephone.opens()
    button = await two_buttons(phone, answers)
    before = await button.bounding_box()
    async with pressed(telephone, button):
        await event(telephone, answers)
        await frames(telephone)
        during = await button.bounding_box()

    assert during == before
    await expect(phone.sent.last).to_have_text("Uno")
    shown = phone.hint if event is a_hint_comes else phone.received.filter(has_text="Renglón 13")
    await expect(shown).not_to_be_empty()


async def test_the_click_of_a_finger_may_come_after_it_has_left(telephone: Window, answers: Answering) -> None:
    """On a slow telephone a good while after; so long nothing moves, not even for a signal that is lost."""
    phone = await telephone.opens()
    button = await two_buttons(phone, answers)
    said_of_it = await button.evaluate(
        """(button) => {
            const banner = document.querySelector(".resident [data-part=banner]");
            const point = (name) => button.dispatchEvent(new PointerEvent(name, {bubbles: true}));
            point("pointerdown");
            dispatchEvent(new Event("offline"));
            point("pointerup");
            const before = banner.textContent;
            button.click();
            return [before, banner.textContent];
        }"""
    )

    assert said_of_it[0] == ""
    assert "Sin conexión" in said_of_it[1]
    await expect(phone.sent.last).to_have_text("Uno")


async def test_a_press_that_slides_off_chooses_nothing_and_holds_up_nothing(
    telephone: Window, answers: Answering
) -> None:
    """What came meanwhile is shown."""
    phone = await telephone.opens()
    async with pressed(telephone, await two_buttons(phone, answers)):
        await more_is_said(telephone, answers)
        await telephone.page.mouse.move(5, 150)

    await phone.sees("Renglón 13")
    await expect(phone.sent).to_have_count(1)


async def test_a_press_without_end_does_not_hold_up_the_conversation(telephone: Window, answers: Answering) -> None:
    """A thumb that rests on the glass, or a release that the browser does not tell of."""
    await telephone.page.clock.install()
    phone = await telephone.opens()
    async with pressed(telephone, await two_buttons(phone, answers)):
        await more_is_said(telephone, answers)
        await telephone.page.clock.run_for(6_000)

        await phone.sees("Renglón 13")


async def test_the_last_buttons_do_not_jump_as_one_comes_to_them(telephone: Window, answers: Answering) -> None:
    """The button that leads there is of no more use, but what stands above it stays where the thumb goes."""
    phone = await telephone.opens()
    await answers.to(phone, [said(1, LONG), said(2, LONG, "Uno", "Dos")])
    newest = phone.root.locator(".newest")
    await expect(newest).to_be_visible()
    height = await phone.log.evaluate("(log) => log.clientHeight")
    end = await phone.log.evaluate("(log) => log.scrollHeight - log.clientHeight")
    await phone.scrolls_to(end - 10)
    await expect(newest).to_be_hidden()
    await frames(telephone)

    assert await phone.log.evaluate("(log) => [log.scrollTop, log.clientHeight]") == [end - 10, height]
    await phone.taps("Uno")
    await expect(phone.sent.last).to_have_text("Uno")
    assert await phone.log.evaluate("(log) => log.clientHeight") > height
