"""By when the company answers a complaint, and which of its promises runs (R159, R160, R163, C19)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.rules.complaint_clock.words import Severity
from portal.rules.decision import Reason, because
from portal.rules.words import N_, Labelled
from portal.rules.working_time import CALENDAR, ZONE, WorkingCalendar


class ComplaintState(Labelled):
    RECEIVED = "received", N_("已受理")
    ANSWERED = "answered", N_("已回复")
    PLANNED = "planned", N_("处理中")
    DONE = "done", N_("待业主确认")
    CLOSED = "closed", N_("已结案")


class Promise(Labelled):
    """What the company owes next."""

    FIRST_REPLY = "first_reply", N_("首次回复")
    PLAN = "plan", N_("给出方案")
    RESULT = "result", N_("处理完成")


@dataclass(frozen=True)
class Limits:
    """Promises of one severity by the clock; `on_site` None when nobody need come."""

    first_reply: timedelta
    on_site: timedelta | None
    plan: timedelta
    done: timedelta


@dataclass(frozen=True)
class WorkingLimits:
    """Promises in working time: minutes of office hours, then the close of business after so many working days."""

    first_reply_minutes: int
    on_site_days: int | None
    plan_days: int
    done_days: int


URGENT = {
    Severity.L0: Limits(timedelta(minutes=15), timedelta(hours=3), timedelta(hours=24), timedelta(days=3)),
    Severity.L1: Limits(timedelta(minutes=30), timedelta(hours=12), timedelta(hours=24), timedelta(days=7)),
}
ORDINARY = {
    Severity.L2: WorkingLimits(120, 1, 1, 7),
    Severity.L3: WorkingLimits(120, 3, 1, 15),
    Severity.L4: WorkingLimits(120, None, 1, 3),
}


@dataclass(frozen=True)
class Due:
    """When each promise of a complaint ends. Aware UTC; the moment itself is still in time (R160)."""

    first_reply_at: datetime
    on_site_at: datetime | None
    plan_at: datetime
    done_at: datetime
    by_the_clock: bool
    trace: tuple[Reason, ...]


@dataclass(frozen=True)
class Progress:
    """What was promised and what has happened. Anything with these attributes will do."""

    first_reply_due_at: datetime
    plan_due_at: datetime
    done_due_at: datetime
    first_replied_at: datetime | None = None
    planned_at: datetime | None = None
    done_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """The promise that runs, and when it ends."""

    promise: Promise
    due_at: datetime


@dataclass(frozen=True)
class QueueItem:
    """One thing to do. `kind` is "complaint" or any other word; `due_at` None when nothing runs."""

    ref: object
    kind: str
    due_at: datetime | None
    severity: Severity | None = None


def due_times(severity: Severity | str, filed_at: datetime, calendar: WorkingCalendar = CALENDAR) -> Due:
    """The promises of a complaint filed at `filed_at`, taken in at any hour (R159).

    Urgent ones run by the clock, others in office hours (R160, C19): a working day's promise ends at the close of
    business. The numbers are the company's own, no source has any.
    """
    severity = Severity(severity)
    if severity in URGENT:
        limits = URGENT[severity]
        on_site = filed_at + limits.on_site if limits.on_site else None
        trace = because("C19", "紧急事项按自然时间计时，昼夜不停")
        return Due(
            filed_at + limits.first_reply, on_site, filed_at + limits.plan, filed_at + limits.done, True, (trace,)
        )
    working = ORDINARY[severity]
    on_site = calendar.close_after(filed_at, working.on_site_days) if working.on_site_days else None
    trace = because(
        "R160",
        "工作时间内{hours}小时首次回复，{days}个工作日内给出方案",
        hours=working.first_reply_minutes // 60,
        days=working.plan_days,
    )
    starts = calendar.add_working_minutes(filed_at, 0)
    waits = (_after_hours(filed_at, starts),) if starts > filed_at else ()
    return Due(
        calendar.add_working_minutes(filed_at, working.first_reply_minutes),
        on_site,
        calendar.close_after(filed_at, working.plan_days),
        calendar.close_after(filed_at, working.done_days),
        False,
        (*waits, trace),
    )


def _after_hours(filed_at: datetime, starts: datetime) -> Reason:
    return because("C19", "{filed}收到时不在上班时间，从{starts}开始计时", filed=_plain(filed_at), starts=_plain(starts))


def _plain(at: datetime) -> str:
    return f"{at.astimezone(ZONE):%Y-%m-%d %H:%M}"


def running(progress: Progress) -> Clock | None:
    """The promise that runs now: first reply, then plan, then result; None once done or closed."""
    if progress.closed_at is not None or progress.done_at is not None:
        return None
    if progress.first_replied_at is None:
        return Clock(Promise.FIRST_REPLY, progress.first_reply_due_at)
    if progress.planned_at is None:
        return Clock(Promise.PLAN, progress.plan_due_at)
    return Clock(Promise.RESULT, progress.done_due_at)


def is_overdue(due_at: datetime | None, at: datetime) -> bool:
    """12:00:00 is in time, 12:00:01 is not (R160)."""
    return due_at is not None and at > due_at


def state_of(progress: Progress) -> ComplaintState:
    if progress.closed_at is not None:
        return ComplaintState.CLOSED
    if progress.done_at is not None:
        return ComplaintState.DONE
    if progress.planned_at is not None:
        return ComplaintState.PLANNED
    return ComplaintState.RECEIVED if progress.first_replied_at is None else ComplaintState.ANSWERED


def queue_order(items: Iterable[QueueItem]) -> list[QueueItem]:
    """Complaints first (R163), among them and among the rest the earliest promise first, then the graver one."""
    return sorted(items, key=_place)


def _place(item: QueueItem) -> tuple[bool, bool, float, str]:
    due = item.due_at.timestamp() if item.due_at is not None else 0.0
    return item.kind != "complaint", item.due_at is None, due, item.severity or "L9"
