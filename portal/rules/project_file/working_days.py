"""S1: working days are Monday to Saturday, without the holidays the file itself lists. Counting is a subtraction."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

_FIRST, _LAST = date(2000, 1, 1), date(2099, 12, 31)
_SUNDAY = 6


class WorkingDays:
    """The working days of the years 2000 to 2099."""

    def __init__(self, holidays: Collection[date]) -> None:
        free = frozenset(holidays)
        self._until: list[int] = [0]
        count = 0
        for offset in range((_LAST - _FIRST).days + 1):
            day = _FIRST + timedelta(offset)
            count += day.weekday() != _SUNDAY and day not in free
            self._until.append(count)

    def includes(self, day: date) -> bool:
        return self.between(day, day) == 1

    def between(self, first: date, last: date) -> int:
        """Working days from `first` to `last`, both counted; 0 or less when `last` is before `first`."""
        return self._until[(last - _FIRST).days + 1] - self._until[(first - _FIRST).days]

    def first_from(self, day: date) -> date | None:
        """`day` itself or the next working day; None when the calendar ends before."""
        while day <= _LAST:
            if self.includes(day):
                return day
            day += timedelta(1)
        return None
