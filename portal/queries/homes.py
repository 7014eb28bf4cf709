"""A homeowner's homes: the four answers of the first screen, in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock, scope
from portal.extensions import db
from portal.models import (
    Assignment,
    Complaint,
    Drawing,
    DrawingDecision,
    DrawingRevision,
    Estimate,
    EstimateRevision,
    Membership,
    Order,
    Project,
    Refusal,
    Signature,
    User,
    Visit,
)
from portal.queries import journeys, orders
from portal.rules import stages
from portal.rules.access import Role
from portal.rules.journey import Journey

NEXT_VISITS, CONTACTS = 3, (Role.ACCOUNT_MANAGER, Role.PROJECT_MANAGER, Role.DESIGNER, Role.CHIEF_DESIGNER, Role.ESTIMATOR)


@dataclass(frozen=True)
class Home:
    """One home as its owner's first screen shows it."""

    project: Project
    journey: Journey
    order: Order | None
    stages: Sequence[orders.StageView]
    to_sign: Sequence[EstimateRevision]
    to_decide: Sequence[Drawing]
    visits: Sequence[Visit]
    complaints: Sequence[Complaint]
    contacts: Sequence[Assignment]

    @property
    def now(self):
        """The stage in hand, None before and after the works."""
        return next((view for view in self.stages if view.stage.actual_end is None), None)

    @property
    def following(self):
        """The stage after the one in hand."""
        open_ones = [view for view in self.stages if view.stage.actual_end is None]
        return open_ones[1] if len(open_ones) > 1 else None


def first_screen(user: User) -> list[Home]:
    """Her homes, newest first, each with its four answers."""
    projects = _projects(user)
    ids = [project.id for project in projects]
    ways = journeys.of(ids)
    works = {order.project_id: order for order in orders.of_homes(scope.home_orders(user))} if ids else {}
    to_sign, to_decide = _to_sign(user), _to_decide(user)
    visits, complaints = _visits(user), _complaints(user)
    return [
        Home(
            project=project, journey=ways[project.id], order=works.get(project.id),
            stages=orders.stages(works[project.id], for_homeowner=True) if project.id in works else (),
            to_sign=[one for one in to_sign if one.estimate.project_id == project.id],
            to_decide=[one for one in to_decide if one.project_id == project.id],
            visits=[one for one in visits if one.project_id == project.id][:NEXT_VISITS],
            complaints=[one for one in complaints if one.project_id == project.id],
            contacts=contacts(project),
        )
        for project in projects
    ]


def progress(user: User) -> list[Home]:
    """The same homes for the page of progress."""
    return first_screen(user)


def contacts(project: Project) -> list[Assignment]:
    """Whom she may call, in the order of CONTACTS; one entry a role."""
    active = [one for one in project.assignments if one.ended_at is None and Role(one.role) in CONTACTS]
    return sorted(active, key=lambda one: CONTACTS.index(Role(one.role)))


def stage_words() -> dict[str, stages.Stage]:
    """Stage code → its plain words for the homeowner."""
    return {template.code: template for template in stages.STAGES}


def _projects(user: User) -> list[Project]:
    rows = scope.homes(user).options(selectinload(Project.assignments).joinedload(Assignment.user))
    return list(db.session.scalars(rows.order_by(Project.created_at.desc(), Project.id.desc())).unique())


def _to_sign(user: User) -> list[EstimateRevision]:
    """Presented, newest, valid, and she may sign but has neither signed nor declined."""
    hers = select(Estimate.id).where(Estimate.project_id.in_(_home_ids(user, right="sign")))
    newest = (
        select(func.max(EstimateRevision.id))
        .where(EstimateRevision.presented_at.is_not(None), EstimateRevision.withdrawn_at.is_(None), EstimateRevision.estimate_id.in_(hers))
        .group_by(EstimateRevision.estimate_id)
    )
    mine = [
        ~exists().where(Signature.revision_id == EstimateRevision.id, Signature.user_id == user.id),
        ~exists().where(Refusal.revision_id == EstimateRevision.id, Refusal.user_id == user.id),
    ]
    rows = (
        scope.home_revisions(user)
        .where(EstimateRevision.id.in_(newest), EstimateRevision.agreed_on_paper_on.is_(None), *mine,
               EstimateRevision.valid_until >= clock.today())
        .options(joinedload(EstimateRevision.estimate))
    )
    return list(db.session.scalars(rows).unique())


def _to_decide(user: User) -> list[Drawing]:
    """Drawings whose newest shown revision she has not decided on."""
    newest = (
        select(func.max(DrawingRevision.id))
        .where(DrawingRevision.shown_at.is_not(None))
        .group_by(DrawingRevision.drawing_id)
        .correlate(None)
    )
    open_one = exists().where(
        DrawingRevision.drawing_id == Drawing.id,
        DrawingRevision.id.in_(newest.where(DrawingRevision.drawing_id.in_(select(Drawing.id).where(Drawing.project_id.in_(_home_ids(user)))))),
        ~exists().where(and_(DrawingDecision.revision_id == DrawingRevision.id, DrawingDecision.by_id == user.id)),
    )
    rows = scope.home_drawings(user).where(Drawing.project_id.in_(_home_ids(user, right="sign")), open_one)
    return list(db.session.scalars(rows.order_by(Drawing.sheet_no)))


def _visits(user: User) -> list[Visit]:
    """What is still to come, soonest first; a few for each home."""
    rows = scope.home_visits(user).where(Visit.done_at.is_(None), Visit.cancelled_at.is_(None), Visit.ends_at >= clock.now())
    return list(db.session.scalars(rows.options(joinedload(Visit.person)).order_by(Visit.starts_at).limit(30)))


def _complaints(user: User) -> list[Complaint]:
    """Those that are not closed."""
    rows = scope.home_complaints(user).where(Complaint.closed_at.is_(None)).options(joinedload(Complaint.assignee))
    return list(db.session.scalars(rows.order_by(Complaint.filed_at.desc())))


def _home_ids(user: User, right: str | None = None):
    rows = select(Membership.project_id).where(Membership.user_id == user.id, Membership.ended_at.is_(None))
    return rows.where(Membership.right == right) if right else rows
