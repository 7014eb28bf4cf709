"""Coming in through a single-use link: who one becomes, and with which password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.actions import accounts, household, invitations
from portal.extensions import db
from portal.models import Invitation, Project, User
from portal.rules.words import N_, refuse


@dataclass(frozen=True)
class Door:
    """What the page behind a link says. `account` is who the link belongs to, when she has a password already."""

    invitation: Invitation
    state: invitations.State
    project: Project | None
    account: User | None


def behind(token: str, *, at: datetime) -> Door | None:
    """None when there never was such a link."""
    found = invitations.find(token)
    if found is None:
        return None
    project = db.session.get(Project, found.project_id) if found.project_id else None
    owner = _owner(found)
    known = owner if owner is not None and owner.password_hash and found.project_id else None
    return Door(found, invitations.state_of(found, at), project, known)


def enter(*, invitation: Invitation, new_hash: str, language: str, at: datetime) -> User:
    """Use the link with a new password. Answers who came in; raises Refused when the link is worthless meanwhile.

    A link into a household never changes the password of an account that has one: she signs in and joins.
    """
    user = _owner(invitation)
    if user is not None and not user.is_active:
        raise refuse("F02", N_("这个账户已停用，请联系我们"))
    if user is not None and user.password_hash and invitation.project_id:
        raise refuse("F02", N_("这个手机号已有账户，请登录后加入"))
    if user is None:
        user = _new_homeowner(invitation, language, at)
    if invitation.project_id:
        household.join(invitation=invitation, user=user, at=at)
    elif not invitations.use(invitation, user=user, at=at):
        raise refuse("F02", N_("这个链接已经用过或失效了"))
    accounts.set_password(user, new_hash, by=user, at=at)
    return user


def _owner(invitation: Invitation) -> User | None:
    if invitation.user_id:
        return db.session.get(User, invitation.user_id)
    return db.session.scalars(select(User).where(User.phone == invitation.phone)).one_or_none()


def _new_homeowner(invitation: Invitation, language: str, at: datetime) -> User:
    """Two links for one phone at the same moment meet at the unique number; the second is refused."""
    user = User(name=invitation.name, phone=invitation.phone, language=language, created_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(user)
    except IntegrityError:
        raise refuse("F02", N_("这个手机号刚刚有了账户，请登录后加入")) from None
    audit.record("account.created", user, by=user, at=at, invitation_id=invitation.id)
    return user
