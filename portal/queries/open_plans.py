"""What waits for a designer: the homes in which a drawing is remarked on, sent back, not shown or not decided."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Select, case, exists, func, select
from sqlalchemy.orm import aliased

from portal.extensions import db
from portal.models import Drawing, DrawingDecision, DrawingRevision, Project, Remark, Upload, User

MOST_PROJECTS = 50
_IS_NEWEST = DrawingRevision.number == Drawing.next_number - 1


@dataclass(frozen=True)
class Waiting:
    """A project in which a designer has something to do, or waits for the household."""

    project: Project
    open_remarks: int = 0
    changes: int = 0
    undecided: int = 0
    unshown: int = 0
    uploads: int = 0
    latest: datetime | None = field(default=None, compare=False)


def waiting(projects: Select, user: User) -> list[Waiting]:
    """Of these projects those in which something is open, the most pressing MOST_PROJECTS: six queries, however many."""
    homes = {home.id: home for home in db.session.scalars(_pressing(projects, user))}
    remarks = _counted(
        select(Drawing.project_id, func.count(), func.max(Remark.at)).join(Remark, Remark.drawing_id == Drawing.id)
        .where(Drawing.project_id.in_(homes), Drawing.withdrawn_at.is_(None), Remark.resolved_at.is_(None)))
    changes, undecided = _answers(homes)
    unshown = _counted(
        select(Drawing.project_id, func.count(), func.max(DrawingRevision.uploaded_at)).join(DrawingRevision)
        .where(Drawing.project_id.in_(homes), Drawing.withdrawn_at.is_(None), DrawingRevision.shown_at.is_(None), _IS_NEWEST))
    sent = _counted(
        select(Upload.project_id, func.count(), func.max(Upload.begun_at))
        .where(Upload.project_id.in_(homes), Upload.by_id == user.id, Upload.revision_id.is_(None), Upload.fault.is_(None)))
    parts = (remarks, changes, undecided, unshown, sent)
    found = [
        Waiting(home, *(part.get(ident, (0, None))[0] for part in parts), latest=max(part[ident][1] for part in parts if ident in part))
        for ident, home in homes.items() if any(ident in part for part in parts)
    ]
    return sorted(found, key=_press, reverse=True)


def _press(one: Waiting) -> tuple[bool, bool, datetime, int]:
    """What the household waits for comes first, then what is not sent yet; the latest on top."""
    return bool(one.changes or one.open_remarks), bool(one.uploads or one.unshown), one.latest, one.project.id


def _pressing(projects: Select, user: User) -> Select:
    """One page of projects: first what the household waits for, then what is not sent yet, then what it has to answer.

    Each home is asked by an index whether it has such a thing; only those of the page are counted and read in full.
    """
    kept = (Drawing.project_id == Project.id, Drawing.withdrawn_at.is_(None))
    newest = (*kept, DrawingRevision.drawing_id == Drawing.id, _IS_NEWEST)
    sent_back = (DrawingDecision.revision_id == DrawingRevision.id, DrawingDecision.approved.is_(False))
    later = aliased(DrawingRevision)
    newer = exists().where(later.drawing_id == Drawing.id, later.number > DrawingRevision.number, later.shown_at.is_not(None))
    asked = (
        exists().where(*kept, Remark.drawing_id == Drawing.id, Remark.resolved_at.is_(None)),
        exists().where(*newest, DrawingRevision.shown_at.is_not(None), *sent_back),
        exists().where(*newest, DrawingRevision.shown_at.is_(None)),
        exists().where(Upload.project_id == Project.id, Upload.by_id == user.id, Upload.revision_id.is_(None), Upload.fault.is_(None)),
        exists().where(
            *kept, DrawingRevision.drawing_id == Drawing.id, DrawingRevision.shown_at.is_not(None), ~newer,
            ~exists().where(DrawingDecision.revision_id == DrawingRevision.id)),
    )
    rank = case(*((question, rank) for question, rank in zip(asked, (1, 1, 2, 2, 3), strict=True)), else_=4).label("rank")
    first = projects.with_only_columns(Project.id, rank).order_by(rank, Project.id.desc()).limit(MOST_PROJECTS).subquery()
    return select(Project).join(first, first.c.id == Project.id).where(first.c.rank < 4)


def _answers(project_ids: Iterable[int]) -> tuple[dict[int, tuple[int, datetime]], dict[int, tuple[int, datetime]]]:
    """Sheets whose newest shown revision was sent back, and those nobody decided on yet."""
    place = func.row_number().over(partition_by=DrawingRevision.drawing_id, order_by=DrawingRevision.number.desc())
    shown = (
        select(Drawing.project_id, Drawing.next_number, DrawingRevision.id, DrawingRevision.number, DrawingRevision.shown_at)
        .add_columns(place.label("place")).join(Drawing, Drawing.id == DrawingRevision.drawing_id)
        .where(Drawing.project_id.in_(project_ids), Drawing.withdrawn_at.is_(None), DrawingRevision.shown_at.is_not(None))
        .subquery()
    )
    said = select(DrawingDecision.id).where(DrawingDecision.revision_id == shown.c.id)
    sent_back = said.where(DrawingDecision.approved.is_(False)).exists()
    newest = select(shown.c.project_id, func.count(), func.max(shown.c.shown_at)).where(shown.c.place == 1)
    # A sheet with a newer revision that waits to be shown has had its answer.
    return _counted(newest.where(sent_back, shown.c.number == shown.c.next_number - 1)), _counted(newest.where(~said.exists()))


def _counted(rows: Select) -> dict[int, tuple[int, datetime]]:
    """Project id → (how many, the latest moment)."""
    return {ident: (count, latest) for ident, count, latest in db.session.execute(rows.group_by(rows.selected_columns[0]))}
