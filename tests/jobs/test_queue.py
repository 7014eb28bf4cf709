"""The job table: with the business row or not at all, one worker at a time, nothing lost, nothing tried for ever."""

from __future__ import annotations

import threading
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from portal import clock
from portal.extensions import db as database
from portal.jobs import enqueue, queue, registry
from portal.jobs.registry import Periodic
from portal.jobs.worker import work_once
from portal.models import Company, Job
from tests.jobs import labour  # noqa: F401, defines the work


@pytest.fixture
def notes(tmp_path):
    """The file that the work writes into."""
    path = tmp_path / "notes"
    path.touch()
    return path


@pytest.fixture
def put(app, notes):
    """Enqueue and commit."""

    def put(kind="test.note", **more):
        args = {"file": str(notes)} | more.pop("args", {"word": "hello"} if kind == "test.note" else {})
        with app.app_context():
            added = enqueue(database.session, kind, args, **more)
            database.session.commit()
            return added

    return put


def only_job(app) -> Job:
    with app.app_context():
        return database.session.scalars(select(Job)).one()


def test_work_is_done_and_recorded(app, put, notes):
    put()
    result = work_once(app, by="anna")
    assert (result.ok, result.words) == (True, "noted hello")
    assert notes.read_text() == "hello\n"
    done = only_job(app)
    assert done.done_at
    assert (done.outcome, done.attempts) == ("noted hello", 1)
    assert work_once(app, by="anna") is None


def test_a_job_exists_exactly_if_its_business_row_does(app, notes):
    with app.app_context():
        database.session.add(Company(id=7, name="甲", city="乙"))
        enqueue(database.session, "test.note", {"file": str(notes), "word": "undone"})
        database.session.rollback()
    assert work_once(app) is None
    with app.app_context():
        assert database.session.get(Company, 7) is None
        database.session.add(Company(id=7, name="甲", city="乙"))
        enqueue(database.session, "test.note", {"file": str(notes), "word": "kept"})
        database.session.commit()
    assert work_once(app).ok
    assert notes.read_text() == "kept\n"


def test_one_job_per_key_for_ever(app, put):
    assert put(unique_key="preview:7")
    assert not put(unique_key="preview:7")
    work_once(app)
    assert not put(unique_key="preview:7")
    assert only_job(app).done_at
    assert put(unique_key=None)
    assert put(unique_key=None)


def test_urgent_first_then_the_oldest(app, put, notes):
    now = clock.now()
    for word, minutes, urgent in [("second", -1, False), ("first", -2, False), ("code", 0, True)]:
        put(args={"word": word}, run_at=now + timedelta(minutes=minutes), urgent=urgent)
    while work_once(app):
        pass
    assert notes.read_text().split() == ["code", "first", "second"]


def test_nothing_runs_before_its_time(app, put):
    tomorrow = clock.now() + timedelta(days=1)
    put(run_at=tomorrow)
    assert work_once(app) is None
    assert work_once(app, at=tomorrow - timedelta(microseconds=1)) is None
    assert work_once(app, at=tomorrow).ok


def test_a_failure_keeps_nothing_and_is_tried_again_later_and_then_given_up(app, put, notes, at_noon):
    put("test.fail")
    first = work_once(app)
    assert not first.ok
    assert first.words == "ValueError: the paint is still wet"
    assert first.again_at == at_noon + timedelta(seconds=5)
    assert work_once(app) is None
    second = work_once(app, at=first.again_at)
    assert second.again_at is None
    failed = only_job(app)  # the row that the work had added went with the attempt
    assert failed.failed_at == at_noon
    assert "the paint is still wet" in failed.last_error
    assert work_once(app, at=at_noon + timedelta(days=365)) is None


def test_a_failed_job_can_be_put_back_to_work(app, put):
    put("test.unheard-of")
    assert "nobody knows how" in work_once(app).words
    job_id = only_job(app).id
    with app.app_context(), database.engine.begin() as connection:
        assert queue.revive(connection, job_id)
        assert not queue.revive(connection, job_id)
    assert "nobody knows how" in work_once(app).words


def test_the_patience_grows_and_has_an_end():
    waits_s = [queue.backoff(attempts).total_seconds() for attempts in range(1, 8)]
    assert waits_s == [5, 20, 80, 320, 1280, 3600, 3600]


@pytest.fixture
def hands(app):
    """claim() and friends, each in a transaction of its own."""

    class Hands:
        def __getattr__(self, name):
            def call(*args):
                with app.app_context(), database.engine.begin() as connection:
                    return getattr(queue, name)(connection, *args)

            return call

    return Hands()


def test_a_lease_keeps_others_away_until_it_lapses(hands, put, monkeypatch):
    put()
    now = clock.now()
    first = hands.claim("anna", now)
    assert hands.claim("bert", now) is None
    monkeypatch.setattr(clock, "true_now", lambda: now + timedelta(seconds=queue.LEASE_S + 1))
    second = hands.claim("bert", now)
    assert second.id == first.id
    assert second.attempts == 2


