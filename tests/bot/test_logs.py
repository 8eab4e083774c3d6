"""Logs: nothing personal and nothing secret gets into them, even by accident."""

import asyncio
import gc
import io
import json
import logging
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog

from bot import logs
from handlers.messages import Address, Choice, IncomingMessage, OutgoingMessage, Place


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    out = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level
    logs.set_up(out)
    yield out
    logging.getLogger().handlers[:], level = before
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def line(stream: io.StringIO) -> dict[str, Any]:
    return dict(json.loads(stream.getvalue().splitlines()[-1]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call +52 33 1234 5678 now", "call *** now"),
        ("whatsapp:+5213312345678", "whatsapp:***"),
        ("whatsapp:MX.ABC123xyz", "whatsapp:***"),
        ("chat 123456789 is gone", "chat *** is gone"),
        ("POST https://api.telegram.org/bot123456:AAE-abc_defghijk/sendMessage", "POST https://api.telegram.org/bot***/sendMessage"),
        ("postgresql://user:pass@db/x", "postgresql://***@db/x"),
        ("write to ana.lopez@example.mx", "write to ***"),
        ("due 2026-11-21T10:30:00.123456+00:00 ok", "due 2026-11-21T10:30:00.123456+00:00 ok"),
        ("folio R-26-4C7H in 3 tries", "folio R-26-4C7H in 3 tries"),
    ],
)  # fmt: skip
def test_what_looks_personal_or_secret_is_masked(text: str, expected: str):
    assert logs.masked(text) == expected


def test_a_line_keeps_what_operators_need(stream: io.StringIO):
    structlog.get_logger("bot.test").info("a ticket was opened", folio="R-26-4C7H", outbox_id=123456789, seconds=0.25)
    written = line(stream)
    assert written["event"] == "a ticket was opened"
    assert written["folio"] == "R-26-4C7H"
    assert written["outbox_id"] == 123456789
    assert written["level"] == "info"
    assert written["logger"] == "bot.test"
    assert written["timestamp"].endswith("Z")


def test_a_forgotten_personal_value_is_masked(stream: io.StringIO):
    """Whoever logs too much by mistake does no harm."""
    structlog.get_logger().info(
        "oops",
        text="vivo en Hidalgo 5",
        phone="x",
        token="t",
        chat=123456789012,
        nested={"name": "Ana", "list": ["3312345678"]},
    )
    out = stream.getvalue()
    for personal in ("Hidalgo", "123456789012", "Ana", "3312345678"):
        assert personal not in out


def test_what_libraries_log_is_masked_too(stream: io.StringIO):
    logging.getLogger("some.library").warning("GET %s", "http://x/bot987654:AAABBBCCCDDDEEE/getMe")
    assert "AAABBB" not in stream.getvalue()
    assert line(stream)["logger"] == "some.library"


def test_the_clients_that_log_addresses_are_quiet(stream: io.StringIO):
    """The client httpx writes each URL, and with it the bot's token, at INFO."""
    for name in ("httpx", "urllib3", "aiohttp.client", "apscheduler.scheduler", "telegram.ext", "twilio.http_client"):
        logging.getLogger(name).info("secret")
    assert stream.getvalue() == ""


def test_an_exception_shows_where_but_not_what(stream: io.StringIO):
    """Its message may hold what a resident wrote."""

    def choke() -> None:
        raise ValueError("mi vecino se llama Juan")

    try:
        choke()
    except ValueError:
        structlog.get_logger().exception("a message could not be handled")
    written = line(stream)
    assert written["error"] == "ValueError"
    assert any("test_logs.py" in place and "choke" in place for place in written["at"])
    assert "Juan" not in stream.getvalue()


def test_a_librarys_exception_shows_no_message_either(stream: io.StringIO):
    try:
        raise KeyError("calle Hidalgo 5")
    except KeyError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    assert "Hidalgo" not in stream.getvalue()
    assert line(stream)["error"] == "KeyError"


def test_the_same_chat_has_the_same_mark_and_nobody_can_tell_whose():
    address = Address("whatsapp", "+5213312345678")
    logs.use_mark_key("one")
    mark = logs.address_mark(address)
    assert mark == logs.address_mark(address)
    assert mark != logs.address_mark(Address("telegram", "+5213312345678"))
    assert len(mark) == 10
    logs.use_mark_key("another")
    assert mark != logs.address_mark(address)


SECRET_WORDS = "me pega mi marido en la calle Hidalgo"


@pytest.mark.parametrize(
    ("text", "event"),
    [
        ("Executing <Task pending name='x' coro=<f()> locals=%s> took 0.200 seconds", "Executing"),
        ("Exception was never retrieved\nfuture: <Task exception=ValueError('%s')>", "Exception was never retrieved"),
        ("Exception in callback Worker._finish([Job(result='%s')])\n", "Exception in callback Worker._finish"),
    ],
)
def test_asyncios_own_lines_hold_no_objects(stream: io.StringIO, text: str, event: str):
    """What it names by its whole content may be a message."""
    logging.getLogger("asyncio").warning(text % SECRET_WORDS)
    assert line(stream)["event"] == event
    assert "Hidalgo" not in stream.getvalue()


async def test_an_exception_that_nobody_waited_for_says_nothing_of_the_resident(stream: io.StringIO):
    """The loop logs it when its task is thrown away."""

    async def fails(said: str) -> None:
        raise ValueError(said)

    task = asyncio.ensure_future(fails(SECRET_WORDS))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    del task
    gc.collect()
    written = line(stream)
    assert written["event"] == "Task exception was never retrieved"
    assert written["error"] == "ValueError"
    assert "Hidalgo" not in stream.getvalue()


def test_what_python_would_print_is_logged_without_its_words(stream: io.StringIO, monkeypatch: pytest.MonkeyPatch):
    """The end of a thread, of the process, and of an object that fails while it is thrown away."""
    for module, name in ((sys, "excepthook"), (sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, name, getattr(module, name))
    logs.catch_strays()

    def fails() -> None:
        raise ValueError(SECRET_WORDS)

    thread = threading.Thread(target=fails)
    thread.start()
    thread.join()
    assert line(stream)["event"] == "a thread ended with an exception"

    class Fails:
        def __del__(self) -> None:
            raise ValueError(SECRET_WORDS)

    Fails()
    gc.collect()
    assert line(stream)["event"] == "something that nobody waited for ended with an exception"
    sys.excepthook(ValueError, ValueError(SECRET_WORDS), None)
    assert line(stream)["event"] == "the process ended with an exception"
    assert line(stream)["error"] == "ValueError"
    assert "Hidalgo" not in stream.getvalue()


def test_a_message_does_not_show_its_words():
    """Wherever an object is written down as a whole."""
    address = Address("whatsapp", "whatsapp:+5213312345678")
    received = IncomingMessage(
        address, "1", datetime(2026, 11, 23, tzinfo=UTC), text="Hidalgo", choice="Hidalgo", place=Place(text="Hidalgo")
    )
    shown = repr((received, OutgoingMessage("Hidalgo", (Choice("Hidalgo", "Hidalgo"),))))
    assert "Hidalgo" not in shown
    assert "5213312345678" not in shown
