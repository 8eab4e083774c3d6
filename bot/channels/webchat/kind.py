"""The web chat, as the house learns of it."""

from dataclasses import dataclass
from typing import ClassVar, Final

from bot.channels.base import Channel
from bot.channels.kind import ChannelKind, Wiring
from bot.channels.webchat import links, settings
from bot.settings.reader import Reader


@dataclass(frozen=True, slots=True)
class ClosedWebChat:
    """The web chat, not open yet. See ClosedChannel."""

    title: ClassVar[str] = "Web chat"

    def open(self, wiring: Wiring) -> Channel:
        """See ClosedChannel."""
        from bot.channels.webchat.channel import WebChat  # noqa: PLC0415  with its doors comes the HTTP server

        return WebChat(wiring)

    async def invitation_link(self, code: str, public_url: str) -> str | None:
        """See ClosedChannel."""
        return links.invitation_link(public_url, code)


def _read(reader: Reader) -> ClosedWebChat | None:
    return ClosedWebChat() if settings.read(reader) else None


WEBCHAT: Final = ChannelKind(name=settings.NAME, documented=settings.DOCUMENTED, switch="WEBCHAT=on", read=_read)
