"""Owns how the process logs: structured lines without a phone, a name, a text or a token in them.

Whoever logs leaves those out; what stands here is the second net. Knows nothing of what is logged.
"""

import hashlib
import logging
import re
import secrets
import sys
import threading
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from pathlib import Path
from time import monotonic
from types import TracebackType
from typing import Any, Final, TextIO

import structlog
from structlog.typing import Processor

from bot.repeats import Repeats
from handlers.messages import Address

Event = MutableMapping[str, Any]

MASK: Final = "***"

#: Values under these keys are never shown.
_HIDDEN_KEYS: Final = re.compile(
    r"token|secret|password|authorization|cookie|phone|text|body|story|words|^name$|^to$|^from$|sender|recipient|address$|^code$|invite",
    re.IGNORECASE,
)
#: Numbers under these keys are ours, not somebody's.
_PLAIN_KEYS: Final = re.compile(
    r"^(outbox|media|ticket|article|event|row)_id$|^(port|pid|peer|jobs|rows|size|bytes|count|line|lineno|status|tries)$|_(ms|seconds|bytes)$"
)
_BOT_TOKEN: Final = re.compile(r"(?<!\d)\d{3,}:[A-Za-z0-9_-]{10,}")
_CREDENTIALS: Final = re.compile(r"://[^/@\s]+@")
#: Telephones and vendors' identifiers of a chat, with what people write between the digits.
_LONG_NUMBER: Final = re.compile(r"\+?\d(?:[ ().-]?\d){6,}")
_BUSINESS_ID: Final = re.compile(r"whatsapp:\S+")
_MAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]+@[\w-]+\.[\w.]+")
#: Instants and dates, which are digits too.
_MOMENT: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")

#: asyncio writes whole objects into its lines, and objects may hold what somebody wrote: what stands before the first
#: of them says enough.
_WRITES_OBJECTS: Final = "asyncio"
_BEFORE_OBJECTS: Final = re.compile(r"[A-Za-z0-9 ,.'_-]*")

#: Loggers that say too much at INFO: httpx and urllib3 would write URLs with the bot's token.
_QUIET: Final = (
    "httpx",
    "httpcore",
    "urllib3",
    "aiohttp",
    "apscheduler",
    "telegram",
    "twilio",
    "asyncio",
    "PIL",
    "alembic",
)


class _Marks:
    """The key of the marks: one of this process until the instance's own is read from the database."""

    key = secrets.token_bytes(16)


class _Lines:
    """What lines pass on their way out, once `set_up` was called."""

    repeats: Repeats | None = None


def use_mark_key(secret: str) -> None:
    """Make the marks the same on all replicas and after a restart."""
    _Marks.key = hashlib.blake2b(secret.encode(), digest_size=16).digest()


def address_mark(address: Address) -> str:
    """A short keyed hash: the same chat has the same mark, and nobody can tell whose it is."""
    return hashlib.blake2b(f"{address.channel}:{address.value}".encode(), key=_Marks.key, digest_size=5).hexdigest()


def set_up(stream: TextIO | None = None, *, level: int = logging.INFO, now: Callable[[], float] = monotonic) -> None:
    """Send everything, also what libraries log, through one redacting line format: JSON, or readable on a terminal.

    now: monotonic seconds, by which lines that say the same are counted instead of written.
    """
    out = stream or sys.stderr
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exceptions,
        mask_event,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_drop_colours, _drop_objects, *shared],
            processors=[_repeats, structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(out)],
        )
    )
    _Lines.repeats = Repeats(handler.emit, now)
    handler.addFilter(_Lines.repeats)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def catch_strays() -> None:
    """Log, in the same form, what Python would print by itself: its own words hold what an exception says."""
    sys.excepthook = lambda _kind, error, _trace: _stray("the process", error)
    threading.excepthook = lambda stray: _stray("a thread", stray.exc_value)
    sys.unraisablehook = lambda stray: _stray("something that nobody waited for", stray.exc_value)


def _stray(where: str, error: BaseException | None) -> None:
    if isinstance(error, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger(__name__).error("%s ended with an exception", where, exc_info=error)


def tell_repeats(*, is_end: bool = False) -> None:
    """Write how often was said again what was said too often; once a minute, and at the end of the process."""
    if _Lines.repeats is not None:
        _Lines.repeats.tell(is_end=is_end)


def mask_event(_logger: object, _method: str, event: Event) -> Event:
    """Mask by key, then what looks like a telephone, a token, an address or credentials in any text."""
    for key, value in event.items():
        if key.startswith("_"):
            continue
        if _HIDDEN_KEYS.search(key):
            event[key] = MASK
        elif not _PLAIN_KEYS.search(key):
            event[key] = _masked(value)
    return event


def masked(text: str) -> str:
    """A text without what looks personal or secret."""
    text = text.replace("\0", "")
    moments = _MOMENT.findall(text)
    text = _MOMENT.sub("\0", text)
    for pattern, instead in (
        (_BOT_TOKEN, MASK),
        (_CREDENTIALS, f"://{MASK}@"),
        (_BUSINESS_ID, f"whatsapp:{MASK}"),
        (_MAIL, MASK),
        (_LONG_NUMBER, MASK),
    ):
        text = pattern.sub(instead, text)
    parts = text.split("\0")
    return "".join(part + moment for part, moment in zip(parts, [*moments[: len(parts) - 1], ""], strict=True))


def _masked(value: object) -> object:
    match value:
        case bool() | None:
            return value
        case int() | float():
            return value if abs(value) < 10_000_000 else MASK
        case str():
            return masked(value)
        case Mapping():
            return mask_event(None, "", {str(key): each for key, each in value.items()})
        case list() | tuple() | set() | frozenset():
            return [_masked(each) for each in value]
        case _:
            return masked(str(value))


def _exceptions(_logger: object, _method: str, event: Event) -> Event:
    """Replace a traceback by types and lines: what an exception says may hold what somebody wrote."""
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given[1] if isinstance(given, tuple) else given
    if isinstance(error, BaseException):
        event["error"] = " < ".join(type(each).__name__ for each in _chain(error))
        event["at"] = _lines(error.__traceback__)
    return event


def _chain(error: BaseException | None) -> list[BaseException]:
    chain: list[BaseException] = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or error.__context__
    return chain


def _lines(trace: TracebackType | None) -> list[str]:
    """The last frames, innermost last."""
    frames = traceback.extract_tb(trace)[-8:]
    return [f"{'/'.join(Path(frame.filename).parts[-2:])}:{frame.lineno} {frame.name}" for frame in frames]


def _repeats(_logger: object, _method: str, event: Event) -> Event:
    if repeats := getattr(event.get("_record"), "repeats", 0):
        event["repeats"] = repeats
    return event


def _drop_colours(_logger: object, _method: str, event: Event) -> Event:
    event.pop("color_message", None)
    return event


def _drop_objects(_logger: object, _method: str, event: Event) -> Event:
    record = event.get("_record")
    if isinstance(record, logging.LogRecord) and record.name.partition(".")[0] == _WRITES_OBJECTS:
        found = _BEFORE_OBJECTS.match(str(event["event"]))
        event["event"] = found[0].strip() if found else ""
    return event


def _renderer(stream: TextIO) -> Processor:
    if stream.isatty():
        return structlog.dev.ConsoleRenderer()
    return structlog.processors.JSONRenderer(ensure_ascii=False)
