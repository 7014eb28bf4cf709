"""`portal leads replay`: the answer on standard output, or every fault on standard error and exit 2."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from portal.cli import cli

HISTORY = {
    "events": [
        {
            "at": "2026-03-02T09:00:00+08:00",
            "type": "registered",
            "lead": "L1",
            "by": "A",
            "role": "salesperson",
            "name": "王女士",
            "phone": "19900000001",
            "community": "云杉里",
            "building": "3",
            "unit": "2",
            "room": "1201",
        },
        {"at": "2026-03-13T15:00:00+08:00", "type": "deposit", "lead": "L1", "by": "B"},
        {"at": "2026-03-20T00:00:00+08:00", "type": "look"},
    ]
}


@pytest.fixture
def replay(tmp_path, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@/nowhere?host=/does/not/exist")

    def run(history, policy=None):
        file = tmp_path / "history.json"
        file.write_text(history if isinstance(history, str) else json.dumps(history))
        more = []
        if policy is not None:
            (tmp_path / "policy.json").write_text(json.dumps(policy))
            more = ["--policy", str(tmp_path / "policy.json")]
        return CliRunner().invoke(cli, ["leads", "replay", str(file), *more])

    return run


def test_a_history_is_replayed_without_any_database(replay):
    done = replay(HISTORY)
    assert done.exit_code == 0, done.stderr
    lead = json.loads(done.stdout)["looks"][0]["leads"]["L1"]
    assert (lead["state"], lead["credit_to"], lead["trace"][-1]["rule"]) == ("overtaken", "B", "R005")


def test_the_policy_of_the_option_wins(replay):
    done = replay(HISTORY | {"policy": {"lead.own.takeover_days": 5}}, {"lead.own.takeover_days": 11})
    lead = json.loads(done.stdout)["looks"][0]["leads"]["L1"]
    assert (lead["state"], lead["credit_to"]) == ("deal", "A")


@pytest.mark.parametrize("bad", ["no json", {"events": [{"at": "2026-03-02T09:00:00", "type": "look"}, {"type": "dance"}]}])
def test_a_bad_history_is_refused_whole(replay, bad):
    done = replay(bad)
    assert done.exit_code == 2
    assert done.stdout == ""
    faults = json.loads(done.stderr)["faults"]
    assert faults
    if isinstance(bad, dict):
        assert {fault["event"] for fault in faults} == {1, 2}
