"""Owns the fourth channel: what is sent there, and its files."""

from collections.abc import AsyncIterator, Mapping, Sequence

from starlette.routing import BaseRoute

from bot.channels.base import Channel, Envelope, Features, SendFailed
from bot.channels.downloads import pieces
from bot.channels.kind import Wiring
from bot.channels.parts import send_parts
from bot.http import FAILURES
from handlers.messages import Attachment
from tests.channels.fourth.routes import routes
from tests.channels.fourth.send import Speaker
from tests.channels.fourth.settings import FourthSettings


class FourthChannel(Channel):
    """The town's box at the post office."""

    name = "fourth"
    features = Features(per_chat_rate=100.0, overall_rate=1000.0)

    def __init__(self, settings: FourthSettings, wiring: Wiring) -> None:
        self._settings = settings
        self._wiring = wiring
        self._speaker = Speaker(settings, wiring.http)

    @property
    def link(self) -> str | None:
        return f"{self._settings.url}/box"

    def invitation_link(self, code: str) -> str | None:
        return f"{self.link}?code={code}"

    def routes(self) -> Sequence[BaseRoute]:
        return routes(self._wiring, self._settings.key)

    async def send(self, envelope: Envelope) -> Mapping[str, str]:
        if envelope.message.command_menu is not None:
            return {"menu": f"menu:{envelope.outbox_id}"}
        return await send_parts(self._speaker.parts(envelope), envelope.sent)

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        url = f"{self._settings.url}/photos/{attachment.source}"
        try:
            async with self._wiring.http.session.get(url, headers={"X-Key": self._settings.key}) as response:
                if response.status != 200:
                    raise SendFailed(f"fourth: {response.status}")
                async for piece in pieces(response):
                    yield piece
        except FAILURES as error:
            raise SendFailed(f"fourth: {type(error).__name__}") from error
