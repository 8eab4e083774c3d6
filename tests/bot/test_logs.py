"""Logs: nothing personal and nothing secret gets into them, even by accident."""

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from bot import logs
from handlers.messages import Address


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
