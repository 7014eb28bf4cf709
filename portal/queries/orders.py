"""Orders for pages."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock
from portal.actions import photos
from portal.actions.orders import NOTE_PHOTOS, STAFF_PHOTOS
from portal.extensions import db
from portal.models import Order, OrderStage, Project, StageNote
from portal.rules.stages import state_of

PAGE = 50
STATES = ("unplanned", "running", "late", "finished")


@dataclass(frozen=True)
class StageView:
    """One stage with its state (rules.StageState), its notes and their photos."""

    stage: OrderStage
    state: str
    notes: list[tuple[StageNote, list]]


def whole(rows: Select) -> Select:
    """An order with everything its page shows: the number of queries does not depend on the stages."""
    return rows.options(
        joinedload(Order.project).selectinload(Project.assignments),
        selectinload(Order.stages).selectinload(OrderStage.notes).joinedload(StageNote.by),
    )


def stages(order: Order, *, for_homeowner: bool) -> list[StageView]:
    """The stages in order. A homeowner gets no note that is meant for staff."""
    shown = [(note, NOTE_PHOTOS if note.for_homeowner else STAFF_PHOTOS) for stage in order.stages for note in stage.notes
             if note.for_homeowner or not for_homeowner]
    pictures = {kind: photos.of(kind, [note.id for note, subject in shown if subject == kind]) for kind in (NOTE_PHOTOS, STAFF_PHOTOS)}
    found: dict[int, list] = {stage.id: [] for stage in order.stages}
    for note, kind in shown:
        found[note.stage_id].append((note, pictures[kind][note.id]))
    return [StageView(stage, state_of(order.stages, stage.code).value, found[stage.id]) for stage in order.stages]


def listed(rows: Select, *, state: str = "", words: str = "", before: int | None = None) -> list[Order]:
    """A page of orders, newest first; `state` is one of STATES."""
    rows = rows.join(Project, Project.id == Order.project_id).options(joinedload(Order.project))
    if state in STATES:
        rows = rows.where(_is(state))
    if words:
        part = f"%{words}%"
        rows = rows.where(or_(Project.title.like(part), Project.customer_name.like(part), Project.code.like(part), Order.number.like(part)))
    if before is not None:
        rows = rows.where(Order.id < before)
    return list(db.session.scalars(rows.order_by(Order.id.desc()).limit(PAGE + 1)))


def of_homes(rows: Select) -> list[Order]:
    """The orders of a household with their stages, newest first."""
    return list(db.session.scalars(whole(rows).order_by(Order.made_at.desc())).unique())


def of_project(project_id: int) -> Order | None:
    return db.session.scalars(select(Order).where(Order.project_id == project_id)).one_or_none()


def _is(state: str):
    running = and_(Order.start_on.is_not(None), Order.finished_on.is_(None))
    return {
        "unplanned": Order.start_on.is_(None),
        "running": running,
        "late": and_(running, Order.expected_on < clock.today()),
        "finished": Order.finished_on.is_not(None),
    }[state]
