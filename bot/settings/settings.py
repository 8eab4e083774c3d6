"""Owns every setting: reads the environment once and reports all mistakes together. Knows nothing of what is built."""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeVar

import faq
from bot.settings import values

T = TypeVar("T")

OFFICIAL_TELEGRAM: Final = "https://api.telegram.org"


def use_one_thread_for_arithmetic() -> None:
    """Call before numpy is loaded: on a small machine the threads of its products only get in each other's way."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@dataclass(frozen=True, slots=True)
class Setting:
    """One environment variable as the documentation shows it."""

    name: str
    #: What holds when it is not set, in words.
    default: str
    meaning: str


#: Every setting there is, in the order of docs/settings.md.
DOCUMENTED: Final = (
    Setting("HOST", "127.0.0.1", "Address that the HTTP server listens on; 0.0.0.0 in a container."),
    Setting("PORT", "8080", "Port that the HTTP server listens on; 0 takes any free one."),
    Setting(
        "PUBLIC_URL",
        "http://HOST:PORT",
        "How the outside world reaches this server, such as https://ventanilla.example.mx. Vendors' webhooks and their "
        "signatures, links to files and invitations are made from it.",
    ),
    Setting(
        "DATABASE_URL",
        "sqlite:///DATA_DIR/ventanilla.db",
        "Where everything is kept: sqlite:///path or postgresql://user:password@host/name. "
        "More than one replica needs PostgreSQL.",
    ),
    Setting(
        "CONTENT_DIR", "the sample town", "The town's content folder: articles, services, messages, calendar, places."
    ),
    Setting(
        "MEDIA_URL",
        "file://DATA_DIR/media",
        "Where attachments are kept: file:///folder, or s3://bucket/folder (install the extra `s3`; keys, region and "
        "AWS_ENDPOINT_URL are taken from the AWS variables).",
    ),
    Setting("DATA_DIR", "var", "Folder for what is kept on this machine; made at start."),
    Setting("TELEGRAM_TOKEN", "not set: no Telegram", "The bot's token, from @BotFather."),
    Setting("TELEGRAM_API_URL", OFFICIAL_TELEGRAM, "Another Bot API server, where you run one."),
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
    Setting("TWILIO_ACCOUNT_SID", "not set: no WhatsApp", "The Twilio account, AC and 32 characters."),
    Setting(
        "TWILIO_AUTH_TOKEN", "not set", "The account's token; it also proves that a webhook call comes from Twilio."
    ),
    Setting("TWILIO_WHATSAPP_FROM", "not set", "The WhatsApp number to send from, such as +14155238886."),
    Setting(
        "TWILIO_MESSAGING_SERVICE_SID",
        "not set",
        "The messaging service to send through, instead of the number or beside it: MG and 32 characters.",
    ),
    Setting("TWILIO_API_URL", "Twilio's own hosts", "Stands in for Twilio's API and content hosts, same paths."),
    Setting("WEBCHAT", "on", "The web chat at /chat: `on` or `off`."),
    Setting(
        "DEMO",
        "off",
        "`on` shows an official's phone beside the resident's, to anybody. For trying the product, never with Telegram "
        "or WhatsApp.",
    ),
)


class SettingsErrors(Exception):
    """One or more settings are wrong; each mistake says what to do."""

    def __init__(self, mistakes: tuple[str, ...]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; the meaning of each field stands in DOCUMENTED under its upper-case name."""

    host: str
    port: int
    #: Without a slash at the end.
    public_url: str
    #: The password in it stays out of the logs.
    database_url: str = field(repr=False)
    content_dir: Path
    media_url: str
    data_dir: Path
    telegram_token: str | None = field(default=None, repr=False)
    telegram_api_url: str = OFFICIAL_TELEGRAM
    telegram_mode: Literal["polling", "webhook"] = "polling"
    telegram_webhook_secret: str | None = field(default=None, repr=False)
    twilio_account_sid: str | None = field(default=None, repr=False)
    twilio_auth_token: str | None = field(default=None, repr=False)
    #: With its prefix: "whatsapp:+14155238886".
    twilio_whatsapp_from: str | None = field(default=None, repr=False)
    twilio_messaging_service_sid: str | None = field(default=None, repr=False)
    #: None for Twilio's own hosts.
    twilio_api_url: str | None = None
    webchat: bool = True
    demo: bool = False

    @property
    def has_telegram(self) -> bool:
        """Whether the town has a Telegram bot."""
        return self.telegram_token is not None

    @property
    def has_whatsapp(self) -> bool:
        """Whether the town answers on WhatsApp."""
        return self.twilio_account_sid is not None


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings from the environment (the process's own unless another is given). An empty value counts as not set.

    Raises SettingsErrors with every mistake.
    """
    reader = _Reader(os.environ if environ is None else environ)
    settings = _read(reader)
    mistakes = (*reader.mistakes, *_contradictions(reader))
    if mistakes:
        raise SettingsErrors(mistakes)
    return settings


class _Reader:
    """Takes one value after the other and collects what is wrong with them."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.mistakes: list[str] = []

    def raw(self, name: str) -> str | None:
        return self._environ.get(name, "").strip() or None

    def take(self, name: str, default: T, parse: Callable[[str], T]) -> T:
        value = self.raw(name)
        if value is None:
            return default
        try:
            return parse(value)
        except ValueError as mistake:
            self.mistakes.append(f"{name} {mistake}")
            return default


def _read(reader: _Reader) -> Settings:
    host = reader.take("HOST", "127.0.0.1", str)
    port = reader.take("PORT", 8080, values.port)
    data_dir = reader.take("DATA_DIR", Path("var"), Path).absolute()
    return Settings(
        host=host,
        port=port,
        public_url=reader.take("PUBLIC_URL", values.own_url(host, port), values.url),
        database_url=reader.take("DATABASE_URL", f"sqlite:///{data_dir}/ventanilla.db", values.database_url),
        content_dir=reader.take("CONTENT_DIR", Path(faq.__file__).with_name("content"), values.folder),
        media_url=reader.take("MEDIA_URL", f"file://{data_dir}/media", values.media_url),
        data_dir=data_dir,
        telegram_token=reader.take("TELEGRAM_TOKEN", None, values.telegram_token),
        telegram_api_url=reader.take("TELEGRAM_API_URL", OFFICIAL_TELEGRAM, values.url),
        telegram_mode=reader.take("TELEGRAM_MODE", "polling", values.telegram_mode),
        telegram_webhook_secret=reader.take("TELEGRAM_WEBHOOK_SECRET", None, values.webhook_secret),
        twilio_account_sid=reader.take("TWILIO_ACCOUNT_SID", None, values.sid("AC")),
        twilio_auth_token=reader.take("TWILIO_AUTH_TOKEN", None, str),
        twilio_whatsapp_from=reader.take("TWILIO_WHATSAPP_FROM", None, values.whatsapp_number),
        twilio_messaging_service_sid=reader.take("TWILIO_MESSAGING_SERVICE_SID", None, values.sid("MG")),
        twilio_api_url=reader.take("TWILIO_API_URL", None, values.url),
        webchat=reader.take("WEBCHAT", True, values.switch),
        demo=reader.take("DEMO", False, values.switch),
    )


def _contradictions(reader: _Reader) -> list[str]:
    """What is wrong with the settings taken together. Looks at what was set, so that one mistake is told once."""
    return [
        *_telegram_contradictions(reader),
        *_twilio_contradictions(reader),
        *_webchat_contradictions(reader),
    ]


def _telegram_contradictions(reader: _Reader) -> list[str]:
    if not reader.raw("TELEGRAM_TOKEN") or reader.raw("TELEGRAM_MODE") != "webhook":
        return []
    mistakes = []
    if not reader.raw("TELEGRAM_WEBHOOK_SECRET"):
        mistakes.append(
            "TELEGRAM_WEBHOOK_SECRET is missing: TELEGRAM_MODE=webhook needs one; any long random word will do"
        )
    # Telegram: the cloud server delivers webhooks over HTTPS only; a server of your own may use plain HTTP.
    if not reader.raw("TELEGRAM_API_URL") and not (reader.raw("PUBLIC_URL") or "").startswith("https://"):
        mistakes.append("PUBLIC_URL must begin with https:// for TELEGRAM_MODE=webhook: Telegram calls nothing else")
    return mistakes


def _twilio_contradictions(reader: _Reader) -> list[str]:
    account, token = reader.raw("TWILIO_ACCOUNT_SID"), reader.raw("TWILIO_AUTH_TOKEN")
    sender = reader.raw("TWILIO_WHATSAPP_FROM") or reader.raw("TWILIO_MESSAGING_SERVICE_SID")
    if not (account or token or sender):
        return []
    mistakes = []
    if not account:
        mistakes.append("TWILIO_ACCOUNT_SID is missing: WhatsApp needs it, or unset the other TWILIO_ settings")
    if not token:
        mistakes.append("TWILIO_AUTH_TOKEN is missing: WhatsApp needs it, or unset the other TWILIO_ settings")
    if not sender:
        mistakes.append("TWILIO_WHATSAPP_FROM is missing: set it, or TWILIO_MESSAGING_SERVICE_SID, to say who sends")
    return mistakes


def _webchat_contradictions(reader: _Reader) -> list[str]:
    has_webchat = (reader.raw("WEBCHAT") or "on").lower() not in values.OFF
    has_demo = (reader.raw("DEMO") or "off").lower() in values.ON
    vendors = [name for name in ("TELEGRAM_TOKEN", "TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN") if reader.raw(name)]
    mistakes = []
    if has_demo and vendors:
        mistakes.append(f"DEMO gives any visitor an official's phone: set DEMO=off, or unset {' and '.join(vendors)}")
    if has_demo and not has_webchat:
        mistakes.append("DEMO happens in the web chat: set WEBCHAT=on, or DEMO=off")
    if not has_webchat and not vendors:
        mistakes.append(
            "WEBCHAT is off and no other channel is set: set WEBCHAT=on, TELEGRAM_TOKEN or TWILIO_ACCOUNT_SID"
        )
    return mistakes
