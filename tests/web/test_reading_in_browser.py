"""What somebody with a small telephone sees of an answer first, and what they are told of what was not sent."""

import json
import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Locator, Route, expect

from tests.harness import RunningApp
from tests.web.answering import LONG, Answering, said
from tests.web.window import Phone, Window, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def top_of(phone: Phone, row: Locator) -> float:
    """How far below the upper edge of the conversation something begins, in pixels."""
    inner, outer = await row.bounding_box(), await phone.log.bounding_box()
    assert inner is not None and outer is not None
    return inner["y"] - outer["y"]


async def test_the_beginning_of_an_answer_is_what_is_seen(telephone: Window, answers: Answering) -> None:
    """In two bubbles that come one after the other, and when the page is opened again."""
    phone = await telephone.opens()
    parts = (said(1, f"Se paga en Tesorería.\n{LONG}"), said(2, f"**Requisitos**\n{LONG}", "Uno", "Dos"))
    await answers.to(phone, parts[:1], parts[1:])
    await phone.sees("Requisitos")
    first = phone.root.locator(".row.them .bubble").filter(has_text="Se paga en Tesorería")

    await expect(first).to_be_in_viewport()
    assert 0 <= await top_of(phone, first) < 20
    await expect(phone.root.locator(".newest")).to_be_visible()
    await telephone.page.reload()
    await expect(first).to_be_in_viewport()
    assert 0 <= await top_of(phone, first) < 20


async def test_an_answer_that_fits_is_seen_whole(telephone: Window, answers: Answering) -> None:
    """To its last button."""
    phone = await telephone.opens()
    await answers.to(phone, [said(1, "Abrimos de 9 a 3.", "Uno", "Dos")])
    await phone.sees_choice("Dos")

    await expect(phone.button("Dos").first).to_be_in_viewport(ratio=1)
    await expect(phone.root.locator(".newest")).to_be_hidden()


async def test_who_reads_above_is_left_there(telephone: Window, answers: Answering) -> None:
    """A button tells that something came; it lies over neither words nor buttons."""
    phone = await telephone.opens()
    await answers.to(phone, [said(1, LONG), said(2, LONG)])
    await phone.sees("Renglón 13")
    await phone.scrolls_to(100)
    state = await telephone.page.evaluate("localStorage['ventanilla.resident']")
    news = {**json.loads(state), "after": 3}
    news["entries"].append(
        {"id": "web:3", "from": "them", "at": news["entries"][-1]["at"] + 60_000, "text": "Un aviso"}
    )
    other = await telephone.context.new_page()
    await other.goto(f"{telephone.url}/favicon.ico")
    await other.evaluate("(state) => { localStorage['ventanilla.resident'] = state }", json.dumps(news))
    newest = phone.root.locator(".newest")
    await expect(newest).to_be_visible()

    assert await phone.log.evaluate("(log) => log.scrollTop") == 100
    button, log, form = [await each.bounding_box() for each in (newest, phone.log, phone.root.locator("form.composer"))]
    assert button is not None and log is not None and form is not None
    assert log["y"] + log["height"] <= button["y"] and button["y"] + button["height"] <= form["y"]
    await newest.click()
    await expect(phone.received.filter(has_text="Un aviso")).to_be_in_viewport()


async def test_many_buttons_leave_room_for_the_words(telephone: Window, answers: Answering) -> None:
    """Below a long answer three are seen, and one that brings the others; below a short question all are."""
    phone = await telephone.opens()
    labels = [f"Opción larga número {n}" for n in range(1, 8)]
    await answers.to(phone, [said(1, LONG, *labels)])
    await phone.sees_choice("Opción larga número 3")
    seen = phone.root.locator(".row.them:not(.old) .choice:visible")
    await expect(seen).to_have_count(3)
    await phone.button("Más opciones (4)").click()
    await expect(seen).to_have_count(7)
    await expect(seen.nth(3)).to_be_focused()
    await answers.to(phone, [said(2, "¿Cuál?", *labels)])
    await phone.sees("¿Cuál?")
    await expect(seen).to_have_count(7)


def a_picture(folder: Path, name: str = "buena.png") -> FilePayload:
    path = folder / name
    Image.new("RGB", (60, 40), "green").save(path)
    return {"name": name, "mimeType": "image/png", "buffer": path.read_bytes()}


