"""`portal serve`: one parent, two children, and no orphans."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from portal.extensions import db as database
from portal.jobs import beat
from tests.jobs.test_worker import PATIENCE_S, ROOT, wait_until

pytestmark = pytest.mark.slow


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


class Portal:
    """A running `portal serve`."""

    def __init__(self, url: str, home: Path, port: int):
        environment = {"DATABASE_URL": url, "PORTAL_HOME": str(home), "PORT": str(port), "HOST": "127.0.0.1"}
        self.port, self.log = port, home.with_suffix(f".{port}.log")
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from portal.cli import main; main()", "serve"],
            cwd=ROOT,
            env=os.environ | environment | {"PORTAL_MODE": "demo", "PORTAL_WEB_PROCESSES": "1"},
            stdout=self.log.open("w"),
            stderr=subprocess.STDOUT,
        )

    @property
    def words(self) -> str:
        return self.log.read_text()

    def children(self) -> dict[str, int]:
        """The process ids of the web server and of the worker."""
        found = {}
        for stat in Path("/proc").glob("[0-9]*/stat"):
            with_parent = _parent_and_command(stat)
            if with_parent and with_parent[0] == self.process.pid:
                found["worker" if "jobs" in with_parent[1] else "web"] = int(stat.parent.name)
        return found

    def answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=2):
                return True
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False


def _parent_and_command(stat: Path) -> tuple[int, str] | None:
    try:
        fields = stat.read_text().rpartition(")")[2].split()
        command = (stat.parent / "cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return None
    return None if fields[0] == "Z" else (int(fields[1]), command)


def alive(pid: int) -> bool:
    return _parent_and_command(Path(f"/proc/{pid}/stat")) is not None


@pytest.fixture
def start(app, tmp_path):
    started = []

    def start(port: int | None = None) -> Portal:
        portal = Portal(app.config["SETTINGS"].database_url, tmp_path / "home", port or free_port())
        started.append(portal)
        return portal

    yield start
    for portal in started:
        portal.process.terminate()
        portal.process.wait(timeout=PATIENCE_S)


@pytest.fixture
def portal(app, start) -> Portal:
    """A portal that answers and whose worker lives."""
    portal = start()
    wait_until(lambda: "The portal is open" in portal.words, "the address is printed", [portal.process])

    def worker_seen():
        with app.app_context():
            return beat.last_seen_at(database.session)

    wait_until(worker_seen, "the worker lives", [portal.process])
    return portal


def test_the_worker_is_less_important_than_the_web_and_term_stops_both_cleanly(portal):
    children = portal.children()
    assert set(children) == {"web", "worker"}
    assert os.getpriority(os.PRIO_PROCESS, children["worker"]) == os.getpriority(os.PRIO_PROCESS, children["web"]) + 10
    assert portal.answers()
    portal.process.terminate()
    assert portal.process.wait(timeout=PATIENCE_S) == 0
    assert not any(alive(pid) for pid in children.values())
    assert not portal.answers()
    assert "has stopped" in portal.words
    assert "is killed" not in portal.words


def test_a_killed_child_is_replaced_and_the_other_goes_on(portal):
    before = portal.children()
    os.kill(before["worker"], signal.SIGKILL)
    wait_until(lambda: portal.children().get("worker", before["worker"]) != before["worker"], "a new worker")
    between = portal.children()
    assert between["web"] == before["web"]
    assert portal.answers()
    os.kill(before["web"], signal.SIGKILL)
    wait_until(lambda: portal.children().get("web", before["web"]) != before["web"], "a new web server")
    wait_until(portal.answers, "it answers")
    assert portal.children()["worker"] == between["worker"]


def test_no_orphans_when_the_parent_is_killed(portal):
    children = portal.children()
    portal.process.kill()
    portal.process.wait()
    wait_until(lambda: not any(alive(pid) for pid in children.values()), "the children go too")
    wait_until(lambda: not portal.answers(), "the port is free")


def test_a_taken_port_is_said_in_a_sentence(start):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        portal = start(taken.getsockname()[1])
        assert portal.process.wait(timeout=PATIENCE_S) == 1
    assert "Stop what is there, or set PORT=" in portal.words
    assert "Traceback" not in portal.words
