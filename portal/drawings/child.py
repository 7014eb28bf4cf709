"""The limited child: opens one file from outside and writes pictures of it.

It is run by its path, `python -I child.py`, with the request as JSON on standard input, and answers with a line of
JSON per finished page. It loads nothing of the application: no settings, no database, no secret.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import signal
import sys
import types
from pathlib import Path
from typing import Any

PORTAL = Path(__file__).resolve().parents[1]
PR_SET_PDEATHSIG, PR_SET_NO_NEW_PRIVS = 1, 38


def main() -> None:
    request = json.load(sys.stdin)
    answer = _private_answers()
    _confine(request["limits"])
    _find_portal()
    from portal.drawings import tasks

    tasks.perform(request, answer)


def _private_answers():
    """Answers go to the standard output as it was; whatever a library prints goes with the errors."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def answer(**record: Any) -> None:
        print(json.dumps(record), file=channel, flush=True)

    return answer


def _confine(limits: dict[str, Any]) -> None:
    """From here on this process and all it starts stay within the limits."""
    libc = ctypes.CDLL(None)
    libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    os.nice(10)
    cpu_seconds = limits["cpu_seconds"]
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 2))  # the soft one tells the cause: SIGXCPU
    for kind, most in (
        (resource.RLIMIT_AS, limits["memory_bytes"]),
        (resource.RLIMIT_FSIZE, limits["written_file_bytes"]),
        (resource.RLIMIT_NOFILE, 64),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (most, most))


def _find_portal() -> None:
    """Makes `portal.drawings` importable without `portal/__init__.py`, which would load the whole application."""
    package = types.ModuleType("portal")
    package.__path__ = [str(PORTAL)]
    sys.modules["portal"] = package


if __name__ == "__main__":
    main()