async def test_a_picture_too_large_is_refused_before_it_is_sent(telephone: Window, tmp_path: Path) -> None:
    """With its size and what to do; the good one beside it stays and is sent."""
    phone = await telephone.opens()
    await phone.says("hola")
    await phone.sees("¿Qué necesitas?")
    huge: FilePayload = {"name": "enorme.heic", "mimeType": "image/heic", "buffer": b"x" * (11 * 1024 * 1024)}
    await phone.root.locator("[data-part=file]").set_input_files([huge, a_picture(tmp_path)])

    await expect(phone.hint).to_contain_text("«enorme.heic» pesa 11 MB")
    await expect(phone.root.locator("[data-part=tray] li")).to_have_count(1)
    await phone.field.type("mira")
    await expect(phone.hint).to_contain_text("enorme.heic")
    await phone.field.press("Enter")
    await expect(phone.root.locator(".row.me .state").last).to_have_attribute("title", "Enviado")
    await expect(phone.hint).to_be_empty()


async def test_a_file_that_is_not_taken_keeps_no_other_from_going(telephone: Window, tmp_path: Path) -> None:
    """Its author hears which one, and why."""
    phone = await telephone.opens()
    refusals = 1

    async def refuse(route: Route) -> None:
        nonlocal refusals
        refusals -= 1
        await (route.fulfill(status=415, json={"error": "no"}) if refusals == 0 else route.continue_())

    await telephone.page.route("**/chat/attachments", refuse)
    await phone.root.locator("[data-part=file]").set_input_files([a_picture(tmp_path, f"{n}.png") for n in (1, 2)])
    await expect(phone.root.locator("[data-part=tray] li")).to_have_count(2)
    async with telephone.page.expect_request(lambda each: each.url.endswith("/chat/messages")) as sending:
        await phone.says("mira")

    assert len((await sending.value).post_data_json["attachments"]) == 1
    await expect(phone.root.locator(".row.me .failed")).to_contain_text("«1.png» no se envió")


async def test_a_reload_without_signal_opens_the_chat(browser: Browser, shared: RunningApp) -> None:
    """The page, the conversation, and one word on what was not sent yet: that it goes by itself, as it does."""
    async with opened(browser, shared.url, width=360, height=640, service_workers="allow") as window:
        phone = await window.opens()
        await phone.says("hola")
        await phone.sees("¿Qué necesitas?")
        await window.page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        await window.context.set_offline(True)
        await window.page.reload()
        await phone.sees("¿Qué necesitas?")
        await expect(phone.banner).to_contain_text("se manda solo cuando vuelva la señal")
        await phone.says("reportar")
        await phone.says("bache")
        await expect(phone.root.get_by_role("button", name="Aún no se envía. Se manda solo")).to_have_count(2)
        await window.context.set_offline(False)

        await phone.sees("¿Qué está fallando?", "¿Dónde es?")


async def test_on_paper_there_is_the_conversation_and_nothing_to_press(telephone: Window, answers: Answering) -> None:
    """All of it, not just what is on the screen."""
    phone = await telephone.opens()
    await answers.to(phone, [said(1, LONG), said(2, LONG, "Uno")])
    await phone.sees("Renglón 13")
    await telephone.page.emulate_media(media="print")

    for gone in (".composer", ".choices", ".newest", ".options", ".answer"):
        await expect(phone.root.locator(gone).first).to_be_hidden()
    assert await phone.log.evaluate("(log) => log.scrollHeight <= log.clientHeight")
    await expect(phone.sent.first).to_be_visible()
    day = phone.root.locator(".day").first
    assert re.search(r"\d de ", await day.evaluate("(day) => getComputedStyle(day, '::after').content"))


async def test_times_are_written_as_in_the_messages(telephone: Window) -> None:
    """A folio's history and the bubble that holds it."""
    phone = await telephone.opens()
    await phone.says("hola")
    await phone.sees("¿Qué necesitas?")

    for each in await phone.root.locator("time").all_inner_texts():
        assert re.fullmatch(r"(1[0-2]|[1-9]):[0-5]\d [ap]\.m\.", each), each
