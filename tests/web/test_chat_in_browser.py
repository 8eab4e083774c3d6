"""The chat as somebody uses it: taps, keys, a bad connection, a photo, two tabs. In a real browser."""

import asyncio
import re
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Route, expect

from tests.harness import RunningApp
from tests.web.window import Phone, Window, opened

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def files_a_report(phone: Phone) -> str:
    """By taps, apart from the story; the folio."""
    await phone.taps("Empezar")
    await phone.taps("Reportar una falla")
    await phone.taps("Calles y tránsito")
    await phone.taps("Bache")
    await phone.taps("Mandar mi ubicación")
    await phone.sees("Cuéntame qué pasa")
    await phone.says("Es hondo y ya se poncharon dos llantas")
    await phone.taps("Seguir sin foto")
    await phone.taps("Enviar")
    await phone.sees("Tu folio es")
    said = await phone.received.filter(has_text="Tu folio es").last.inner_text()
    found = re.search(r"folio es ([0-9A-Z-]+)", said)
    assert found is not None
    return found.group(1)


async def test_a_report_is_filed_by_taps_on_a_small_telephone(telephone: Window) -> None:
    """A tired resident taps five times, writes one sentence and leaves with a folio; nothing hangs over the edge."""
    phone = await telephone.opens()
    folio = await files_a_report(phone)

    assert len(folio) >= 6
    assert not await telephone.is_too_wide()


async def test_choices_can_be_given_by_number_too(telephone: Window) -> None:
    """Each button shows its number, and the number alone is enough."""
    phone = await telephone.opens()
    await phone.taps("Empezar")
    await phone.sees_choice("Reportar una falla")
    shown = await phone.button("Reportar una falla").inner_text()
    await phone.says(shown.split()[0])

    await phone.sees("¿Qué está fallando?")


async def test_old_buttons_stay_and_still_work(telephone: Window) -> None:
    """They are quieter, and a tap on one is answered."""
    phone = await telephone.opens()
    await phone.taps("Empezar")
    await phone.taps("Reportar una falla")
    await phone.sees("¿Qué está fallando?")
    old = phone.root.locator(".row.old .choice").filter(has_text="Pedir información pública")
    await expect(old).to_be_visible()
    count = await phone.received.count()
    await old.click()

    await expect(phone.received).not_to_have_count(count)


async def test_a_command_in_a_text_can_be_tapped(telephone: Window) -> None:
    """As people know it from other chats."""
    phone = await telephone.opens()
    await phone.taps("Empezar")
    await phone.root.get_by_role("button", name="/privacidad").click()

    await phone.sees("Aviso de privacidad")


async def test_the_conversation_is_still_there_after_a_reload(telephone: Window) -> None:
    """The browser keeps it; the server is not asked for it."""
    phone = await telephone.opens()
    await phone.says("hola")
    await phone.sees("¿Qué necesitas?")
    await telephone.page.reload()

    await expect(phone.sent.filter(has_text="hola")).to_be_visible()
    await expect(phone.received.filter(has_text="¿Qué necesitas?")).to_have_count(1)


async def test_two_tabs_show_the_same_chat(telephone: Window) -> None:
    """What is said in one is seen in the other, once."""
    first = await telephone.opens()
    await first.says("hola")
    await first.sees("¿Qué necesitas?")
    page = await telephone.context.new_page()
    await page.goto(f"{telephone.url}/chat")
    second = Phone(page.locator("section.phone.resident"))
    await second.taps("Preguntar algo")
    await second.sees("¿Qué quieres saber?")

    await expect(first.received.filter(has_text="¿Qué quieres saber?")).to_have_count(1)
    await expect(second.received.filter(has_text="¿Qué quieres saber?")).to_have_count(1)


