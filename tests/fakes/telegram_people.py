"""People with a Telegram account: what they write, tap and send, and what they read."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.serving import PATIENCE_SECONDS

if TYPE_CHECKING:
    from tests.fakes.telegram import FakeTelegram, Pending

BOT = {"id": 7000000001, "is_bot": True, "first_name": "Ventanilla", "username": "VentanillaPruebasBot"}


@dataclass(frozen=True, slots=True)
class BotMessage:
    """What the bot sent."""

    id: int
    chat_id: int
    #: sendMessage, sendPhoto, ...
    method: str
    #: As the person reads it.
    text: str
    #: As it was sent, with its markup.
    markup_text: str
    markup: dict[str, Any]
    #: Name and content of the upload.
    file: tuple[str, bytes] | None = None

    @property
    def buttons(self) -> list[str]:
        """Labels of the buttons below the message, in their order."""
        return [button["text"] for button in self._inline]

    @property
    def keyboard(self) -> list[str]:
        """Labels of the buttons in place of the phone's keyboard."""
        return [button["text"] for row in self.markup.get("keyboard", ()) for button in row]

    @property
    def rows(self) -> list[list[str]]:
        """The buttons below the message, row by row."""
        return [[button["text"] for button in row] for row in self.markup.get("inline_keyboard", ())]

    @property
    def wants_place(self) -> bool:
        """Whether a button offers to send one's location."""
        return any(button.get("request_location") for row in self.markup.get("keyboard", ()) for button in row)

    def data_of(self, wanted: str | int) -> str | None:
        """What a tap on a button sends: by its place from 0, its label or its data."""
        buttons = self._inline
        if isinstance(wanted, int):
            return str(buttons[wanted]["callback_data"]) if wanted < len(buttons) else None
        for button in buttons:
            if wanted in {button["text"], button["callback_data"]}:
                return str(button["callback_data"])
        return None

    @property
    def _inline(self) -> list[dict[str, Any]]:
        return [button for row in self.markup.get("inline_keyboard", ()) for button in row]


