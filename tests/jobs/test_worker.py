"""Real worker processes: killed, stopped, competing, hanging."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.extensions import db as database
from portal.jobs import beat, enqueue
from portal.models import Job

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60
pytestmark = pytest.mark.slow


@pytest.fixture
def notes(tmp_path):
    path = tmp_path / "notes"
    path.touch()
    return path


@pytest.fixture
def put(app, notes):
    def put(kind, **args):
        with app.app_context():
            enqueue(database.session, kind, {"file": str(notes)} | args)
            database.session.commit()

    return put


@pytest.fixture
def hire(app, tmp_path):
    """Start a worker process on the database of the test; whoever still lives at the end is killed."""
    hired = []
    url = app.config["SETTINGS"].database_url

    def hire(name: str, lease_s: float = 30) -> subprocess.Popen:
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.jobs.labour", name, str(lease_s)],
            cwd=ROOT,
            env=os.environ | {"DATABASE_URL": url, "PORTAL_HOME": str(tmp_path / "home"), "PORTAL_MODE": "demo"},
            stderr=(tmp_path / f"{name}-{len(hired)}.log").open("w"),
        )
        hired.append(worker)
        return worker

    yield hire
    for worker in hired:
        worker.kill()
        worker.wait()


def wait_until(true, what: str, living: Iterable[subprocess.Popen] = ()):
    """Poll until `true()` is; fails at once when one of the processes that must live has ended."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if result := true():
            return result
        assert all(process.poll() is None for process in living), f"a process ended while waiting for: {what}"
        time.sleep(0.05)
    raise AssertionError(f"waited {PATIENCE_S} s for: {what}")


def open_jobs(app) -> list[Job]:
    with app.app_context():
        ours = select(Job).where(Job.kind.like("test.%"), Job.done_at.is_(None), Job.failed_at.is_(None))
        return database.session.scalars(ours).all()


def test_a_job_whose_worker_is_killed_is_taken_up_again_when_the_lease_lapses(app, put, hire, notes):
    put("test.slow", word="wall", seconds=1)
    doomed = hire("anna", lease_s=1)
    wait_until(notes.read_text, "anna begins", [doomed])
    doomed.send_signal(signal.SIGKILL)
    doomed.wait()
    bert = hire("bert", lease_s=1)
    wait_until(lambda: not open_jobs(app), "bert finishes", [bert])
    assert notes.read_text().splitlines() == ["wall begun", "wall begun", "wall done"]


def test_a_successor_of_the_same_name_does_not_wait_for_the_lease(app, put, hire, notes):
    put("test.slow", word="wall", seconds=1)
    doomed = hire("anna", lease_s=600)
    wait_until(notes.read_text, "anna begins", [doomed])
    doomed.kill()
    doomed.wait()
    second = hire("anna", lease_s=600)
    wait_until(lambda: not open_jobs(app), "the second anna finishes", [second])
    assert notes.read_text().splitlines() == ["wall begun", "wall begun", "wall done"]


def test_a_job_longer_than_its_lease_stays_with_its_worker(app, put, hire, notes):
    put("test.slow", word="long", seconds=2.5)
    both = [hire("anna", lease_s=1), hire("bert", lease_s=1)]
    wait_until(lambda: not open_jobs(app), "the job is done", both)
    assert notes.read_text().splitlines() == ["long begun", "long done"]


def test_no_job_runs_twice_and_none_is_left(app, put, hire, notes):
    words = [f"brick-{number}" for number in range(40)]
    for word in words:
        put("test.note", word=word)
    workers = [hire(name) for name in ("anna", "bert", "cleo")]
    wait_until(lambda: not open_jobs(app), "all bricks are laid", workers)
    assert Counter(notes.read_text().split()) == Counter(words)
    with app.app_context():
        done_by = set(database.session.scalars(select(Job.leased_by).where(Job.kind == "test.note")))
    assert done_by <= {"anna", "bert", "cleo"}


def test_a_job_that_kills_its_workers_is_given_up(app, put, hire, notes):
    put("test.die")
    for _ in range(2):
        assert hire("anna").wait(timeout=PATIENCE_S) == 9
    third = hire("anna")
    wait_until(lambda: not open_jobs(app), "the job is given up", [third])
    assert notes.read_text().split() == ["dying", "dying"]
    with app.app_context():
        job = database.session.scalars(select(Job).where(Job.kind == "test.die")).one()
    assert job.failed_at
    assert job.last_error == "taken up 2 times and never finished"


def test_work_that_hangs_ends_its_worker_and_is_tried_later(app, put, hire, notes):
    put("test.hang")
    assert hire("anna").wait(timeout=PATIENCE_S) == beat.HUNG
    (job,) = open_jobs(app)
    assert job.last_error == "took longer than allowed"
    assert job.lease_until is None


def test_asked_to_stop_it_finishes_the_job_at_hand_and_takes_no_other(app, put, hire, notes):
    put("test.slow", word="wall", seconds=1)
    put("test.note", word="next")
    worker = hire("anna")
    wait_until(notes.read_text, "anna begins", [worker])
    worker.terminate()
    assert worker.wait(timeout=PATIENCE_S) == 0
    assert notes.read_text().splitlines() == ["wall begun", "wall done"]
    assert [job.kind for job in open_jobs(app)] == ["test.note"]


def test_readiness_sees_a_worker_exactly_while_it_lives(app, hire):
    def seen():
        with app.app_context():
            return beat.last_seen_at(database.session)

    assert seen() is None
    worker = hire("anna")
    wait_until(seen, "anna shows that she lives", [worker])
    worker.terminate()
    worker.wait(timeout=PATIENCE_S)
    assert seen() is None
