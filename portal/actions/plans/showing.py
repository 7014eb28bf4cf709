"""Showing drawings to the household is an act of its own; before it she sees nothing of a revision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import audit
from portal.actions.plans import telling
from portal.extensions import db
from portal.jobs import enqueue
from portal.models import Drawing, DrawingRevision, Project, User


def show(*, project: Project, revisions: Sequence[DrawingRevision], by: User, at: datetime) -> list[DrawingRevision]:
    """Let the household see these revisions, told in one message. Only the newest of a drawing can be shown; what is shown
    already, withdrawn or superseded is passed over. Answers what is new to her.
    """
    _lock({one.drawing_id for one in revisions})
    fresh = [one for one in revisions if one.shown_at is None and one.drawing.withdrawn_at is None and _is_newest(one)]
    for revision in fresh:
        revision.shown_at, revision.shown_by_id = at, by.id
        audit.record("drawing.shown", revision, by=by, at=at, project_id=project.id,
                     sheet_no=revision.drawing.sheet_no, number=revision.number)
        base = base_of(revision)
        if base is not None and revision.compared_with_id != base.id and revision.preview != "waiting":
            enqueue(db.session, "drawing.compare", {"revision_id": revision.id}, unique_key=f"drawing.compare {revision.id} {base.id}")
    if fresh:
        _tell(project, fresh)
    return fresh


def withdraw(drawing: Drawing, *, by: User, at: datetime) -> None:
    """Take a drawing back: it is kept with all it has, and the household no longer sees it. A second time changes nothing."""
    if drawing.withdrawn_at is not None:
        return
    was_shown = any(revision.shown_at for revision in drawing.revisions)
    drawing.withdrawn_at = at
    audit.record("drawing.withdrawn", drawing, by=by, at=at, sheet_no=drawing.sheet_no)
    if was_shown:
        telling.household(
            drawing.project_id, "drawing.withdrawn", lambda: _("%(sheet)s 已撤回", sheet=_named(drawing)),
            lambda: _("设计师撤回了这张图，暂时不用看。需要时会再发给您。"), link="/customer/plans/",
        )


def restore(drawing: Drawing, *, by: User, at: datetime) -> None:
    """The drawing counts again, as it was."""
    if drawing.withdrawn_at is not None:
        drawing.withdrawn_at = None
        audit.record("drawing.restored", drawing, by=by, at=at, sheet_no=drawing.sheet_no)


def base_of(revision: DrawingRevision) -> DrawingRevision | None:
    """What the household compares it with: the last one it was shown before, else simply the one before."""
    rows = select(DrawingRevision).where(
        DrawingRevision.drawing_id == revision.drawing_id, DrawingRevision.number < revision.number
    ).options(joinedload(DrawingRevision.pages))
    shown_first = rows.order_by(DrawingRevision.shown_at.is_(None), DrawingRevision.number.desc())
    return db.session.scalars(shown_first).unique().first()


def _lock(drawing_ids: set[int]) -> None:
    """Nobody decides on an old revision, or saves a newer one, while this one is being shown."""
    rows = select(Drawing).where(Drawing.id.in_(drawing_ids)).order_by(Drawing.id).with_for_update()
    db.session.scalars(rows.execution_options(populate_existing=True)).all()


def _is_newest(revision: DrawingRevision) -> bool:
    return revision.number == revision.drawing.next_number - 1


def _tell(project: Project, fresh: Sequence[DrawingRevision]) -> None:
    first = fresh[0].drawing
    link = f"/customer/plans/{first.id}" if len(fresh) == 1 else "/customer/plans/"
    telling.household(
        project.id, "drawing.shown", lambda: _("图纸请您过目（共%(n)s张）", n=len(fresh)),
        lambda: _("%(sheets)s。看完请点“确认”，或在图上标出要改的地方。", sheets=_sheets(fresh)), link=link,
    )


def _sheets(fresh: Sequence[DrawingRevision]) -> str:
    named = [f"{_named(one.drawing)} R{one.number}" for one in fresh[:4]]
    return _("、").join(named) + ("…" if len(fresh) > 4 else "")


def _named(drawing: Drawing) -> str:
    return f"{drawing.sheet_no} {drawing.title}"
