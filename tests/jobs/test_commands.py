"""`portal jobs …` as an operator types it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal import clock
from portal.commands.jobs import command
from portal.extensions import db as database
from portal.jobs import enqueue, registry
from portal.models import Job
from tests.jobs import labour  # noqa: F401, defines the work


@pytest.fixture
def say(app, monkeypatch):
    """Run `portal jobs WORDS`; answers exit code and output."""
    registry.discover()
    for name in list(registry.periodic):  # the portal's own periodic work has tests of its own
        monkeypatch.delitem(registry.periodic, name)

    def say(*words):
        result = app.test_cli_runner().invoke(command, words)
        return result.exit_code, result.output

    return say


@pytest.fixture
def put(app, tmp_path):
    def put(kind, run_at=None, **args):
        with app.app_context():
            enqueue(database.session, kind, {"file": str(tmp_path / "notes")} | args, run_at=run_at)
            database.session.commit()

    return put


def test_runs_what_is_due_at_that_moment_and_says_what_it_did(app, say, put, tmp_path):
    tomorrow = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
    put("test.note", word="tomorrow", run_at=tomorrow)
    assert say("run", "--at", "2026-11-25T08:59+08:00") == (0, "As of 2026-11-25T08:59+08:00: 0 jobs run, 0 failed.\n")
    code, output = say("run", "--at", "2026-11-25T09:00+08:00")
    assert code == 0
    assert "noted tomorrow" in output
    assert output.endswith("As of 2026-11-25T09:00+08:00: 1 jobs run, 0 failed.\n")
    assert (tmp_path / "notes").read_text() == "tomorrow\n"
    assert abs(clock.now() - clock.true_now()) < timedelta(seconds=5)


def test_periodic_work_sees_that_moment_and_may_be_run_again(app, say, monkeypatch):
    seen = []
    monkeypatch.setitem(registry.periodic, "test.clock", registry.Periodic("test.clock", 5, None))
    work = lambda *, at: seen.append((at, clock.now()))  # noqa: E731
    monkeypatch.setitem(registry.kinds, "test.clock", registry.Kind("test.clock", work, 8, 60))
    moment = datetime(2027, 1, 1, 4, 0, tzinfo=UTC)
    for _ in range(2):
        code, _output = say("run", "--at", "2027-01-01T12:00")
        assert code == 0
    assert seen == [(moment, moment)] * 2


def test_a_failure_is_said_and_makes_exit_1(say, put):
    put("test.fail")
    code, output = say("run")
    assert code == 1
    assert "FAILED test.fail" in output
    assert "ValueError: the paint is still wet" in output


def test_a_nonsensical_time_is_refused_in_a_sentence(say):
    code, output = say("run", "--at", "yesterday")
    assert code == 2
    assert "is no ISO time such as" in output


def test_what_was_given_up_is_shown_and_can_be_put_back(app, say, put):
    put("test.unheard-of")
    say("run")
    with app.app_context():
        job_id = database.session.query(Job).one().id
    output = say("status")[1]
    assert output.startswith("0 waiting, 1 given up")
    assert "nobody knows how to do test.unheard-of" in output
    assert say("retry", str(job_id)) == (0, f"job {job_id} waits for the worker again\n")
    assert say("status") == (0, "1 waiting, 0 given up\n")
    assert say("retry", str(job_id))[0] == 1
