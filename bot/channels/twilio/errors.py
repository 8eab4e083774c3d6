"""Owns what Twilio's refusals mean to us: an error in, a SendFailed out. Sends nothing."""

from typing import Final

from twilio.base.exceptions import (  # type: ignore[import-untyped] # the library has no py.typed
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)

from bot.channels.base import SendFailed
from bot.http import was_sent

#: Nobody has to be told twice that a setting is wrong; the messages wait until it is put right.
_SETTING_SECONDS: Final = 300.0

#: Nobody is there under this spelling of the number.
NOT_FOUND: Final = frozenset({21211, 21614, 63003, 63024})

#: The person wants nothing from us: opted out, blocked, has not joined the sandbox.
REFUSED: Final = frozenset({21610, 63014, 63015})

#: Nothing arrives in this chat.
_UNREACHABLE: Final = NOT_FOUND | REFUSED

#: Too much at once: nothing was done.
_BUSY: Final = frozenset({20429, 21611, 30001, 63018})

#: WhatsApp's side failed; it may work in a while.
_PASSING: Final = frozenset({30008, 63005, 63012})

#: Our account, our sender, our key.
_SETTINGS: Final = frozenset({20003, 20404, 21606, 21659, 63007})

#: Outside the 24 hours after the person's last message only an approved template goes out.
WINDOW_CLOSED: Final = 63016


def failure(error: Exception, channel: str) -> SendFailed:
    """What became of a message whose sending raised this. `channel` stands before the reason."""
    match error:
        case TwilioRestException() | TwilioServiceException():
            return refusal(_number(error.code), _number(error.status), channel)
        case TwilioException():
            # The library could not make a request of it.
            return SendFailed(f"{channel}: {type(error).__name__}", is_permanent=True)
        case _ if was_sent(error):
            return SendFailed(f"{channel}: no answer ({type(error).__name__})", is_uncertain=True)
        case _:
            return SendFailed(f"{channel}: Twilio cannot be reached", is_away=True)


def refusal(code: int, status: int, channel: str) -> SendFailed:
    """What Twilio's error code means; where the code says nothing, its HTTP status."""
    reason = f"{channel}: Twilio error {code}"
    if code in _UNREACHABLE:
        return SendFailed(reason, is_permanent=True, is_unreachable=True)
    if code in _BUSY or status == 429:
        return SendFailed(reason)
    if code in _SETTINGS or status in {401, 403}:
        return SendFailed(f"{reason}: check the TWILIO_ settings", retry_after_seconds=_SETTING_SECONDS)
    if code in _PASSING or status == 503:
        return SendFailed(reason, is_away=status == 503)
    if status >= 500:
        # Twilio has no key against doing a thing twice, and an error of its own leaves open how far it got.
        return SendFailed(reason, is_uncertain=True)
    return SendFailed(reason, is_permanent=True)


def _number(value: object) -> int:
    return value if isinstance(value, int) else 0
