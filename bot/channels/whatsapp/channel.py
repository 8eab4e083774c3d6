"""Owns the WhatsApp channel, through Twilio: what is sent there, and its files. Knows no ticket and no wording."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Final

import structlog
from starlette.routing import BaseRoute

from bot.channels.base import Channel, Envelope, Features
from bot.channels.kind import Wiring
from bot.channels.parts import send_parts
from bot.channels.twilio.files import TwilioFiles
from bot.channels.twilio.form import Signature
from bot.channels.twilio.messages import Messages
from bot.channels.whatsapp import links
from bot.channels.whatsapp.parse import CHANNEL
from bot.channels.whatsapp.routes import STATUS_PATH, routes
from bot.channels.whatsapp.send import Speaker
from bot.channels.whatsapp.settings import WhatsAppSettings
from bot.channels.whatsapp.spelling import Spellings
from handlers.messages import Attachment

#: Twilio: 80 messages a second from a sender. WhatsApp's own limit for one person is about one in six seconds over a
#: longer time, but lets the burst of a conversation pass.
FEATURES: Final = Features(per_chat_rate=1.0, overall_rate=80.0)

log = structlog.get_logger(__name__)


class WhatsAppChannel(Channel):
    """The town's number on WhatsApp."""

    name = CHANNEL
    features = FEATURES

    def __init__(self, settings: WhatsAppSettings, wiring: Wiring) -> None:
        twilio = settings.twilio
        self._wiring = wiring
        self._number = settings.number
        self._signature = Signature(twilio)
        self._spellings = Spellings()
        self._files = TwilioFiles(twilio, wiring.http, CHANNEL)
        self._is_public = twilio.can_call(wiring.public_url)
        messages = Messages(
            twilio,
            wiring.http,
            channel=CHANNEL,
            number=settings.number,
            status_url=f"{wiring.public_url}{STATUS_PATH}" if self._is_public else None,
        )
        self._speaker = Speaker(messages, self._spellings, self._media_link if self._is_public else None)

    @property
    def link(self) -> str | None:
        """Opens WhatsApp. See Channel."""
        return links.link(self._number) if self._number else None

    def invitation_link(self, code: str) -> str | None:
        """Opens WhatsApp with the code typed. See Channel."""
        return links.invitation_link(self._number, code) if self._number else None

    def routes(self) -> Sequence[BaseRoute]:
        """The doors for messages and receipts. See Channel."""
        return routes(self._wiring, self._signature, self._spellings)

    async def start(self) -> None:
        """Nothing to get ready: Twilio is told of our webhook in its console."""
        if not self._is_public:
            log.warning("whatsapp sends no files and gets no receipts: PUBLIC_URL must begin with https://")

    async def send(self, envelope: Envelope) -> Mapping[str, str]:
        """Send a message. See Channel."""
        if envelope.message.command_menu is not None:
            return {"menu": f"menu:{envelope.outbox_id}"}
        return await send_parts(self._speaker.parts(envelope), envelope.sent)

    async def look_up(self, envelope: Envelope, since: datetime) -> Sequence[str] | None:
        """Ask Twilio what became of a message. See Channel."""
        return await self._speaker.look_up(envelope, since)

    def _media_link(self, media_id: int, outbox_id: int) -> str:
        return self._wiring.media_links.url(media_id, shown_in=f"outbox:{outbox_id}")

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The attachment's bytes. See Channel."""
        return self._files.fetch(attachment.source)
