"""The next things of one member of staff, most pressing kind first. Each kind is one question with a limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, exists, or_, select
from sqlalchemy.orm import aliased, contains_eager, joinedload

from portal import scope
from portal.extensions import db
from portal.models import Assignment, Estimate, EstimateRevision, Order, Project, Refusal, User, Visit
from portal.queries import complaints, leads, measurements, open_plans, orders, visits
from portal.rules.working_time import end_of_day, local_day, midnight

SHOWN, MOST = 5, 20


@dataclass(frozen=True)
class Pile:
    """One kind of work: the rows to show, and how many there are in words ("20+" when nobody counted further)."""

    kind: str
    rows: Sequence
    count: str

    @classmethod
    def of(cls, kind: str, found: Sequence) -> Pile:
        return cls(kind, found[:SHOWN], f"{MOST}+" if len(found) > MOST else str(len(found)))


def of(user: User, *, at: datetime) -> list[Pile]:
    """What waits for `user`, complaints first (R163); kinds without work are left out."""
    asked = (
        ("complaints", "complaint.work", _complaints), ("visits", "visit.see", _visits), ("results", "visit.book", _results),
        ("dispatch", "measurement.dispatch", _dispatch), ("follow_ups", "lead.follow", _follow_ups),
        ("estimates", "estimate.edit", _estimates), ("drawings", "drawing.answer", _drawings), ("orders", "order.advance", _orders),
    )
    piles = [Pile.of(kind, read(user, at)) for kind, capability, read in asked if user.can(capability)]
    return [pile for pile in piles if pile.rows]


def _complaints(user: User, at: datetime) -> list:
    return complaints.urgent(user, at=at, limit=MOST + 1)


def _visits(user: User, at: datetime) -> list[Visit]:
    """One's own visits of today that are not over."""
    today = local_day(at)
    rows = scope.visits(user).where(
        Visit.person_id == user.id, Visit.starts_at < end_of_day(today), visits.ends_after(midnight(today)), Visit.done_at.is_(None),
        Visit.cancelled_at.is_(None),
    )
    return list(db.session.scalars(rows.order_by(Visit.starts_at, Visit.id).limit(MOST + 1).options(joinedload(Visit.project))))


def _results(user: User, at: datetime) -> Sequence[Visit]:
    """One's own visits of earlier days of which nobody knows what came of them."""
    rows = scope.visits(user).where(Visit.person_id == user.id, Visit.ends_at <= midnight(local_day(at)))
    return list(db.session.scalars(visits.without_word(rows, now=at).limit(MOST + 1).options(joinedload(Visit.project))))


def _dispatch(user: User, at: datetime) -> list:
    return measurements.board(scope.visits(user), now=at)["waiting"][: MOST + 1]


def _follow_ups(user: User, at: datetime) -> list:
    """Leads whose next step is due, and that are still hers."""
    found = leads.to_follow(scope.own_leads(user), until=local_day(at), limit=MOST + 1)
    return [item for item in leads.placed(found, at=at) if item.standing.protected or item.lead.project_id] if found else []


def _estimates(user: User, at: datetime) -> list[tuple[EstimateRevision, str]]:
    """The newest revision of each home she works on that is not settled: declined, expired, draft or waiting."""
    later = aliased(EstimateRevision)
    newer = exists().where(
        later.estimate_id == EstimateRevision.estimate_id, later.number > EstimateRevision.number, later.withdrawn_at.is_(None)
    )
    declined = exists().where(Refusal.revision_id == EstimateRevision.id)
    state = case(
        (EstimateRevision.presented_at.is_(None), "draft"), (declined, "declined"),
        (EstimateRevision.valid_until < local_day(at), "expired"), else_="waiting",
    )
    rows = (
        scope.revisions(user).join(Estimate.project)
        .where(
            EstimateRevision.withdrawn_at.is_(None), EstimateRevision.agreed_on_paper_on.is_(None), Project.closed_at.is_(None), ~newer,
            ~exists().where(Order.revision_id == EstimateRevision.id),
            or_(EstimateRevision.prepared_by_id == user.id, Estimate.project_id.in_(_assigned(user))),
        )
        .add_columns(state)
        .options(contains_eager(EstimateRevision.estimate).contains_eager(Estimate.project))
        .order_by(case({"declined": 1, "expired": 2, "draft": 3}, value=state, else_=4), EstimateRevision.id.desc())
    )
    return [(revision, how) for revision, how in db.session.execute(rows.limit(MOST + 1))]


def _drawings(user: User, at: datetime) -> list[open_plans.Waiting]:
    """Homes in which the household remarked on a drawing or wants it changed."""
    rows = scope.projects(user).where(Project.closed_at.is_(None))
    return [one for one in open_plans.waiting(rows, user) if one.open_remarks or one.changes][: MOST + 1]


def _orders(user: User, at: datetime) -> list[Order]:
    """The orders she works on; for those who lead all works only the late and the unplanned ones."""
    return orders.waiting(scope.orders(user), only_troubled=user.can("project.see_all"), limit=MOST + 1)


def _assigned(user: User):
    return select(Assignment.project_id).where(Assignment.user_id == user.id, Assignment.ended_at.is_(None))
