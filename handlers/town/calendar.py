"""When the town promised to answer: working days and hours in the town's own calendar. Pure values and arithmetic."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from faq.model import Duration, Library
from handlers.errors import CalendarExhausted

_REACH_DAYS = 400


@dataclass(frozen=True, slots=True)
class Calendar:
    """The town's working time."""

    zone: ZoneInfo
    #: Local spans by ISO weekday.
    hours: dict[int, tuple[tuple[time, time], ...]]
    holidays: frozenset[date]
    cut_off: time

    @classmethod
    def of(cls, library: Library) -> "Calendar":
        """The calendar that city.yaml and calendar.csv describe."""
        city = library.city
        days = frozenset(holiday.day for holiday in library.holidays)
        return cls(ZoneInfo(city.timezone), dict(city.working_hours), days, city.cut_off)

    def is_working(self, day: date) -> bool:
        """Whether the counter opens that day."""
        return bool(self.hours.get(day.isoweekday())) and day not in self.holidays

    def received_at(self, at: datetime) -> datetime:
        """When something that arrived at an instant counts as received.

        On a working day before the cut-off: at once. Else: when the counter opens on the next working day.
        """
        local = at.astimezone(self.zone)
        if self.is_working(local.date()) and local.time() <= self.cut_off:
            return at
        return self._opening(next(self._working_days_after(local.date())))

    def add_working_days(self, received_at: datetime, days: int) -> datetime:
        """The end of the last day of a term; the day of reception does not count.

        Source: LGTAIP art. 128 (working days, from the day after).
        """
        following = self._working_days_after(received_at.astimezone(self.zone).date())
        day = received_at.astimezone(self.zone).date()
        for _ in range(days):
            day = next(following)
        return datetime.combine(day + timedelta(days=1), time(), self.zone).astimezone(UTC)

    def add_working_hours(self, received_at: datetime, hours: int) -> datetime:
        """The instant after so many hours of open counter."""
        left = timedelta(hours=hours)
        for start, end in self._spans_from(received_at):
            if end - start >= left:
                return start + left
            left -= end - start
        raise CalendarExhausted(CalendarExhausted.__doc__)

    def deadline(self, received_at: datetime, within: Duration) -> datetime:
        """The instant by which something received then was promised.

        received_at: aware UTC. Returns aware UTC. Raises CalendarExhausted without a working day within 400 days.
        Source: `respond_within` and `resolve_within` in services.yaml.
        """
        match within.unit:
            case "days":
                return self.add_working_days(received_at, within.amount)
            case "hours":
                return self.add_working_hours(received_at, within.amount)
            case "natural_hours":
                return received_at + timedelta(hours=within.amount)

    def _working_days_after(self, day: date) -> Iterator[date]:
        for step in range(1, _REACH_DAYS + 1):
            if self.is_working(day + timedelta(days=step)):
                yield day + timedelta(days=step)
        raise CalendarExhausted(CalendarExhausted.__doc__)

    def _opening(self, day: date) -> datetime:
        return datetime.combine(day, self.hours[day.isoweekday()][0][0], self.zone).astimezone(UTC)

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        first = at.astimezone(self.zone).date()
        for step in range(_REACH_DAYS + 1):
            day = first + timedelta(days=step)
            if not self.is_working(day):
                continue
            for opens, closes in self.hours[day.isoweekday()]:
                start = max(at, datetime.combine(day, opens, self.zone).astimezone(UTC))
                end = datetime.combine(day, closes, self.zone).astimezone(UTC)
                if start < end:
                    yield start, end
