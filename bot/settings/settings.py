"""Owns the house's own settings, and reads the environment once: all mistakes together, those of channels among them.

Knows nothing of what is built, and of a channel only that it has settings.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import faq
from bot.channels import CHANNELS
from bot.channels.kind import ChannelKind, ClosedChannel
from bot.settings import values
from bot.settings.reader import Reader, Setting, SettingsErrors


def use_one_thread_for_arithmetic() -> None:
    """Call before numpy is loaded: on a small machine the threads of its products only get in each other's way."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


#: The content that comes with the program.
SAMPLE_TOWN: Final = Path(faq.__file__).with_name("content")

_HOUSE: Final = (
    Setting("HOST", "127.0.0.1", "Address that the HTTP server listens on; 0.0.0.0 in a container."),
    Setting("PORT", "8080", "Port that the HTTP server listens on; 0 takes any free one."),
    Setting(
        "PUBLIC_URL",
        "http://HOST:PORT",
        "How the outside world reaches this server, such as https://ventanilla.example.mx, with a path or without. "
        "Vendors' webhooks and their signatures, links to files and invitations are made from it. A proxy may pass its "
        "path on or take it off.",
    ),
    Setting(
        "FORWARDED_ALLOW_IPS",
        "127.0.0.1,::1",
        "The proxies in front of this server, as addresses or networks: they are believed when they say for which "
        "visitor they speak (X-Forwarded-For). Behind a proxy that is not named all visitors share one limit, and a "
        "warning says so.",
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
        "Where attachments are kept: file:///folder, or s3://bucket/folder (the image has what it needs, elsewhere "
        "install the extra `s3`; keys, region and AWS_ENDPOINT_URL are taken from the AWS variables).",
    ),
    Setting("DATA_DIR", "var", "Folder for what is kept on this machine; made at start."),
    Setting(
        "READER",
        "process",
        "Where free questions are read: `process` has one of its own for it (about 250 MB) and leaves the server free; "
        "`thread` reads in the server, for a machine of one core or little memory.",
    ),
)
#: How routes begin (docs/routes.md): where PUBLIC_URL's path begins so too, nobody can tell them apart.
_OWN_PATHS: Final = frozenset({"chat", "static", "media", "hooks", "healthz", "readyz", "metrics", "favicon.ico"})

_DEMO: Final = Setting(
    "DEMO",
    "off",
    "`on` shows an official's phone beside the resident's, to anybody. For trying the product, never with Telegram "
    "or WhatsApp. The roles that it gives end at the first start without it.",
)
_DEMO_IN_PUBLIC: Final = Setting(
    "DEMO_IN_PUBLIC",
    "off",
    "`on` lets DEMO run where others can reach it: with a HOST or PUBLIC_URL that is not this machine's own. Everybody "
    "who opens the page becomes an official of that counter: never over a town's real database.",
)


def documented(kinds: Sequence[ChannelKind] = CHANNELS) -> tuple[Setting, ...]:
    """Every setting there is, in the order of docs/settings.md."""
    # Two channels through one vendor share that vendor's settings.
    of_channels = dict.fromkeys(setting for kind in kinds for setting in kind.documented)
    return (*_HOUSE, *of_channels, _DEMO, _DEMO_IN_PUBLIC)


DOCUMENTED: Final = documented()


@dataclass(frozen=True, slots=True)
class Settings:
    """What the environment says; the meaning of each field stands in DOCUMENTED under its upper-case name."""

    host: str
    port: int
    #: Without a slash at the end.
    public_url: str
    forwarded_allow_ips: str
    #: The password in it stays out of the logs.
    database_url: str = field(repr=False)
    content_dir: Path
    media_url: str
    data_dir: Path
    reader: str
    demo: bool
    demo_in_public: bool
    #: Those that are switched on, by name, with settings of their own.
    channels: Mapping[str, ClosedChannel]


def read(environ: Mapping[str, str] | None = None, kinds: Sequence[ChannelKind] = CHANNELS) -> Settings:
    """The settings from the environment (the process's own unless another is given). An empty value counts as not set.

    kinds: the channels that there are. Raises SettingsErrors with every mistake.
    """
    reader = Reader(os.environ if environ is None else environ)
    settings = _read(reader, kinds)
    _note_contradictions(reader, kinds)
    if settings.demo and not settings.demo_in_public:
        _note_who_reaches_the_demo(reader, settings)
    if reader.mistakes:
        raise SettingsErrors(reader.mistakes)
    return settings


def _read(reader: Reader, kinds: Sequence[ChannelKind]) -> Settings:
    host = reader.take("HOST", "127.0.0.1", str)
    port = reader.take("PORT", 8080, values.port)
    data_dir = reader.take("DATA_DIR", Path("var"), Path).absolute()
    return Settings(
        host=host,
        port=port,
        public_url=reader.take("PUBLIC_URL", values.own_url(host, port), values.public_url),
        forwarded_allow_ips=reader.take("FORWARDED_ALLOW_IPS", "127.0.0.1,::1", values.peers),
        database_url=reader.take("DATABASE_URL", f"sqlite:///{data_dir}/ventanilla.db", values.database_url),
        content_dir=reader.take("CONTENT_DIR", SAMPLE_TOWN, values.folder),
        media_url=reader.take("MEDIA_URL", f"file://{data_dir}/media", values.media_url),
        data_dir=data_dir,
        reader=reader.take("READER", "process", values.reader),
        channels={kind.name: closed for kind in kinds if (closed := kind.read(reader)) is not None},
        demo=reader.take(_DEMO.name, False, values.switch),
        demo_in_public=reader.take(_DEMO_IN_PUBLIC.name, False, values.switch),
    )


def _note_contradictions(reader: Reader, kinds: Sequence[ChannelKind]) -> None:
    """What is wrong with the channels taken together. Looks at what was set, so that one mistake is told once."""
    has_webchat = (reader.raw("WEBCHAT") or "on").lower() not in values.OFF
    has_demo = (reader.raw(_DEMO.name) or "off").lower() in values.ON
    vendors = [name for kind in kinds for name in kind.signs if reader.raw(name)]
    first = urlsplit(reader.raw("PUBLIC_URL") or "").path.strip("/").partition("/")[0]
    if first in _OWN_PATHS:
        reader.note(f"PUBLIC_URL must not have a path that begins with /{first}, which is a route of this server")
    if has_demo and vendors:
        reader.note(f"DEMO gives any visitor an official's phone: set DEMO=off, or unset {' and '.join(vendors)}")
    if has_demo and not has_webchat:
        reader.note("DEMO happens in the web chat: set WEBCHAT=on, or DEMO=off")
    if not has_webchat and not vendors:
        *others, last = (kind.switch for kind in sorted(kinds, key=lambda kind: bool(kind.signs)))
        reader.note(f"WEBCHAT is off and no other channel is set: set {', '.join(others)} or {last}")


def _note_who_reaches_the_demo(reader: Reader, settings: Settings) -> None:
    """DEMO is for the machine that it runs on."""
    reached = [("HOST", settings.host), ("PUBLIC_URL", urlsplit(settings.public_url).hostname or "")]
    names = [f"{name}={reader.raw(name)}" for name, host in reached if reader.raw(name) and not values.is_own(host)]
    if names:
        reader.note(
            f"DEMO makes an official of everybody who can open the page, and {' and '.join(names)} is open to others "
            f"than this machine: set DEMO=off, or {_DEMO_IN_PUBLIC.name}=on where it is meant and nothing real is kept"
        )
