"""A homeowner's homes: the four answers of the first screen, in a number of queries that does not grow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import exists, func, select
from sqlalchemy.orm import joinedload, selectinload

from portal import clock, scope
from portal.extensions import db
from portal.models import (
    Assignment,
    Complaint,
    Drawing,
    DrawingDecision,
    DrawingRevision,
    EstimateRevision,
    Membership,
    Order,
    Project,
    User,
    Visit,
)
from portal.queries import complaints, journeys, offers, orders, visits
from portal.rules import stages as works
from portal.rules.access import Role
from portal.rules.journey import Journey, Leg, journey
from portal.rules.plans import sheet_order
from portal.rules.stages import StageState

NEXT_VISITS = 3
CONTACTS = (Role.ACCOUNT_MANAGER, Role.PROJECT_MANAGER, Role.INSPECTOR, Role.DESIGNER, Role.CHIEF_DESIGNER, Role.ESTIMATOR)
_HER_WORD = (Leg.PLAN, Leg.SIGN)  # legs that ask for a decision: only of those who may sign


@dataclass(frozen=True)
class Home:
    """One home as its owner's first screen shows it.

    `to_sign`, `to_decide` and `to_confirm` wait for her own word; `asks` and `prepare` are sentences, "" when nothing
    is asked. `contacts[0]` answers for what happens now. `expired`: the offer ran out before it was signed.
    """

    project: Project
    may_sign: bool
    journey: Journey
    order: Order | None
    stages: Sequence[orders.StageView]
    to_sign: EstimateRevision | None
    expired: bool
    to_decide: Sequence[Drawing]
    to_confirm: Sequence[Complaint]
    visits: Sequence[Visit]
    complaints: Sequence[tuple[Complaint, complaints.Face | None]]
    contacts: Sequence[Assignment]

    @property
    def now(self) -> orders.StageView | None:
        """The stage in hand, None before and after the works."""
        return next((view for view in self.stages if view.is_open), None)

    @property
    def following(self) -> orders.StageView | None:
        """The stage after the one in hand."""
        ahead = [view for view in self.stages if view.state != StageState.DONE]
        return ahead[1] if len(ahead) > 1 else None

    @property
    def done(self) -> int:
        return sum(view.state == StageState.DONE for view in self.stages)

    @property
    def completion(self) -> date | None:
        """When the works are expected to be accepted; None once they are."""
        return next((view.last for view in self.stages if view.stage.code == "S17" and view.state != StageState.DONE), None)

    @property
    def asks(self) -> str:
        """What is needed of her besides the things that wait for a decision."""
        if self.now is not None:
            begun = self.now.stage.actual_start is not None
            return works.stage(self.now.stage.code).needed if begun else ""
        step = self.journey.now
        if step is None or step.leg in _HER_WORD or (step.leg is Leg.ESTIMATE and self.expired):
            return ""
        return step.asks

    @property
    def prepare(self) -> orders.StageView | None:
        """The coming stage for which she should get something ready."""
        first = self.now if self.now is not None and self.now.stage.actual_start is None else self.following
        return first if first is not None and works.stage(first.stage.code).needed else None

    @property
    def waiting(self) -> int:
        """How many things wait for her."""
        return bool(self.to_sign) + len(self.to_decide) + len(self.to_confirm) + bool(self.asks)


def first_screen(user: User) -> list[Home]:
    """Her homes, those that want something of her first, then the newest."""
    found = _projects(user)
    projects, rights = list(found), {project.id: right for project, right in found.items()}
    ids = list(rights)
    if not ids:
        return []
    facts, offered, now = journeys.facts_of(ids), offers.of(user, ids), clock.now()
    made = {order.project_id: order for order in orders.of_homes(scope.home_orders(user))}
    views_of = orders.stages_of(list(made.values()), for_homeowner=True)
    to_decide, coming = _to_decide(user), _visits(user)
    open_complaints, to_confirm = _complaints(user), complaints.awaiting(user)
    homes = []
    for project in projects:
        offer, order, ident = offered.get(project.id), made.get(project.id), project.id
        way = journey(replace(facts[ident], **offer.journey_facts()) if offer else facts[ident])
        views = views_of[order.id] if order else []
        homes.append(Home(
            project=project, may_sign=rights[ident] == "sign", journey=way, order=order, stages=views,
            to_sign=offer.revision if offer and offer.waits_for_her else None, expired=bool(offer and offer.expired),
            to_decide=[one for one in to_decide if one.project_id == ident],
            to_confirm=[one for one in to_confirm if one.project_id == ident],
            visits=[one for one in coming if one.project_id == ident][:NEXT_VISITS],
            complaints=[(one, complaints.face(one, now)) for one in open_complaints if one.project_id == ident],
            contacts=contacts(project, first=_answers(way, views)),
        ))
    return sorted(homes, key=lambda home: home.waiting == 0)


def contacts(project: Project, *, first: Role | None = None) -> list[Assignment]:
    """Whom she may call: who answers for what happens now on top, then in the order of CONTACTS; each person once."""
    active = [one for one in project.assignments if one.ended_at is None and Role(one.role) in CONTACTS]
    ranked = sorted(active, key=lambda one: (one.role != first, CONTACTS.index(Role(one.role))))
    return [one for place, one in enumerate(ranked) if one.user_id not in {earlier.user_id for earlier in ranked[:place]}]


def _answers(way: Journey, views: Sequence[orders.StageView]) -> Role | None:
    """The role that answers for what happens now."""
    in_hand = next((view for view in views if view.is_open), None)
    if in_hand is not None:
        return works.stage(in_hand.stage.code).answers
    return way.now.answers if way.now else Role.ACCOUNT_MANAGER


def _projects(user: User) -> dict[Project, str]:
    """Her homes, the newest first, each with her right in it: "sign" or "view"."""
    team = selectinload(Project.assignments.and_(Assignment.ended_at.is_(None))).joinedload(Assignment.user)
    rows = scope.homes(user).add_columns(Membership.right).options(team)
    return dict(db.session.execute(rows.order_by(Project.created_at.desc(), Project.id.desc())).all())


def _to_decide(user: User) -> list[Drawing]:
    """Drawings whose newest shown revision nobody of the household has decided on, where she may."""
    hers = select(Membership.project_id).where(Membership.user_id == user.id, Membership.ended_at.is_(None), Membership.right == "sign")
    sheets = select(Drawing.id).where(Drawing.project_id.in_(hers))
    newest = (
        select(func.max(DrawingRevision.id)).where(DrawingRevision.shown_at.is_not(None), DrawingRevision.drawing_id.in_(sheets))
        .group_by(DrawingRevision.drawing_id)
    )
    undecided = exists().where(
        DrawingRevision.drawing_id == Drawing.id, DrawingRevision.id.in_(newest),
        ~exists().where(DrawingDecision.revision_id == DrawingRevision.id),
    )
    rows = scope.home_drawings(user).where(Drawing.project_id.in_(hers), undecided)
    return sorted(db.session.scalars(rows), key=lambda drawing: sheet_order(drawing.sheet_no))


def _visits(user: User) -> list[Visit]:
    """What is still to come, soonest first; a few for each home."""
    rows = scope.home_visits(user).where(Visit.done_at.is_(None), Visit.cancelled_at.is_(None), Visit.ends_at >= clock.now())
    return list(db.session.scalars(visits.shown(rows).order_by(Visit.starts_at).limit(30)).unique())


def _complaints(user: User) -> list[Complaint]:
    """Those on which the company is at work."""
    rows = scope.home_complaints(user).where(Complaint.closed_at.is_(None), Complaint.done_at.is_(None))
    return list(db.session.scalars(rows.options(joinedload(Complaint.assignee)).order_by(Complaint.filed_at.desc()).limit(30)))
