"""A counter with all its channels open, and phones to talk to it: the same verbs on each."""

import itertools
import os
import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from handlers.desk import invitation
from handlers.ticket import folio as folios
from handlers.ticket.ticket import Role
from tests.fakes import telegram, twilio
from tests.fakes.telegram import FakeTelegram
from tests.fakes.telegram_people import Person as TelegramPerson
from tests.fakes.twilio import FakeTwilio
from tests.fakes.twilio_people import Person as TwilioPerson
from tests.harness import RunningApp, running_app
from tests.third_language import MARK, NAME, write_trilingual_town
from tests.web.person import WebPerson

CHANNELS = ("telegram", "whatsapp", "webchat")
#: One of two letters: Telegram keeps no menu for the others.
THIRD = "fr"
LANGUAGES = ("es", THIRD)
_SECRET = "journeys-secret"


class Phone(Protocol):
    """Somebody's chat with the counter."""

    async def says(self, text: str) -> None:
        """Write."""

    async def chooses(self, label: str) -> None:
        """Take a choice of the newest message that has it, the way this channel has for it."""

    async def sends_photo(self, content: bytes) -> None:
        """Send a JPEG."""

    async def reads(self, words: str) -> str:
        """Wait for an unread message with these words; its text."""


@dataclass
class WithButtons:
    """A phone with Telegram, or with the town's page open."""

    person: TelegramPerson | WebPerson

    async def says(self, text: str) -> None:
        await self.person.says(text)

    async def chooses(self, label: str) -> None:
        await self.person.taps(label)

    async def sends_photo(self, content: bytes) -> None:
        await self.person.sends_photo(content)

    async def reads(self, words: str) -> str:
        return (await self.person.reads_until(words)).text


@dataclass
class OnWhatsApp:
    """A phone with WhatsApp."""

    person: TwilioPerson

    async def says(self, text: str) -> None:
        assert await self.person.says(text) == 200

    async def chooses(self, label: str) -> None:
        assert await self.person.chooses(label) == 200

    async def sends_photo(self, content: bytes) -> None:
        assert await self.person.sends_photo(content) == 200

    async def reads(self, words: str) -> str:
        return (await self.person.reads_until(words)).text.replace("*", "")


@dataclass
class InThirdLanguage:
    """A phone whose owner picked the third language: every word and every label is of its folder."""

    phone: Phone

    async def says(self, text: str) -> None:
        await self.phone.says(text)

    async def chooses(self, label: str) -> None:
        await self.phone.chooses(f"{MARK}{label}")

    async def sends_photo(self, content: bytes) -> None:
        await self.phone.sends_photo(content)

    async def reads(self, words: str) -> str:
        text = await self.phone.reads(words)
        assert MARK in text, text
        return text


@dataclass
class OpenTown:
    """The counter, and whoever has a phone."""

    app: RunningApp
    telegram: FakeTelegram
    twilio: FakeTwilio
    stack: AsyncExitStack
    #: Which everybody picks who comes.
    language: str
    _numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    async def phone(self, channel: str) -> Phone:
        """Somebody new, who picks their language first."""
        phone = await self._new_phone(channel)
        if self.language != THIRD:
            return phone
        await phone.says("/idioma")
        await phone.reads("¿En qué idioma")
        await phone.chooses(NAME)
        speaking = InThirdLanguage(phone)
        await speaking.reads("seguimos")
        return speaking

    async def _new_phone(self, channel: str) -> Phone:
        number = next(self._numbers)
        if channel == "telegram":
            return WithButtons(self.telegram.user(number))
        if channel == "whatsapp":
            return OnWhatsApp(self.twilio.user(f"+52133100000{number:02}"))
        return WithButtons(await self.stack.enter_async_context(WebPerson(self.app.url)))

    async def official(self, channel: str, role: Role = Role.SUPERVISOR, department: str | None = None) -> Phone:
        """Somebody who took up a role by an invitation."""
        code = invitation.new(secrets.choice)
        now = self.app.clock.now()
        await self.app.database(
            lambda unit: unit.invitations.create(
                code_hash=invitation.hash_of(code),
                role=role,
                department=department,
                name="Lupe",
                expires_at=now.replace(year=now.year + 1),
                now=now,
            )
        )
        phone = await self.phone(channel)
        await phone.says(f"/start inv_{code}")
        await phone.reads("Entraste como")
        return phone


@asynccontextmanager
async def open_town(folder: Path, database_url: str, language: str = "es") -> AsyncIterator[OpenTown]:
    """Everything switched on; what we did wrong towards a vendor fails at the end, and so does a leak in the logs."""
    async with AsyncExitStack() as stack:
        fake_telegram = await stack.enter_async_context(FakeTelegram())
        fake_twilio = await stack.enter_async_context(FakeTwilio())
        content = {"CONTENT_DIR": os.environ["CONTENT_DIR"]} if "CONTENT_DIR" in os.environ else {}
        if language == THIRD:
            content = {"CONTENT_DIR": str(write_trilingual_town(folder / "content", THIRD))}
        app = await stack.enter_async_context(
            running_app(
                folder,
                DATABASE_URL=database_url,
                WEBCHAT="on",
                TELEGRAM_TOKEN=telegram.TOKEN,
                TELEGRAM_API_URL=fake_telegram.url,
                TELEGRAM_MODE="webhook",
                TELEGRAM_WEBHOOK_SECRET=_SECRET,
                TWILIO_ACCOUNT_SID=twilio.ACCOUNT,
                TWILIO_AUTH_TOKEN=twilio.TOKEN,
                TWILIO_WHATSAPP_FROM=twilio.SENDER,
                TWILIO_API_URL=fake_twilio.url,
                **content,
            )
        )
        fake_twilio.webhook_url = f"{app.url}/hooks/whatsapp"
        people = await stack.enter_async_context(AsyncExitStack())
        yield OpenTown(app, fake_telegram, fake_twilio, people, language)
        for private in ("Hidalgo", "33100000", telegram.TOKEN, twilio.TOKEN, "hoyo enorme", "fiesta patronal"):
            assert private not in app.logs, f"{private} stands in the logs"


def folio_in(text: str) -> str:
    """The folio in a message, as printed."""
    found = folios.read(text)
    assert found is not None, text
    return folios.pretty(found)
