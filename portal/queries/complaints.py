"""Complaints for pages: queues, the conversation, the clock that everybody sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from portal import clock as wall
from portal import scope
from portal.actions import photos
from portal.extensions import db
from portal.filters import role_names
from portal.models import Assignment, Complaint, ComplaintEvent, Photo, Project, RoleGrant, User
from portal.rules import complaint_clock as rules
from portal.rules.access import Role
from portal.rules.complaint_clock import ComplaintState, Promise, Severity
from portal.rules.decision import Reason
from portal.rules.working_time import CALENDAR, local_day

PAGE = 50
MOST_COUNTED = 1000
STATES = ("open", "overdue", "to_confirm", "closed", "all")
_ANSWER = (Role.CUSTOMER_SERVICE, Role.ENGINEERING_MANAGER, Role.STORE_SUPERVISOR)


@dataclass(frozen=True)
class Face:
    """The clock as it is shown. `minutes` are left, or over when `overdue`; of office hours unless `by_the_clock`.

    `near` is "today", "tomorrow" or "". `tone` is bad, attention or neutral.
    """

    promise: Promise
    due_at: datetime
    overdue: bool
    by_the_clock: bool
    minutes: int
    near: str
    tone: str


@dataclass(frozen=True)
class Said:
    """One step of the conversation with its photos."""

    event: ComplaintEvent
    photos: Sequence[Photo]


def face(complaint: Complaint, at: datetime) -> Face | None:
    """The promise that runs, or None when nothing does."""
    running = rules.running(complaint)
    if running is None:
        return None
    overdue, urgent = rules.is_overdue(running.due_at, at), Severity(complaint.severity).is_urgent
    since, until = (running.due_at, at) if overdue else (at, running.due_at)
    far = until - since > timedelta(days=14)  # nobody reads minutes of that
    minutes = (until - since) // timedelta(minutes=1) if urgent or far else CALENDAR.working_minutes(since, until)
    tone = "bad" if overdue else "attention" if minutes <= 120 else "neutral"
    return Face(running.promise, running.due_at, overdue, urgent, minutes, near(running.due_at, at), tone)


def near(moment: datetime, at: datetime) -> str:
    """"today" or "tomorrow" on the company's calendar, else ""."""
    return {0: "today", 1: "tomorrow"}.get((local_day(moment) - local_day(at)).days, "")


def state(complaint: Complaint) -> ComplaintState:
    return rules.state_of(complaint)


def why(complaint: Complaint) -> tuple[Reason, ...]:
    """Why the promises are as they are."""
    return rules.due_times(complaint.severity, complaint.started_at or complaint.filed_at).trace


def whole(rows: Select) -> Select:
    """A complaint with the people and the home that its page names."""
    return rows.options(
        joinedload(Complaint.project), joinedload(Complaint.filed_by), joinedload(Complaint.assignee)
    )


def conversation(complaint: Complaint, *, for_homeowner: bool) -> list[Said]:
    """Everything since it was filed, the oldest first. Internal notes only with `for_homeowner` off."""
    rows = select(ComplaintEvent).where(ComplaintEvent.complaint_id == complaint.id)
    if for_homeowner:
        rows = rows.where(ComplaintEvent.for_homeowner)
    authors = joinedload(ComplaintEvent.by).selectinload(User.grants)
    events = list(db.session.scalars(rows.options(authors).order_by(ComplaintEvent.id)))
    shown = photos.of("complaint_event", [event.id for event in events])
    notes = {} if for_homeowner else photos.of("staff_note", [event.id for event in events])
    return [Said(event, [*shown[event.id], *notes.get(event.id, ())]) for event in events]


def own_photos(complaint: Complaint) -> Sequence[Photo]:
    """The photos that came with the complaint itself."""
    return photos.of("complaint", [complaint.id])[complaint.id]


def of_homes(rows: Select) -> list[Complaint]:
    """A homeowner's complaints: open ones first by their clock, then the closed ones, the newest first."""
    return list(db.session.scalars(_by_clock(whole(rows)).limit(PAGE * 4)))


def queue(
    rows: Select, *, user: User, at: datetime, show: str = "open", mine: bool = False, category: str = "",
    severity: str = "", words: str = "", project_id: int | None = None, page: int = 1,
) -> tuple[list[Complaint], bool]:
    """A page of the queue by due time, what is overdue first (R160); and whether another page follows."""
    rows = rows.join(Project, Project.id == Complaint.project_id)
    rows = _shown(rows, show, at)
    if mine:
        rows = rows.where(Complaint.assignee_id == user.id)
    if category:
        rows = rows.where(Complaint.category == category)
    if severity:
        rows = rows.where(Complaint.severity == severity)
    if project_id is not None:
        rows = rows.where(Complaint.project_id == project_id)
    for word in words.split()[:6]:
        part = _contains(word)
        rows = rows.where(or_(*(field.ilike(part, escape="\\") for field in (
            Complaint.number, Complaint.title, Project.title, Project.code, Project.customer_name))))
    rows = rows.options(contains_eager(Complaint.project), joinedload(Complaint.assignee))
    rows = _in_order(rows, show, one_home=project_id is not None)
    found = list(db.session.scalars(rows.limit(PAGE + 1).offset(PAGE * (page - 1))))
    return found[:PAGE], len(found) > PAGE


