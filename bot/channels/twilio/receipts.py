"""Owns the reading of Twilio's status callbacks: form fields in, a receipt out. Knows no channel."""

from dataclasses import dataclass
from typing import Final

from bot.channels.fields import line, natural
from bot.channels.twilio.errors import REFUSED
from bot.channels.twilio.form import Fields

#: Twilio: the ends at which a message has not arrived, or not all of it.
_FAILED: Final = frozenset({"failed", "undelivered", "canceled", "partially_delivered"})


@dataclass(frozen=True, slots=True)
class Receipt:
    """How far one of our messages got."""

    #: The vendor's id of the message.
    provider_id: str
    #: sent, delivered, read, failed, or what Twilio calls a step before these.
    status: str
    #: The vendor's code, for staff.
    error: str | None
    #: Whom it was for, as Twilio spells it; None where Twilio does not say.
    to: str | None
    #: Whether the person wants nothing from us any more.
    is_refused: bool = False


def receipt(fields: Fields) -> Receipt | None:
    """The receipt in a status callback; None if it is none."""
    sid = line(fields.get("MessageSid")) or line(fields.get("SmsSid"))
    status = line(fields.get("MessageStatus")) or line(fields.get("SmsStatus"))
    if sid is None or status is None:
        return None
    status, error = status.lower(), line(fields.get("ErrorCode"))
    is_failed = status in _FAILED
    return Receipt(
        sid,
        "failed" if is_failed else status,
        error,
        line(fields.get("To")),
        is_refused=is_failed and natural(error or "", 999_999) in REFUSED,
    )
