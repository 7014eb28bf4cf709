"""The working calendar: which days and hours count, and where a promise in working time ends.

Working days are Monday to Saturday (requirements, section 0) without the public holidays, with the make-up days, and
with whatever the company decided for single days. Office hours follow the season (R167, R168). Days are local days.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from portal.rules.words import N_, Labelled

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY_TO_SATURDAY = frozenset(range(6))
SUMMER = ((5, 1), (9, 30))  # 1 May to 30 September: proposed, the sources give no dates (G06)
MOST_DAYS = 3660  # a promise of more than ten years is a mistake
_SATURDAY = 5
_DAY = timedelta(days=1)

Hours = tuple[time, time]
_MORNING = (time(9), time(12))
_AFTERNOON = {"winter": (time(14), time(17, 30)), "summer": (time(14, 30), time(18))}


class DayKind(Labelled):
    """What the company decided about one day."""

    WORKING = "working", N_("上班")
    FREE = "free", N_("放假")
    MORNING = "morning", N_("只上午上班")
    AFTERNOON = "afternoon", N_("只下午上班")


def local_day(at: datetime) -> date:
    """The company's day in which the moment lies. `at` is aware."""
    return at.astimezone(ZONE).date()


def end_of_day(day: date) -> datetime:
    """The midnight that ends `day`, aware UTC: the first moment that is too late for "by the end of the day"."""
    return midnight(day + _DAY)


def midnight(day: date) -> datetime:
    """The midnight that begins `day`, aware UTC."""
    return datetime.combine(day, time(0), ZONE).astimezone(UTC)


