"""The fourth channel, as the house learns of it."""

from dataclasses import dataclass
from typing import ClassVar

from bot.channels.base import Channel
from bot.channels.kind import ChannelKind, Wiring
from bot.settings.reader import Reader
from tests.channels.fourth import settings
from tests.channels.fourth.settings import FourthSettings


@dataclass(frozen=True, slots=True)
class ClosedFourth:
    """The town's box, not open yet."""

    settings: FourthSettings
    title: ClassVar[str] = "Fourth"

    def open(self, wiring: Wiring) -> Channel:
        from tests.channels.fourth.channel import FourthChannel  # noqa: PLC0415  only when it is switched on

        return FourthChannel(self.settings, wiring)

    async def invitation_link(self, code: str, public_url: str) -> str | None:
        return f"{self.settings.url}/box?code={code}"


def _read(reader: Reader) -> ClosedFourth | None:
    wanted = settings.read(reader)
    return None if wanted is None else ClosedFourth(wanted)


FOURTH = ChannelKind("fourth", settings.DOCUMENTED, switch="FOURTH_URL", read=_read, signs=("FOURTH_URL",))
