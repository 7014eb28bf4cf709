"""Going through a budget with the homeowner, line by line (R074)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update

from portal import audit
from portal.actions.estimates.drafting import lock
from portal.extensions import db
from portal.models import EstimateLine, EstimateRevision, User


def explain(revision: EstimateRevision, line_ids: Collection[int], *, by: User, at: datetime, space: str | None = None) -> int:
    """Of the lines of the draft (of its room `space`), exactly those in `line_ids` were explained; answers how many.

    A line that was explained before keeps its moment. Raises NotADraft.
    """
    lock(revision)
    mine = [EstimateLine.revision_id == revision.id] + ([EstimateLine.space == space] if space is not None else [])
    lines = dict(db.session.execute(select(EstimateLine.id, EstimateLine.explained_at).where(*mine)).all())
    wanted = set(line_ids) & set(lines)
    _mark({ident for ident in wanted if lines[ident] is None}, at)
    _mark({ident for ident in lines if ident not in wanted and lines[ident] is not None}, None)
    audit.record(
        "estimate.explained", revision, by=by, at=at, project_id=revision.estimate.project_id, space=space or "", lines=len(wanted)
    )
    return len(wanted)


def _mark(ids: set[int], at: datetime | None) -> None:
    if ids:
        db.session.execute(update(EstimateLine).where(EstimateLine.id.in_(ids)).values(explained_at=at))
