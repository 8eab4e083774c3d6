"""Owns how a message is said on WhatsApp: text and files, each as one of Twilio's messages. Knows no outbox."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from typing import Final

from bot.channels.base import Envelope, SendFailed
from bot.channels.parts import Part, file_part, text_part
from bot.channels.rendering import length, split
from bot.channels.twilio.errors import NOT_FOUND
from bot.channels.twilio.messages import Messages
from bot.channels.whatsapp.markup import marks, numbered
from bot.channels.whatsapp.spelling import Spellings

#: Twilio: a body holds 1600 characters; WhatsApp: a caption 1024.
TEXT_LIMIT: Final = 1600
CAPTION_LIMIT: Final = 1024

#: WhatsApp shows a caption below these; below a voice it drops it.
_CAPTIONED: Final = ("image/", "video/", "application/pdf")


class Speaker:
    """Says messages through one number. Everything here raises SendFailed."""

    def __init__(self, messages: Messages, spellings: Spellings, media_link: Callable[[int, int], str] | None) -> None:
        self._messages = messages
        self._spellings = spellings
        #: Of an attachment in an outbox row. None where Twilio could not get files from us.
        self._media_link = media_link

    def parts(self, envelope: Envelope) -> list[Part]:
        """Files first, one a message, so that the words stand last, where the reader looks."""
        text = numbered(envelope.message)
        links = self._links(envelope)
        types = {file.media_id: file.content_type for file in envelope.files}
        if len(links) == 1 and length(marks(text)) <= CAPTION_LIMIT and not envelope.sent:
            (media_id, link) = links[0]
            if types.get(media_id, "").startswith(_CAPTIONED):
                return [file_part(media_id, partial(self._say, envelope.to, text, link))]
        files = [file_part(media_id, partial(self._say, envelope.to, "", link)) for media_id, link in links]
        texts = enumerate(split(text, TEXT_LIMIT, mark=2), 1)
        return [*files, *(text_part(number, partial(self._say, envelope.to, each, None)) for number, each in texts)]

    async def look_up(self, envelope: Envelope, since: datetime) -> Sequence[str] | None:
        """See Channel. A message in several parts is not looked for: its parts are known one by one."""
        body = marks(numbered(envelope.message))
        if len(self.parts(envelope)) != 1 or length(body) > TEXT_LIMIT:
            return None
        to = self._spellings.of(envelope.to)
        other = self._spellings.other(envelope.to)
        spelled = [to] if other is None else [to, other]
        return [sid for each in spelled for sid in await self._messages.made(each, body, since)]

    def _links(self, envelope: Envelope) -> list[tuple[int, str]]:
        if self._media_link is None:
            return []
        return [(media_id, self._media_link(media_id, envelope.outbox_id)) for media_id in envelope.message.media]

    async def _say(self, address: str, text: str, link: str | None) -> str:
        """To the spelling that reached the person last, or else to the other one."""
        body = marks(text)
        try:
            return await self._messages.create(self._spellings.of(address), body, link)
        except SendFailed as refused:
            other = self._spellings.other(address)
            if other is None or not _is_not_found(refused):
                raise
            sid = await self._messages.create(other, body, link)
            self._spellings.prefer_other(address)
            return sid


def _is_not_found(refused: SendFailed) -> bool:
    return any(refused.reason.endswith(f" {code}") for code in NOT_FOUND)
