"""DWG through a command that the company has configured; without one there is no picture, only the original."""

from __future__ import annotations

import ctypes
import shlex
import signal
import subprocess
from pathlib import Path

from portal.storage.refusal import Refused

PR_SET_PDEATHSIG = 1


def no_converter() -> Refused:
    return Refused("dwg_stored", "DWG 原件已保存，但没有预览：请在旁边再上传一份 PDF 或 DXF")


def not_converted() -> Refused:
    return Refused("dwg_not_converted", "DWG 原件已保存，但转换预览没有成功：请在旁边再上传一份 PDF 或 DXF")


def as_dxf(source: Path, command: str) -> Path:
    """The DXF that `command` makes; `{source}` and `{target}` in it are replaced by paths, else both are appended.

    It runs inside the limits of this child and ends with it. Raises Refused `dwg_not_converted`.
    """
    given, target = Path("drawing.dwg").absolute(), Path("drawing.dxf").absolute()
    given.symlink_to(source)  # converters look at the extension; the store's files have none
    words = shlex.split(command)
    if "{source}" not in command:
        words += ["{source}", "{target}"]
    line = [word.replace("{source}", str(given)).replace("{target}", str(target)) for word in words]
    try:
        subprocess.run(line, check=True, stdin=subprocess.DEVNULL, preexec_fn=_end_with_us)  # noqa: S603 - the company's
    except (OSError, subprocess.SubprocessError):
        raise not_converted() from None
    if not target.is_file():
        raise not_converted()
    return target


def _end_with_us() -> None:
    """The kernel ends the converter when the child is killed."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