async def test_a_counter_that_is_away_gets_the_message_once_it_is_back(telephone: Window) -> None:
    """The message says that it was not sent, then goes by itself; the banner says what is the matter in plain words."""
    phone = await telephone.opens()
    is_away = True

    async def refuse(route: Route) -> None:
        if route.request.method == "POST" and is_away:
            await route.fulfill(status=503, headers={"Retry-After": "2"}, json={"error": "away"})
            return
        await route.continue_()

    await telephone.page.route("**/chat/messages*", refuse)
    await phone.says("hola")
    await expect(phone.root.get_by_role("button", name="Aún no se envía")).to_be_visible()
    await expect(phone.banner).to_contain_text("La ventanilla no responde")
    is_away = False

    await phone.sees("¿Qué necesitas?")
    await expect(phone.banner).not_to_contain_text("no responde")
    await expect(phone.sent.filter(has_text="hola")).to_have_count(1)


async def test_an_answer_that_got_lost_does_not_make_a_second_message(telephone: Window) -> None:
    """The server took it, the browser did not hear so and sends it again: it is answered once."""
    phone = await telephone.opens()
    losses = 1

    async def lose(route: Route) -> None:
        nonlocal losses
        if route.request.method == "POST" and losses:
            losses -= 1
            await route.fetch()
            await route.abort("connectionreset")
            return
        await route.continue_()

    await telephone.page.route("**/chat/messages*", lose)
    await phone.says("hola")
    await phone.sees("¿Qué necesitas?")
    await asyncio.sleep(1.5)

    assert losses == 0
    await expect(phone.received.filter(has_text="¿Qué necesitas?")).to_have_count(1)


async def test_what_is_written_without_signal_goes_when_it_is_back(telephone: Window) -> None:
    """Also two messages, in their order."""
    phone = await telephone.opens()
    await phone.says("hola")
    await phone.sees("¿Qué necesitas?")
    await telephone.context.set_offline(True)
    await phone.says("reportar")
    await phone.says("bache")
    await expect(phone.banner).to_contain_text("Sin conexión")
    await telephone.context.set_offline(False)

    await phone.sees("¿Dónde es?")
    assert await phone.sent.all_inner_texts() == ["hola", "reportar", "bache"]


async def test_what_was_not_sent_survives_closing_the_page(telephone: Window) -> None:
    """The telephone died in the middle: the message goes when the page is opened again."""
    phone = await telephone.opens()
    await telephone.page.route("**/chat/messages*", lambda route: route.abort())
    await phone.says("hola")
    await expect(phone.root.get_by_role("button", name="Aún no se envía")).to_be_visible()
    await telephone.page.unroute_all()
    await telephone.page.reload()

    await phone.sees("¿Qué necesitas?")
    await expect(phone.sent).to_have_count(1)


async def test_one_can_try_again_by_hand(telephone: Window) -> None:
    """A tap on the message that was not sent sends it now."""
    phone = await telephone.opens()
    await telephone.page.route(
        "**/chat/messages*",
        lambda route: route.fulfill(status=503, headers={"Retry-After": "600"}, json={"error": "away"}),
    )
    await phone.says("hola")
    again = phone.root.get_by_role("button", name="Aún no se envía")
    await expect(again).to_be_visible()
    await telephone.page.unroute_all()
    await again.click()

    await phone.sees("¿Qué necesitas?")


async def test_whoever_writes_too_fast_loses_nothing(telephone: Window) -> None:
    """The page waits as long as it is told to, and says so."""
    phone = await telephone.opens()
    is_too_fast = True

    async def brake(route: Route) -> None:
        if route.request.method == "POST" and is_too_fast:
            await route.fulfill(status=429, headers={"Retry-After": "2"}, json={"error": "too many"})
            return
        await route.continue_()

    await telephone.page.route("**/chat/messages*", brake)
    await phone.says("hola")
    await expect(phone.root.locator(".state")).to_contain_text("Muchos mensajes seguidos")
    is_too_fast = False

    await phone.sees("¿Qué necesitas?")


