"""Deadlines are counted as the law counts them: working days, from the day after."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from faq.model import Duration
from handlers.errors import CalendarExhausted
from handlers.town.calendar import Calendar

ZONE = ZoneInfo("America/Mexico_City")
WEEK = {day: ((time(9), time(15)),) for day in range(1, 6)}

#: LFT art. 74 for the span of the table below.
FEDERAL = {
    date(2026, 1, 1), date(2026, 2, 2), date(2026, 3, 16), date(2026, 5, 1), date(2026, 9, 16), date(2026, 11, 16),
    date(2026, 12, 25), date(2027, 1, 1), date(2027, 2, 1),
}  # fmt: skip
#: Jalisco public servants, art. 38, without the day in June.
JALISCO = FEDERAL | {date(2026, 5, 5), date(2026, 9, 28), date(2026, 10, 12), date(2026, 11, 2)}


def calendar(holidays: set[date]) -> Calendar:
    return Calendar(ZONE, dict(WEEK), frozenset(holidays), time(15))


def local(day: date, at: time = time(10)) -> datetime:
    return datetime.combine(day, at, ZONE).astimezone(UTC)


def last_day(due_at: datetime) -> date:
    """The day that a term ends with: due_at is the midnight after it."""
    assert due_at.astimezone(ZONE).time() == time(0)
    return date.fromordinal(due_at.astimezone(ZONE).date().toordinal() - 1)


GOLDEN = [
    # received, {days: last day}
    (date(2026, 1, 5), {3: (1, 8), 5: (1, 12), 8: (1, 15), 9: (1, 16), 14: (1, 23), 20: (2, 3), 30: (2, 17)}),
    (date(2026, 2, 20), {3: (2, 25), 5: (2, 27), 8: (3, 4), 9: (3, 5), 14: (3, 12), 20: (3, 23), 30: (4, 6)}),
    (date(2026, 4, 24), {3: (4, 29), 5: (5, 4), 8: (5, 7), 9: (5, 8), 14: (5, 15), 20: (5, 25), 30: (6, 8)}),
    (date(2026, 9, 11), {3: (9, 17), 5: (9, 21), 8: (9, 24), 9: (9, 25), 14: (10, 2), 20: (10, 12), 30: (10, 26)}),
    (date(2026, 10, 5), {3: (10, 8), 5: (10, 12), 8: (10, 15), 9: (10, 16), 14: (10, 23), 20: (11, 2), 30: (11, 17)}),
    (date(2026, 11, 21), {3: (11, 26), 5: (11, 30), 8: (12, 3), 9: (12, 4), 14: (12, 11), 20: (12, 21)}),
    (date(2026, 12, 7), {3: (12, 10), 5: (12, 14), 8: (12, 17), 9: (12, 18), 14: (12, 28)}),
]


@pytest.mark.parametrize(("received", "expected"), GOLDEN)
def test_the_golden_dates_of_the_federal_calendar(received: date, expected: dict[int, tuple[int, int]]) -> None:
    """A term of so many working days ends on the day that was worked out by hand."""
    days = calendar(FEDERAL)
    at = days.received_at(local(received))
    for count, (month, day) in expected.items():
        assert last_day(days.add_working_days(at, count)) == date(2026, month, day), count


@pytest.mark.parametrize(
    ("received", "eight", "twenty"),
    [
        (date(2026, 1, 5), (2026, 1, 15), (2026, 2, 3)),
        # 27, 28, 29, 30 April, 4, 6, 7, 8 May: the 1st and the 5th do not count
        (date(2026, 4, 24), (2026, 5, 8), (2026, 5, 26)),
        (date(2026, 9, 11), (2026, 9, 24), (2026, 10, 14)),
        (date(2026, 10, 5), (2026, 10, 16), (2026, 11, 4)),
        (date(2026, 11, 21), (2026, 12, 3), (2026, 12, 21)),
        (date(2026, 12, 7), (2026, 12, 17), (2027, 1, 6)),
    ],
)
def test_the_golden_dates_of_jalisco(received: date, eight: tuple[int, ...], twenty: tuple[int, ...]) -> None:
    """The state's own holidays count too."""
    days = calendar(JALISCO)
    at = days.received_at(local(received))
    assert last_day(days.add_working_days(at, 8)) == date(*eight)
    assert last_day(days.add_working_days(at, 20)) == date(*twenty)


def test_what_comes_late_counts_from_the_next_working_morning() -> None:
    """After the cut-off, on a Saturday or on a holiday: received when the counter opens again."""
    days = calendar(JALISCO)
    monday_nine = local(date(2026, 11, 23), time(9))
    assert days.received_at(local(date(2026, 11, 20), time(15, 1))) == monday_nine
    assert days.received_at(local(date(2026, 11, 21))) == monday_nine
    assert days.received_at(local(date(2026, 11, 23), time(7))) == local(date(2026, 11, 23), time(7))


def test_the_cut_off_is_the_last_instant_of_the_day() -> None:
    """What comes at 15:00:00 sharp is received at once; a microsecond later it waits for the next working morning."""
    days = calendar(JALISCO)
    sharp = local(date(2026, 11, 20), time(15))
    assert days.received_at(sharp) == sharp
    assert days.received_at(sharp + timedelta(microseconds=1)) == local(date(2026, 11, 23), time(9))


def test_working_hours_run_only_while_the_counter_is_open() -> None:
    """72 hours at 6 a day are twelve working days; the night and the weekend do not count."""
    days = calendar(set())
    start = local(date(2026, 11, 23), time(9))
    assert days.add_working_hours(start, 6) == local(date(2026, 11, 23), time(15))
    assert days.add_working_hours(start, 7) == local(date(2026, 11, 24), time(10))
    # Friday 14:00 + 2 hours = one hour on Friday, one on Monday
    assert days.add_working_hours(local(date(2026, 11, 27), time(14)), 2) == local(date(2026, 11, 30), time(10))


def test_a_split_shift_counts_both_halves() -> None:
    """Nine to one and four to seven: seven hours a day."""
    split = Calendar(ZONE, {1: ((time(9), time(13)), (time(16), time(19)))}, frozenset(), time(15))
    start = local(date(2026, 11, 23), time(12))
    assert split.add_working_hours(start, 2) == local(date(2026, 11, 23), time(17))


def test_urgent_hours_run_day_and_night() -> None:
    """A manhole without its cover does not wait for Monday."""
    at = local(date(2026, 11, 20), time(22))
    assert calendar(JALISCO).deadline(at, Duration(24, "natural_hours")) == local(date(2026, 11, 21), time(22))


def test_a_calendar_without_working_days_says_so() -> None:
    """A mistake in the files is an error, not an endless search."""
    closed = Calendar(ZONE, {}, frozenset(), time(15))
    with pytest.raises(CalendarExhausted):
        closed.add_working_days(local(date(2026, 11, 20)), 1)
