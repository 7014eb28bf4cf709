"""Files on their way in: in pieces that survive a broken line, or whole with a form. Nothing counts until it is confirmed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO, Protocol

from sqlalchemy import delete, select

from portal import audit
from portal.actions import files
from portal.extensions import db, settings, storage
from portal.jobs import every
from portal.models import Project, Upload, User
from portal.rules.words import N_
from portal.storage import DRAWINGS, Kind, OutOfStep, Refused, Stored, recognise, safe_name
from portal.storage.streams import MEGABYTE, too_large

PIECE_BYTES = 8 * MEGABYTE
UNFINISHED_DAYS = 3  # a file that was left half-way can be resumed that long
FORGOTTEN_DAYS = 14  # one that arrived and was never confirmed is kept that long
EMPTY = N_("文件是空的（0 字节），请重新导出或拍摄后再上传")
GONE = N_("这次上传已经失效，请重新选择文件")


class Sent(Protocol):
    """A file as a browser sends it with a form."""

    stream: BinaryIO
    filename: str | None


@dataclass(frozen=True)
class Arrived:
    """A file that came whole: its content with its kind, or why it is not taken."""

    name: str
    token: str
    size: int = 0
    stored: Stored | None = None
    kind: Kind | None = None
    refused: Refused | None = None


def begin(*, project: Project, name: str, size: int, stamp: str, by: User, at: datetime) -> Upload:
    """Room for a file of `size` bytes. The same file (`stamp`: when it was last changed) goes on where it broke off.

    Raises storage.Refused for an empty file or one beyond the limit.
    """
    name = safe_name(name)
    if size <= 0:
        raise Refused("empty", EMPTY)
    if size > settings.upload_limit_bytes:
        raise too_large(settings.upload_limit_bytes)
    again = _broken_off(project, name, size, stamp[:40], by) if stamp else None
    if again is not None:
        return again
    upload = Upload(project_id=project.id, by_id=by.id, token=storage.begin(), name=name, size_bytes=size, stamp=stamp[:40], begun_at=at)
    db.session.add(upload)
    db.session.flush()
    return upload


def received(upload: Upload) -> int:
    """How many bytes have arrived. Raises storage.Refused `upload_unknown` when the storage has forgotten it."""
    return upload.size_bytes if upload.finished_at else storage.received(upload.token)


def share(upload: Upload) -> int:
    """How much of it has arrived, in percent; 0 when the storage has forgotten it."""
    try:
        return received(upload) * 100 // upload.size_bytes
    except Refused:
        return 0


def receive(upload: Upload, *, offset: int, stream: BinaryIO, at: datetime) -> int:
    """Add what `stream` brings at `offset`; how many bytes there are now. No database transaction is held meanwhile.

    Raises OutOfStep with the real number, storage.Refused when the beginning shows a kind that is not taken (which ends
    the upload) or more comes than was announced.
    """
    if upload.finished_at:
        raise OutOfStep(upload.size_bytes)
    token, size, name = upload.token, upload.size_bytes, upload.name
    db.session.rollback()
    try:
        there = storage.append(token, offset, stream, limit_bytes=size)
    except Refused as refused:
        if refused.code == "too_large":
            raise Refused("too_much", N_("收到的内容比文件本身还大，请移除后重新上传")) from None
        raise
    if offset == 0:
        _look_at_beginning(upload, token, name, at)
    return there


def finish(upload: Upload, *, by: User, at: datetime) -> Upload:
    """All bytes are there: into the store with its kind. A second time changes nothing; a `fault` is an ending too.

    Raises OutOfStep while bytes are missing.
    """
    if upload.finished_at:
        return upload
    ident, token, size, name = upload.id, upload.token, upload.size_bytes, upload.name
    db.session.rollback()
    try:
        stored, kind = _into_store(token, size, name)
    except Refused as refused:
        held = _hold(ident)
        if held.finished_at or refused.code in ("upload_unknown", "no_space"):
            return _ended(held, refused)
        return _refuse(held, refused, at)
    held = _hold(ident)
    return held if held.finished_at else _take(held, stored, kind, by=by, at=at)


def take(*, project: Project, sent: Iterable[Sent], by: User, at: datetime) -> list[Upload]:
    """Files that came with one form. Each is taken or refused by itself. No transaction is held while they are copied."""
    project_id = project.id
    db.session.rollback()
    came = [_arrive(file) for file in sent if file and file.filename]
    return [_note(one, project_id, by, at) for one in came]


def discard(upload: Upload, *, by: User, at: datetime) -> None:
    """Forget a file that was not confirmed; one that has become a revision stays. A second time changes nothing."""
    if upload.revision_id is None:
        storage.discard(upload.token)
        audit.record("drawing.upload_removed", upload, by=by, at=at, name=upload.name)
        db.session.delete(upload)


@every("drawing.uploads.sweep", daily_at="03:40")
def sweep(at: datetime) -> str:
    """Half files after three days, unconfirmed ones after two weeks."""
    old = at - timedelta(days=UNFINISHED_DAYS)
    gone = storage.sweep(old)
    rows = delete(Upload).where(Upload.revision_id.is_(None))
    half = db.session.execute(rows.where(Upload.finished_at.is_(None), Upload.begun_at < old)).rowcount
    forgotten = db.session.execute(rows.where(Upload.begun_at < at - timedelta(days=FORGOTTEN_DAYS))).rowcount
    return f"{gone} partial files, {half + forgotten} uploads forgotten"


def _into_store(token: str, size: int, name: str) -> tuple[Stored, Kind]:
    there = storage.received(token)
    if there != size:
        raise OutOfStep(there)
    kind = recognise(storage.beginning(token), name, DRAWINGS)
    return storage.finish(token), kind


def _hold(ident: int) -> Upload:
    """The upload as it is now, until the commit: of two that finish it at once the second finds what the first has done.

    Raises storage.Refused when it was removed meanwhile.
    """
    rows = select(Upload).where(Upload.id == ident).with_for_update().execution_options(populate_existing=True)
    held = db.session.scalars(rows).one_or_none()
    if held is None:
        raise Refused("upload_unknown", GONE)
    return held


def _ended(held: Upload, refused: Refused) -> Upload:
    """Somebody else has finished it, or it cannot be finished now."""
    if not held.finished_at:
        raise refused
    return held


def _broken_off(project: Project, name: str, size: int, stamp: str, by: User) -> Upload | None:
    rows = select(Upload).where(
        Upload.project_id == project.id, Upload.by_id == by.id, Upload.name == name, Upload.size_bytes == size,
        Upload.stamp == stamp, Upload.finished_at.is_(None),
    )
    for upload in db.session.scalars(rows.order_by(Upload.id.desc()).limit(1)):
        try:
            storage.received(upload.token)
        except Refused:
            return None
        return upload
    return None


def _look_at_beginning(upload: Upload, token: str, name: str, at: datetime) -> None:
    """Nobody sends 200 MB to learn that it is the wrong file."""
    try:
        recognise(storage.beginning(token), name, DRAWINGS)
    except Refused as refused:
        _refuse(upload, refused, at)
        raise


def _refuse(upload: Upload, refused: Refused, at: datetime) -> Upload:
    storage.discard(upload.token)
    upload.fault, upload.finished_at = refused.as_record(), at
    return upload


def _take(upload: Upload, stored: Stored, kind: Kind, *, by: User, at: datetime) -> Upload:
    upload.file_sha256 = files.note(stored, media_type=kind.media_type, at=at)
    upload.file_kind, upload.finished_at = kind.value, at
    audit.record("drawing.uploaded", upload, by=by, at=at, name=upload.name, sha256=stored.sha256, size_bytes=stored.size)
    return upload


def _arrive(file: Sent) -> Arrived:
    name, token = safe_name(file.filename or ""), storage.begin()
    size = 0
    try:
        size = storage.append(token, 0, file.stream, limit_bytes=settings.upload_limit_bytes)
        kind = recognise(storage.beginning(token), name, DRAWINGS)
        return Arrived(name, token, size, storage.finish(token), kind)
    except Refused as refused:
        storage.discard(token)
        return Arrived(name, token, size, refused=refused)


def _note(came: Arrived, project_id: int, by: User, at: datetime) -> Upload:
    upload = Upload(project_id=project_id, by_id=by.id, token=came.token, name=came.name, size_bytes=came.size, begun_at=at)
    db.session.add(upload)
    db.session.flush()
    if came.refused is not None:
        upload.fault, upload.finished_at = came.refused.as_record(), at
        return upload
    return _take(upload, came.stored, came.kind, by=by, at=at)
