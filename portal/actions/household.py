"""The household of a project: who is invited, who belongs to it, who may sign."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal import audit, company, notify
from portal.actions import invitations
from portal.extensions import db
from portal.models import Assignment, Invitation, Membership, Project, RoleGrant, User
from portal.rules.access import Role
from portal.rules.household import Relation, Right
from portal.rules.words import N_, refuse


@dataclass(frozen=True)
class Household:
    """Who belongs to it now, who did, and whose invitation is still open or ran out."""

    members: list[Membership]
    former: list[Membership]
    invited: list[Invitation]


def of(project: Project) -> Household:
    """Everybody who was ever asked in, in two queries."""
    rows = select(Membership).where(Membership.project_id == project.id).options(joinedload(Membership.user))
    everybody = db.session.scalars(rows.order_by(Membership.joined_at, Membership.id)).all()
    waiting = select(Invitation).where(
        Invitation.project_id == project.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)
    )
    return Household(
        members=[member for member in everybody if member.ended_at is None],
        former=[member for member in everybody if member.ended_at is not None],
        invited=list(db.session.scalars(waiting.options(joinedload(Invitation.invited_by)).order_by(Invitation.id))),
    )


def member(project: Project, membership_id: int) -> Membership | None:
    rows = select(Membership).where(
        Membership.project_id == project.id, Membership.id == membership_id, Membership.ended_at.is_(None)
    )
    return db.session.scalars(rows).one_or_none()


def invitation(project: Project, invitation_id: int) -> Invitation | None:
    rows = select(Invitation).where(Invitation.project_id == project.id, Invitation.id == invitation_id)
    return db.session.scalars(rows).one_or_none()


def invite(
    *, project: Project, name: str, phone: str, relation: str, right: str, by: User, at: datetime
) -> tuple[Invitation, str]:
    """Send a single-use link, good for 7 days, to `phone`; an earlier link for the same phone is worthless from now on.

    Answers the invitation and the path of its link. Raises Refused for somebody who belongs to the household already,
    and for `by` and those who work on the project: staff never sign for a homeowner.
    """
    known = (
        select(Membership.id)
        .join(User)
        .where(Membership.project_id == project.id, User.phone == phone, Membership.ended_at.is_(None))
    )
    if db.session.scalar(known):
        raise refuse("F02", N_("这个手机号的主人已经在这个家里了"))
    if phone == by.phone or _works_there(project.id, User.phone == phone):
        raise refuse("F02", N_("为这个家服务的员工不能加入业主家庭"))
    invitations.revoke(Invitation.project_id == project.id, Invitation.phone == phone, by=by, at=at)
    made, path = invitations.make(
        name=name,
        phone=phone,
        by=by,
        at=at,
        good_for=invitations.HOUSEHOLD_GOOD_FOR,
        project_id=project.id,
        relation=Relation(relation).value,
        right=Right(right).value,
    )
    audit.record("household.invited", made, by=by, at=at, relation=relation, right=right)
    notify.tell_number(
        phone,
        "household.invited",
        link=path,
        project_id=project.id,
        secret=True,
        subject=_l("邀请您查看自己的家"),
        body=_l(
            "%(name)s，您好！%(company)s邀请您查看「%(home)s」的装修。点开链接，设置密码即可，7天内有效：",
            name=name,
            company=company.name(),
            home=project.title,
        ),
    )
    return made, path


def resend(*, invitation: Invitation, by: User, at: datetime) -> tuple[Invitation, str]:
    """A new link instead of the old one."""
    project = db.session.get(Project, invitation.project_id)
    return invite(
        project=project,
        name=invitation.name,
        phone=invitation.phone,
        relation=invitation.relation,
        right=invitation.right,
        by=by,
        at=at,
    )


def join(*, invitation: Invitation, user: User, at: datetime) -> Membership:
    """`user` comes through the link into the household, once.

    Raises Refused when the link is worthless meanwhile, or `user` has begun to work on the project.
    """
    if _works_there(invitation.project_id, User.id == user.id):
        raise refuse("F02", N_("为这个家服务的员工不能加入业主家庭"))
    if not invitations.use(invitation, user=user, at=at):
        raise refuse("F02", N_("这个链接已经用过或失效了"))
    grant(user, Role.HOMEOWNER, by=None, at=at)
    rows = select(Membership).where(Membership.project_id == invitation.project_id, Membership.user_id == user.id)
    membership = db.session.scalars(rows).one_or_none()
    if membership is None:
        membership = Membership(project_id=invitation.project_id, user_id=user.id)
        db.session.add(membership)
    membership.relation, membership.right = invitation.relation, invitation.right
    membership.joined_at, membership.ended_at = at, None
    db.session.flush()
    audit.record("household.joined", membership, by=user, at=at, relation=invitation.relation, right=invitation.right)
    if invitation.invited_by is not None:
        notify.tell(
            invitation.invited_by,
            "household.joined",
            project_id=invitation.project_id,
            channel=notify.PORTAL,
            subject=_l("%(name)s加入了家庭", name=user.name),
            body=_l("%(name)s已经接受邀请，可以登录查看了。", name=user.name),
            link=f"/staff/projects/{invitation.project_id}/household",
        )
    return membership


def _works_there(project_id: int, *who) -> bool:
    rows = select(Assignment.id).join(User, User.id == Assignment.user_id)
    rows = rows.where(Assignment.project_id == project_id, Assignment.ended_at.is_(None), *who)
    return db.session.scalar(rows.limit(1)) is not None


def end(*, membership: Membership, by: User, at: datetime) -> None:
    """From now on the member sees nothing of this home; what she signed stays."""
    if membership.ended_at is None:
        membership.ended_at = at
        audit.record("household.left", membership, by=by, at=at, user_id=membership.user_id)


def grant(user: User, role: Role, *, by: User | None, at: datetime) -> None:
    """Give `user` a role that she does not hold yet."""
    if role not in user.roles:
        user.grants.append(RoleGrant(role=role.value, granted_by_id=by.id if by else None, granted_at=at))
        db.session.flush()
