"""Photos from phones: cleaned first, then kept with the thing they show."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from sqlalchemy import select

from portal.actions import files
from portal.drawings.photos import clean_photo
from portal.extensions import db, settings, storage
from portal.models import Photo, User
from portal.storage import PHOTOS, Refused, Stored, recognise, safe_name
from portal.storage.streams import chunks, write

MOST_AT_ONCE = 12


class Sent(Protocol):
    """A file as a browser sends it."""

    stream: BinaryIO
    filename: str | None


@dataclass(frozen=True)
class CleanPhoto:
    """A photo that is upright, without place or camera, and lies in the store; no row points at it yet."""

    name: str
    full: Stored
    thumb: Stored
    width: int
    height: int


def clean(sent: Iterable[Sent], *, most: int = MOST_AT_ONCE) -> list[CleanPhoto]:
    """The photos of `sent`, cleaned; fields left empty are passed over.

    Takes seconds, so it comes before the act: a transaction in which nothing was written yet is given back first,
    so that nobody waits behind the pictures. Raises Refused, whose `facts["name"]` is the file's name.
    """
    chosen = [file for file in sent if file and file.filename]
    if len(chosen) > most:
        raise Refused("too_many", "一次最多上传 {most} 张照片，请分几次上传", {"most": most})
    if chosen and not (db.session.new or db.session.dirty or db.session.deleted):
        db.session.rollback()
    return [_clean_one(file) for file in chosen]


def _clean_one(file: Sent) -> CleanPhoto:
    name = safe_name(file.filename or "")
    try:
        with tempfile.TemporaryDirectory(prefix="photo-") as folder:
            return _picture(file, name, Path(folder))
    except Refused as refused:
        raise Refused(refused.code, refused.words, {**refused.facts, "name": name}) from None


def _picture(file: Sent, name: str, folder: Path) -> CleanPhoto:
    original = folder / "original"
    with original.open("wb") as copy:
        for chunk in chunks(file.stream, settings.photo_limit_bytes):
            write(copy, chunk)
    recognise(original, file.filename or "", PHOTOS)
    photo = clean_photo(original, folder / "clean")
    return CleanPhoto(name, _put(photo.full_path), _put(photo.thumb_path), photo.width, photo.height)


def _put(path: Path) -> Stored:
    with path.open("rb") as file:
        return storage.put(file, limit_bytes=settings.photo_limit_bytes)


def keep(cleaned: Iterable[CleanPhoto], *, subject: str, subject_id: int, project_id: int, by: User, at: datetime) -> list[Photo]:
    """The rows of cleaned photos that show one thing: ("complaint", 12), ("measurement", 3), ("stage_note", 7)."""
    kept = [_row(photo, subject, subject_id, project_id, by, at) for photo in cleaned]
    db.session.add_all(kept)
    db.session.flush()
    return kept


def _row(photo: CleanPhoto, subject: str, subject_id: int, project_id: int, by: User, at: datetime) -> Photo:
    return Photo(
        project_id=project_id,
        subject=subject,
        subject_id=subject_id,
        name=photo.name[:200],
        full_sha256=files.note(photo.full, media_type="image/jpeg", at=at),
        thumb_sha256=files.note(photo.thumb, media_type="image/webp", at=at),
        width=photo.width,
        height=photo.height,
        by_id=by.id,
        at=at,
    )


def of(subject: str, subject_ids: Iterable[int]) -> Mapping[int, list[Photo]]:
    """The photos of many things of one kind in one query; a thing without photos has an empty list."""
    found: dict[int, list[Photo]] = {ident: [] for ident in subject_ids}
    if found:
        rows = select(Photo).where(Photo.subject == subject, Photo.subject_id.in_(found)).order_by(Photo.id)
        for photo in db.session.scalars(rows):
            found[photo.subject_id].append(photo)
    return found
