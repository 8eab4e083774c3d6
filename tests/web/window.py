"""A browser window on our pages: what somebody does and sees there. Watches that nothing leaves the server."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, Request, expect

#: Milliseconds; a busy machine takes its time, and a test that passes does not wait for it.
PATIENCE = 25_000
expect.set_options(timeout=PATIENCE)

#: The plaza of Poncitlán.
PLAZA = {"latitude": 20.3796, "longitude": -102.9290}


class Window:
    """One page, and one of the phones on it."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.url = url
        self.context: BrowserContext = page.context
        #: Requests to anybody but our server.
        self.strangers: list[str] = []
        #: What the browser complained of: errors of scripts, refusals of the content security policy.
        self.complaints: list[str] = []
        page.on("request", self._watch)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def phone(self, role: str = "resident") -> "Phone":
        """One of the phones."""
        return Phone(self.page.locator(f"section.phone.{role}"))

    async def opens(self, path: str = "/chat") -> "Phone":
        """Go to a page; the resident's phone on it."""
        await self.page.goto(self.url + path)
        return self.phone("official" if "invite=" in path or "role=official" in path else "resident")

    async def is_too_wide(self) -> bool:
        """Whether one must scroll sideways."""
        return bool(
            await self.page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        )

    def _watch(self, request: Request) -> None:
        if not request.url.startswith((self.url, "data:", "blob:")):
            self.strangers.append(request.url)

    def _hear(self, message: ConsoleMessage) -> None:
        # The browser itself notes each call that failed; tests that make calls fail look at the page instead.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(message.text)


class Phone:
    """What one does with one phone."""

    def __init__(self, root: Locator) -> None:
        self.root = root
        self.field = root.locator("textarea")
        self.log = root.get_by_role("log")
        self.received = root.locator(".row.them .words")
        self.sent = root.locator(".row.me .words")
        self.banner = root.locator("[data-part=banner]")
        self.hint = root.locator("[data-part=hint]")

    def button(self, label: str) -> Locator:
        """A button of the newest message that has buttons."""
        return self.root.locator(".row.them:not(.old) :is(.choice, .control)").filter(has_text=label)

    async def says(self, text: str) -> None:
        """Write and send with Enter."""
        await self.field.fill(text)
        await self.field.press("Enter")

    async def taps(self, label: str) -> None:
        """Tap a button of the newest message, unfolding the others first where it is among them."""
        button = self.button(label).first
        await expect(button).to_be_attached()
        if await button.is_hidden():
            await self.button("Más opciones").click()
        await button.click()

    async def sees(self, *words: str) -> None:
        """Wait until the counter has said this, one after the other."""
        for each in words:
            await expect(self.received.filter(has_text=each).last).to_be_visible()

    async def sees_choice(self, label: str) -> None:
        """Wait for a button."""
        await expect(self.button(label).first).to_be_visible()

    async def scrolls_to(self, top: float) -> None:
        """Move the conversation; returns once the page has noticed."""
        moved = "(log, top) => new Promise((done) => { log.onscroll = () => done(); log.scrollTop = top; })"
        await self.log.evaluate(moved, top)

    async def does(self, name: str) -> None:
        """Press one of the phone's own buttons: more, file, forget..."""
        await self.root.locator(f"[data-do={name}]").click()


@asynccontextmanager
async def opened(
    browser: Browser, url: str, *, width: int = 1280, height: int = 900, can_locate: bool = True, **options: Any
) -> AsyncIterator[Window]:
    """A fresh window; at its end nothing may have been asked of anybody else, and no script may have failed."""
    permissions: Sequence[str] = ("geolocation",) if can_locate else ()
    context = await browser.new_context(
        viewport={"width": width, "height": height},
        locale="es-MX",
        timezone_id="America/Mexico_City",
        geolocation=PLAZA if can_locate else None,
        permissions=list(permissions),
        has_touch=options.get("is_mobile", False),
        # What a worker of the page fetches is seen by no route of a test.
        **{"service_workers": "block", **options},
    )
    window = Window(await context.new_page(), url)
    try:
        yield window
        assert window.strangers == []
        assert window.complaints == []
    finally:
        await context.close()