def test_a_worker_that_lost_its_lease_can_close_nothing(app, hands, put, monkeypatch):
    put()
    now = clock.now()
    late = hands.claim("anna", now)
    monkeypatch.setattr(clock, "true_now", lambda: now + timedelta(seconds=queue.LEASE_S + 1))
    holder = hands.claim("bert", now)
    assert not hands.extend(late)
    assert not hands.finish(late, "too late")
    hands.give_up(late, "too late")
    assert only_job(app).failed_at is None
    assert hands.extend(holder)
    assert hands.finish(holder, "in time")
    assert only_job(app).outcome == "in time"


def test_the_rows_of_a_late_worker_are_dropped_with_its_attempt(app, put, monkeypatch):
    put()

    def overtaken(*, file, word):
        database.session.add(Company(id=8, name="迟到", city="迟到"))
        _take_over()
        return word

    monkeypatch.setitem(registry.kinds, "test.note", registry.Kind("test.note", overtaken, 8, 60))
    result = work_once(app, by="anna")
    assert result.words == "taken over by another worker"
    with app.app_context():
        assert database.session.get(Company, 8) is None
    assert only_job(app).done_at is None


def _take_over() -> None:
    """What another worker does; in this very transaction, because SQLite lets nobody else write meanwhile."""
    job = database.session.scalars(select(Job)).one()
    job.leased_by, job.attempts = "bert", job.attempts + 1
    database.session.flush()


def test_a_successor_of_the_same_name_takes_back_what_was_held(hands, put):
    put()
    now = clock.now()
    assert hands.claim("worker-1", now)
    assert hands.give_back("worker-2") == 0
    assert hands.give_back("worker-1") == 1
    assert hands.claim("worker-1", now).attempts == 2


@pytest.mark.parametrize(
    ("periodic", "moment", "due"),
    [
        (Periodic("p", 15, None), "2026-11-24T04:14:59", "2026-11-24T04:00:00"),
        (Periodic("p", 15, None), "2026-11-24T04:15:00", "2026-11-24T04:15:00"),
        (Periodic("p", None, "06:30"), "2026-11-23T22:30:00", "2026-11-23T22:30:00"),
        (Periodic("p", None, "06:30"), "2026-11-23T22:29:59", "2026-11-22T22:30:00"),
    ],
)
def test_periodic_work_is_due_on_the_companys_wall_clock(periodic, moment, due):
    at = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert periodic.due_at(at) == datetime.fromisoformat(due).replace(tzinfo=UTC)


def test_periodic_work_is_queued_once_per_due_time(app, at_noon):
    with app.app_context():
        for _ in range(3):
            queue.enqueue_periodic(database.session, at_noon)
        queue.enqueue_periodic(database.session, at_noon + timedelta(days=1))
        database.session.commit()
        keys = database.session.scalars(select(Job.unique_key).where(Job.kind == "jobs.tidy")).all()
    assert sorted(keys) == ["jobs.tidy@2026-11-23T19:40:00+00:00", "jobs.tidy@2026-11-24T19:40:00+00:00"]


def test_old_finished_work_is_forgotten_and_failed_work_is_not(app, put, at_noon):
    put()
    put("test.unheard-of")
    work_once(app)
    work_once(app)
    clock.stand_still(at_noon + timedelta(days=31))
    with app.app_context():
        queue.enqueue_periodic(database.session, clock.now())
        database.session.commit()
    results = [result.words for result in iter(lambda: work_once(app), None)]
    assert "1 old finished jobs removed" in results
    with app.app_context():
        left = database.session.scalars(select(Job.kind).where(Job.kind.like("test.%"))).all()
    assert left == ["test.unheard-of"]


def test_nobody_waits_for_work_that_has_read_and_thinks(app, put, monkeypatch):
    put()
    reads, may_write = threading.Event(), threading.Event()

    def thoughtful(*, file, word):
        assert database.session.get(Company, 8) is None
        reads.set()
        assert may_write.wait(20)
        database.session.add(Company(id=8, name="后来", city="乙"))
        return word

    monkeypatch.setitem(registry.kinds, "test.note", registry.Kind("test.note", thoughtful, 8, 60))
    results = []
    worker = threading.Thread(target=lambda: results.append(work_once(app, by="anna")))
    worker.start()
    assert reads.wait(20)
    with app.app_context():
        began = time.monotonic()
        database.session.add(Company(id=7, name="先到", city="甲"))
        database.session.commit()
        assert time.monotonic() - began < 2
    may_write.set()
    worker.join(20)
    assert results[0].ok
    with app.app_context():
        assert {company.name for company in database.session.scalars(select(Company))} == {"先到", "后来"}
