"""People in the web chat, as their browser speaks to the server: the same verbs as on the other channels.

async with WebPerson(app.url) as ana:
    await ana.starts()
    await ana.taps("Reportar una falla")
    question = await ana.reads_until("¿Dónde")
"""

import asyncio
import uuid
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Self

import aiohttp

#: A busy machine takes its time, and a test that passes does not wait for it.
PATIENCE_SECONDS = 25.0


@dataclass(frozen=True, slots=True)
class WebMessage:
    """What the counter sent."""

    id: int
    #: As an answer names it.
    reply_id: str
    #: As it was sent, with its **marks**.
    markup_text: str
    choices: tuple[tuple[str, str], ...]
    controls: tuple[tuple[str, str], ...]
    wants_place: bool
    #: Path and type of each attachment.
    media: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """As the person reads it."""
        return self.markup_text.replace("**", "")

    @property
    def buttons(self) -> list[str]:
        """Labels of the buttons, choices before controls."""
        return [label for _, label in (*self.choices, *self.controls)]

    def data_of(self, wanted: str | int) -> str | None:
        """What a tap sends: by its place from 0, its label or its id."""
        buttons = (*self.choices, *self.controls)
        if isinstance(wanted, int):
            return buttons[wanted][0] if wanted < len(buttons) else None
        return next((choice for choice, label in buttons if wanted in {choice, label}), None)


class WebPerson:
    """Somebody with the chat open. What they do returns once the server has taken it."""

    def __init__(self, url: str, *, language: str | None = "es", token: str | None = None) -> None:
        self.url = url
        self.language = language
        self.token = token
        #: Everything that came, oldest first.
        self.messages: list[WebMessage] = []
        self._read = 0
        self._session: aiohttp.ClientSession | None = None
        #: The last body that was sent, for repeating it.
        self.last_body: dict[str, Any] = {}

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession()
        if self.token is None:
            async with self.session.post(f"{self.url}/chat/session") as answer:
                assert answer.status == 201, await answer.text()
                self.token = (await answer.json())["token"]
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The browser's connection."""
        assert self._session is not None, "use it as `async with WebPerson(...)`"
        return self._session

    @property
    def headers(self) -> dict[str, str]:
        """What proves whose chat it is."""
        return {"Authorization": f"Bearer {self.token}"}

    # -- doing ------------------------------------------------------------------------------------------------------

    async def starts(self, payload: str = "") -> None:
        """Open the chat, perhaps by an invitation."""
        await self.says(f"/start {payload}".strip())

    async def says(self, text: str, *, reply_to: WebMessage | None = None) -> None:
        """Write."""
        await self.sends({"text": text, **({"reply_to": reply_to.reply_id} if reply_to else {})})

    async def taps(self, wanted: str | int, *, message: WebMessage | None = None) -> None:
        """Tap a button of the newest message that has it."""
        await self._fetch()
        for each in [message] if message else list(reversed(self.messages)):
            choice = each.data_of(wanted)
            if choice is not None:
                await self.sends({"choice": choice})
                return
        raise AssertionError(f"no button {wanted!r} in {[each.buttons for each in self.messages[-5:]]}")

    async def sends_location(self, latitude: float, longitude: float) -> None:
        """Send a pin."""
        await self.sends({"latitude": latitude, "longitude": longitude})

    async def sends_photo(self, content: bytes, caption: str | None = None) -> None:
        """Send a photo."""
        await self.sends_files(content, caption=caption)

    async def sends_voice(self, content: bytes) -> None:
        """Send a sound file."""
        await self.sends_files(content)

    async def sends_document(self, content: bytes) -> None:
        """Send a PDF."""
        await self.sends_files(content)

    async def sends_files(self, *contents: bytes, caption: str | None = None) -> None:
        """Send files with one message."""
        keys = [await self.uploads(content) for content in contents]
        await self.sends({"attachments": keys, **({"text": caption} if caption else {})})

    async def uploads(self, content: bytes) -> str:
        """Upload a file; the id to name it by."""
        form = aiohttp.FormData()
        form.add_field("file", BytesIO(content), filename="file")
        async with self.session.post(f"{self.url}/chat/attachments", data=form, headers=self.headers) as answer:
            assert answer.status == 201, await answer.text()
            return str((await answer.json())["id"])

    async def sends(self, fields: dict[str, Any]) -> None:
        """Send a message with any fields."""
        body = {"id": str(uuid.uuid4()), **fields}
        if self.language:
            body.setdefault("language", self.language)
        await self.sends_body(body)

    async def repeats(self) -> None:
        """Send the last message again, as a browser does that did not hear the answer."""
        await self.sends_body(self.last_body)

    async def sends_body(self, body: dict[str, Any]) -> None:
        """Send a body as it stands; asserts that it was taken."""
        self.last_body = body
        status, said = await self.posts(body)
        assert status == 200, (status, said)

    async def posts(self, body: Any) -> tuple[int, dict[str, Any]]:
        """Send any body; the answer's status and content."""
        async with self.session.post(f"{self.url}/chat/messages", json=body, headers=self.headers) as answer:
            return answer.status, await answer.json()

    async def forgets(self) -> None:
        """Delete the chat."""
        async with self.session.delete(f"{self.url}/chat/session", headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()

    # -- reading ----------------------------------------------------------------------------------------------------

    async def reads(self, count: int = 1, *, seconds: float = PATIENCE_SECONDS) -> list[WebMessage]:
        """The messages that were not read yet; waits until there are so many."""
        await self._until(lambda: len(self.messages) >= self._read + count, f"{count} messages", seconds)
        unread, self._read = self.messages[self._read :], len(self.messages)
        return unread

    async def reads_until(self, words: str, *, seconds: float = PATIENCE_SECONDS) -> WebMessage:
        """The first unread message with these words in it; waits for it."""
        await self._until(lambda: self._find(words) is not None, f"a message with {words!r}", seconds)
        at = self._find(words)
        assert at is not None
        self._read = at + 1
        return self.messages[at]

    async def mail(self, after: int = 0, wait: int = 0) -> list[dict[str, Any]]:
        """What GET /chat/messages answers."""
        query = {"after": str(after), "wait": str(wait)}
        async with self.session.get(f"{self.url}/chat/messages", params=query, headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()
            found: list[dict[str, Any]] = await answer.json()
            return found

    def _find(self, words: str) -> int | None:
        found = (at for at in range(self._read, len(self.messages)) if words in self.messages[at].text)
        return next(found, None)

    async def _until(self, holds: Any, wanted: str, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await self._fetch(wait=2)
        except TimeoutError:
            texts = [message.text for message in self.messages[self._read :]]
            raise AssertionError(f"waited {seconds} s for {wanted}; unread: {texts}") from None

    async def _fetch(self, wait: int = 0) -> None:
        after = self.messages[-1].id if self.messages else 0
        self.messages += [_message(each) for each in await self.mail(after, wait)]


def _message(said: dict[str, Any]) -> WebMessage:
    return WebMessage(
        id=said["id"],
        reply_id=said["reply_id"],
        markup_text=said["text"],
        choices=tuple((each["id"], each["label"]) for each in said["choices"]),
        controls=tuple((each["id"], each["label"]) for each in said["controls"]),
        wants_place=said["wants_place"],
        media=tuple((each["url"], each["type"]) for each in said["media"]),
    )
