"""The dispatch board, and which designer is free when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import MeasurementRecord, Project, RoleGrant, User, Visit
from portal.rules.visits import VisitKind

MOST = 100


@dataclass(frozen=True)
class Free:
    """A designer and from when on he is free; `free_at` is the asked moment itself when he is free then."""

    user: User
    role: str
    free_at: datetime


@dataclass(frozen=True)
class OnBoard:
    """A measurement on the dispatch board. `late`: expected by now and not confirmed as arrived (R052)."""

    visit: Visit
    late: bool


def board(rows: Select, *, now: datetime) -> dict[str, list[OnBoard]]:
    """Measurements that are not done: without a designer, on the way or expected, arrived and to be recorded."""
    rows = rows.where(Visit.kind == VisitKind.MEASUREMENT.value, Visit.done_at.is_(None), Visit.cancelled_at.is_(None))
    rows = rows.where(Visit.starts_at > now - timedelta(days=60)).order_by(Visit.starts_at, Visit.id).limit(MOST)
    rows = rows.options(joinedload(Visit.project), joinedload(Visit.person))
    found: dict[str, list[OnBoard]] = {"waiting": [], "expected": [], "arrived": []}
    for visit in db.session.scalars(rows).unique():
        place = "arrived" if visit.arrived_at else "expected" if visit.person_id else "waiting"
        found[place].append(OnBoard(visit, not visit.arrived_at and now > (visit.arrival_at or visit.starts_at)))
    return found


def designers(roles: Sequence[str], *, at: datetime, hours: float = 1.0) -> list[Free]:
    """All active designers, whoever is free first on top: a busy one is free when the visits that follow `at` end."""
    rows = (
        select(User, func.min(RoleGrant.role))
        .join(RoleGrant, RoleGrant.user_id == User.id)
        .where(RoleGrant.role.in_(roles), RoleGrant.ended_at.is_(None), User.disabled_at.is_(None))
        .group_by(User.id)
    )
    holders = list(db.session.execute(rows))
    taken: dict[int, list[tuple[datetime, datetime]]] = {}
    visits = select(Visit.person_id, Visit.starts_at, Visit.ends_at).where(
        Visit.person_id.in_([user.id for user, _role in holders]),
        Visit.ends_at > at,
        Visit.starts_at < at + timedelta(days=1),
        Visit.all_day.is_(False),
        Visit.cancelled_at.is_(None),
        Visit.done_at.is_(None),
    )
    for person_id, starts_at, ends_at in db.session.execute(visits.order_by(Visit.starts_at)):
        taken.setdefault(person_id, []).append((starts_at, ends_at))
    found = [Free(user, role, _free_at(taken.get(user.id, ()), at, timedelta(hours=hours))) for user, role in holders]
    return sorted(found, key=lambda free: (free.free_at, free.user.name, free.user.id))


def record_of_project(project: Project) -> MeasurementRecord | None:
    """The latest record of the home."""
    rows = select(MeasurementRecord).where(MeasurementRecord.project_id == project.id).order_by(MeasurementRecord.id.desc())
    return db.session.scalars(rows.limit(1).options(joinedload(MeasurementRecord.submitted_by))).one_or_none()


def _free_at(taken, at: datetime, needed: timedelta) -> datetime:
    """The first moment from `at` on that leaves `needed` before the next visit."""
    for starts_at, ends_at in taken:
        if starts_at < at + needed and ends_at > at:
            at = ends_at
    return at
