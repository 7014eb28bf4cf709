"""The team and the homeowner of an imported project. Nobody gets a password: they are invited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.extensions import db
from portal.models import Assignment, Membership, Project, RoleGrant, User
from portal.rules.access import ROLE_NAMES, Role

_ROLES = {name: role for role, name in ROLE_NAMES.items()}


def e164(grouped: str) -> str:
    """`199 0000 0001` → `+8619900000001`."""
    return "+86" + grouped.replace(" ", "")


def role_of(name: str) -> Role:
    return _ROLES[name]


def team(members: list[dict[str, Any]], *, at: datetime) -> dict[str, User]:
    """Name → person. One phone per name; somebody already known by that phone is taken as she is."""
    people: dict[str, User] = {}
    for member in members:
        user = people.get(member["name"]) or _person(member["name"], e164(member["phone"]), at=at)
        people[member["name"]] = user
        _grant(user, role_of(member["role"]), at=at)
    db.session.flush()
    return people


def assign(project: Project, members: list[dict[str, Any]], people: dict[str, User], *, at: datetime) -> None:
    for member in members:
        db.session.add(
            Assignment(
                project_id=project.id, user_id=people[member["name"]].id,
                role=role_of(member["role"]).value, assigned_at=at,
            )
        )


def owner(project: Project, customer: dict[str, Any], *, at: datetime) -> User:
    """The homeowner, with the right to sign."""
    user = _person(customer["name"], e164(customer["phone"]), at=at)
    _grant(user, Role.HOMEOWNER, at=at)
    db.session.flush()
    db.session.add(Membership(project_id=project.id, user_id=user.id, relation="owner", right="sign", joined_at=at))
    return user


def _person(name: str, phone: str, *, at: datetime) -> User:
    user = db.session.scalars(select(User).where(User.phone == phone)).one_or_none()
    if user is None:
        user = User(name=name, phone=phone, created_at=at)
        db.session.add(user)
    return user


def _grant(user: User, role: Role, *, at: datetime) -> None:
    if role not in user.roles:
        user.grants.append(RoleGrant(role=role.value, granted_at=at))
