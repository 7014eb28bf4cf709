"""Work for the background: rows written together with the business row that needs it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db

_OPEN = text("done_at IS NULL AND failed_at IS NULL")


class Job(db.Model):
    """One piece of work. Open until `done_at` or `failed_at`; running while `lease_until` lies ahead.

    `attempts` counts the times it was taken up. With `leased_by` it fences a late worker out:
    only who holds this very attempt may close the job.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(60))
    args: Mapped[dict]
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    urgent: Mapped[bool] = mapped_column(default=False)
    queued_at: Mapped[datetime]
    run_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    leased_by: Mapped[str | None] = mapped_column(String(80))
    lease_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index("ix_job_open", "urgent", "run_at", "id", sqlite_where=_OPEN, postgresql_where=_OPEN),
        Index("ix_job_failed_at", "failed_at"),
        Index("ix_job_done_at", "done_at"),
    )


class WorkerBeat(db.Model):
    """When a worker was last alive: what readiness asks."""

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    seen_at: Mapped[datetime]