async def test_without_leave_to_keep_things_the_chat_works_and_says_so(browser: Browser, shared: RunningApp) -> None:
    """A browser that blocks its storage holds the conversation as long as the page is open."""
    async with opened(browser, shared.url, width=360, height=740) as window:
        await window.page.add_init_script(
            "for (const name of ['localStorage', 'sessionStorage'])"
            " Object.defineProperty(window, name, {get() { throw new DOMException('no', 'SecurityError') }})"
        )
        phone = await window.opens()
        await expect(phone.root.locator(".row.note")).to_contain_text("no deja guardar")
        await phone.says("hola")

        await phone.sees("¿Qué necesitas?")


async def test_without_location_one_is_told_what_to_write(browser: Browser, shared: RunningApp) -> None:
    """A refusal is no dead end."""
    async with opened(browser, shared.url, width=360, height=740, can_locate=False) as window:
        phone = await window.opens()
        await phone.says("reportar")
        await phone.says("bache")
        await phone.taps("Mandar mi ubicación")

        await expect(phone.hint).to_contain_text("Escribe la calle y la colonia")
        await expect(phone.field).to_be_focused()


async def test_a_photo_is_made_small_before_it_travels(telephone: Window, shared: RunningApp, tmp_path: Path) -> None:
    """A picture of a modern telephone arrives as a small JPEG, without the place where it was taken."""
    picture = tmp_path / "bache.jpg"
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    street = Image.effect_noise((1000, 750), 60).resize((4000, 3000)).convert("RGB")
    street.save(picture, quality=95, exif=exif)
    phone = await telephone.opens()
    await phone.says("reportar")
    await phone.says("bache")
    await phone.says("Calle Hidalgo, Centro")
    await phone.sees("Cuéntame qué pasa")
    await phone.says("Es hondo y ya se poncharon dos llantas")
    await phone.sees("¿Tienes fotos?")
    await phone.root.locator("[data-part=file]").set_input_files(picture)
    await expect(phone.root.locator("[data-part=tray] img")).to_be_visible()
    async with telephone.page.expect_request("**/chat/attachments") as uploading:
        await phone.root.get_by_role("button", name="Enviar", exact=True).click()
    sent = await (await uploading.value).response()
    assert sent is not None
    key = (await sent.json())["id"]
    stored = await shared.services.files.read(key)

    assert len(stored) < picture.stat().st_size / 2
    assert b"SecretCamera" not in stored
    with Image.open(BytesIO(stored)) as small:
        assert (small.format, small.size) == ("JPEG", (1600, 1200))
    await expect(phone.root.locator(".row.me img.picture")).to_be_visible()


async def test_what_cannot_be_sent_is_said_at_once(telephone: Window, tmp_path: Path) -> None:
    """Before anything is uploaded."""
    program = tmp_path / "juego.exe"
    program.write_bytes(b"MZ")
    phone = await telephone.opens()
    await phone.root.locator("[data-part=file]").set_input_files(program)

    await expect(phone.hint).to_contain_text("juego.exe")
    await expect(phone.root.locator("[data-part=tray]")).to_be_hidden()


async def test_nothing_that_is_written_becomes_code(telephone: Window) -> None:
    """Markup in a message is shown as it was written, on both sides."""
    attack = "<img src=x onerror=alert(1)> **<b>no</b>** javascript:alert(1) https://a.example/<script>"
    phone = await telephone.opens()
    await phone.says(attack)
    await phone.sees("a")

    await expect(phone.sent.first).to_have_text(attack)
    assert await phone.log.locator("script, .words img").count() == 0


async def test_a_message_can_be_answered(telephone: Window) -> None:
    """The answer names the message that it belongs to."""
    phone = await telephone.opens()
    await phone.says("hola")
    await phone.sees("¿Qué necesitas?")
    await phone.root.get_by_role("button", name="Responder a este mensaje").first.click()
    await expect(phone.root.locator("[data-part=reply]")).to_be_visible()
    await expect(phone.field).to_be_focused()
    async with telephone.page.expect_request(lambda request: request.method == "POST") as sending:
        await phone.says("gracias")

    assert (await sending.value).post_data_json["reply_to"].startswith("web:")
    await expect(phone.root.locator(".row.me .quote")).to_be_visible()


