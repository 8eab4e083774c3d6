"""Owns the web chat as a channel: messages wait in a mailbox until the browser calls for them. Knows no page."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

from starlette.routing import BaseRoute

from bot.channels.base import Channel, Envelope, Features, SendFailed
from bot.channels.kind import Wiring
from bot.channels.webchat import links
from bot.channels.webchat.bells import Bells
from bot.channels.webchat.parse import provider_id
from bot.channels.webchat.routes import routes
from bot.channels.webchat.settings import NAME
from handlers.messages import Attachment
from storage.engine import StorageUnavailable

_PIECE_BYTES: Final = 64 * 1024


class WebChat(Channel):
    """The channel. Sending is writing to our own database, by outbox id: it can be repeated and is never uncertain."""

    name = NAME
    # A browser sets no limits of its own; these keep one chat from holding up the others.
    features = Features(per_chat_rate=1_000.0, overall_rate=10_000.0)

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring
        self._bells = Bells()

    @property
    def link(self) -> str | None:
        """Opens the chat. See Channel."""
        return links.link(self._wiring.public_url)

    def invitation_link(self, code: str) -> str | None:
        """Opens the chat and uses the code. See Channel."""
        return links.invitation_link(self._wiring.public_url, code)

    def routes(self) -> Sequence[BaseRoute]:
        """What the page in the browser calls. See Channel."""
        return routes(self._wiring, self._bells)

    async def send(self, envelope: Envelope) -> Mapping[str, str]:
        """Put the message into the chat's mailbox; the same outbox row twice is there once."""
        if envelope.message.command_menu is not None:
            return {"menu": f"web:menu:{envelope.outbox_id}"}
        now = self._wiring.clock.now()
        try:
            mailbox_id = await self._wiring.database.run(
                lambda unit: unit.mailbox.put(envelope.to, envelope.outbox_id, envelope.message, now),
                key=f"{NAME}:{envelope.to}",
            )
        except StorageUnavailable as away:
            raise SendFailed("the database is away", is_away=True) from away
        if mailbox_id is None:
            raise SendFailed("the chat was forgotten", is_permanent=True, is_unreachable=True)
        self._bells.ring(envelope.to)
        return {"mail": provider_id(mailbox_id)}

    def stored_key(self, attachment: Attachment) -> str | None:
        """Uploads are in the store before the message is sent: their source is our key. See Channel."""
        return attachment.source

    async def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The upload, which lies in our own store already."""
        try:
            content = await self._wiring.files.read(attachment.source)
        except FileNotFoundError as gone:
            raise SendFailed("the upload is gone", is_permanent=True) from gone
        except OSError as error:
            raise SendFailed("the store of attachments cannot be read") from error
        for start in range(0, len(content), _PIECE_BYTES):
            yield content[start : start + _PIECE_BYTES]
