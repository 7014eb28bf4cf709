"""Projects for pages: the list with its search, and one project with the people around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import contains_eager, selectinload

from portal.extensions import db
from portal.models import Assignment, Lead, LeadContact, Membership, Project, RoleGrant, User, Visit

PAGE = 50


def matching(rows: Select, words: str) -> Select:
    """Projects in which every word stands somewhere: code, name of the home, customer, community, phone."""
    for word in words.split()[:6]:
        part = contains(word)
        fields = [Project.code, Project.title, Project.customer_name, Project.community, Project.address]
        digits = "".join(sign for sign in word if sign.isdigit())
        matches = [field.ilike(part, escape="\\") for field in fields]
        if len(digits) >= 3:
            matches.append(Project.customer_phone.like(contains(digits), escape="\\"))
        rows = rows.where(or_(*matches))
    return rows


def in_state(rows: Select, state: str, user: User) -> Select:
    """`state`: "open", "closed", "mine" (open ones that the person works on), anything else: all."""
    if state == "closed":
        return rows.where(Project.closed_at.is_not(None))
    if state in ("open", "mine"):
        rows = rows.where(Project.closed_at.is_(None))
    if state == "mine":
        rows = rows.where(Project.id.in_(_assigned_to(user)))
    return rows


def newest(rows: Select, *, before: int | None) -> tuple[Sequence[Project], int | None]:
    """A page of projects with the people assigned, newest first, and the id before which the next page begins."""
    if before:
        rows = rows.where(Project.id < before)
    rows = rows.order_by(Project.id.desc()).limit(PAGE + 1).options(_team())
    found = list(db.session.scalars(rows).unique())
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else None


def with_people(rows: Select) -> Select:
    """A project with its team, its household and its rooms."""
    members = selectinload(Project.members.and_(Membership.ended_at.is_(None))).selectinload(Membership.user)
    return rows.options(_team(), members, selectinload(Project.rooms))


def next_visits(project_ids: Iterable[int], *, now: datetime) -> dict[int, Visit]:
    """The first planned visit from now on of each project that has one."""
    place = func.row_number().over(partition_by=Visit.project_id, order_by=(Visit.starts_at, Visit.id)).label("place")
    ahead = (
        select(Visit.id, place)
        .where(Visit.project_id.in_(list(project_ids)), Visit.ends_at >= now, Visit.cancelled_at.is_(None), Visit.done_at.is_(None))
        .subquery()
    )
    rows = select(Visit).join(ahead, ahead.c.id == Visit.id).where(ahead.c.place == 1)
    return {visit.project_id: visit for visit in db.session.scalars(rows)}


def origin(project: Project) -> Lead | None:
    """The registration that the project came from, with every contact since."""
    rows = select(Lead).where(Lead.project_id == project.id)
    contacts = selectinload(Lead.contacts).joinedload(LeadContact.by)
    return db.session.scalars(rows.options(contacts, selectinload(Lead.registered_by))).one_or_none()


def staff_holding(roles: Iterable[str]) -> Sequence[RoleGrant]:
    """Who of the active staff holds which of `roles`, by role and name."""
    rows = (
        select(RoleGrant)
        .join(RoleGrant.user)
        .where(RoleGrant.role.in_(list(roles)), RoleGrant.ended_at.is_(None), User.disabled_at.is_(None))
        .order_by(RoleGrant.role, User.name, User.id)
        .options(contains_eager(RoleGrant.user))
    )
    return list(db.session.scalars(rows))


def team(project_id: int, roles: Iterable[str] = ()) -> Sequence[Assignment]:
    """Who works on the project now, only in `roles` when given."""
    rows = select(Assignment).where(Assignment.project_id == project_id, Assignment.ended_at.is_(None))
    wanted = list(roles)
    rows = rows.where(Assignment.role.in_(wanted)) if wanted else rows
    return list(db.session.scalars(rows.order_by(Assignment.id).options(selectinload(Assignment.user))))


def _team():
    return selectinload(Project.assignments.and_(Assignment.ended_at.is_(None))).selectinload(Assignment.user)


def _assigned_to(user: User) -> Select:
    return select(Assignment.project_id).where(Assignment.user_id == user.id, Assignment.ended_at.is_(None))


def contains(word: str) -> str:
    """The LIKE pattern of `word` anywhere in a text; its own % and _ mean themselves."""
    plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{plain}%"


def coming(project_id: int, *, now: datetime, limit: int) -> Sequence[Visit]:
    """The next planned visits of one project."""
    rows = select(Visit).where(Visit.project_id == project_id, Visit.ends_at >= now, Visit.cancelled_at.is_(None), Visit.done_at.is_(None))
    return list(db.session.scalars(rows.order_by(Visit.starts_at, Visit.id).limit(limit)))