class WorkingCalendar:
    """Working days and hours of one company. `overrides` beats everything; a whole day counts from 1 up."""

    def __init__(
        self,
        overrides: Mapping[date, DayKind] | None = None,
        *,
        confirmed_years: Collection[int] = (),
        weekdays: Collection[int] = MONDAY_TO_SATURDAY,
        public_holidays: Collection[date] | None = None,
    ) -> None:
        """`confirmed_years`: years whose official list the company entered by itself. `public_holidays` replaces the
        built-in list, make-up days included (an imported project brings its own)."""
        self._overrides = dict(overrides or {})
        self._confirmed = frozenset(confirmed_years)
        self._weekdays = frozenset(weekdays)
        self._holidays = None if public_holidays is None else frozenset(public_holidays)
        if not self._weekdays:
            raise ValueError("a week without working days")

    def is_working(self, day: date) -> bool:
        """Whether any hour of `day` is worked; a half day is a working day."""
        decided = self._overrides.get(day)
        if decided is not None:
            return decided is not DayKind.FREE
        if self._holidays is not None:
            return day.weekday() in self._weekdays and day not in self._holidays
        if day in _make_up_days(day.year):
            return True
        return day.weekday() in self._weekdays and not is_public_holiday(day)

    def hours(self, day: date) -> tuple[Hours, ...]:
        """The office hours of `day` on the local clock (R167, R168); empty on a free day."""
        if not self.is_working(day):
            return ()
        season = "summer" if SUMMER[0] <= (day.month, day.day) <= SUMMER[1] else "winter"
        decided = self._overrides.get(day)
        morning = () if decided is DayKind.AFTERNOON else (_MORNING,)
        afternoon = () if decided is DayKind.MORNING else (_AFTERNOON[season],)
        return morning + afternoon

    def covered(self, year: int) -> bool:
        """Whether the official list with its make-up days is known; it is published late in the year before."""
        return year in self._confirmed or bool(_make_up_days(year))

    def uncovered_years(self, first: date, last: date) -> tuple[int, ...]:
        """The years from `first` to `last` whose dates may still move."""
        return tuple(year for year in range(first.year, last.year + 1) if not self.covered(year))

    def first_working_day(self, day: date) -> date:
        """`day` itself, or the next working day."""
        return next(self._working_from(day))

    def add_working_days(self, day: date, n: int) -> date:
        """The `n`th working day after `day`, which is day 0 whether it is worked or not. `n` ≥ 0."""
        return day if n == 0 else self.last_of(day + _DAY, n)

    def last_of(self, first: date, n: int) -> date:
        """The last of `n` ≥ 1 working days that begin on `first` or, when that is free, after it."""
        if not 1 <= n <= MOST_DAYS:
            raise ValueError(f"not a number of working days: {n}")
        days = self._working_from(first)
        for _ in range(n - 1):
            next(days)
        return next(days)

    def working_days(self, first: date, last: date) -> int:
        """How many working days lie from `first` to `last`, both counted; 0 when `last` is earlier."""
        return sum(self.is_working(first + timedelta(days)) for days in range((last - first).days + 1))

    def close_of(self, day: date) -> datetime:
        """When the office closes on `day`, aware UTC; on a free day, when it closed the last time before."""
        while not (spans := self._spans(day)):
            day -= _DAY
        return spans[-1][1]

    def close_after(self, at: datetime, n: int) -> datetime:
        """Close of business on the `n`th working day after `at`: the end of "within n working days" (R061, R067)."""
        return self.close_of(self.add_working_days(local_day(at), n))

    def add_working_minutes(self, at: datetime, minutes: int) -> datetime:
        """When `minutes` ≥ 0 of office hours have passed since `at`; outside them the clock stands (C19)."""
        left = timedelta(minutes=minutes)
        for begins, ends in self._spans_from(at):
            if ends - begins >= left:
                return begins + left
            left -= ends - begins
        raise ValueError("no working hours ahead")

    def add_half_days(self, at: datetime, halves: int) -> datetime:
        """`halves` times half the office hours of the day of `at`: 10:00 in winter + ½ day = 15:15 (R065)."""
        day = self.first_working_day(local_day(at))
        minutes = sum((ends - begins for begins, ends in self._spans(day)), timedelta()) // timedelta(minutes=1)
        return self.add_working_minutes(at, minutes * halves // 2)

    def working_minutes(self, since: datetime, until: datetime) -> int:
        """Whole minutes of office hours between two moments; 0 when `until` is earlier."""
        worked = timedelta()
        for begins, ends in self._spans_from(since):
            if begins >= until:
                break
            worked += min(ends, until) - begins
        return worked // timedelta(minutes=1)

    def _working_from(self, day: date) -> Iterator[date]:
        free = 0
        while free <= MOST_DAYS:
            if self.is_working(day):
                free = 0
                yield day
            else:
                free += 1
            day += _DAY
        raise ValueError("no working days ahead")

    def _spans(self, day: date) -> list[tuple[datetime, datetime]]:
        return [
            (datetime.combine(day, begins, ZONE).astimezone(UTC), datetime.combine(day, ends, ZONE).astimezone(UTC))
            for begins, ends in self.hours(day)
        ]

    def _spans_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        for day in self._working_from(local_day(at)):
            for begins, ends in self._spans(day):
                if ends > at:
                    yield max(begins, at.astimezone(UTC)), ends


def is_public_holiday(day: date) -> bool:
    """Whether `day` is free by law. The list names weekdays; a Saturday inside such a block is free with it."""
    if day in _listed(day.year):
        return True
    if day.weekday() != _SATURDAY or day in _make_up_days(day.year):
        return False
    before, sunday, monday = day - _DAY, day + _DAY, day + 2 * _DAY
    joined_ahead = monday in _listed(monday.year) and sunday not in _make_up_days(sunday.year)
    return before in _listed(before.year) or joined_ahead


@cache
def _listed(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("CN", years=year))


@cache
def _make_up_days(year: int) -> frozenset[date]:
    official = holidays.country_holidays("CN", years=year)
    return frozenset(day for day in getattr(official, "weekend_workdays", ()) if day.year == year)


CALENDAR = WorkingCalendar()
