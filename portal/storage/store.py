"""The store: every content once, under its own SHA-256."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from portal.storage.partial import Partials
from portal.storage.streams import MEGABYTE, Readable, chunks, write

HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Stored:
    """What lies in the store: its SHA-256 in lower-case hex and its size in bytes."""

    sha256: str
    size: int


class Storage:
    """Content-addressed files in a local folder. A content is written whole or not at all, and never changes.

    Only `path` promises a local file; everything else could be answered by an object store.
    """

    def __init__(self, root: Path, partial_limit_bytes: int = 200 * MEGABYTE) -> None:
        self._contents = Path(root) / "contents"
        self._unfinished = Path(root) / "unfinished"
        self._partials = Partials(self._unfinished, partial_limit_bytes)

    def put(self, stream: Readable, limit_bytes: int) -> Stored:
        """Stores the rest of `stream`; the same content again costs no space.

        Raises Refused `too_large` after the first byte beyond `limit_bytes` and `no_space` when the disk is full;
        nothing is left behind in either case, nor when reading the stream fails.
        """
        with self._scratch_file() as (scratch, file):
            stored = _copy(stream, file, limit_bytes)
            file.flush()
            os.fsync(file.fileno())
            self._keep(scratch, stored)
        return stored

    def path(self, sha256: str) -> Path:
        """Where the content lies, for programs that need a file; read only. Raises FileNotFoundError."""
        path = self._place(sha256)
        if not path.is_file():
            raise FileNotFoundError(errno.ENOENT, "no such content", sha256)
        return path

    def open(self, sha256: str) -> BinaryIO:
        """The content as a binary file for reading. Raises FileNotFoundError."""
        return self.path(sha256).open("rb")

    def exists(self, sha256: str) -> bool:
        return bool(HASH.fullmatch(sha256)) and self._place(sha256).is_file()

    def verify(self, sha256: str) -> bool:
        """Whether the bytes on the disk still have the hash they lie under. Raises FileNotFoundError."""
        with self.open(sha256) as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256

    def begin(self) -> str:
        """Starts an upload that arrives in parts; the token names it and cannot be guessed."""
        return self._partials.begin()

    def received(self, token: str) -> int:
        """How many bytes of an unfinished upload have arrived. Raises Refused `upload_unknown`."""
        return self._partials.received(token)

    def append(self, token: str, offset: int, stream: Readable, limit_bytes: int | None = None) -> int:
        """Adds what `stream` brings at `offset` bytes and returns how many bytes there are now.

        What had arrived before a broken connection stays. Raises OutOfStep (with the real number of bytes) unless
        `offset` equals what is there, Refused `too_large` beyond the limit, `upload_unknown` for a dead token.
        """
        return self._partials.append(token, offset, stream, limit_bytes)

    def beginning(self, token: str, size_bytes: int = 4096) -> bytes:
        """The first bytes of an unfinished upload, enough to recognise its kind before anything is kept."""
        with self._partials.open(token) as file:
            return file.read(size_bytes)

    def finish(self, token: str) -> Stored:
        """Stores what has arrived and forgets the token.

        The content is hashed while it is copied: a late writer with the old connection cannot reach what is stored.
        """
        with self._partials.open(token) as file:
            stored = self.put(file, limit_bytes=self._partials.received(token))
        self.discard(token)
        return stored

    def discard(self, token: str) -> None:
        """Forgets an unfinished upload; a token that is already forgotten is no error."""
        self._partials.discard(token)

    def sweep(self, older_than: datetime) -> int:
        """Removes unfinished uploads untouched since `older_than` (aware); returns how many."""
        return self._partials.sweep(older_than)

    def _place(self, sha256: str) -> Path:
        if not HASH.fullmatch(sha256):
            raise FileNotFoundError(errno.ENOENT, "not a SHA-256 in hex")
        return self._contents / sha256[:2] / sha256

    def _keep(self, scratch: Path, stored: Stored) -> None:
        """A rename inside one file system is atomic: readers see the whole content or none.

        An existing content stays as it is; only one that the disk cut short is replaced by the whole.
        """
        place = self._place(stored.sha256)
        if place.is_file() and place.stat().st_size == stored.size:
            return
        place.parent.mkdir(parents=True, exist_ok=True)
        scratch.chmod(0o440)
        scratch.replace(place)
        _sync_folder(place.parent)

    @contextmanager
    def _scratch_file(self) -> Iterator[tuple[Path, BinaryIO]]:
        self._unfinished.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix="put-", dir=self._unfinished)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield Path(name), file
        finally:
            Path(name).unlink(missing_ok=True)


def _copy(stream: Readable, file: BinaryIO, limit_bytes: int) -> Stored:
    digest, size = hashlib.sha256(), 0
    for chunk in chunks(stream, limit_bytes):
        size += len(chunk)
        digest.update(chunk)
        write(file, chunk)
    return Stored(digest.hexdigest(), size)


def _sync_folder(folder: Path) -> None:
    """A rename survives a power cut only when its folder has reached the disk, too."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
