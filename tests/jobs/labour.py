"""A worker process with work of its own for the tests: `python -m tests.jobs.labour NAME LEASE_S`.

The work writes what it does into a file, one line at a time, so that the tests see it from outside.
"""

from __future__ import annotations

import logging
import os
import sys
import time
from pathlib import Path

from portal.extensions import db
from portal.jobs import beat, job, queue, worker


@job("test.note")
def note(*, file: str, word: str) -> str:
    _write(file, word)
    return f"noted {word}"


@job("test.slow")
def slow(*, file: str, word: str, seconds: float) -> str:
    db.session.rollback()
    _write(file, f"{word} begun")
    time.sleep(seconds)
    _write(file, f"{word} done")
    return word


@job("test.fail", attempts=2)
def fail(*, file: str) -> None:
    queue.enqueue(db.session, "test.note", {"file": file, "word": "never"})
    raise ValueError("the paint is still wet")


@job("test.die", attempts=2)
def die(*, file: str) -> None:
    _write(file, "dying")
    os._exit(9)


@job("test.hang", timeout_s=1)
def hang(*, file: str) -> None:
    db.session.rollback()
    _write(file, "hanging")
    time.sleep(60)


def _write(file: str, line: str) -> None:
    with Path(file).open("a") as lines:
        lines.write(line + "\n")


def main(name: str, lease_s: float) -> int:
    from portal import create_app

    queue.LEASE_S, beat.BEAT_EVERY_S, beat.PULSE_S = lease_s, lease_s / 4, 0.1
    logging.basicConfig(stream=sys.stderr, level=logging.INFO)
    return worker.work_until_stopped(create_app(), name)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], float(sys.argv[2])))
