"""Owns every setting: reads the environment once and reports all mistakes together. Knows nothing of what is built."""

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, TypeVar, cast
from urllib.parse import urlsplit

import faq

T = TypeVar("T")

OFFICIAL_TELEGRAM: Final = "https://api.telegram.org"


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
    port = reader.take("PORT", 8080, _port)
    data_dir = reader.take("DATA_DIR", Path("var"), Path).absolute()
    return Settings(
        host=host,
        port=port,
        public_url=reader.take("PUBLIC_URL", _own_url(host, port), _url),
        database_url=reader.take("DATABASE_URL", f"sqlite:///{data_dir}/ventanilla.db", _database_url),
        content_dir=reader.take("CONTENT_DIR", Path(faq.__file__).with_name("content"), _folder),
        media_url=reader.take("MEDIA_URL", f"file://{data_dir}/media", _media_url),
        data_dir=data_dir,
        telegram_token=reader.take("TELEGRAM_TOKEN", None, _telegram_token),
        telegram_api_url=reader.take("TELEGRAM_API_URL", OFFICIAL_TELEGRAM, _url),
        telegram_mode=reader.take("TELEGRAM_MODE", "polling", _telegram_mode),
        telegram_webhook_secret=reader.take("TELEGRAM_WEBHOOK_SECRET", None, _webhook_secret),
        twilio_account_sid=reader.take("TWILIO_ACCOUNT_SID", None, _sid("AC")),
        twilio_auth_token=reader.take("TWILIO_AUTH_TOKEN", None, str),
        twilio_whatsapp_from=reader.take("TWILIO_WHATSAPP_FROM", None, _whatsapp_number),
        twilio_messaging_service_sid=reader.take("TWILIO_MESSAGING_SERVICE_SID", None, _sid("MG")),
        twilio_api_url=reader.take("TWILIO_API_URL", None, _url),
        webchat=reader.take("WEBCHAT", True, _switch),
        demo=reader.take("DEMO", False, _switch),
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
    if not reader.raw("PUBLIC_URL"):
        mistakes.append(
            "PUBLIC_URL is missing: TELEGRAM_MODE=webhook needs the address under which Telegram reaches you"
        )
    # Telegram: the cloud server delivers webhooks over HTTPS only; one of your own may use HTTP.
    elif not reader.raw("TELEGRAM_API_URL") and not str(reader.raw("PUBLIC_URL")).startswith("https://"):
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
    has_webchat = (reader.raw("WEBCHAT") or "on").lower() not in _OFF
    has_demo = (reader.raw("DEMO") or "off").lower() in _ON
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


_ON: Final = frozenset({"on", "yes", "true", "1"})
_OFF: Final = frozenset({"off", "no", "false", "0"})


def _switch(value: str) -> bool:
    if value.lower() in _ON | _OFF:
        return value.lower() in _ON
    raise ValueError(f"must be on or off, not {value!r}")


def _port(value: str) -> int:
    if value.isdecimal() and int(value) <= 65535:
        return int(value)
    raise ValueError(f"must be a number from 0 to 65535, not {value!r}")


def _url(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme in {"http", "https"} and parts.hostname and not parts.query and not parts.fragment:
        return value.rstrip("/")
    raise ValueError(f"must be an address like https://ventanilla.example.mx, without ? or #; not {value!r}")


def _own_url(host: str, port: int) -> str:
    name = "127.0.0.1" if host in {"0.0.0.0", "::", ""} else host  # noqa: S104  compared with, not bound to
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def _database_url(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    if separator and scheme in {"postgresql", "postgres"} and rest:
        return f"postgresql://{rest}"
    if separator and scheme == "sqlite" and len(rest) > 1 and rest.startswith("/"):
        return value
    raise ValueError("must be sqlite:///path/to/file.db or postgresql://user:password@host/name")


def _media_url(value: str) -> str:
    scheme, separator, rest = value.partition("://")
    if separator and rest.strip("/") and scheme in {"file", "s3", "memory"}:
        return value.rstrip("/")
    raise ValueError("must be file:///folder or s3://bucket/folder")


def _folder(value: str) -> Path:
    if not (path := Path(value)).is_dir():
        raise ValueError(f"must be a folder that exists: {value} does not")
    return path.absolute()


def _telegram_token(value: str) -> str:
    if re.fullmatch(r"\d+:[A-Za-z0-9_-]+", value):
        return value
    raise ValueError("must look like 123456:ABC-DEF, as @BotFather gave it")


def _telegram_mode(value: str) -> Literal["polling", "webhook"]:
    if value in {"polling", "webhook"}:
        return cast(Literal["polling", "webhook"], value)
    raise ValueError(f"must be polling or webhook, not {value!r}")


def _webhook_secret(value: str) -> str:
    # Telegram: secret_token holds 1 to 256 of these characters.
    if re.fullmatch(r"[A-Za-z0-9_-]{1,256}", value):
        return value
    raise ValueError("must be 1 to 256 characters of A-Z a-z 0-9 _ -")


def _sid(prefix: str) -> Callable[[str], str]:
    def parse(value: str) -> str:
        if re.fullmatch(prefix + r"[0-9a-zA-Z]{32}", value):
            return value
        raise ValueError(f"must be {prefix} and 32 characters, as the Twilio console shows it")

    return parse


def _whatsapp_number(value: str) -> str:
    number = value.removeprefix("whatsapp:")
    if re.fullmatch(r"\+[1-9]\d{6,14}", number):
        return f"whatsapp:{number}"
    raise ValueError("must be a number with + and country code, such as +14155238886")
