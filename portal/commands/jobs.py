"""`portal jobs …`: run what is due, be the worker, look after what failed."""

from __future__ import annotations

import logging
import sys
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import func, select

from portal import clock
from portal.extensions import db
from portal.jobs import queue, worker
from portal.jobs.registry import discover, periodic
from portal.models.jobs import Job

command = AppGroup("jobs", help="Background work: run what is due, be the worker, look after what failed.")


@command.command("run")
@click.option("--at", metavar="ISO-TIME", help="As of this moment instead of now, e.g. 2026-11-30T09:00+08:00.")
def run_due(at: str | None) -> None:
    """Run all that is due (clocks, expiries, reminders, waiting jobs) and print what was done.

    Exit 1 when a job failed.
    """
    moment = _moment(at) if at else clock.now()
    app = current_app._get_current_object()
    discover()
    if at:
        clock.stand_still(moment)
    try:
        failed, count = _run_all(app, moment)
    finally:
        clock.stand_still(None)
    click.echo(f"As of {clock.local(moment).isoformat(timespec='minutes')}: {count} jobs run, {failed} failed.")
    sys.exit(1 if failed else 0)


@command.command("work")
@click.option("--name", help="The name of this worker; only one living process may bear it.")
def be_the_worker(name: str | None) -> None:
    """Work until TERM: what `portal serve` and the systemd unit start."""
    discover()
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(levelname).1s %(name)s: %(message)s")
    sys.exit(worker.work_until_stopped(current_app._get_current_object(), name))


@command.command("status")
def status() -> None:
    """How much waits, and every job that was given up, with its error."""
    waiting = db.session.scalar(select(func.count()).where(Job.done_at.is_(None), Job.failed_at.is_(None)))
    failed = db.session.scalars(select(Job).where(Job.failed_at.is_not(None)).order_by(Job.id)).all()
    click.echo(f"{waiting} waiting, {len(failed)} given up")
    for given_up in failed:
        error = (given_up.last_error or "").strip().splitlines()[-1:]
        click.echo(f"  {given_up.id}  {given_up.kind}  {given_up.failed_at:%Y-%m-%d %H:%M} UTC  {''.join(error)}")


@command.command("retry")
@click.argument("job_id", type=int)
def retry(job_id: int) -> None:
    """Put a job that was given up back to work."""
    if not queue.revive(db.session.connection(), job_id):
        raise click.ClickException(f"job {job_id} does not exist or has not failed")
    db.session.commit()
    click.echo(f"job {job_id} waits for the worker again")


def _run_all(app, moment: datetime) -> tuple[int, int]:
    """(failed, run). Periodic work runs whether or not its due time was already served: it is safe to repeat."""
    for name in periodic:
        queue.enqueue(db.session, name, {}, run_at=moment)
    db.session.commit()
    failed = count = 0
    while (result := worker.work_once(app, at=moment)) is not None:
        count, failed = count + 1, failed + (not result.ok)
        mark = "done  " if result.ok else "FAILED"
        click.echo(f"{mark} {result.held.kind}{_args(result.held.args)}  {result.words}".rstrip())
    return failed, count


def _args(args: dict) -> str:
    return "(" + ", ".join(f"{name}={value}" for name, value in args.items()) + ")" if args else ""


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as fault:
        example = "2026-11-30T09:00+08:00"
        raise click.BadParameter(f"{text!r} is no ISO time such as {example}", param_hint="--at") from fault
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.ZONE)
