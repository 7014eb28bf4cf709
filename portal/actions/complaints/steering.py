"""Who answers for a complaint and how grave it is; each change with its reason."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from portal import audit, filters
from portal.actions.complaints import telling
from portal.actions.complaints.filing import note_event, start_clock
from portal.models import Complaint, User
from portal.rules.complaint_clock import Act, Severity
from portal.rules.decision import because
from portal.rules.words import Refused


def assign(complaint: Complaint, to: User, reason: str, *, by: User, at: datetime) -> None:
    """`to` answers from now on; the customer reads the new name. The clock goes on."""
    if complaint.closed_at is not None:
        raise Refused(because("R161", "这条投诉已经结案了，需要的话请先重新打开"))
    if to.id == complaint.assignee_id:
        raise Refused(because("R160", "{name}已经是负责人了", name=to.name), "assignee_id")
    before = complaint.assignee_id
    complaint.assignee = to
    note_event(complaint, Act.ASSIGNED, to.name, by=by, at=at)
    if reason:
        note_event(complaint, Act.NOTE, reason, by=by, at=at, for_homeowner=False)
    audit.record("complaint.assigned", complaint, by=by, at=at, before=before, after=to.id, reason=reason)
    telling.to_assignee(
        complaint, "complaint.assigned", lambda: _("投诉 %(number)s 交给您负责", number=complaint.number),
        lambda: _due_words(complaint), but=by,
    )
    telling.to_customer(
        complaint, "complaint.assigned", lambda: _("投诉 %(number)s 换了负责人", number=complaint.number),
        lambda: _("现在由%(name)s负责，电话%(phone)s。", name=to.name, phone=filters.phone(to.phone)),
    )


def grade(complaint: Complaint, severity: str, reason: str, *, by: User, at: datetime) -> None:
    """Another level, for staff to read. Graver promises count from now, milder ones from where the clock began."""
    if complaint.closed_at is not None:
        raise Refused(because("R161", "这条投诉已经结案了，需要的话请先重新打开"))
    before, after = Severity(complaint.severity), Severity(severity)
    if before is after:
        raise Refused(because("R160", "已经是{level}级了", level=after.value), "severity")
    graver = after < before  # L0 is the gravest
    complaint.severity = after.value
    start_clock(complaint, at if graver else complaint.started_at or complaint.filed_at)
    note_event(complaint, Act.GRADED, f"{before}→{after} {reason}", by=by, at=at, for_homeowner=False)
    audit.record("complaint.graded", complaint, by=by, at=at, before=before.value, after=after.value, reason=reason)
    telling.to_assignee(
        complaint, "complaint.graded", lambda: _("投诉 %(number)s 级别调整为%(level)s", number=complaint.number,
                                                 level=telling.level(after)),
        lambda: _due_words(complaint), but=by,
    )
    if after is Severity.L0:
        telling.danger(complaint)


def _due_words(complaint: Complaint) -> str:
    if complaint.due_at is None:
        return _("%(home)s：%(title)s", home=complaint.project.title, title=complaint.title)
    return _("%(home)s：%(title)s。%(what)s截止%(due)s。", home=complaint.project.title, title=complaint.title,
             what=telling.promise(complaint), due=filters.moment(complaint.due_at))
