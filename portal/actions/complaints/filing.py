"""Filing a complaint: number, named person and due time at once, and one complaint however often the form is sent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.actions import photos
from portal.actions.complaints import telling
from portal.extensions import db
from portal.jobs.queue import INSERT
from portal.models import Assignment, Complaint, ComplaintCounter, ComplaintEvent, Project, RoleGrant, User
from portal.rules import complaint_clock as rules
from portal.rules.access import Role
from portal.rules.complaint_clock import Act, Category, Severity
from portal.rules.working_time import local_day

# Who answers when nobody looks after the customer: the first of these roles that somebody holds.
_ANSWERS = (Role.CUSTOMER_SERVICE, Role.STORE_SUPERVISOR, Role.ADMINISTRATOR, Role.GENERAL_MANAGER)


@dataclass(frozen=True)
class Filing:
    """What is complained about. `urgent`: somebody or something is in danger now."""

    project: Project
    category: str
    title: str
    description: str
    subcategory: str = ""
    place: str = ""
    visiting_time: str = ""
    urgent: bool = False
    request_key: str = ""
    channel: str = "portal"
    reporter_name: str = ""


def file(filing: Filing, cleaned: Iterable[photos.CleanPhoto] = (), *, by: User, at: datetime) -> Complaint:
    """A complaint with its number, person and promises (R159, R160). The same form sent again is the same complaint.

    Whoever answers is told at once, whoever filed gets the number; a danger also reaches those who lead the company.
    """
    key = _one_form(filing, by)
    filed = _filed_before(key)
    if filed is not None:
        return filed
    try:
        with db.session.begin_nested():
            complaint = _new(filing, key, by, at)
            db.session.add(complaint)
    except IntegrityError:  # the other click was faster
        filed = _filed_before(key)
        if filed is None:
            raise
        return filed
    _begin(complaint, list(cleaned), by, at)
    return complaint


def _begin(complaint: Complaint, cleaned: list[photos.CleanPhoto], by: User, at: datetime) -> None:
    note_event(complaint, Act.FILED, "", by=by, at=at)
    photos.keep(cleaned, subject="complaint", subject_id=complaint.id, project_id=complaint.project_id, by=by, at=at)
    audit.record(
        "complaint.filed", complaint, by=by, at=at, number=complaint.number, severity=complaint.severity,
        category=complaint.category, photos=len(cleaned), assignee_id=complaint.assignee_id,
    )
    telling.filed(complaint)


def _new(filing: Filing, key: str | None, by: User, at: datetime) -> Complaint:
    usual = rules.default_severity(Category(filing.category), filing.subcategory)
    complaint = Complaint(
        number=_number(at), project_id=filing.project.id, category=filing.category, subcategory=filing.subcategory,
        severity=(Severity.L0 if filing.urgent else usual).value, title=filing.title, description=filing.description,
        place=filing.place, visiting_time=filing.visiting_time,
        channel=filing.channel, reporter_name=filing.reporter_name,
        filed_by_id=by.id, filed_at=at, request_key=key, assignee_id=who_answers(filing.project).id,
    )
    start_clock(complaint, at)
    return complaint


def start_clock(complaint: Complaint, at: datetime) -> None:
    """The promises of the complaint's level, counted from `at`; what was kept already stays kept."""
    due = rules.due_times(complaint.severity, at)
    complaint.started_at = at
    complaint.first_reply_due_at, complaint.on_site_due_at = due.first_reply_at, due.on_site_at
    complaint.plan_due_at, complaint.done_due_at = due.plan_at, due.done_at
    set_due(complaint)


def set_due(complaint: Complaint) -> None:
    """Keep the running promise for the queue."""
    clock = rules.running(complaint)
    complaint.due_at = clock.due_at if clock else None


def note_event(complaint: Complaint, act: Act, body: str, *, by: User | None, at: datetime, by_name: str = "",
               for_homeowner: bool = True) -> ComplaintEvent:
    """One step in the story."""
    event = ComplaintEvent(
        complaint_id=complaint.id, act=act.value, body=body, for_homeowner=for_homeowner, by_id=by.id if by else None,
        by_name=by.name if by else by_name, at=at,
    )
    db.session.add(event)
    db.session.flush()
    return event


def who_answers(project: Project) -> User:
    """The project's account manager, else who in customer service has the fewest open complaints, else who leads."""
    manager = db.session.scalars(
        select(User).join(Assignment, Assignment.user_id == User.id)
        .where(Assignment.project_id == project.id, Assignment.role == Role.ACCOUNT_MANAGER.value,
               Assignment.ended_at.is_(None), User.disabled_at.is_(None))
        .order_by(Assignment.id.desc()).limit(1)
    ).one_or_none()
    return manager or next(filter(None, map(_least_busy, _ANSWERS)))


def _least_busy(role: Role) -> User | None:
    still_open = (
        select(func.count()).select_from(Complaint)
        .where(Complaint.assignee_id == User.id, Complaint.closed_at.is_(None)).correlate(User).scalar_subquery()
    )
    holders = select(RoleGrant.user_id).where(RoleGrant.role == role.value, RoleGrant.ended_at.is_(None))
    rows = select(User).where(User.id.in_(holders), User.disabled_at.is_(None)).order_by(still_open, User.id)
    return db.session.scalars(rows.limit(1)).one_or_none()


def _number(at: datetime) -> str:
    """T20261124-0007: the database counts, so two at one moment never share a number. A gap means nothing."""
    day, counter = local_day(at), ComplaintCounter.__table__
    first = INSERT[db.session.get_bind().dialect.name](counter).values(day=day, last=1)
    counted = first.on_conflict_do_update(index_elements=["day"], set_={"last": counter.c.last + 1})
    return f"T{day:%Y%m%d}-{db.session.execute(counted.returning(counter.c.last)).scalar_one():04d}"


def _one_form(filing: Filing, by: User) -> str | None:
    """The same person, form and words are one complaint; other words in a form that she went back to are another."""
    if not filing.request_key:
        return None
    said = (by.id, filing.request_key, filing.project.id, filing.category, filing.title, filing.description)
    return hashlib.sha256(repr(said).encode()).hexdigest()


def _filed_before(key: str | None) -> Complaint | None:
    return db.session.scalars(select(Complaint).where(Complaint.request_key == key)).one_or_none() if key else None
