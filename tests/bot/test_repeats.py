"""An outage is a few lines with a count, not a line for each message that meets it."""

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog

from bot import logs
from bot.repeats import WINDOW_SECONDS, WRITTEN, Repeats


class Watch:
    """A clock that is turned by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def written(watch: Watch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    out = io.StringIO()
    before = logging.getLogger().handlers[:], logging.getLogger().level
    logs.set_up(out, now=watch)
    yield lambda: [dict(json.loads(each)) for each in out.getvalue().splitlines()]
    logging.getLogger().handlers[:], level = before
    logging.getLogger().setLevel(level)
    structlog.reset_defaults()


def test_five_thousand_messages_that_meet_one_outage_are_three_lines_and_a_count(written: Any, watch: Watch):
    log = structlog.get_logger("bot.outbound")
    for outbox_id in range(5_000):
        log.warning("a message did not go out", channel="telegram", outbox_id=outbox_id)
    assert [each["outbox_id"] for each in written()] == list(range(WRITTEN))
    watch.now += WINDOW_SECONDS
    logs.tell_repeats()
    assert written()[-1]["repeats"] == 5_000 - WRITTEN
    assert written()[-1]["outbox_id"] == 4_999
    logs.tell_repeats()
    assert len(written()) == WRITTEN + 1, "told once"


def test_the_next_line_after_the_minute_carries_the_count(written: Any, watch: Watch):
    log = structlog.get_logger("bot.outbound")
    for _ in range(10):
        log.warning("a message did not go out", channel="telegram")
    watch.now += WINDOW_SECONDS
    log.warning("a message did not go out", channel="telegram")
    assert written()[-1]["repeats"] == 10 - WRITTEN
    log.warning("a message did not go out", channel="telegram")
    assert "repeats" not in written()[-1]


def test_another_channel_another_event_and_another_place_in_the_code_are_other_kinds(written: Any):
    log = structlog.get_logger("bot.outbound")
    for _ in range(10):
        log.warning("a message did not go out", channel="telegram")
    log.warning("a message did not go out", channel="whatsapp")
    log.warning("something else", channel="telegram")

    def fail_at(where: Callable[[], object]) -> None:
        try:
            where()
        except ZeroDivisionError as error:
            log.error("a message could not be handled", exc_info=error)

    for _ in range(10):
        fail_at(lambda: 1 / 0)
    fail_at(lambda: 2 / 0)
    assert [each["event"] for each in written()].count("a message could not be handled") == WRITTEN + 1
    assert written()[WRITTEN]["channel"] == "whatsapp"


def test_what_a_library_says_of_each_request_is_folded_too(written: Any, watch: Watch):
    for number in range(20):
        logging.getLogger("some.library").warning("the connection to %s was lost", f"host{number}")
    assert len(written()) == WRITTEN
    watch.now += WINDOW_SECONDS
    logs.tell_repeats()
    assert written()[-1]["repeats"] == 20 - WRITTEN


def test_at_the_end_of_the_process_what_was_counted_is_told(written: Any):
    for _ in range(10):
        structlog.get_logger("bot").warning("the same")
    logs.tell_repeats(is_end=True)
    assert written()[-1]["repeats"] == 10 - WRITTEN


def test_no_number_of_kinds_fills_the_memory():
    repeats = Repeats(lambda record: None, lambda: 0.0)
    for number in range(5_000):
        repeats.filter(logging.LogRecord("x", logging.WARNING, "x.py", 1, f"kind {number}", None, None))
    assert len(repeats._kinds) <= 500
