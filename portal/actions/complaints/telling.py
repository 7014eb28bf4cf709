"""Who hears of what: the customer, the person who answers, those who lead when a promise is in danger."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import select

from portal import filters
from portal.extensions import db
from portal.models import Complaint, Membership, RoleGrant, User
from portal.notify import Words, tell
from portal.rules import complaint_clock as rules
from portal.rules.access import Role
from portal.rules.complaint_clock import Severity

# Who steps in when a promise was not kept, by level (domain.md 6.2); whoever leads when nobody holds these roles.
_STEPS_IN = {
    Severity.L0: (Role.ENGINEERING_MANAGER, Role.GENERAL_MANAGER),
    Severity.L1: (Role.ENGINEERING_MANAGER,),
}
_DEPARTMENT = (Role.STORE_MANAGER, Role.DEPARTMENT_HEAD)
_LEADS = (Role.GENERAL_MANAGER, Role.ADMINISTRATOR)


def filed(complaint: Complaint) -> None:
    """The number to the customer, the work to the person who answers, a danger to those who lead."""
    number, due_at, person = complaint.number, complaint.first_reply_due_at, _person(complaint.assignee_id)
    _tell_all(
        customers(complaint), "complaint.filed", complaint, room="customer",
        subject=lambda: _("投诉 %(number)s 已受理", number=number),
        body=lambda: _("您的投诉%(number)s已受理，由%(name)s负责，电话%(phone)s。%(due)s前回复您。", number=number,
                       name=person.name, phone=filters.phone(person.phone), due=filters.moment(due_at)),
    )
    _tell_all(
        [person], "complaint.assigned", complaint, room="staff",
        subject=lambda: _("新投诉 %(number)s：%(title)s", number=number, title=complaint.title),
        body=lambda: _("%(home)s，%(level)s。请在%(due)s前首次回复。", home=complaint.project.title,
                       level=level(complaint.severity), due=filters.moment(due_at)),
    )
    if complaint.severity == Severity.L0:
        danger(complaint)


def danger(complaint: Complaint) -> None:
    """An L0 complaint reaches the engineering manager and the general manager at once."""
    leaders = [user for user in stepping_in(complaint) if user.id != complaint.assignee_id]
    _tell_all(
        leaders, "complaint.danger", complaint, room="staff",
        subject=lambda: _("紧急投诉 %(number)s：%(title)s", number=complaint.number, title=complaint.title),
        body=lambda: _("%(home)s报告险情，请马上跟进。首次回复截止%(due)s。", home=complaint.project.title,
                       due=filters.moment(complaint.first_reply_due_at)),
    )


def to_customer(complaint: Complaint, kind: str, subject: Words, body: Words) -> None:
    """To whoever filed it, or to those who sign for the home when staff filed it for them."""
    _tell_all(customers(complaint), kind, complaint, room="customer", subject=subject, body=body)


def to_assignee(complaint: Complaint, kind: str, subject: Words, body: Words, *, but: User | None = None) -> None:
    """To the person who answers, unless it is the one who acted."""
    if but is None or but.id != complaint.assignee_id:
        _tell_all([_person(complaint.assignee_id)], kind, complaint, room="staff", subject=subject, body=body)


def to_staff(people: Iterable[User], complaint: Complaint, kind: str, subject: Words, body: Words) -> None:
    _tell_all(people, kind, complaint, room="staff", subject=subject, body=body)


def customers(complaint: Complaint) -> list[User]:
    """The household members who follow this complaint."""
    members = list(db.session.scalars(
        select(Membership).where(Membership.project_id == complaint.project_id, Membership.ended_at.is_(None))
        .order_by(Membership.id)
    ))
    filer = [member for member in members if member.user_id == complaint.filed_by_id]
    return [member.user for member in filer or [member for member in members if member.right == "sign"]]


def stepping_in(complaint: Complaint) -> list[User]:
    """Those who take care when the company does not keep its word."""
    return _holders(_STEPS_IN.get(Severity(complaint.severity), _DEPARTMENT)) or _holders(_LEADS)


def level(severity: str) -> str:
    """L1 重大, in the language that is being spoken."""
    return f"{severity} {_(Severity(severity).label)}"


def promise(complaint: Complaint) -> str:
    """The promise that runs, in the language that is being spoken."""
    clock = rules.running(complaint)
    return _(clock.promise.label) if clock else ""


def _holders(roles: tuple[Role, ...]) -> list[User]:
    held = select(RoleGrant.user_id).where(RoleGrant.role.in_(roles), RoleGrant.ended_at.is_(None))
    return list(db.session.scalars(select(User).where(User.id.in_(held), User.disabled_at.is_(None)).order_by(User.id)))


def _person(ident: int) -> User:
    return db.session.get_one(User, ident)


def _tell_all(
    people: Iterable[User], kind: str, complaint: Complaint, *, room: str, subject: Words, body: Words
) -> None:
    for person in people:
        tell(person, kind, subject=subject, body=body, link=f"/{room}/complaints/{complaint.id}",
             project_id=complaint.project_id)
