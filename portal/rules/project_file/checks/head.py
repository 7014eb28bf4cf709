"""The head: public holidays (section 3.1)."""

from __future__ import annotations

from datetime import date

from portal.rules.project_file.compare import once, plain
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import BAD, Items, Missing, Node

_YEARLY = "holidays_"


def check(meta: Node, findings: Findings) -> None:
    """No day twice, each within the year its list is named after."""
    for key in _lists(meta):
        days: Items = meta[key]
        year = int(key.removeprefix(_YEARLY))
        once(findings, ((days.at(index), day) for index, day in days.good()), "is listed before")
        for index, day in days.good():
            if day.year != year:
                findings.fault(days.at(index), f"is {plain(day)}, not a day of {year}")


def holidays(meta: Node) -> frozenset[date]:
    """All days of all lists as they are written. Missing when one of them cannot be read."""
    if "holidays_2026" not in meta or any(key.startswith(_YEARLY) for key in meta.bad):
        raise Missing
    return frozenset(day for key in _lists(meta) for day in meta[key].whole() if day is not BAD)


def _lists(meta: Node) -> list[str]:
    return [key for key in meta if key.startswith(_YEARLY)]
