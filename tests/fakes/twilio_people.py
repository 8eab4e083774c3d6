"""People on WhatsApp: what they write and send, and what they read."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.fakes.serving import PATIENCE_SECONDS

if TYPE_CHECKING:
    from tests.fakes.twilio import FakeTwilio

_MEXICAN = re.compile(r"whatsapp:\+521?(\d{10})")


@dataclass(slots=True)
class TownMessage:
    """What the town sent."""

    sid: str
    to: str
    text: str
    status_callback: str | None
    #: Content type and content of what came along.
    files: list[tuple[str, bytes]] = field(default_factory=list)
    #: Seconds since 1970.
    made_at: float = field(default_factory=time.time)

    @property
    def options(self) -> list[str]:
        """The labels of the numbered list, in their order."""
        return re.findall(r"^\d+\. (.+)$", self.text, re.MULTILINE)


class Person:
    """Somebody who writes to the town. What they do returns the status that our door answered."""

    def __init__(self, fake: "FakeTwilio", number: str, name: str) -> None:
        self._fake = fake
        self.number = number
        self.name = name
        #: False: only the very spelling of the number that WhatsApp knows reaches this person.
        self.takes_any_spelling = True
        self.has_opted_out = False
        #: WhatsApp: a day after the last message of the person only templates get through.
        self.is_window_open = False
        #: Everything the town sent here, oldest first.
        self.messages: list[TownMessage] = []
        #: One message at a time arrives. WhatsApp promises no order; our fake keeps it, so that tests can be read.
        self.line = asyncio.Lock()
        self._read = 0
        self._heard = asyncio.Condition()
        #: The last form of this person, for repeating it.
        self.last_fields: dict[str, str] = {}

    @property
    def address(self) -> str:
        """How Twilio spells this person."""
        return f"whatsapp:{self.number}"

    def is_reached_by(self, to: str, *, loosely: bool = False) -> bool:
        """Whether a message to this address comes here."""
        if to == self.address:
            return True
        mine, theirs = _MEXICAN.fullmatch(self.address), _MEXICAN.fullmatch(to)
        return bool((loosely or self.takes_any_spelling) and mine and theirs and mine[1] == theirs[1])

    async def says(self, text: str, *, reply_to: TownMessage | None = None) -> int:
        """Write."""
        fields = {"Body": text, "MessageType": "text"}
        if reply_to is not None:
            fields |= {"OriginalRepliedMessageSid": reply_to.sid, "OriginalRepliedMessageSender": reply_to.to}
        return await self.sends(fields)

    async def taps(self, payload: str, label: str) -> int:
        """Tap a button of a template."""
        sid = self.messages[-1].sid if self.messages else self._fake.sid("SM")
        return await self.sends({
            "Body": label, "ButtonText": label, "ButtonPayload": payload, "MessageType": "button",
            "OriginalRepliedMessageSid": sid,
        })  # fmt: skip

    async def chooses(self, wanted: str) -> int:
        """Answer the newest numbered list that has this label with its number."""
        for message in reversed(self.messages):
            if wanted in message.options:
                return await self.says(str(message.options.index(wanted) + 1))
        raise AssertionError(f"no choice {wanted!r} in {[message.text for message in self.messages[-3:]]}")

    async def sends_location(self, latitude: float, longitude: float, label: str = "", address: str = "") -> int:
        """Send a pin."""
        fields = {"Body": "", "Latitude": str(latitude), "Longitude": str(longitude), "MessageType": "location"}
        if label:
            fields["Label"] = label
        if address:
            fields["Address"] = address
        return await self.sends(fields)

    async def sends_photo(self, content: bytes, caption: str = "") -> int:
        """Send a photo."""
        return await self.sends_file(content, "image/jpeg", "image", caption)

    async def sends_voice(self, content: bytes) -> int:
        """Send a voice note."""
        return await self.sends_file(content, "audio/ogg", "audio")

    async def sends_file(self, content: bytes, content_type: str, message_type: str, caption: str = "") -> int:
        """Send anything that is a file."""
        url = self._fake.store_media(content, content_type)
        return await self.sends({
            "Body": caption, "NumMedia": "1", "MediaUrl0": url, "MediaContentType0": content_type,
            "MessageType": message_type,
        })  # fmt: skip

    async def sends(self, fields: dict[str, str]) -> int:
        """Send a message with any fields."""
        self.is_window_open = True
        self.last_fields = {**self._envelope(), **fields}
        return await self._fake.call(self._fake.webhook_url, self.last_fields)

    async def repeats(self) -> int:
        """Twilio brings the last message once more."""
        return await self._fake.call(self._fake.webhook_url, self.last_fields)

    async def sees(self, message: TownMessage) -> None:
        """Open the chat: the town gets a receipt that the message was read."""
        await self._fake.report(message, "read")

    def hear(self, message: TownMessage) -> None:
        """A message of the town arrives."""
        self.messages.append(message)
        self._fake.spawn(self._notify())

    async def reads(self, count: int = 1, *, seconds: float = PATIENCE_SECONDS) -> list[TownMessage]:
        """The messages that were not read yet; waits until there are so many."""
        await self._until(lambda: len(self.messages) >= self._read + count, f"{count} messages", seconds)
        unread, self._read = self.messages[self._read :], len(self.messages)
        return unread

    async def reads_until(self, words: str, *, seconds: float = PATIENCE_SECONDS) -> TownMessage:
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

    def _envelope(self) -> dict[str, str]:
        sid = self._fake.sid("SM")
        digits = self.number.removeprefix("+")
        return {
            "SmsMessageSid": sid,
            "NumMedia": "0",
            "ProfileName": self.name,
            "SmsSid": sid,
            "SmsStatus": "received",
            "Body": "",
            "To": "whatsapp:+14155238886",
            "NumSegments": "1",
            "ReferralNumMedia": "0",
            "MessageSid": sid,
            "AccountSid": self._fake.account,
            "From": self.address,
            "ApiVersion": "2010-04-01",
            **({"WaId": digits} if digits.isdigit() else {"ExternalUserId": self.address}),
        }
