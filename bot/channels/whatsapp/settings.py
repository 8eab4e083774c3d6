"""Owns WhatsApp's settings and what can be wrong with them. Loads no library and opens nothing."""

import re
from dataclasses import dataclass, field
from typing import Final

from bot.channels.twilio import settings as twilio
from bot.channels.twilio.settings import TwilioSettings
from bot.settings.reader import Reader, Setting

_FROM: Final = Setting("TWILIO_WHATSAPP_FROM", "not set", "The WhatsApp number to send from, such as +14155238886.")

DOCUMENTED: Final = (twilio.ACCOUNT, twilio.TOKEN, _FROM, twilio.SERVICE, twilio.API)


@dataclass(frozen=True, slots=True)
class WhatsAppSettings:
    """The town's number on WhatsApp."""

    twilio: TwilioSettings
    #: With its prefix: "whatsapp:+14155238886". None where a messaging service sends.
    number: str | None = field(default=None, repr=False)


def read(reader: Reader) -> WhatsAppSettings | None:
    """The settings; None where the town does not answer on WhatsApp."""
    sender = reader.raw(_FROM.name)
    number = reader.take(_FROM.name, None, _number)
    account = twilio.read(reader, channel="WhatsApp", sender=sender)
    has_service = reader.raw(twilio.SERVICE.name) is not None
    if not (sender or has_service) and any(map(reader.raw, twilio.SIGNS)):
        reader.note(f"{_FROM.name} is missing: set it, or {twilio.SERVICE.name}, to say who sends")
    return None if account is None else WhatsAppSettings(account, number)


def _number(value: str) -> str:
    """A number with the prefix that Twilio wants."""
    number = value.removeprefix("whatsapp:")
    if re.fullmatch(r"\+[1-9]\d{6,14}", number):
        return f"whatsapp:{number}"
    raise ValueError("must be a number with + and country code, such as +14155238886")
