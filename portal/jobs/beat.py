"""The worker's pulse: keeps the lease of long work, tells readiness that the worker lives, ends work that hangs."""

from __future__ import annotations

import logging
import os
import threading
import time
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from portal import clock
from portal.jobs import queue
from portal.jobs.queue import Claim
from portal.models.jobs import WorkerBeat

log = logging.getLogger("portal.worker")
PULSE_S = 1
BEAT_EVERY_S = 10
GRACE_S = 20
HUNG = 75
_beats = WorkerBeat.__table__


class Beat(threading.Thread):
    """Runs beside the work, with connections of its own."""

    def __init__(self, engine: Engine, name: str, stop: threading.Event) -> None:
        super().__init__(name="beat", daemon=True)
        self._engine, self._worker, self._stop_asked = engine, name, stop
        self._ended, self._lock = threading.Event(), threading.Lock()
        self._held: Claim | None = None
        self._give_up_at = self._stop_seen_at = 0.0

    def hold(self, held: Claim, timeout_s: int) -> None:
        """From now on the lease of this job is kept, for at most `timeout_s`."""
        with self._lock:
            self._held, self._give_up_at = held, time.monotonic() + timeout_s

    def release(self) -> None:
        """The job at hand is closed."""
        with self._lock:
            self._held = None

    def end(self) -> None:
        """Stop beating, and say goodbye, so that readiness does not count this worker any longer."""
        self._ended.set()
        self.join(timeout=5)
        with self._engine.begin() as connection:
            connection.execute(delete(_beats).where(_beats.c.name == self._worker))

    def run(self) -> None:
        beaten_at = 0.0
        while not self._ended.wait(PULSE_S):
            self._leave_if_stuck()
            if time.monotonic() - beaten_at >= BEAT_EVERY_S:
                self._beat()
                beaten_at = time.monotonic()

    def _beat(self) -> None:
        with self._lock:
            held = self._held
        try:
            with self._engine.begin() as connection:
                show_alive(connection, self._worker)
                if held:
                    queue.extend(connection, held)
        except SQLAlchemyError as fault:  # a busy database: the lease outlasts two missed beats
            log.warning("missed a beat: %s", fault)

    def _leave_if_stuck(self) -> None:
        """Threads cannot be stopped from outside, processes can: the supervisor starts a fresh one."""
        now = time.monotonic()
        with self._lock:
            held, give_up_at = self._held, self._give_up_at
        if self._stop_asked.is_set():
            self._stop_seen_at = self._stop_seen_at or now
            if held and now - self._stop_seen_at > GRACE_S:
                self._leave(held, "given back, because the worker must stop", 0)
        if held and now > give_up_at:
            self._leave(held, "took longer than allowed", HUNG)

    def _leave(self, held: Claim, why: str, code: int) -> None:
        log.error("%s %s: %s", held.kind, held.id, why)
        with self._engine.begin() as connection:
            if code:
                queue.retry(connection, held, why)
            else:
                queue.give_back(connection, self._worker)
        logging.shutdown()
        os._exit(code)


def show_alive(connection: Connection, name: str) -> None:
    """Write the pulse, and forget workers nobody has seen for a day."""
    now = clock.true_now()
    insert = queue.INSERT[connection.dialect.name](_beats).values(name=name, seen_at=now)
    connection.execute(insert.on_conflict_do_update(index_elements=["name"], set_={"seen_at": now}))
    connection.execute(delete(_beats).where(_beats.c.seen_at < now - timedelta(days=1)))


def last_seen_at(session: Session) -> datetime | None:
    """When any worker was last alive, or None: readiness compares it with the clock. Aware UTC."""
    return session.scalar(select(_beats.c.seen_at).order_by(_beats.c.seen_at.desc()).limit(1))
