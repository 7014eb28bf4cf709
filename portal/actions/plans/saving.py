"""Confirmed files become revisions. The number is counted at the drawing, so that none is ever used twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from portal import audit
from portal.drawings.names import read_name
from portal.drawings.sheets import TITLES
from portal.extensions import db
from portal.jobs import enqueue
from portal.models import Drawing, DrawingRevision, Project, Upload, User
from portal.rules import plans as rules
from portal.rules.decision import Decision
from portal.rules.plans import NewRevision, Saving
from portal.storage import Refused

UNSCALED = ("0", "R-")  # covers, lists and renderings have no scale


@dataclass(frozen=True)
class Proposal:
    """What a file seems to be: filled into the form, for the designer to confirm. `number` is the revision it would be."""

    upload: Upload
    sheet_no: str
    title: str
    scale: str
    number: int
    drawing: Drawing | None
    warnings: tuple[Refused, ...]


@dataclass(frozen=True)
class Entry:
    """A file with what the designer says it is; `expected` is the number she was told it would get (-1: none)."""

    upload: Upload
    sheet_no: str
    title: str
    scale: str
    note: str
    expected: int = -1

    @property
    def key(self) -> str:
        return rules.sheet_key(self.sheet_no)


class NotReady(Exception):
    """Nothing was saved; `decisions` say by upload id what is missing."""

    def __init__(self, decisions: dict[int, Decision[Saving]]) -> None:
        super().__init__()
        self.decisions = decisions


class TakenMeanwhile(Exception):
    """A colleague saved a sheet of the same number at the same moment. Nothing of this was saved, the session is rolled back."""


def propose(project: Project, uploads: Sequence[Upload]) -> list[Proposal]:
    """What the names of these files tell, beside the drawings that are there."""
    known = _drawings(project.id, None)
    usual = _usual_scale(known.values())
    return [_proposal(upload, known, usual) for upload in uploads]


def judge(project: Project, entries: Sequence[Entry]) -> dict[int, Decision[Saving]]:
    """By upload id, whether it may be saved as described."""
    known = _drawings(project.id, [entry.key for entry in entries])
    sources = {source.upload.id for _shown, source in _pairs(entries) if source}
    return {entry.upload.id: _judge(entry, known.get(entry.key)) for entry in entries if entry.upload.id not in sources}


def save(*, project: Project, entries: Sequence[Entry], by: User, at: datetime) -> list[DrawingRevision]:
    """All of them or none: raises NotReady or TakenMeanwhile, or rules' Refused when two files claim one sheet.

    An upload that has become a revision already (a second click) is passed over.
    """
    _lock([entry.upload for entry in entries])
    entries = [entry for entry in entries if entry.upload.revision_id is None]
    pairs = _pairs(entries)
    known = _drawings(project.id, [entry.key for entry in entries], lock=True)
    decisions = {entry.upload.id: _judge(entry, known.get(entry.key)) for entry, _source in pairs}
    if any(decision.verdict is Saving.REFUSED for decision in decisions.values()):
        raise NotReady(decisions)
    try:
        return [_save(project, entry, source, known.get(entry.key), by, at) for entry, source in pairs]
    except IntegrityError:
        db.session.rollback()
        raise TakenMeanwhile from None


def numbers(project: Project, sheet_nos: Sequence[str]) -> list[int]:
    """The revision number that each of these sheets would get now."""
    keys = [rules.sheet_key(sheet_no) for sheet_no in sheet_nos]
    known = _drawings(project.id, keys)
    return [known[key].next_number if key in known else 0 for key in keys]


def _save(project: Project, entry: Entry, source: Entry | None, drawing: Drawing | None, by: User, at: datetime) -> DrawingRevision:
    drawing = drawing or Drawing(project_id=project.id, sheet_no=entry.key, next_number=0, created_at=at)
    drawing.title, drawing.scale, drawing.withdrawn_at = entry.title, rules.scale_of(entry.scale), None
    number, drawing.next_number = drawing.next_number, drawing.next_number + 1
    db.session.add(drawing)
    db.session.flush()
    revision = DrawingRevision(
        drawing_id=drawing.id, number=number, file_sha256=entry.upload.file_sha256, file_name=entry.upload.name,
        file_kind=entry.upload.file_kind, change_note=entry.note, uploaded_by_id=by.id, uploaded_at=at, preview_notes=[],
        **_source(source),
    )
    db.session.add(revision)
    db.session.flush()
    for one in filter(None, (entry, source)):
        one.upload.revision_id = revision.id
    audit.record("drawing.revised", revision, by=by, at=at, project_id=project.id, sheet_no=drawing.sheet_no, number=number,
                 sha256=revision.file_sha256, source_sha256=revision.source_sha256, note=entry.note)
    enqueue(db.session, "drawing.preview", {"revision_id": revision.id}, unique_key=f"drawing.preview {revision.id}")
    return revision


def _source(source: Entry | None) -> dict:
    if source is None:
        return {}
    upload = source.upload
    return {"source_sha256": upload.file_sha256, "source_name": upload.name, "source_kind": upload.file_kind}


def _pairs(entries: Sequence[Entry]) -> list[tuple[Entry, Entry | None]]:
    files = [(entry.key or f"?{place}", entry.upload.file_kind) for place, entry in enumerate(entries)]
    return [(entries[shown], None if source is None else entries[source]) for shown, source in rules.pair_up(files)]


def _judge(entry: Entry, drawing: Drawing | None) -> Decision[Saving]:
    newest = drawing.revisions[0] if drawing and drawing.revisions else None
    final = read_name(f"{entry.title}.pdf").warnings
    return rules.judge_revision(NewRevision(
        sheet_no=entry.key, title=entry.title, scale=rules.scale_of(entry.scale), note=entry.note,
        number=drawing.next_number if drawing else 0, expected=entry.expected,
        same_content=bool(newest and newest.file_sha256 == entry.upload.file_sha256),
        claims_final=str(final[0].facts["word"]) if final else "",
    ))


def _proposal(upload: Upload, known: dict[str, Drawing], usual: str) -> Proposal:
    named = read_name(upload.name)
    key = rules.sheet_key(named.sheet_no or "")
    drawing = known.get(key)
    title = drawing.title if drawing else TITLES.get(key, "") if named.title in (key, "") else named.title
    unscaled = key.startswith(UNSCALED)
    scale = drawing.scale if drawing else rules.NO_SCALE if unscaled else usual
    return Proposal(upload, key, title[:80], scale, drawing.next_number if drawing else 0, drawing, named.warnings)


def _usual_scale(drawings) -> str:
    """The scale that most sheets of this home have; "" before there is one."""
    scales = [drawing.scale for drawing in drawings if drawing.scale not in ("", rules.NO_SCALE)]
    return max(sorted(set(scales)), key=scales.count) if scales else ""


def _drawings(project_id: int, keys: Sequence[str] | None, *, lock: bool = False) -> dict[str, Drawing]:
    rows = select(Drawing).where(Drawing.project_id == project_id).options(selectinload(Drawing.revisions))
    rows = rows if keys is None else rows.where(Drawing.sheet_no.in_(set(keys)))
    rows = rows.with_for_update().execution_options(populate_existing=True) if lock else rows
    return {drawing.sheet_no: drawing for drawing in db.session.scalars(rows.order_by(Drawing.id))}


def _lock(uploads: Sequence[Upload]) -> None:
    """So that of two clicks the second sees what the first has saved."""
    idents = [upload.id for upload in uploads]
    rows = select(Upload).where(Upload.id.in_(idents)).order_by(Upload.id).with_for_update()
    db.session.scalars(rows.execution_options(populate_existing=True)).all()
