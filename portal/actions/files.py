"""Contents into the store, with the row that others point at."""

from __future__ import annotations

import io
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from sqlalchemy.exc import IntegrityError

from portal.extensions import db, storage
from portal.models import Blob
from portal.storage import Stored


def keep(stream: BinaryIO, *, media_type: str, at: datetime, limit_bytes: int) -> str:
    """Store what `stream` brings; the SHA-256 under which it lies. The same content twice is one row."""
    return note(storage.put(stream, limit_bytes=limit_bytes), media_type=media_type, at=at)


def keep_bytes(content: bytes, *, media_type: str, at: datetime) -> str:
    return keep(io.BytesIO(content), media_type=media_type, at=at, limit_bytes=len(content) + 1)


def keep_file(path: Path, *, media_type: str, at: datetime) -> str:
    with path.open("rb") as file:
        return keep(file, media_type=media_type, at=at, limit_bytes=path.stat().st_size + 1)


def note(stored: Stored, *, media_type: str, at: datetime) -> str:
    """The row of a content that is in the store already. Two people may bring the same content at once."""
    if db.session.get(Blob, stored.sha256) is None:
        with suppress(IntegrityError), db.session.begin_nested():
            db.session.add(Blob(sha256=stored.sha256, size_bytes=stored.size, media_type=media_type, stored_at=at))
    return stored.sha256


def contents(sha256: str) -> bytes:
    """The whole content; for files that are small by their nature (documents, images of pages)."""
    return storage.path(sha256).read_bytes()
