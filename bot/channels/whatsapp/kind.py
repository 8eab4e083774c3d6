"""WhatsApp, as the house learns of it."""

from dataclasses import dataclass
from typing import ClassVar, Final

from bot.channels.base import Channel
from bot.channels.kind import ChannelKind, Wiring
from bot.channels.twilio.settings import SIGNS
from bot.channels.whatsapp import links, settings
from bot.channels.whatsapp.settings import WhatsAppSettings
from bot.settings.reader import Reader


@dataclass(frozen=True, slots=True)
class ClosedWhatsApp:
    """The town's number, not connected yet. See ClosedChannel."""

    settings: WhatsAppSettings
    title: ClassVar[str] = "WhatsApp"

    def open(self, wiring: Wiring) -> Channel:
        """See ClosedChannel."""
        from bot.channels.whatsapp.channel import WhatsAppChannel  # noqa: PLC0415  Twilio's library is large

        return WhatsAppChannel(self.settings, wiring)

    async def invitation_link(self, code: str, public_url: str) -> str | None:
        """See ClosedChannel."""
        number = self.settings.number
        return links.invitation_link(number, code) if number else None


def _read(reader: Reader) -> ClosedWhatsApp | None:
    wanted = settings.read(reader)
    return None if wanted is None else ClosedWhatsApp(wanted)


WHATSAPP: Final = ChannelKind(
    name="whatsapp", documented=settings.DOCUMENTED, switch="TWILIO_ACCOUNT_SID", read=_read, signs=SIGNS
)
