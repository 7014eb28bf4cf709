"""Drawings of the demo homes: shown, remarked on, one of them approved and one in its second revision."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import select

from portal.actions import files
from portal.actions.plans import saving, showing, talking
from portal.actions.plans.saving import Entry
from portal.demo.floor_plans import Sheet, dxf, pdf
from portal.extensions import db, storage
from portal.models import DrawingRevision, Membership, Project, Upload, User

SHEETS = (Sheet("P-04", "平面布置图", "furniture"), Sheet("P-05", "地面铺装图", "floor"), Sheet("D-01", "电位图", "power"))


def draw(home: Project, designer: User, *, at: datetime) -> None:
    """Three sheets, a remark, and a second revision that answers it; the floor plan also as DXF."""
    then = at - timedelta(days=6)
    entries = [_entry(home, designer, sheet, note="", at=then) for sheet in SHEETS]
    entries.append(_file(home, designer, "P-01_原始结构图.dxf", dxf(home.rooms), "dxf", "P-01", "原始结构图", "", at=then))
    revisions = saving.save(project=home, entries=entries, by=designer, at=then)
    showing.show(project=home, revisions=revisions, by=designer, at=then)
    owner = db.session.scalars(select(User).join(Membership).where(Membership.project_id == home.id, Membership.right == "sign")).first()
    furniture, floor = revisions[0], revisions[1]
    _remark(furniture, owner, at=then + timedelta(hours=5))
    talking.decide(floor, approve=True, reason="", by=owner, at=then + timedelta(hours=6))
    second = Sheet("P-04", "平面布置图", "furniture", revision=1, moved=True)
    entry = _entry(home, designer, second, note="按您的留言把沙发右移，电视柜加长。", at=at)
    newer = saving.save(project=home, entries=[entry], by=designer, at=at - timedelta(days=1))
    showing.show(project=home, revisions=newer, by=designer, at=at - timedelta(days=1))


def _remark(revision: DrawingRevision, owner: User, *, at: datetime) -> None:
    said = talking.remark(revision, page=1, place=(Decimal("0.34"), Decimal("0.46")), body="沙发离门太近，能往右移一点吗？", by=owner, at=at)
    talking.answer(said, words="可以，下一版会移。", resolved=False, by=revision.uploaded_by, at=at + timedelta(hours=14))


def _entry(home: Project, designer: User, sheet: Sheet, *, note: str, at: datetime) -> Entry:
    content = pdf(home.rooms, sheet, home=home.title, designer=designer.name)
    name = f"{sheet.number}_{sheet.title}_SG-R{sheet.revision}.pdf"
    return _file(home, designer, name, content, "pdf", sheet.number, sheet.title, note, at=at)


def _file(home: Project, by: User, name: str, content: bytes, kind: str, number: str, title: str, note: str, *, at: datetime) -> Entry:
    media_type = "application/pdf" if kind == "pdf" else "image/vnd.dxf"
    sha256 = files.note(storage.put(io.BytesIO(content), limit_bytes=len(content) + 1), media_type=media_type, at=at)
    upload = Upload(
        project_id=home.id, by_id=by.id, token=uuid4().hex, name=name, size_bytes=len(content),
        begun_at=at, finished_at=at, file_sha256=sha256, file_kind=kind,
    )
    db.session.add(upload)
    db.session.flush()
    return Entry(upload, number, title, "1:75", note)
