"""Staff accounts: made, changed, given roles, disabled. Nobody is ever deleted (R180)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit, company, notify, sessions
from portal.actions import codes, invitations, projects
from portal.actions.household import grant
from portal.extensions import db
from portal.models import Assignment, Complaint, Invitation, Lead, LeadContact, Project, RoleGrant, User, UserSession
from portal.rules.access import Role
from portal.rules.decision import because
from portal.rules.words import N_, Refused, refuse


@dataclass(frozen=True)
class Duties:
    """What a person still answers for: open leads, running projects, open complaints (R180)."""

    leads: list[Lead]
    assignments: list[Assignment]
    complaints: list[Complaint]

    @property
    def count(self) -> int:
        return len(self.leads) + len({one.project_id for one in self.assignments}) + len(self.complaints)


def create(
    *, name: str, phone: str, staff_no: str, email: str | None, roles: list[str], by: User | None, at: datetime
) -> User:
    """A member of staff without a password; `send_link` lets her set one. Raises Refused beside the field at fault."""
    _check_free(phone, staff_no, None)
    user = User(name=name, phone=phone, staff_no=staff_no.upper() or None, email=email, created_at=at)
    db.session.add(user)
    _flush()
    for role in roles:
        grant(user, Role(role), by=by, at=at)
    audit.record("person.created", user, by=by, at=at, roles=sorted(roles), staff_no=user.staff_no)
    return user


def edit(
    user: User, *, name: str, phone: str, staff_no: str, email: str | None, roles: list[str], by: User, at: datetime
) -> None:
    """Change a person's data and roles. The last administrator keeps that role."""
    _check_free(phone, staff_no, user)
    if Role.ADMINISTRATOR in user.roles and Role.ADMINISTRATOR.value not in roles:
        _keep_one_administrator(user)
    before = {"phone": user.phone, "staff_no": user.staff_no, "roles": sorted(user.roles)}
    user.name, user.phone, user.staff_no, user.email = name, phone, staff_no.upper() or None, email
    # A homeowner's role comes from her homes, not from this form.
    wanted = {Role(role) for role in roles} | ({Role.HOMEOWNER} & user.roles)
    for held in user.grants:
        if held.ended_at is None and Role(held.role) not in wanted:
            held.ended_at = at
    for role in sorted(wanted - user.roles):
        user.grants.append(RoleGrant(role=role.value, granted_by_id=by.id, granted_at=at))
    _flush()
    if phone != before["phone"]:  # whoever has the old number must not come in by what was sent there
        invitations.revoke(Invitation.user_id == user.id, by=by, at=at)
        codes.void(user, at=at)
    audit.record("person.edited", user, by=by, at=at, before=before, roles=sorted(user.roles), phone=phone)


def duties(user: User, *, most: int = 1000) -> Duties:
    """What has to be handed over before `user` can leave."""
    leads = select(Lead).where(
        Lead.registered_by_id == user.id, Lead.verdict == "valid", Lead.released_at.is_(None), Lead.project_id.is_(None)
    )
    working = (
        select(Assignment)
        .join(Project)
        .where(Assignment.user_id == user.id, Assignment.ended_at.is_(None), Project.closed_at.is_(None))
    )
    waiting = select(Complaint).where(Complaint.assignee_id == user.id, Complaint.closed_at.is_(None))
    rows = [list(db.session.scalars(one.limit(most))) for one in (leads, working, waiting)]
    return Duties(*rows)


def disable(user: User, *, by: User, at: datetime) -> None:
    """The person cannot enter any more, on any device. Raises Refused while she answers for anything (R180)."""
    open_duties = duties(user)
    if user.id == by.id:
        raise refuse("R180", N_("不能停用自己的账户，请另一位系统管理员操作"))
    if open_duties.count:
        raise refuse(
            "R180",
            N_("{name}名下还有{leads}条线索、{projects}个项目、{complaints}件投诉，请先转交给同事"),
            name=user.name,
            leads=len(open_duties.leads),
            projects=len({one.project_id for one in open_duties.assignments}),
            complaints=len(open_duties.complaints),
        )
    if Role.ADMINISTRATOR in user.roles:
        _keep_one_administrator(user)
    user.disabled_at = at
    sessions.revoke(UserSession.user_id == user.id)
    invitations.revoke(Invitation.user_id == user.id, by=by, at=at)
    audit.record("person.disabled", user, by=by, at=at)


