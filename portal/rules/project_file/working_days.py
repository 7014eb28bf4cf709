"""S1: working days are Monday to Saturday, without the holidays the file itself lists. Counting is a subtraction."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection
from datetime import date, timedelta

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
_SUNDAY = 6


class WorkingDays:
    """The working days of the years 2000 to 2099."""

    def __init__(self, holidays: Collection[date]) -> None:
        self._free = sorted((day - _FIRST).days for day in set(holidays) if day.weekday() != _SUNDAY)

    def includes(self, day: date) -> bool:
        return self.between(day, day) == 1

    def between(self, first: date, last: date) -> int:
        """Working days from `first` to `last`, both counted; 0 or less when `last` is before `first`."""
        return self._in_the_first((last - _FIRST).days + 1) - self._in_the_first((first - _FIRST).days)

    def first_from(self, day: date) -> date | None:
        """`day` itself or the next working day; None when the calendar ends before."""
        while day <= _LAST:
            if self.includes(day):
                return day
            day += timedelta(1)
        return None

    def _in_the_first(self, days: int) -> int:
        """Working days among so many days from the first on; that one is a Saturday, the second a Sunday."""
        return days - (days + 5) // 7 - bisect_left(self._free, days)
