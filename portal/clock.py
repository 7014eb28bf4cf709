"""The only reader of the clock. Moments are aware UTC; days are the company's local days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_fixed: datetime | None = None


def now() -> datetime:
    """This moment, aware UTC."""
    return _fixed or datetime.now(UTC)


def true_now() -> datetime:
    """This moment even while the clock stands still: leases and heartbeats of the worker go by it. Aware UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The local day of this moment."""
    return local(now()).date()


def local(moment: datetime) -> datetime:
    """The same moment on the company's wall clock."""
    return moment.astimezone(ZONE)


def stand_still(moment: datetime | None) -> None:
    """Fix the clock at `moment` (aware), or let it run again: for replays of a past day and for tests."""
    global _fixed
    if moment is not None and moment.tzinfo is None:
        raise ValueError("a moment without a zone")
    _fixed = moment
