"""Uploads that arrive in parts: a broken connection goes on where it stopped."""

from __future__ import annotations

import fcntl
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from portal.storage.refusal import Refused
from portal.storage.streams import Readable, chunks, too_large, write

TOKEN = re.compile(r"part-[0-9a-f]{48}")


class OutOfStep(Exception):
    """The sender is at another place than we are, or still sending on another connection.

    `received` is the real number of bytes: go on from there.
    """

    def __init__(self, received: int) -> None:
        super().__init__(f"{received} bytes have been received")
        self.received = received


class Partials:
    """Unfinished uploads in one folder, a file for each, named by its token."""

    def __init__(self, folder: Path, limit_bytes: int) -> None:
        self._folder = folder
        self._limit_bytes = limit_bytes

    def begin(self) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        token = f"part-{secrets.token_hex(24)}"
        os.close(os.open(self._folder / token, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        return token

    def received(self, token: str) -> int:
        path = self._place(token)
        try:
            return path.stat().st_size
        except FileNotFoundError:
            raise _unknown() from None

    def append(self, token: str, offset: int, stream: Readable, limit_bytes: int | None) -> int:
        limit_bytes = self._limit_bytes if limit_bytes is None else limit_bytes
        with self.open(token, "r+b") as file, _alone(file):
            there = file.seek(0, os.SEEK_END)
            if offset != there:
                raise OutOfStep(there)
            if there > limit_bytes:
                raise too_large(limit_bytes)
            self._add(file, there, stream, limit_bytes)
            os.fsync(file.fileno())
            return file.tell()

    def open(self, token: str, mode: str = "rb") -> BinaryIO:
        try:
            return self._place(token).open(mode)
        except FileNotFoundError:
            raise _unknown() from None

    def discard(self, token: str) -> None:
        self._place(token).unlink(missing_ok=True)

    def sweep(self, older_than: datetime) -> int:
        if not self._folder.is_dir():
            return 0
        old = [path for path in self._folder.iterdir() if _touched(path) < older_than.timestamp()]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    def _place(self, token: str) -> Path:
        if not TOKEN.fullmatch(token):
            raise _unknown()
        return self._folder / token

    @staticmethod
    def _add(file: BinaryIO, there: int, stream: Readable, limit_bytes: int) -> None:
        """Every piece reaches the file at once, so that a connection that breaks loses nothing that had arrived."""
        try:
            for chunk in chunks(stream, limit_bytes - there):
                write(file, chunk)
        except Refused as refused:
            file.truncate(there)
            raise too_large(limit_bytes) if refused.code == "too_large" else refused from None


@contextmanager
def _alone(file: BinaryIO) -> Iterator[None]:
    """Two connections must not write into one upload: the second is told how far the first has come."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise OutOfStep(os.fstat(file.fileno()).st_size) from None
    yield  # the lock goes when the file is closed


def _touched(path: Path) -> float:
    """A file that somebody else has just removed counts as touched for ever."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return float("inf")


def _unknown() -> Refused:
    return Refused("upload_unknown", "这次上传已经失效，请重新选择文件")
