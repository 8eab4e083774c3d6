"""Telegram, as the house learns of it."""

from dataclasses import dataclass
from typing import ClassVar, Final

from bot.channels.base import Channel
from bot.channels.kind import ChannelKind, Wiring
from bot.channels.telegram import settings
from bot.channels.telegram.settings import TelegramSettings
from bot.settings.reader import Reader


@dataclass(frozen=True, slots=True)
class ClosedTelegram:
    """The town's bot, not connected yet. See ClosedChannel."""

    settings: TelegramSettings
    title: ClassVar[str] = "Telegram"

    def open(self, wiring: Wiring) -> Channel:
        """See ClosedChannel."""
        from bot.channels.telegram.channel import TelegramChannel  # noqa: PLC0415  the library is large

        return TelegramChannel(self.settings, wiring)

    async def invitation_link(self, code: str, public_url: str) -> str | None:
        """See ClosedChannel."""
        from bot.channels.telegram.links import invitation_link, username_of  # noqa: PLC0415  so is the HTTP client

        return invitation_link(await username_of(self.settings), code)


def _read(reader: Reader) -> ClosedTelegram | None:
    wanted = settings.read(reader)
    return None if wanted is None else ClosedTelegram(wanted)


TELEGRAM: Final = ChannelKind(
    name="telegram", documented=settings.DOCUMENTED, switch="TELEGRAM_TOKEN", read=_read, signs=("TELEGRAM_TOKEN",)
)
