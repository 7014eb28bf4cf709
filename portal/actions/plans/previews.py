"""In the background: pages as pictures, and what changed on them. Nothing here can fail the act that asked for it."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from portal import clock
from portal.actions import files
from portal.actions.plans.showing import base_of
from portal.drawings import changes
from portal.drawings.preview import Page, make_previews
from portal.extensions import db, settings, storage
from portal.jobs import enqueue, job
from portal.models import DrawingRevision, PreviewPage
from portal.storage import Kind, Refused, Stored

MOST_COMPARED_PAGES = 30
MOST_REGIONS = 40
PICTURE_LIMIT_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True)
class Made:
    """A page whose picture and thumbnail lie in the store; no row points at them yet."""

    page: Page
    image: Stored
    thumb: Stored


@dataclass(frozen=True)
class Compared:
    """What differs on a page, as shares of it, and both laid over each other."""

    page_id: int
    regions: list[list[float]]
    overlay: Stored


@job("drawing.preview", attempts=3, timeout_s=900)
def preview(*, revision_id: int) -> str:
    """Pictures of the pages, once. A file without any gets a sentence instead; the original can be downloaded either way."""
    revision = db.session.get(DrawingRevision, revision_id)
    if revision is None or revision.preview != "waiting":
        return "nothing to do"
    source, kind = storage.path(revision.file_sha256), Kind(revision.file_kind)
    db.session.rollback()  # nobody waits for the database while the pictures are made
    with tempfile.TemporaryDirectory(prefix="preview-") as folder:
        try:
            pages = make_previews(source, kind, Path(folder), dwg_command=settings.dwg_command)
            made = [Made(page, _put(page.image_path), _put(page.thumb_path)) for page in pages]
        except Refused as refused:
            return _without(revision_id, refused)
    return _with_pages(revision_id, made, pages.notes)


@job("drawing.compare", attempts=3, timeout_s=900)
def compare(*, revision_id: int) -> str:
    """Mark what changed against the revision that the household saw before."""
    revision = db.session.get(DrawingRevision, revision_id)
    base = revision and base_of(revision)
    if revision is None or base is None or revision.preview != "ready":
        return "nothing to compare"
    old = {page.number: page.image_sha256 for page in base.pages}
    asked = [(page.id, old[page.number], page.image_sha256) for page in revision.pages if page.number in old][:MOST_COMPARED_PAGES]
    base_id = base.id
    db.session.rollback()
    found = [_compare(*pages) for pages in asked]
    _keep(revision_id, base_id, found)
    return f"{len(found)} pages compared"


def _with_pages(revision_id: int, made: Sequence[Made], notes: Sequence[Refused]) -> str:
    revision = db.session.get(DrawingRevision, revision_id)
    if revision is None or revision.preview != "waiting":
        return "done by another worker"
    now = clock.now()
    for one in made:
        image = files.note(one.image, media_type=one.page.media_type, at=now)
        thumb = files.note(one.thumb, media_type="image/webp", at=now)
        db.session.add(PreviewPage(
            revision_id=revision_id, number=one.page.number, image_sha256=image, thumb_sha256=thumb, width=one.page.width,
            height=one.page.height, title=one.page.title[:120],
        ))
    revision.preview, revision.preview_notes = "ready", [note.as_record() for note in notes]
    if revision.number > 0:
        enqueue(db.session, "drawing.compare", {"revision_id": revision_id}, unique_key=f"drawing.compare {revision_id}")
    return f"{len(made)} pages"


def _without(revision_id: int, refused: Refused) -> str:
    revision = db.session.get(DrawingRevision, revision_id)
    if revision is not None:
        revision.preview = "none" if refused.code == "dwg_stored" else "failed"
        revision.preview_notes = [refused.as_record()]
    return refused.code


def _compare(page_id: int, old_sha256: str, new_sha256: str) -> Compared:
    old, new = storage.path(old_sha256), storage.path(new_sha256)
    change = changes.describe_change(old, new)
    regions = [[round(share, 4) for share in astuple(box)] for box in change.regions[:MOST_REGIONS]]
    with tempfile.TemporaryDirectory(prefix="overlay-") as folder:
        return Compared(page_id, regions, _put(changes.overlay(old, new, Path(folder) / "overlay.png")))


def _keep(revision_id: int, base_id: int, found: Sequence[Compared]) -> None:
    """Pages that have no counterpart in the other revision lose what an earlier comparison said."""
    now, by_page = clock.now(), {one.page_id: one for one in found}
    revision = db.session.get(DrawingRevision, revision_id)
    for page in revision.pages if revision else ():
        one = by_page.get(page.id)
        page.changes = one.regions if one else None
        page.overlay_sha256 = files.note(one.overlay, media_type="image/png", at=now) if one else None
    if revision is not None:
        revision.compared_with_id = base_id


def _put(path: Path) -> Stored:
    with path.open("rb") as file:
        return storage.put(file, limit_bytes=PICTURE_LIMIT_BYTES)
