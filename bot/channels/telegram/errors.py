"""Owns what Telegram's refusals mean to us: an error of the library in, a SendFailed out. Sends nothing."""

from typing import Final

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)

from bot.channels.base import SendFailed
from bot.channels.telegram.request import FloodWaitError
from bot.http import was_sent

#: Nobody has to be told twice that a setting is wrong; the messages wait until it is put right.
_SETTING_SECONDS: Final = 300.0

_UNREACHABLE: Final = (
    "chat not found",
    "private chat not found",
    "peer_id_invalid",
    "user not found",
    "user is deactivated",
    "chat_write_forbidden",
    "not enough rights",
    "need administrator rights",
)


def failure(error: TelegramError) -> SendFailed:
    """What became of a message whose sending raised this."""
    match error:
        case FloodWaitError():
            return SendFailed("telegram: too many requests", retry_after_seconds=error.seconds)
        case ChatMigrated():
            return SendFailed("telegram: the group has a new number")
        case Forbidden():
            return SendFailed(f"telegram: {_reason(error)}", is_permanent=True, is_unreachable=True)
        # BadRequest and TimedOut are NetworkErrors to the library: they come first.
        case BadRequest():
            return _refusal(error)
        case TimedOut() | NetworkError():
            return _lost(error)
        case InvalidToken():
            return SendFailed("telegram: the token was refused", retry_after_seconds=_SETTING_SECONDS)
        case Conflict():
            return SendFailed("telegram: another program uses this token", retry_after_seconds=_SETTING_SECONDS)
        case _:
            return SendFailed(f"telegram: {type(error).__name__}", is_uncertain=True)


def is_bad_markup(error: BadRequest) -> bool:
    """Whether Telegram could not read our HTML."""
    return "can't parse entities" in error.message.lower()


def _refusal(error: BadRequest) -> SendFailed:
    reason = _reason(error)
    is_gone = any(words in reason.lower() for words in _UNREACHABLE)
    return SendFailed(f"telegram: {reason}", is_permanent=True, is_unreachable=is_gone)


def _lost(error: NetworkError) -> SendFailed:
    cause = error.__cause__
    if isinstance(error, TimedOut) and cause is None:
        return SendFailed("telegram: no answer in time", is_uncertain=True)
    if cause is None or isinstance(cause, TelegramError):
        # Telegram, or a gateway before it, answered with an error of its own: nothing was sent.
        return SendFailed("telegram: the server failed", is_away=True)
    if was_sent(cause):
        return SendFailed(f"telegram: no answer ({type(cause).__name__})", is_uncertain=True)
    return SendFailed("telegram: cannot be reached", is_away=True)


def _reason(error: TelegramError) -> str:
    # The library adds the body of an answer that it cannot read; that could hold anything.
    return error.message.split(". Parsing the server response")[0][:200]
