"""Where each project stands on its way, read from its rows: two queries, however many projects."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, func, select

from portal.extensions import db
from portal.models import (
    Drawing,
    DrawingDecision,
    DrawingRevision,
    Estimate,
    EstimateRevision,
    Lead,
    MeasurementRecord,
    Order,
    OrderStage,
    Project,
    Refusal,
    Signature,
    Visit,
)
from portal.rules.journey import Journey, JourneyFacts, journey
from portal.rules.visits import VisitKind

WORKS_DONE, HANDED_OVER = "S18", "S20"


def of(project_ids: Iterable[int]) -> dict[int, Journey]:
    """The journey of each project (P01)."""
    return {ident: journey(facts) for ident, facts in facts_of(project_ids).items()}


def facts_of(project_ids: Iterable[int]) -> dict[int, JourneyFacts]:
    """When each thing happened in each project; what has not happened is None."""
    idents = list(project_ids)
    facts = {ident: JourneyFacts() for ident in idents}
    if not idents:
        return facts
    statement, names = _joined(idents)
    for ident, *values in db.session.execute(statement):
        facts[ident] = replace(facts[ident], **dict(zip(names, values, strict=True)))
    for ident, more in _plans(idents).items():
        facts[ident] = replace(facts[ident], **more)
    return facts


def _joined(idents: Sequence[int]) -> tuple[Select, list[str]]:
    """All of `_statements` side by side, one row for each project, and the facts that its values are."""
    rows, names = select(Project.id).where(Project.id.in_(idents)), []
    for statement, named in _statements(idents):
        part = statement.subquery()
        rows = rows.outerjoin(part, part.c.project_id == Project.id).add_columns(*list(part.c)[1:])
        names += named
    return rows, names


def _statements(idents: Sequence[int]) -> list[tuple[Select, tuple[str, ...]]]:
    """Statements that answer (project id, values…) and the facts that these values are."""
    measuring = (Visit.project_id.in_(idents), Visit.kind == VisitKind.MEASUREMENT.value, Visit.cancelled_at.is_(None))
    revisions = (
        select(Estimate.project_id)
        .join(EstimateRevision, EstimateRevision.estimate_id == Estimate.id)
        .where(Estimate.project_id.in_(idents), EstimateRevision.presented_at.is_not(None), EstimateRevision.withdrawn_at.is_(None))
        .group_by(Estimate.project_id)
    )
    return [
        (select(Lead.project_id, Lead.registered_at).where(Lead.project_id.in_(idents)), ("registered_at",)),
        (
            select(Visit.project_id, func.min(Visit.starts_at), func.min(Visit.done_at)).where(*measuring).group_by(Visit.project_id),
            ("visit_at", "measured_at"),
        ),
        (
            select(MeasurementRecord.project_id, func.max(MeasurementRecord.next_plan_at))
            .where(MeasurementRecord.project_id.in_(idents))
            .group_by(MeasurementRecord.project_id),
            ("next_plan_at",),
        ),
        (
            revisions.outerjoin(Signature, Signature.revision_id == EstimateRevision.id)
            .outerjoin(Refusal, Refusal.revision_id == EstimateRevision.id)
            .add_columns(func.max(EstimateRevision.presented_at), func.max(Signature.at), func.max(Refusal.at)),
            ("presented_at", "signed_by_her_at", "declined_at"),
        ),
        (
            select(Order.project_id, Order.made_at, Order.finished_on).where(Order.project_id.in_(idents)),
            ("signed_at", "finished_on"),
        ),
        (
            select(
                Order.project_id, func.min(OrderStage.actual_start), func.max(OrderStage.actual_end).filter(OrderStage.code == WORKS_DONE)
            )
            .join(OrderStage, OrderStage.order_id == Order.id)
            .where(Order.project_id.in_(idents))
            .group_by(Order.project_id),
            ("started_on", "works_done_on"),
        ),
    ]


def _plans(idents: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Of the newest shown revision of every sheet: when they were shown, approved by all, or sent back."""
    place = func.row_number().over(partition_by=DrawingRevision.drawing_id, order_by=DrawingRevision.number.desc())
    shown = (
        select(DrawingRevision.id, DrawingRevision.drawing_id, DrawingRevision.shown_at, place.label("place"))
        .join(Drawing, Drawing.id == DrawingRevision.drawing_id)
        .where(Drawing.project_id.in_(idents), Drawing.withdrawn_at.is_(None), DrawingRevision.shown_at.is_not(None))
        .subquery()
    )
    approved_at = func.max(DrawingDecision.at).filter(DrawingDecision.approved)
    back_at = func.max(DrawingDecision.at).filter(~DrawingDecision.approved)
    sheets = (
        select(Drawing.project_id, shown.c.shown_at, approved_at.label("approved_at"), back_at.label("back_at"))
        .join(shown, shown.c.drawing_id == Drawing.id)
        .outerjoin(DrawingDecision, DrawingDecision.revision_id == shown.c.id)
        .where(shown.c.place == 1)
        .group_by(Drawing.project_id, Drawing.id, shown.c.shown_at)
        .subquery()
    )
    columns = sheets.c
    rows = db.session.execute(
        select(
            columns.project_id,
            func.min(columns.shown_at),
            func.max(columns.approved_at),
            func.max(columns.back_at),
            func.count(),
            func.count(columns.approved_at),
        ).group_by(columns.project_id)
    )
    return {
        ident: {
            "plan_shown_at": shown_at,
            "plan_approved_at": approved if count == agreed else None,
            "change_requested_at": back,
        }
        for ident, shown_at, approved, back, count, agreed in rows
    }
