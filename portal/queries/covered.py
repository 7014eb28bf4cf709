"""What a paper covers beside its lines: the drawings that the household could see by then, and what stays hers to buy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, or_, select

from portal.extensions import db
from portal.models import Catalogue, CatalogueItem, Drawing, DrawingRevision, EstimateLine, EstimateRevision


def drawings_by(project_id: int, *, at: datetime) -> list[DrawingRevision]:
    """Of every drawing that stood at `at` the newest revision that had been shown, in the order of the sheets."""
    shown = (
        select(DrawingRevision.drawing_id, func.max(DrawingRevision.number).label("number"))
        .join(Drawing)
        .where(
            Drawing.project_id == project_id,
            DrawingRevision.shown_at <= at,
            or_(Drawing.withdrawn_at.is_(None), Drawing.withdrawn_at > at),
        )
        .group_by(DrawingRevision.drawing_id)
        .subquery()
    )
    rows = (
        select(DrawingRevision)
        .join(shown, (shown.c.drawing_id == DrawingRevision.drawing_id) & (shown.c.number == DrawingRevision.number))
        .join(Drawing)
        .order_by(Drawing.sheet_no)
    )
    return list(db.session.scalars(rows))


def bought_by_owner(revision: EstimateRevision) -> list[str]:
    """The main materials that the prices of this revision do not contain, by the price book in force; each once."""
    newest = select(func.max(Catalogue.id)).scalar_subquery()
    codes = select(EstimateLine.code).where(EstimateLine.revision_id == revision.id)
    rows = select(CatalogueItem.owner_supplied_main, func.min(CatalogueItem.position)).where(
        CatalogueItem.catalogue_id == newest, CatalogueItem.owner_supplied_main != "", CatalogueItem.code.in_(codes)
    )
    rows = rows.group_by(CatalogueItem.owner_supplied_main).order_by(func.min(CatalogueItem.position))
    return [name for name, _position in db.session.execute(rows)]