def enable(user: User, *, by: User, at: datetime) -> None:
    user.disabled_at = None
    audit.record("person.enabled", user, by=by, at=at)


def hand_over(user: User, *, to: User, by: User, at: datetime) -> Duties:
    """Everything `user` answers for goes to `to`; who did what before stays in the history (R180).

    Raises Refused when `to` is not active or lacks a role that is needed.
    """
    passed = duties(user)
    needed = {Role(one.role) for one in passed.assignments}
    fit = (
        to.is_active
        and to.is_staff
        and to.id != user.id
        and needed <= to.roles
        and (not passed.leads or to.can("lead.register"))
    )
    if not fit:
        raise refuse("R180", N_("{name}没有相应的岗位，不能接手"), name=to.name)
    for lead in passed.leads:
        db.session.add(
            LeadContact(
                lead_id=lead.id,
                by_id=by.id,
                at=at,
                way="handover",
                next_on=lead.next_on,
                summary=f"{user.name} → {to.name}",
                next_step=lead.next_step or f"{to.name}",
            )
        )
        lead.registered_by_id = to.id
        audit.record("lead.handed_over", lead, by=by, at=at, from_id=user.id, to_id=to.id)
    for one in passed.assignments:
        projects.unassign(assignment=one, by=by, at=at)
        projects.assign(project=one.project, user=to, role=one.role, by=by, at=at)
    for complaint in passed.complaints:
        complaint.assignee_id = to.id
        audit.record("complaint.handed_over", complaint, by=by, at=at, from_id=user.id, to_id=to.id)
    if passed.count:
        notify.tell(
            to,
            "person.handover",
            subject=_l("%(name)s的客户转给您了", name=user.name),
            link="/staff/",
            body=_l("%(name)s的%(count)s项客户工作已转交给您，请尽快联系客户。", name=user.name, count=passed.count),
        )
    return passed


def send_link(user: User, *, by: User | None, at: datetime) -> str:
    """A single-use link for setting the password, good for 3 days, sent to the person; answers its path."""
    invitations.revoke(Invitation.user_id == user.id, by=by, at=at)
    made, path = invitations.make(
        name=user.name, phone=user.phone, by=by, at=at, good_for=invitations.PASSWORD_GOOD_FOR, user_id=user.id
    )
    audit.record("person.invited", made, by=by, at=at, user_id=user.id)
    said = {
        "subject": _l("请设置您的登录密码"),
        "body": _l(
            "%(name)s，您好！%(company)s为您开通了账户，请点开链接设置密码，3天内有效：",
            name=user.name,
            company=company.name(),
        ),
    }
    notify.tell(user, "person.invited", link=path, secret=True, **said)
    if user.email:
        notify.tell(user, "person.invited", link=path, secret=True, channel=notify.EMAIL, **said)
    return path


def _check_free(phone: str, staff_no: str, user: User | None) -> None:
    """Numbers are unique; the constraint decides, this says it in words."""
    other = User.id != (user.id if user else 0)
    if holder := db.session.scalars(select(User).where(User.phone == phone, other)).one_or_none():
        raise Refused(because("R178", "这个手机号已是{name}的账户", name=holder.name), "phone")
    if staff_no and (
        holder := db.session.scalars(select(User).where(User.staff_no == staff_no.upper(), other)).one_or_none()
    ):
        raise Refused(because("R178", "这个工号已是{name}的", name=holder.name), "staff_no")


def _flush() -> None:
    """The constraints decide between two administrators who type the same number at once."""
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError:
        raise refuse("", N_("手机号或工号刚刚被别人用了，请核对")) from None


def _keep_one_administrator(leaving: User) -> None:
    """The grants are locked, so that two administrators cannot send each other away at the same moment."""
    holders = (
        select(RoleGrant.user_id)
        .join(User, User.id == RoleGrant.user_id)
        .where(RoleGrant.role == Role.ADMINISTRATOR.value, RoleGrant.ended_at.is_(None), User.disabled_at.is_(None))
        .with_for_update()
    )
    if set(db.session.scalars(holders)) <= {leaving.id}:
        raise refuse("R180", N_("至少要有一位系统管理员，请先让另一位同事担任"))
