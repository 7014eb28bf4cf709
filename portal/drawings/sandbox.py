"""Starts the limited child and tells in plain words how it ended."""

from __future__ import annotations

import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from portal.drawings.limits import Limits
from portal.drawings.refusals import broken, too_heavy
from portal.storage.refusal import Refused

CHILD = Path(__file__).with_name("child.py")
ERRORS_SHOWN_BYTES = 2000
log = logging.getLogger(__name__)


def run(task: str, source: Path, out_dir: Path, limits: Limits, **more: Any) -> tuple[list[dict], Refused | None]:
    """The answers the child gave, in order, and why it stopped, if it did not come to its end.

    The child inherits no environment, and so no secret; it dies with this process; its answers are not trusted.
    """
    out_dir.mkdir(parents=True, exist_ok=True)
    request = {
        "task": task,
        "source": str(source.absolute()),
        "out_dir": str(out_dir.absolute()),
        "limits": limits.as_record(),
        **more,
    }
    with tempfile.TemporaryDirectory(prefix="drawing-") as scratch, tempfile.TemporaryFile() as errors:
        output, code = _speak(json.dumps(request).encode(), scratch, errors, limits.wall_seconds)
        answers = list(_answers(output))
        if answers and "refused" in answers[-1]:
            return answers[:-1], Refused.from_record(answers[-1]["refused"])
        if answers and "done" in answers[-1] and code == 0:
            return answers, None
        _log(task, code, errors)
    return answers, _ending(code, limits)


def _speak(request: bytes, scratch: str, errors, wall_seconds: float) -> tuple[bytes, int | None]:
    """What the child said and its exit code; None when the wall clock ended it."""
    child = subprocess.Popen(  # noqa: S603 - our own program, by its full path
        [sys.executable, "-I", str(CHILD)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        cwd=scratch,
        env=_environment(scratch),
        start_new_session=True,
    )
    try:
        return child.communicate(request, timeout=wall_seconds)[0], child.returncode
    except subprocess.TimeoutExpired:
        _end(child)
        return child.communicate()[0], None
    finally:
        _end(child)


def _end(child: subprocess.Popen) -> None:
    """Ends the child with everything it started."""
    try:
        os.killpg(child.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        child.wait()


def _environment(scratch: str) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "HOME": scratch,
        "XDG_CACHE_HOME": scratch,
        "XDG_CONFIG_HOME": scratch,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "OPENBLAS_NUM_THREADS": "1",  # every thread of it would reserve address space
        "MALLOC_ARENA_MAX": "2",
    }


def _answers(output: bytes) -> Iterator[dict]:
    """One JSON object per line; a last line cut short by a kill is dropped."""
    for line in output.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return


def _ending(code: int | None, limits: Limits) -> Refused:
    if code is None or code == -signal.SIGXCPU:
        seconds = limits.wall_seconds if code is None else limits.cpu_seconds
        return Refused("too_slow", "文件太复杂，{seconds} 秒内没能处理完，请简化或拆分后再上传", {"seconds": seconds})
    if code in (-signal.SIGKILL, -signal.SIGABRT, -signal.SIGTRAP, -signal.SIGILL):
        return too_heavy()
    return broken()


def _log(task: str, code: int | None, errors) -> None:
    """For the operator: the person only sees the sentence."""
    errors.seek(0, os.SEEK_END)
    errors.seek(max(0, errors.tell() - ERRORS_SHOWN_BYTES))
    log.warning("preview child for %s ended with %s: %s", task, code, errors.read().decode(errors="replace"))