async def test_a_chat_can_be_deleted_and_begun_afresh(telephone: Window) -> None:
    """After a question; nothing is left in the browser, and the next message begins another chat."""
    phone = await telephone.opens()
    await phone.says("hola")
    await phone.sees("¿Qué necesitas?")
    token = await telephone.page.evaluate("JSON.parse(localStorage['ventanilla.resident']).token")
    await phone.root.locator("summary").click()
    await phone.does("forget")
    await phone.root.get_by_role("button", name="No, dejarlo").click()
    await expect(phone.sent).to_have_count(1)
    await phone.root.locator("summary").click()
    await phone.does("forget")
    await phone.root.get_by_role("button", name="Sí, borrar").click()
    await expect(phone.sent).to_have_count(0)
    assert token not in str(await telephone.page.evaluate("JSON.stringify(localStorage)"))

    await phone.taps("Empezar")
    await phone.sees("¿Qué necesitas?")


async def test_a_counter_that_begins_afresh_begins_a_new_chat(telephone: Window) -> None:
    """The browser remembers a database that is gone: it says so, and the message reaches the new one."""
    phone = await telephone.opens()
    await phone.says("hola")
    await phone.sees("¿Qué necesitas?")
    await telephone.page.evaluate(
        """() => {
            const state = JSON.parse(localStorage["ventanilla.resident"]);
            state.token = "A".repeat(43) + "." + "B".repeat(22);
            state.after = 5000;
            localStorage["ventanilla.resident"] = JSON.stringify(state);
        }"""
    )
    await telephone.page.reload()
    await expect(phone.root.locator(".row.note")).to_contain_text("empezó de nuevo")
    await phone.says("reportar")
    await phone.sees("¿Qué está fallando?")

    await expect(phone.sent).to_have_text(["hola", "reportar"])


async def test_a_message_on_which_the_server_fails_does_not_hold_up_the_next(telephone: Window) -> None:
    """After some tries it is marked as not sent, and the chat goes on."""
    await telephone.page.clock.install()
    phone = await telephone.opens()

    async def fail(route: Route) -> None:
        if route.request.method == "POST" and "veneno" in (route.request.post_data or ""):
            await route.fulfill(status=500, body="Something went wrong here.")
            return
        await route.continue_()

    await telephone.page.route("**/chat/messages*", fail)
    await phone.says("veneno")
    await phone.says("hola")
    given_up = phone.root.locator(".state.failed")
    async with asyncio.timeout(60):
        while not await given_up.count():
            await telephone.page.clock.run_for(40_000)
            await asyncio.sleep(0.1)
    await expect(given_up).to_contain_text("No se pudo enviar")

    await phone.sees("¿Qué necesitas?")


async def test_a_draft_survives_a_reload(telephone: Window) -> None:
    """Half a story is not lost to a wrong tap."""
    phone = await telephone.opens()
    await phone.field.fill("Desde el lunes no hay")
    await telephone.page.reload()

    await expect(phone.field).to_have_value("Desde el lunes no hay")


async def test_the_chat_speaks_english_where_the_browser_does(browser: Browser, shared: RunningApp) -> None:
    """The page and the counter both."""
    async with opened(browser, shared.url, width=360, height=740) as window:
        phone = await window.opens("/chat?lang=en")
        await phone.taps("Start")

        await phone.sees("What do you need?")


async def test_without_scripts_the_page_says_where_to_go(browser: Browser, shared: RunningApp) -> None:
    """Nobody is left before an empty screen."""
    async with opened(browser, shared.url, width=360, height=740, java_script_enabled=False) as window:
        await window.page.goto(f"{shared.url}/chat")

        await expect(window.page.locator("noscript p, noscript + p, .note").first).to_contain_text("JavaScript")
