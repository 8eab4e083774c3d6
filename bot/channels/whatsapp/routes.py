"""Owns WhatsApp's doors: what Twilio's calls at each of them mean to this channel. Sends nothing."""

from starlette.routing import Route

from bot.channels.fields import natural
from bot.channels.kind import Wiring
from bot.channels.twilio import doors
from bot.channels.twilio.errors import NOT_FOUND
from bot.channels.twilio.form import Fields, Signature
from bot.channels.twilio.receipts import Receipt
from bot.channels.whatsapp.parse import CHANNEL, parse, sender_of
from bot.channels.whatsapp.spelling import Spellings, address_of
from handlers.messages import IncomingMessage

#: Where receipts come to, below PUBLIC_URL.
STATUS_PATH = "/hooks/whatsapp/status"


def routes(wiring: Wiring, signature: Signature, spellings: Spellings) -> list[Route]:
    """POST /hooks/whatsapp, and its receipts."""
    return [
        Route("/hooks/whatsapp", _MessageDoor(wiring, signature, spellings), methods=["POST"]),
        Route(STATUS_PATH, _ReceiptDoor(wiring, signature, spellings), methods=["POST"]),
    ]


class _MessageDoor(doors.MessageDoor):
    def __init__(self, wiring: Wiring, signature: Signature, spellings: Spellings) -> None:
        super().__init__(CHANNEL, wiring, signature)
        self._spellings = spellings

    def read(self, fields: Fields) -> IncomingMessage | None:
        sender = sender_of(fields)
        if sender is not None:
            self._spellings.hear(sender)
        return parse(fields, self.wiring.clock.now())


class _ReceiptDoor(doors.ReceiptDoor):
    def __init__(self, wiring: Wiring, signature: Signature, spellings: Spellings) -> None:
        super().__init__(CHANNEL, wiring, signature)
        self._spellings = spellings

    def heed(self, found: Receipt) -> None:
        is_nobody_there = natural(found.error or "", 999_999) in NOT_FOUND
        if found.to and is_nobody_there:
            self._spellings.prefer_other(address_of(found.to))
