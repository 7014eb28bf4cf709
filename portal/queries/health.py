"""What operators watch: is the database there, does the worker live, how much waits, what failed."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.extensions import db
from portal.jobs.beat import last_seen_at
from portal.models import Job, Message

WORKER_SILENT_AFTER = timedelta(seconds=60)


def database_answers() -> bool:
    try:
        return db.session.scalar(text("SELECT 1")) == 1
    except SQLAlchemyError:
        db.session.rollback()
        return False


def worker_lives() -> bool:
    try:
        seen = last_seen_at(db.session)
    except SQLAlchemyError:
        db.session.rollback()
        return False
    return seen is not None and clock.true_now() - seen < WORKER_SILENT_AFTER


def figures(at: datetime) -> dict[str, float]:
    """Gauges by name; every one reads an index of open work, not the whole table."""
    open_job = (Job.done_at.is_(None), Job.failed_at.is_(None))
    unsent = (Message.sent_at.is_(None), Message.failed_at.is_(None))
    oldest = db.session.scalar(select(func.min(Job.run_at)).where(*open_job, Job.run_at <= at))
    return {
        "portal_jobs_waiting": _count(Job, *open_job),
        "portal_jobs_given_up": _count(Job, Job.failed_at.is_not(None)),
        "portal_jobs_oldest_seconds": (at - oldest).total_seconds() if oldest else 0,
        "portal_messages_waiting": _count(Message, *unsent),
        "portal_messages_failed": _count(Message, Message.failed_at.is_not(None)),
    }


def _count(model, *which) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(*which)) or 0
