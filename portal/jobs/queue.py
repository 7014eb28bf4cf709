"""The job table: put in, take up, close. Every step is one statement, so that the database decides races."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, Select, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal import clock
from portal.jobs.registry import Kind, periodic
from portal.models.jobs import Job

LEASE_S = 30
LONGEST_ERROR = 2000
_jobs = Job.__table__
INSERT = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
_open = and_(_jobs.c.done_at.is_(None), _jobs.c.failed_at.is_(None))


@dataclass(frozen=True)
class Claim:
    """A job in the hands of one worker; (`id`, `by`, `attempts`) is what only this worker holds."""

    id: int
    kind: str
    args: dict
    attempts: int
    by: str


def enqueue(
    session: Session,
    kind: str,
    args: dict,
    *,
    unique_key: str | None = None,
    run_at: datetime | None = None,
    urgent: bool = False,
) -> bool:
    """Add a job to the transaction of `session`: it exists exactly if the business rows do.

    With a `unique_key` there is one job of that key for ever; a second call changes nothing and answers False.
    `args` must be plain JSON; `run_at` is aware, and now by default. Urgent jobs (a person is waiting for a code)
    go before all others that are due.
    """
    now = clock.now()
    insert = INSERT[session.get_bind().dialect.name](_jobs).on_conflict_do_nothing(index_elements=["unique_key"])
    row = {"kind": kind, "args": args, "unique_key": unique_key, "queued_at": now, "run_at": run_at or now}
    added = insert.values(attempts=0, urgent=urgent, **row).returning(_jobs.c.id)
    return session.execute(added).first() is not None


def enqueue_periodic(session: Session, at: datetime) -> None:
    """One job for each periodic work's latest due time: unique per (name, due time), however many workers ask."""
    for work in periodic.values():
        due = work.due_at(at)
        enqueue(session, work.name, {}, unique_key=f"{work.name}@{due.isoformat()}", run_at=due)


def anything_due(connection: Connection, at: datetime) -> bool:
    """A plain read, so that an idle worker never takes the writers' turn."""
    return connection.execute(_due(at)).first() is not None


def claim(connection: Connection, by: str, at: datetime) -> Claim | None:
    """Take up the oldest job due at `at`, or None. No two workers get the same one while its lease lasts."""
    chosen = _due(at).with_for_update(skip_locked=True).scalar_subquery()
    taken = (
        update(_jobs)
        .where(_jobs.c.id == chosen, _open, _free())
        .values(leased_by=by, lease_until=_lease_end(), attempts=_jobs.c.attempts + 1)
        .returning(_jobs.c.id, _jobs.c.kind, _jobs.c.args, _jobs.c.attempts)
    )
    row = connection.execute(taken).first()
    return row and Claim(row.id, row.kind, row.args, row.attempts, by)


def extend(connection: Connection, held: Claim) -> bool:
    """Keep the lease alive during long work. False: someone else has the job now."""
    return _change(connection, held, lease_until=_lease_end())


def finish(connection: Connection | Session, held: Claim, outcome: str | None) -> bool:
    """Record that the work is done. False: the lease was lost, and nothing of this attempt may be kept."""
    return _change(connection, held, done_at=clock.now(), outcome=outcome, lease_until=None)


def retry(connection: Connection, held: Claim, error: str) -> datetime:
    """Try again later, each time with more patience; answers when."""
    again = clock.now() + backoff(held.attempts)
    _change(connection, held, run_at=again, lease_until=None, last_error=error[-LONGEST_ERROR:])
    return again


def give_up(connection: Connection, held: Claim, error: str) -> None:
    """Keep the job and why it failed, and never try it again by itself."""
    _change(connection, held, failed_at=clock.now(), lease_until=None, last_error=error[-LONGEST_ERROR:])


def give_back(connection: Connection, by: str) -> int:
    """Free what a worker of this name still holds, without waiting for the lease; answers how many jobs.

    Safe for a name that one process at a time bears: its supervisor starts the next only when the last is gone.
    """
    held = update(_jobs).where(_jobs.c.leased_by == by, _open, _jobs.c.lease_until.is_not(None))
    return connection.execute(held.values(lease_until=None)).rowcount


def revive(connection: Connection, job_id: int) -> bool:
    """Put a failed job back to work, for the person who removed the cause. False: it had not failed."""
    failed = update(_jobs).where(_jobs.c.id == job_id, _jobs.c.failed_at.is_not(None))
    return bool(connection.execute(failed.values(failed_at=None, attempts=0, run_at=clock.now())).rowcount)


def forget_done(engine: Engine, before: datetime) -> int:
    """Delete jobs finished before that moment; failed ones stay until someone looks at them."""
    with engine.begin() as connection:
        return connection.execute(_jobs.delete().where(_jobs.c.done_at < before)).rowcount


def exhausted(held: Claim, kind: Kind) -> bool:
    """A job that was taken up more often than allowed: its workers died of it, or it never succeeded."""
    return held.attempts > kind.attempts


def backoff(attempts: int) -> timedelta:
    """5 s, 20 s, 80 s … at most an hour."""
    return timedelta(seconds=min(5 * 4 ** (attempts - 1), 3600))


def _due(at: datetime) -> Select:
    due = select(_jobs.c.id).where(_open, _jobs.c.run_at <= at, _free())
    return due.order_by(_jobs.c.urgent.desc(), _jobs.c.run_at, _jobs.c.id).limit(1)


def _free():
    return or_(_jobs.c.lease_until.is_(None), _jobs.c.lease_until < clock.true_now())


def _lease_end() -> datetime:
    return clock.true_now() + timedelta(seconds=LEASE_S)


def _change(connection: Connection | Session, held: Claim, **values) -> bool:
    mine = and_(_jobs.c.id == held.id, _jobs.c.leased_by == held.by, _jobs.c.attempts == held.attempts, _open)
    return bool(connection.execute(update(_jobs).where(mine).values(**values)).rowcount)
