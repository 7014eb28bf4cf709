"""What kinds of work exist, and which of them come by the clock."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from portal import clock

Work = Callable[..., str | None]
_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Kind:
    """A kind of work and its limits. Seconds are of wall-clock time."""

    name: str
    work: Work
    attempts: int
    timeout_s: int


@dataclass(frozen=True)
class Periodic:
    """Work that comes by the clock: every so many minutes, or daily at a local time."""

    name: str
    minutes: int | None
    daily_at: str | None

    def due_at(self, moment: datetime) -> datetime:
        """The last moment, at or before `moment`, at which this work was due. Aware UTC."""
        if self.minutes:
            step = timedelta(minutes=self.minutes)
            return _EPOCH + (moment - _EPOCH) // step * step
        hour, minute = map(int, self.daily_at.split(":"))
        today = clock.local(moment).replace(hour=hour, minute=minute, second=0, microsecond=0)
        due = today if today <= moment else today - timedelta(days=1)
        return due.astimezone(UTC)


kinds: dict[str, Kind] = {}
periodic: dict[str, Periodic] = {}


def job(name: str, *, attempts: int = 8, timeout_s: int = 900) -> Callable[[Work], Work]:
    """Make a function the work of jobs of this kind.

    It is called with the job's arguments by keyword, inside an application context. It must bear being run twice
    (a worker may die between its effect and the record of it), never commits at its end (the worker commits its rows
    and the record that it is done together), and may return a sentence that says what it did. It reads, computes,
    then writes: from its first change to its end no one else can write on SQLite, so long work comes before.
    """

    def register(work: Work) -> Work:
        if kinds.get(name, Kind(name, work, attempts, timeout_s)).work is not work:
            raise ValueError(f"two kinds of work are named {name}")
        kinds[name] = Kind(name, work, attempts, timeout_s)
        return work

    return register


def every(name: str, *, minutes: int | None = None, daily_at: str | None = None, **limits) -> Callable[[Work], Work]:
    """Make a function periodic: `minutes=5`, or `daily_at="06:30"` on the company's wall clock.

    It is called as `work(at=moment)` and does all that is due at that moment, however long nobody ran it.
    """
    if (minutes is None) == (daily_at is None):
        raise ValueError("say either minutes or daily_at")

    def register(work: Work) -> Work:
        periodic[name] = Periodic(name, minutes, daily_at)
        return job(name, **limits)(work)

    return register


def discover() -> None:
    """Import every module that may define work: all actions, and `jobs.py` of any package."""
    import portal

    for module in pkgutil.walk_packages(portal.__path__, "portal."):
        if module.name.startswith("portal.actions.") or module.name.endswith(".jobs"):
            importlib.import_module(module.name)
