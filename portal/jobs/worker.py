"""The worker: takes up one job after another, shows that it lives, and leaves cleanly."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import threading
import time
import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_hex

from flask import Flask, g
from sqlalchemy import Engine, event
from sqlalchemy.exc import SQLAlchemyError

from portal import clock
from portal.extensions import db
from portal.jobs import queue
from portal.jobs.beat import Beat, show_alive
from portal.jobs.queue import Claim
from portal.jobs.registry import Kind, every, kinds, periodic

log = logging.getLogger("portal.worker")
KEPT_DAYS = 30
SCHEDULE_EVERY_S = 5
LONG_TRANSACTION_S = 2
SHORTEST_PAUSE_S, LONGEST_PAUSE_S = 0.2, 1.0


@dataclass(frozen=True)
class Result:
    """What became of one attempt; `again_at` when a failed one will be tried again."""

    held: Claim
    ok: bool
    words: str
    again_at: datetime | None = None


class LeaseLost(Exception):
    """Someone else took the job up meanwhile: nothing of this attempt may be kept."""


def work_once(
    app: Flask, *, by: str | None = None, at: datetime | None = None, beat: Beat | None = None
) -> Result | None:
    """Take up one job due at `at` (now by default), run it, and close it; None when nothing is due.

    The rows the work added and the record that it is done are committed together.
    """
    with app.app_context():
        g.writes_late = True
        engine = db.engine
        held = _take(engine, by or worker_name(), at or clock.now())
        if held is None:
            return None
        kind = kinds.get(held.kind)
        if kind is None:
            return _gave_up(engine, held, f"nobody knows how to do {held.kind}")
        if queue.exhausted(held, kind):
            return _gave_up(engine, held, f"taken up {held.attempts - 1} times and never finished")
        return _run(engine, held, kind, beat)


def work_until_stopped(app: Flask, name: str | None = None) -> int:
    """The worker process: until TERM or INT; the job at hand is finished first, or given back after a grace time."""
    name = name or worker_name()
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: stop.set())
    _spare_the_collector()
    _warn_of_long_transactions(app)
    with app.app_context():
        engine = db.engine
        with engine.begin() as connection:
            freed = queue.give_back(connection, name)
            show_alive(connection, name)
    log.info("worker %s is ready%s", name, f"; took back {freed} interrupted jobs" if freed else "")
    beat = Beat(engine, name, stop)
    beat.start()
    _loop(app, name, stop, beat)
    beat.end()
    log.info("worker %s has stopped", name)
    return 0


def worker_name() -> str:
    """The name its supervisor gave this process, or one that nobody else bears."""
    return os.environ.get("PORTAL_WORKER") or f"{socket.gethostname()[:40]}-{os.getpid()}-{token_hex(4)}"


@every("jobs.tidy", daily_at="03:40")
def tidy(*, at: datetime) -> str:
    """Forget work that was done long ago, so that the table stays small."""
    count = queue.forget_done(db.engine, at - timedelta(days=KEPT_DAYS))
    return f"{count} old finished jobs removed"


def _loop(app: Flask, name: str, stop: threading.Event, beat: Beat) -> None:
    pause_s, scheduled = SHORTEST_PAUSE_S, 0.0
    while not stop.is_set():
        try:
            if time.monotonic() - scheduled > SCHEDULE_EVERY_S:
                _schedule(app)
                scheduled = time.monotonic()
            worked = work_once(app, by=name, beat=beat)
        except SQLAlchemyError:
            log.exception("the database did not answer; trying again")
            worked, pause_s = None, LONGEST_PAUSE_S
        pause_s = SHORTEST_PAUSE_S if worked else min(pause_s * 1.3, LONGEST_PAUSE_S)
        if not worked:
            stop.wait(pause_s)


def _schedule(app: Flask) -> None:
    with app.app_context():
        queue.enqueue_periodic(db.session, clock.now())
        db.session.commit()


def _take(engine: Engine, by: str, at: datetime) -> Claim | None:
    with engine.connect() as connection:
        if not queue.anything_due(connection, at):
            return None
    with engine.begin() as connection:
        return queue.claim(connection, by, at)


def _run(engine: Engine, held: Claim, kind: Kind, beat: Beat | None) -> Result:
    started = time.monotonic()
    if beat:
        beat.hold(held, kind.timeout_s)
    try:
        words = _work(held, kind)
    except LeaseLost:
        log.warning("%s %s: taken over by another worker, this attempt is dropped", held.kind, held.id)
        return Result(held, False, "taken over by another worker")
    except Exception as fault:  # whatever the work raises belongs into the record of the job
        return _failed(engine, held, kind, fault)
    finally:
        db.session.remove()
        if beat:
            beat.release()
    log.info("%s %s: %s (%.1f s)", held.kind, held.id, words or "done", time.monotonic() - started)
    return Result(held, True, words or "")


def _work(held: Claim, kind: Kind) -> str | None:
    args = {"at": clock.now()} if kind.name in periodic else held.args
    words = kind.work(**args)
    if not queue.finish(db.session, held, words):
        db.session.rollback()
        raise LeaseLost
    db.session.commit()
    return words


def _failed(engine: Engine, held: Claim, kind: Kind, fault: Exception) -> Result:
    db.session.rollback()
    error = "".join(traceback.format_exception(fault))
    if held.attempts >= kind.attempts:
        return _gave_up(engine, held, error)
    with engine.begin() as connection:
        again_at = queue.retry(connection, held, error)
    log.warning("%s %s failed, trying again at %s\n%s", held.kind, held.id, again_at.isoformat(), error)
    return Result(held, False, f"{type(fault).__name__}: {fault}", again_at)


def _gave_up(engine: Engine, held: Claim, error: str) -> Result:
    with engine.begin() as connection:
        queue.give_up(connection, held, error)
    log.error("%s %s: given up after %s attempts: %s", held.kind, held.id, held.attempts, error)
    return Result(held, False, error.strip().splitlines()[-1])


def _spare_the_collector() -> None:
    """Rendering makes millions of objects that live until the document is done: collecting them early is lost time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _warn_of_long_transactions(app: Flask) -> None:
    """Who computes between a change and the commit makes every writer on SQLite wait: say so."""

    def ended(connection):
        since = connection.info.get("writing_since")
        if since and time.monotonic() - since > LONG_TRANSACTION_S:
            log.warning("changes waited %.1f s for their commit: compute first, write after", time.monotonic() - since)

    with app.app_context():
        event.listen(db.engine, "commit", ended)
        event.listen(db.engine, "rollback", ended)
