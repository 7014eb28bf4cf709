"""`portal serve`: web server and background worker under one parent that stops both.

A child that ends with an error soon after its start stops everything; one that dies later, or is killed, is started
again. The children end with the parent, however it ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from secrets import token_hex

from flask import Flask

from portal.config import Settings

YOUNG_S = 10
MOST_DEATHS_A_MINUTE = 5
STOP_WITHIN_S = 30
READY_WITHIN_S = 60
WORKER_NICENESS = 10
BLOCKING_THREADS = 4
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


@dataclass
class Child:
    """A child process and how to start it again."""

    name: str
    command: list[str]
    niceness: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen | None = None
    started_at: float = 0.0
    deaths: list[float] = field(default_factory=list)

    def start(self) -> None:
        """Start it in a group of its own, so that Ctrl-C reaches it once, through the parent."""
        environment = os.environ | self.environment
        self.process = subprocess.Popen(  # noqa: S603, our own two commands
            self.command, env=environment, preexec_fn=_fate(self.niceness, os.getpid()), process_group=0
        )
        self.started_at = time.monotonic()

    def sweep(self) -> None:
        """End what a dead child left behind: its own helpers would keep the port."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def hopeless(self) -> bool:
        """Whether starting the dead child again would only repeat its death."""
        now = time.monotonic()
        self.deaths = [*(death for death in self.deaths if now - death < 60), now]
        died_young_by_itself = self.process.returncode >= 0 and now - self.started_at < YOUNG_S
        return died_young_by_itself or len(self.deaths) > MOST_DEATHS_A_MINUTE


def serve(settings: Settings) -> int:
    """Serve until TERM or Ctrl-C; the exit code of the process. Raises SystemExit when the port is taken."""
    _refuse_a_taken_port(settings.host, settings.port)
    return supervise([web(settings.host, settings.port), worker()], ready=_announce(settings))


def supervise(children: list[Child], ready: Callable[[], bool] = lambda: True) -> int:
    """Keep the children running until TERM or INT (exit 0), or until one is hopeless (exit 1)."""
    asked: list[int] = []
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda number, _: asked.append(number))
    for child in children:
        child.start()
    try:
        lost = _watch(children, asked, ready)
    finally:
        _stop(children)
    return 1 if lost else 0


def web(host: str, port: int) -> Child:
    """granian, or waitress where granian has no build."""
    factory = "portal.serve:application"
    if importlib.util.find_spec("granian"):
        command = ["granian", "--interface", "wsgi", "--factory", "--host", host, "--port", str(port), "--no-ws"]
        command += ["--workers", str(_web_processes()), "--blocking-threads", str(BLOCKING_THREADS)]
        command += ["--respawn-failed-workers", "--workers-kill-timeout", "20", "--log-level", "warning", factory]
    else:
        command = ["waitress", f"--listen={host}:{port}", f"--threads={2 * BLOCKING_THREADS}", "--call", factory]
    return Child("web server", [sys.executable, "-m", *command])


def application() -> Flask:
    """The application as the web server runs it. What was made at the start stays: the collector never looks at it again."""
    from portal import create_app

    app = create_app()
    gc.collect()
    gc.freeze()
    return app


def worker() -> Child:
    """The background worker, less important than any request. Its name lasts as long as this parent."""
    command = [sys.executable, "-c", "from portal.cli import main; main()", "jobs", "work"]
    name = f"{socket.gethostname()[:40]}-{os.getpid()}-{token_hex(4)}"
    return Child("worker", command, WORKER_NICENESS, {"PORTAL_WORKER": name})


def _web_processes() -> int:
    return int(os.environ.get("PORTAL_WEB_PROCESSES") or min(2, os.cpu_count() or 1))


def _watch(children: list[Child], asked: list[int], ready: Callable[[], bool]) -> Child | None:
    """Until someone asks to stop: None; or a child is hopeless: that child."""
    announced = False
    while not asked:
        for child in children:
            if child.process.poll() is None:
                continue
            code = child.process.returncode
            _say(f"The {child.name} ended {f'by signal {-code}' if code < 0 else f'with code {code}'}.")
            child.sweep()
            if child.hopeless():
                return child
            _say(f"Starting the {child.name} again.")
            child.start()
        announced = announced or ready()
        time.sleep(0.2)
    return None


def _stop(children: list[Child]) -> None:
    for child in children:
        if child.process and child.process.poll() is None:
            child.process.terminate()
    until = time.monotonic() + STOP_WITHIN_S
    for child in children:
        try:
            child.process.wait(timeout=max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _say(f"The {child.name} did not stop in {STOP_WITHIN_S} s and is killed.")
        child.sweep()
        child.process.wait()


def _fate(niceness: int, parent: int) -> Callable[[], None]:
    """The child dies with its parent, even when that is killed with -9, and knows its place."""

    def set_fate() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(1)
        os.nice(niceness)

    return set_fate


def _refuse_a_taken_port(host: str, port: int) -> None:
    try:
        with socket.create_server((host, port)):
            return
    except OSError as fault:
        why = f"Cannot listen on {host}:{port} ({fault.strerror})."
        raise SystemExit(f"{why} Stop what is there, or set PORT=…") from None


def _announce(settings: Settings) -> Callable[[], bool]:
    """Says once, as soon as it is true, that the portal answers; then True."""
    reachable = "127.0.0.1" if settings.host in ("0.0.0.0", "::", "") else settings.host  # noqa: S104
    address = f"http://{f'[{reachable}]' if ':' in reachable else reachable}:{settings.port}"
    give_up_at = time.monotonic() + READY_WITHIN_S

    def announce() -> bool:
        if time.monotonic() > give_up_at:
            _say(f"No answer from {address}/healthz after {READY_WITHIN_S} s: see the lines above.")
            return True
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310
                pass
        except urllib.error.HTTPError:
            pass
        except OSError:
            return False
        _say(f"The portal is open at {settings.public_url}   (Ctrl-C closes it)")
        return True

    return announce


def _say(sentence: str) -> None:
    print(sentence, flush=True)
