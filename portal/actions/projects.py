"""Opening a project from a lead, and who works on it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from portal import audit
from portal.extensions import db
from portal.models import Assignment, Lead, Membership, Project, User
from portal.rules.access import Role
from portal.rules.words import N_, refuse

# The roles in which somebody can be put on a project.
TEAM_ROLES = (
    Role.SALESPERSON,
    Role.SHOWROOM_GUIDE,
    Role.ACCOUNT_MANAGER,
    Role.DESIGNER,
    Role.CHIEF_DESIGNER,
    Role.ESTIMATOR,
    Role.PROJECT_MANAGER,
    Role.ENGINEERING_MANAGER,
    Role.INSPECTOR,
    Role.MATERIAL_CLERK,
    Role.CUSTOMER_SERVICE,
    Role.FINANCE,
)
DESIGN_ROLES = (Role.DESIGNER, Role.CHIEF_DESIGNER)


def open_from(lead: Lead, *, by: User, at: datetime) -> Project:
    """The project of a lead, opened once; who registered the customer and who opens it belong to its team.

    The lead keeps its contacts and points at the project, so nothing of its history is lost. Raises Refused for a lead
    that has its project already or was never valid.
    """
    if lead.project_id is not None:
        raise refuse("P01", N_("这条线索已经立项，请直接打开项目"))
    if lead.verdict != "valid":
        raise refuse("R001", N_("无效的报备不能立项，请重新报备"))
    project = Project(
        code=uuid4().hex,
        title=home_title(lead),
        customer_name=lead.name,
        customer_phone=lead.phone,
        address=home_title(lead),
        community=lead.community,
        building=lead.building,
        unit=lead.unit,
        room_no=lead.room,
        created_by_id=by.id,
        created_at=at,
    )
    db.session.add(project)
    db.session.flush()
    project.code = f"P{at.year % 100:02d}{project.id:05d}"
    lead.project_id = project.id
    _join(project, lead.registered_by, lead.role, at)
    own_role = next((role for role in TEAM_ROLES if role in by.roles), None)
    if by.id != lead.registered_by_id and own_role:
        _join(project, by, own_role.value, at)
    audit.record("project.opened", project, by=by, at=at, lead_id=lead.id, code=project.code)
    return project


def home_title(lead: Lead) -> str:
    """云杉里 3-2-1201: how a home is called before anybody names it otherwise; at most 80 characters."""
    return f"{lead.community} {lead.building}-{lead.unit}-{lead.room}"[:80]


def assign(*, project: Project, user: User, role: str, by: User, at: datetime) -> Assignment:
    """Put an active colleague on the project in a role that she holds. Raises Refused otherwise.

    Twice is once; who had left comes back.
    """
    if Role(role) not in TEAM_ROLES or not user.is_active or Role(role) not in user.roles:
        raise refuse("P01", N_("{name}没有这个岗位或已离职，不能分配"), name=user.name)
    if _lives_there(project, user):
        raise refuse("P01", N_("{name}是这个家的成员，不能同时为它服务"), name=user.name)
    assignment = _join(project, user, role, at)
    audit.record("project.assigned", assignment, by=by, at=at, user_id=user.id, role=role)
    return assignment


def _lives_there(project: Project, user: User) -> bool:
    """Staff never sign for a homeowner: nobody is of the household and of the team at once."""
    rows = select(Membership.id).where(
        Membership.project_id == project.id, Membership.user_id == user.id, Membership.ended_at.is_(None)
    )
    return db.session.scalar(rows) is not None


def unassign(*, assignment: Assignment, by: User, at: datetime) -> None:
    """Take somebody off the project; what she did there stays."""
    if assignment.ended_at is None:
        assignment.ended_at = at
        audit.record("project.unassigned", assignment, by=by, at=at, user_id=assignment.user_id, role=assignment.role)


def describe(*, project: Project, by: User, at: datetime, **facts: Any) -> None:
    """The facts of the home, as far as they are known: address parts, type, layout, style, areas in m²."""
    before = {name: getattr(project, name) for name in facts}
    for name, value in facts.items():
        setattr(project, name, value if value is not None or name.endswith("_m2") else "")
    changed = {name: value for name, value in facts.items() if before[name] != value}
    audit.record("project.described", project, by=by, at=at, changed=changed)


def _join(project: Project, user: User, role: str, at: datetime) -> Assignment:
    db.session.execute(select(Project.id).where(Project.id == project.id).with_for_update())  # two at once join once
    rows = select(Assignment).where(Assignment.project_id == project.id, Assignment.user_id == user.id, Assignment.role == str(role))
    known = db.session.scalars(rows).one_or_none()
    if known is None:
        known = Assignment(project_id=project.id, user_id=user.id, role=str(role), assigned_at=at)
        db.session.add(known)
    elif known.ended_at is not None:
        known.assigned_at, known.ended_at = at, None
    db.session.flush()
    return known