def counts(rows: Select, *, user: User, at: datetime) -> dict[str, int]:
    """How many are open, overdue, waiting for a first reply, waiting for the customer, one's own. One query.

    Nobody counts further than `MOST_COUNTED` of a kind, so that the page costs the same in a large company.
    """
    still_open = rows.where(Complaint.closed_at.is_(None))
    clocks = still_open.with_only_columns(Complaint.due_at, Complaint.first_replied_at)
    running = clocks.where(Complaint.due_at.is_not(None)).order_by(Complaint.due_at).limit(MOST_COUNTED).cte("running")
    ended = still_open.with_only_columns(Complaint.id).where(Complaint.due_at.is_(None)).limit(MOST_COUNTED).subquery()
    own = still_open.with_only_columns(Complaint.id).where(Complaint.assignee_id == user.id)
    asked = select(
        select(func.count()).select_from(running).scalar_subquery(),
        select(func.count()).select_from(running).where(running.c.due_at < at).scalar_subquery(),
        select(func.count()).select_from(running).where(running.c.first_replied_at.is_(None)).scalar_subquery(),
        select(func.count()).select_from(ended).scalar_subquery(),
        select(func.count()).select_from(own.limit(MOST_COUNTED).subquery()).scalar_subquery(),
    )
    counted, overdue, waiting, to_confirm, mine = db.session.execute(asked).one()
    return {"open": counted + to_confirm, "overdue": overdue, "waiting": waiting, "to_confirm": to_confirm, "mine": mine}


def urgent(user: User, *, at: datetime | None = None, limit: int = 8) -> list[tuple[Complaint, Face | None]]:
    """What comes first today (R163): her own open complaints, and all overdue ones that she may see, by due time."""
    at = at or wall.now()
    rows = whole(scope.complaints(user)).where(Complaint.closed_at.is_(None), Complaint.due_at.is_not(None))
    # Two questions, each with an index of its own, instead of one "or" that reads every open complaint.
    found = {
        complaint.id: complaint
        for wanted in (Complaint.assignee_id == user.id, Complaint.due_at < at)
        for complaint in db.session.scalars(rows.where(wanted).order_by(Complaint.due_at, Complaint.id).limit(limit))
    }
    first = sorted(found.values(), key=lambda complaint: (complaint.due_at, complaint.severity, complaint.id))
    return [(complaint, face(complaint, at)) for complaint in first[:limit]]


def awaiting(user: User) -> list[Complaint]:
    """A homeowner's complaints that wait for her own word."""
    rows = scope.home_complaints(user).where(Complaint.closed_at.is_(None), Complaint.done_at.is_not(None))
    return list(db.session.scalars(rows.order_by(Complaint.done_at).limit(PAGE)))


def _shown(rows: Select, show: str, at: datetime) -> Select:
    if show == "all":
        return rows
    if show == "closed":
        return rows.where(Complaint.closed_at.is_not(None))
    rows = rows.where(Complaint.closed_at.is_(None))
    if show == "overdue":
        return rows.where(Complaint.due_at < at)
    return rows.where(Complaint.due_at.is_(None)) if show == "to_confirm" else rows


def _in_order(rows: Select, show: str, *, one_home: bool) -> Select:
    """In the order of an index, so that a page of a long queue costs no more than one of a short one."""
    if one_home:
        return _by_clock(rows)
    if show == "all":
        return rows.order_by(Complaint.id.desc())
    if show == "closed":
        return rows.order_by(Complaint.closed_at.desc(), Complaint.id.desc())
    return rows.order_by(Complaint.due_at.asc().nulls_last(), Complaint.id)


def _by_clock(rows: Select) -> Select:
    """Open ones by their running promise, those that wait for the customer next, closed ones last."""
    return rows.order_by(
        Complaint.closed_at.is_not(None), Complaint.due_at.asc().nulls_last(), Complaint.severity,
        Complaint.closed_at.desc(), Complaint.id.desc(),
    )


def _contains(word: str) -> str:
    plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def candidates(complaint: Complaint) -> list[tuple[User, str]]:
    """Who may answer for it: the home's team, customer service, those who lead the works; with their roles in words."""
    home = complaint.project_id
    team = select(Assignment.user_id).where(Assignment.project_id == home, Assignment.ended_at.is_(None))
    holders = select(RoleGrant.user_id).where(RoleGrant.role.in_(_ANSWER), RoleGrant.ended_at.is_(None))
    rows = select(User).where(User.disabled_at.is_(None), or_(User.id.in_(team), User.id.in_(holders)))
    people = db.session.scalars(rows.options(selectinload(User.grants)).order_by(User.name, User.id).limit(PAGE * 4))
    return [(person, role_names(person.roles)) for person in people if person.is_staff]