class Person:
    """Somebody who talks to the bot. What they do returns once the bot has confirmed it (or at once: `wait=False`)."""

    def __init__(self, fake: "FakeTelegram", user_id: int, name: str, language: str | None) -> None:
        self._fake = fake
        self.id = user_id
        self.name = name
        self.language = language
        self.has_started = False
        self.has_blocked = False
        #: Everything the bot sent here, oldest first.
        self.messages: list[BotMessage] = []
        self._read = 0
        self._heard = asyncio.Condition()
        #: The last update of this person, for repeating it.
        self.last_update: dict[str, Any] = {}

    @property
    def chat(self) -> dict[str, Any]:
        """The chat with the bot, as updates show it."""
        return {"id": self.id, "type": "private", "first_name": self.name}

    @property
    def sender(self) -> dict[str, Any]:
        """The person, as updates show them."""
        known = {"id": self.id, "is_bot": False, "first_name": self.name}
        return {**known, "language_code": self.language} if self.language else known

    async def starts(self, payload: str = "", *, wait: bool = True) -> None:
        """Open the chat, perhaps by a link."""
        await self.says(f"/start {payload}".strip(), wait=wait)

    async def says(self, text: str, *, reply_to: BotMessage | None = None, wait: bool = True) -> None:
        """Write."""
        await self.sends({"text": text}, reply_to=reply_to, wait=wait)

    async def taps(self, wanted: str | int, *, message: BotMessage | None = None, wait: bool = True) -> None:
        """Tap a button of the newest message that has it; one of the phone's keyboard says its label."""
        shown = [message] if message else list(reversed(self.messages))
        for each in shown:
            data = each.data_of(wanted)
            if data is not None:
                await self._taps_data(each, data, wait=wait)
                return
            if isinstance(wanted, str) and wanted in each.keyboard:
                await self.says(wanted, wait=wait)
                return
        raise AssertionError(f"no button {wanted!r} in {[each.buttons or each.keyboard for each in shown][:5]}")

    async def sends_location(self, latitude: float, longitude: float, *, wait: bool = True) -> None:
        """Send a pin."""
        await self.sends({"location": {"latitude": latitude, "longitude": longitude}}, wait=wait)

    async def sends_venue(self, latitude: float, longitude: float, title: str, address: str) -> None:
        """Send a place with a name."""
        pin = {"latitude": latitude, "longitude": longitude}
        await self.sends({"venue": {"location": pin, "title": title, "address": address}, "location": pin})

    async def sends_photo(
        self, content: bytes, caption: str | None = None, *, album: str | None = None, wait: bool = True
    ) -> None:
        """Send a photo; those with the same `album` belong together."""
        small, large = self._fake.store_file(content[:16]), self._fake.store_file(content)
        fields: dict[str, Any] = {"photo": [self._size(small, 90, 60, 16), self._size(large, 1280, 853, len(content))]}
        if caption:
            fields["caption"] = caption
        if album:
            fields["media_group_id"] = album
        await self.sends(fields, wait=wait)

    async def sends_voice(self, content: bytes, *, wait: bool = True) -> None:
        """Send a voice note."""
        file = self._file(content, "audio/ogg")
        await self.sends({"voice": {**file, "duration": 3}}, wait=wait)

    async def sends_document(self, content: bytes, name: str, content_type: str, *, wait: bool = True) -> None:
        """Send a file."""
        await self.sends({"document": {**self._file(content, content_type), "file_name": name}}, wait=wait)

    async def edits(self, text: str, *, wait: bool = True) -> None:
        """Correct the last message."""
        message = self.last_update.get("message") or self._message({})
        edited = {**message, "text": text, "edit_date": int(time.time())}
        await self._publish({"edited_message": edited}, wait=wait)

    async def blocks(self, *, wait: bool = True) -> None:
        """Block the bot."""
        self.has_blocked = True
        await self._membership("kicked", wait=wait)

    async def unblocks(self, *, wait: bool = True) -> None:
        """Let the bot write again."""
        self.has_blocked = False
        await self._membership("member", wait=wait)

    async def sends(self, fields: dict[str, Any], *, reply_to: BotMessage | None = None, wait: bool = True) -> None:
        """Send a message with any fields."""
        self.has_started = True
        message = self._message(fields)
        if reply_to is not None:
            message["reply_to_message"] = {"message_id": reply_to.id, "date": int(time.time()), "chat": self.chat}
        await self._publish({"message": message}, wait=wait)

    def hear(self, message: BotMessage) -> None:
        """A message of the bot arrives."""
        self.messages.append(message)
        self._fake.spawn(self._notify())

    async def reads(self, count: int = 1, *, seconds: float = PATIENCE_SECONDS) -> list[BotMessage]:
        """The messages that were not read yet; waits until there are so many."""
        await self._until(lambda: len(self.messages) >= self._read + count, f"{count} messages", seconds)
        unread, self._read = self.messages[self._read :], len(self.messages)
        return unread

    async def reads_until(self, words: str, *, seconds: float = PATIENCE_SECONDS) -> BotMessage:
        """The first unread message with these words in it; waits for it."""
        await self._until(lambda: self._find(words) is not None, f"a message with {words!r}", seconds)
        at = self._find(words)
        assert at is not None
        self._read = at + 1
        return self.messages[at]

    def _find(self, words: str) -> int | None:
        found = (at for at in range(self._read, len(self.messages)) if words in self.messages[at].text)
        return next(found, None)

    async def _until(self, holds: Callable[[], bool], wanted: str, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds), self._heard:
                await self._heard.wait_for(holds)
        except TimeoutError:
            texts = [message.text for message in self.messages[self._read :]]
            raise AssertionError(f"{self.name} waited {seconds} s for {wanted}; unread: {texts}") from None

    async def _notify(self) -> None:
        async with self._heard:
            self._heard.notify_all()

    async def _taps_data(self, message: BotMessage, data: str, *, wait: bool) -> None:
        shown = {
            "message_id": message.id,
            "from": BOT,
            "date": int(time.time()),
            "chat": self.chat,
            "text": message.text or "-",
        }
        query = {
            "id": f"tap{self.id}-{time.monotonic_ns()}",
            "from": self.sender,
            "message": shown,
            "chat_instance": str(self.id),
            "data": data,
        }
        await self._publish({"callback_query": query}, wait=wait)

    async def _membership(self, status: str, *, wait: bool) -> None:
        old = "member" if status == "kicked" else "kicked"
        change = {
            "chat": self.chat,
            "from": self.sender,
            "date": int(time.time()),
            "old_chat_member": _member(BOT, old),
            "new_chat_member": _member(BOT, status),
        }
        await self._publish({"my_chat_member": change}, wait=wait)

    def _message(self, fields: dict[str, Any]) -> dict[str, Any]:
        return {
            "message_id": self._fake.next_message_id(),
            "from": self.sender,
            "chat": self.chat,
            "date": int(time.time()),
            **fields,
        }

    async def _publish(self, update: dict[str, Any], *, wait: bool) -> None:
        pending: Pending = await self._fake.publish(self.id, update)
        self.last_update = pending.update
        if not wait:
            return
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await pending.confirmed.wait()
        except TimeoutError:
            raise AssertionError(f"the bot did not confirm {self.name}'s update: {list(update)}") from None

    def _file(self, content: bytes, content_type: str) -> dict[str, Any]:
        file_id = self._fake.store_file(content)
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "file_size": len(content),
            "mime_type": content_type,
        }

    @staticmethod
    def _size(file_id: str, width: int, height: int, size: int) -> dict[str, Any]:
        return {
            "file_id": file_id,
            "file_unique_id": f"u{file_id}",
            "width": width,
            "height": height,
            "file_size": size,
        }


def _member(user: dict[str, Any], status: str) -> dict[str, Any]:
    return {"user": user, "status": status, **({"until_date": 0} if status == "kicked" else {})}
