"""A private PostgreSQL cluster for the tests: own folder, no network port, gone afterwards, also after a crash."""

from __future__ import annotations

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

PREFIX = "portal-postgres-"
START_WITHIN_S = 60
# A crash of these databases costs nothing, so nothing waits for the disk.
HASTE = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "listen_addresses": "",
    "timezone": "UTC",
}


class Unavailable(RuntimeError):
    """PostgreSQL is not installed here; the message names the package."""


@dataclass(frozen=True)
class Cluster:
    """A running server that only its own socket folder leads to."""

    folder: Path
    user: str

    def url(self, database: str) -> str:
        """The address of a database for DATABASE_URL."""
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.folder}"

    def create(self, database: str, template: str = "template0") -> str:
        """A new database, empty or a copy of `template` (which nobody may be connected to); answers its address."""
        self._run("CREATE DATABASE {} TEMPLATE {}", database, template)
        return self.url(database)

    def drop(self, database: str) -> None:
        """Remove a database together with whoever is still connected."""
        self._run("DROP DATABASE IF EXISTS {} WITH (FORCE)", database)

    def _run(self, statement: str, *names: str) -> None:
        with psycopg.connect(host=str(self.folder), user=self.user, dbname="postgres", autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@contextlib.contextmanager
def private_cluster() -> Iterator[Cluster]:
    """Start a cluster, and stop and remove it at the end. Raises Unavailable when it is not installed."""
    programs = _programs()
    sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))  # short: a socket's path has 107 characters at most
    owner = _owner()
    if owner:
        shutil.chown(folder, owner, owner)
    server = None
    try:
        _initialise(programs, folder, owner)
        server = _start(programs, folder, owner)
        cluster = Cluster(folder, owner or pwd.getpwuid(os.getuid()).pw_name)
        _wait(cluster, server)
        yield cluster
    finally:
        if server:
            _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def sweep() -> None:
    """Remove what a test run that was killed left behind. Servers of living runs are not touched."""
    for folder in Path("/tmp").glob(f"{PREFIX}*"):  # noqa: S108
        with contextlib.suppress(OSError, ValueError):
            if not _alive(int((folder / "run-by").read_text())):
                _kill_server_of(folder)
                shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path:
    """The folder of initdb and postgres: Debian's newest, or where pg_config says."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if debian:
        return debian[-1].parent
    if pg_config := shutil.which("pg_config"):
        folder = Path(subprocess.run([pg_config, "--bindir"], capture_output=True, text=True).stdout.strip())
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise Unavailable("PostgreSQL is not installed (Debian package: postgresql)")


def _owner() -> str | None:
    """PostgreSQL refuses to run as root; Debian's package brings the user for it."""
    if os.getuid():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name).pw_name
    raise Unavailable("there is no user postgres (Debian package: postgresql)")


def _initialise(programs: Path, folder: Path, owner: str | None) -> None:
    command = [programs / "initdb", "-D", folder / "data", "--auth=trust", "--no-sync", "--locale=C.UTF-8"]
    done = subprocess.run(command, **_as(owner), capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"initdb failed: {done.stderr.strip()}")
    (folder / "run-by").write_text(str(os.getpid()))


def _start(programs: Path, folder: Path, owner: str | None) -> subprocess.Popen:
    options = [f"-c{name}={value}" for name, value in HASTE.items()]
    command = [programs / "postgres", "-D", folder / "data", "-k", folder, *options]
    with open(folder / "log", "w") as log:
        return subprocess.Popen(
            command, **_as(owner), stdout=log, stderr=log, preexec_fn=_die_with_the_tests, start_new_session=True
        )


def _as(owner: str | None) -> dict:
    """The process options that give up root; the folder "/" is one that every user may enter."""
    return {"cwd": "/"} | ({"user": owner, "group": owner, "extra_groups": []} if owner else {})


_libc = ctypes.CDLL(None)


def _die_with_the_tests() -> None:
    """Even when pytest is killed with -9 the server goes at once (PR_SET_PDEATHSIG, immediate shutdown)."""
    _libc.prctl(1, signal.SIGQUIT)


def _wait(cluster: Cluster, server: subprocess.Popen) -> None:
    until = time.monotonic() + START_WITHIN_S
    while time.monotonic() < until and server.poll() is None:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(host=str(cluster.folder), user=cluster.user, dbname="postgres").close()
            return
        time.sleep(0.05)
    raise RuntimeError(f"PostgreSQL did not start:\n{(cluster.folder / 'log').read_text()[-2000:]}")


def _stop(server: subprocess.Popen) -> None:
    server.send_signal(signal.SIGINT)  # "fast": disconnects everyone
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.send_signal(signal.SIGQUIT)
        server.wait(timeout=10)


def _kill_server_of(folder: Path) -> None:
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        if str(folder) in command:
            os.kill(pid, signal.SIGQUIT)


def _alive(pid: int) -> bool:
    return Path(f"/proc/{pid}").exists()


@contextlib.contextmanager
def fresh_database(name: str = "portal") -> Iterator[str]:
    """The address of an empty database in a cluster of its own. Not installed: skipped; in CI that is a failure."""
    with contextlib.ExitStack() as stack:
        try:
            cluster = stack.enter_context(private_cluster())
        except Unavailable as why:
            (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(str(why))
        yield cluster.create(name)
