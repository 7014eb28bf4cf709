"""One month as the grid that `ui.month` draws: whole weeks from Monday to Sunday."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

EARLIEST, LATEST = 2000, 2099


@dataclass(frozen=True)
class Month:
    """A month; `first` is its first day. The grid begins at the Monday on or before it."""

    first: date

    @property
    def name(self) -> str:
        """2026-11, as it stands in addresses."""
        return f"{self.first:%Y-%m}"

    @property
    def days(self) -> list[list[date]]:
        return calendar.Calendar().monthdatescalendar(self.first.year, self.first.month)

    @property
    def previous(self) -> Month | None:
        return self._turned(-1)

    @property
    def next(self) -> Month | None:
        return self._turned(1)

    def _turned(self, by: int) -> Month | None:
        months = self.first.year * 12 + self.first.month - 1 + by
        return Month(date(months // 12, months % 12 + 1, 1)) if EARLIEST <= months // 12 <= LATEST else None

    def weeks(self, entries: Mapping[date, list[dict]], *, today: date, off: Callable[[date], bool]) -> list[list[dict]]:
        """The days with what lies on them; `off` says which days nobody works."""
        return [
            [
                {
                    "day": day,
                    "inside": day.month == self.first.month,
                    "today": day == today,
                    "off": off(day),
                    "entries": entries.get(day, []) if day.month == self.first.month else [],
                }
                for day in week
            ]
            for week in self.days
        ]


def month_of(day: date) -> Month:
    return Month(day.replace(day=1))


def month_named(name: str | None, *, otherwise: date) -> Month:
    """The month that an address names ("2026-11"); the month of `otherwise` when it names none."""
    match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", name or "")
    if match and EARLIEST <= int(match[1]) <= LATEST and 1 <= int(match[2]) <= 12:
        return Month(date(int(match[1]), int(match[2]), 1))
    return month_of(otherwise)
