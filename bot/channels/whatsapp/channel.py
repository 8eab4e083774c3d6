"""Owns the WhatsApp channel, through Twilio: what is sent there, and its files. Knows no ticket and no wording."""

from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import structlog
from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped] # the library has no py.typed
from twilio.request_validator import RequestValidator  # type: ignore[import-untyped] # the library has no py.typed
from twilio.rest import Client  # type: ignore[import-untyped] # the library has no py.typed

from bot.channels import Wiring
from bot.channels.base import Envelope, Features, SendFailed
from bot.channels.parts import Part, send_parts
from bot.channels.rendering import length, numbered, split, whatsapp_marks
from bot.channels.twilio.client import TwilioHttp
from bot.channels.twilio.errors import NOT_FOUND, failure
from bot.channels.twilio.files import TwilioFiles
from bot.channels.whatsapp.parse import CHANNEL, Receipt, fields_of, parse, receipt, sender_of
from bot.channels.whatsapp.spelling import Spellings
from bot.http import FAILURES
from handlers.messages import Attachment, IncomingMessage, OutgoingMessage

#: Twilio: a body holds 1600 characters; WhatsApp: a caption 1024.
TEXT_LIMIT: Final = 1600
CAPTION_LIMIT: Final = 1024

#: Twilio: 80 messages a second from a sender. WhatsApp's own limit for one person is about one in six seconds over a
#: longer time, but lets the burst of a conversation pass.
FEATURES: Final = Features(text_limit=TEXT_LIMIT, max_buttons=0, per_chat_rate=1.0, overall_rate=80.0)

#: WhatsApp shows a caption below these; below a voice it drops it.
_CAPTIONED: Final = ("image/", "video/", "application/pdf")

log = structlog.get_logger(__name__)


class WhatsAppChannel:
    """The town's number on WhatsApp."""

    name = CHANNEL

    def __init__(self, wiring: Wiring) -> None:
        settings = wiring.settings
        self._account = settings.twilio_account_sid or ""
        self._token = settings.twilio_auth_token or ""
        self._stand_in = settings.twilio_api_url
        self._sender = _sender(settings.twilio_whatsapp_from, settings.twilio_messaging_service_sid)
        self._http = wiring.http
        self._clock = wiring.clock
        self._validator = RequestValidator(self._token)
        # An environment of its own: the library would look for a region and an edge in the process's.
        self._client = Client(
            self._account,
            self._token,
            http_client=TwilioHttp(wiring.http, self._stand_in),
            environment={"TWILIO_EDGE": ""},
        )
        self._media_link = wiring.media_link
        #: Whether Twilio can call this server: for receipts, and to get files from it.
        self._is_public = _can_be_called(settings.public_url, has_stand_in=self._stand_in is not None)
        self._status_url = f"{settings.public_url}/hooks/whatsapp/status" if self._is_public else None
        self.features = replace(FEATURES, sends_files=self._is_public)
        self._files = TwilioFiles(wiring.http, self._account, self._token, self._stand_in)
        self._spellings = Spellings()

    async def start(self) -> None:
        """Nothing to get ready: Twilio is told of our webhook in its console."""
        if not self._is_public:
            log.warning("whatsapp sends no files and gets no receipts: PUBLIC_URL must begin with https://")

    async def stop(self) -> None:
        """Nothing to release: the client belongs to the process."""

    def is_genuine(self, url: str, pairs: Sequence[tuple[str, str]], signature: str) -> bool:
        """Whether a webhook call was signed by Twilio for our account.

        url: as the outside world sees it. pairs: every field of the form in its order, empty ones too.
        """
        if not self._validator.validate(url, _Form(pairs), signature):
            return False
        return fields_of(pairs).get("AccountSid") == self._account

    def read(self, pairs: Iterable[tuple[str, str]]) -> IncomingMessage | None:
        """The message in a genuine call; None where there is no sender to record it under."""
        fields = fields_of(pairs)
        sender = sender_of(fields)
        if sender is not None:
            self._spellings.hear(sender)
        return parse(fields, self._clock.now())

    def read_receipt(self, pairs: Iterable[tuple[str, str]]) -> Receipt | None:
        """The receipt in a genuine call; None if it is none."""
        found = receipt(fields_of(pairs))
        if found and found.to and found.error and found.error.isdigit() and int(found.error) in NOT_FOUND:
            self._spellings.prefer_other(found.to)
        return found

    async def send(self, envelope: Envelope) -> str:
        """Send a message. See Channel."""
        if envelope.message.command_menu is not None:
            return f"menu:{envelope.outbox_id}"
        return await send_parts(self._parts(envelope))

    def fetch(self, attachment: Attachment) -> AsyncIterator[bytes]:
        """The attachment's bytes. See Channel."""
        return self._files.fetch(attachment.source)

    def _parts(self, envelope: Envelope) -> list[Part]:
        """Files first, one a message, so that the words stand last, where the reader looks."""
        text = numbered(envelope.message)
        links = self._links(envelope.message)
        types = {file.media_id: file.content_type for file in envelope.files}
        if len(links) == 1 and length(whatsapp_marks(text)) <= CAPTION_LIMIT:
            (media_id, link) = links[0]
            if types.get(media_id, "").startswith(_CAPTIONED):
                return [partial(self._say, envelope.to, text, link)]
        parts: list[Part] = [partial(self._say, envelope.to, "", link) for _, link in links]
        parts += [partial(self._say, envelope.to, each, None) for each in split(text, TEXT_LIMIT, mark=2)]
        return parts

    def _links(self, message: OutgoingMessage) -> list[tuple[int, str]]:
        if not self._is_public:
            return []
        found = ((media_id, self._media_link(media_id)) for media_id in message.media)
        return [(media_id, link) for media_id, link in found if link]

    async def _say(self, address: str, text: str, link: str | None) -> str:
        try:
            return await self._create(self._spellings.of(address), text, link)
        except SendFailed as refused:
            other = self._spellings.other(address)
            if other is None or not _is_not_found(refused):
                raise
            sid = await self._create(other, text, link)
            self._spellings.prefer_other(address)
            return sid

    async def _create(self, to: str, text: str, link: str | None) -> str:
        call = {**self._sender, "to": to}
        if text:
            call["body"] = whatsapp_marks(text)
        if self._status_url:
            call["status_callback"] = self._status_url
        try:
            created = await self._client.messages.create_async(**call, **({"media_url": [link]} if link else {}))
        except (TwilioException, *FAILURES) as error:
            raise failure(error) from error
        except ValueError as error:
            # An answer that is no JSON, after the message was taken.
            raise SendFailed("whatsapp: Twilio's answer cannot be read", is_uncertain=True) from error
        return str(created.sid)


class _Form:
    """The fields as Twilio's validator wants them: all values of a name, and empty ones too."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def getall(self, name: str) -> list[str]:
        return self._values[name]


def _sender(number: str | None, service: str | None) -> dict[str, str]:
    sender = {"messaging_service_sid": service} if service else {}
    return {**sender, "from_": number} if number else sender


def _can_be_called(public_url: str, *, has_stand_in: bool) -> bool:
    parts = urlsplit(public_url)
    # Twilio itself calls nobody's own machine; what stands in for it in a test does.
    return parts.scheme == "https" or (has_stand_in and parts.hostname in {"127.0.0.1", "localhost", "::1"})


def _is_not_found(refused: SendFailed) -> bool:
    return any(refused.reason.endswith(f" {code}") for code in NOT_FOUND)
