"""The whole product as a company runs it: database, demo company, web server and worker, in a folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

READY_WITHIN_S = 120
_PORTAL = [sys.executable, "-c", "from portal.cli import main; main()"]


@dataclass(frozen=True)
class Product:
    """A running portal; `environment` is that of its commands."""

    url: str
    home: Path
    environment: dict[str, str]
    log: Path

    def command(self, *words: str) -> subprocess.CompletedProcess:
        """`portal …` beside the running one."""
        return subprocess.run([*_PORTAL, *words], env=self.environment, capture_output=True, text=True, timeout=120)


@contextmanager
def running(home: Path) -> Iterator[Product]:
    """`portal serve --prepare` on a free port until the end of the block; it must stop by itself when asked to."""
    port = _free_port()
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "PYTHONPATH", "VIRTUAL_ENV") if name in os.environ}
    environment = kept | {"PORTAL_HOME": str(home), "PORTAL_MODE": "demo", "PORT": str(port), "SECRET_KEY": "browser " * 6}
    product = Product(f"http://127.0.0.1:{port}", home, environment, home / "serve.log")
    home.mkdir(parents=True, exist_ok=True)
    with product.log.open("wb") as log:
        process = subprocess.Popen([*_PORTAL, "serve", "--prepare"], env=environment, stdout=log, stderr=log)
        try:
            _wait(product, process)
            yield product
            assert process.poll() is None, f"the portal ended by itself\n{last_words(product)}"
        finally:
            process.send_signal(signal.SIGTERM)
            code = process.wait(timeout=60)
    assert code == 0, f"the portal stopped with {code}\n{last_words(product)}"


def last_words(product: Product) -> str:
    """The end of the server's log."""
    return product.log.read_text(errors="replace")[-6000:]


def _wait(product: Product, process: subprocess.Popen) -> None:
    until = time.monotonic() + READY_WITHIN_S
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{product.url}/readyz", timeout=2):
                return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.2)
    raise AssertionError(f"the portal is not ready\n{last_words(product)}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]
