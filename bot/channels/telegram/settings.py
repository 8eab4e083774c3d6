"""Owns Telegram's settings and what can be wrong with them. Loads no library and opens nothing."""

import re
from dataclasses import dataclass, field
from typing import Final

from bot.settings import values
from bot.settings.reader import Reader, Setting

OFFICIAL_API: Final = "https://api.telegram.org"

DOCUMENTED: Final = (
    Setting("TELEGRAM_TOKEN", "not set: no Telegram", "The bot's token, from @BotFather."),
    Setting("TELEGRAM_API_URL", OFFICIAL_API, "Another Bot API server, where you run one."),
    Setting(
        "TELEGRAM_MODE",
        "polling",
        "`polling` asks Telegram for messages and needs no public address; `webhook` is told of them at "
        "PUBLIC_URL/hooks/telegram, and is the one for several replicas.",
    ),
    Setting(
        "TELEGRAM_WEBHOOK_SECRET",
        "not set",
        "Proves that a webhook call comes from Telegram: 1 to 256 of A-Z a-z 0-9 _ -. Needed for `webhook`.",
    ),
)


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """The town's bot."""

    token: str = field(repr=False)
    api_url: str = OFFICIAL_API
    #: Whether Telegram brings messages to us; otherwise we ask for them.
    is_webhook: bool = False
    webhook_secret: str | None = field(default=None, repr=False)


def read(reader: Reader) -> TelegramSettings | None:
    """The settings; None where the town has no bot."""
    token = reader.take("TELEGRAM_TOKEN", "", _token)
    settings = TelegramSettings(
        token,
        reader.take("TELEGRAM_API_URL", OFFICIAL_API, values.url),
        reader.take("TELEGRAM_MODE", False, _is_webhook),
        reader.take("TELEGRAM_WEBHOOK_SECRET", None, _secret),
    )
    if reader.raw("TELEGRAM_TOKEN") and reader.raw("TELEGRAM_MODE") == "webhook":
        _note_what_webhooks_lack(reader)
    return settings if token else None


def _note_what_webhooks_lack(reader: Reader) -> None:
    if not reader.raw("TELEGRAM_WEBHOOK_SECRET"):
        reader.note("TELEGRAM_WEBHOOK_SECRET is missing: TELEGRAM_MODE=webhook needs one; any long random word will do")
    # Telegram: the cloud server delivers webhooks over HTTPS only; a server of your own may use plain HTTP.
    if not reader.raw("TELEGRAM_API_URL") and not (reader.raw("PUBLIC_URL") or "").startswith("https://"):
        reader.note("PUBLIC_URL must begin with https:// for TELEGRAM_MODE=webhook: Telegram calls nothing else")


def _token(value: str) -> str:
    if re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value):
        return value
    raise ValueError("must look like 123456:ABC-DEF, as @BotFather gave it")


def _is_webhook(value: str) -> bool:
    if value in {"polling", "webhook"}:
        return value == "webhook"
    raise ValueError(f"must be polling or webhook, not {value!r}")


def _secret(value: str) -> str:
    # Telegram: secret_token holds 1 to 256 of these characters.
    if re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        return value
    raise ValueError("must be 1 to 256 characters of A-Z a-z 0-9 _ -")
