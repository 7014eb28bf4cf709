"""What the homeowner does with her complaint: answer, say that it is solved, open it again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _

from portal import audit
from portal.actions import photos
from portal.actions.complaints import telling
from portal.actions.complaints.filing import note_event, set_due, start_clock
from portal.models import Complaint, User
from portal.rules import complaint_clock as rules
from portal.rules.complaint_clock import Act, Closing, Severity
from portal.rules.decision import because
from portal.rules.words import Refused

DISAPPOINTED = 2  # PROPOSED by R164: of 5; whoever leads hears of it

Photos = Iterable[photos.CleanPhoto]


def answer(complaint: Complaint, words: str, cleaned: Photos = (), *, by: User, at: datetime) -> None:
    """Her words and photos to whoever answers. Raises Refused once it is closed: then it is opened again instead."""
    if complaint.closed_at is not None:
        raise Refused(because("R161", "这条投诉已经结案，没解决请点“重新打开”"))
    event = note_event(complaint, Act.REPLIED, words, by=by, at=at)
    _keep(complaint, event.id, cleaned, by, at)
    audit.record("complaint.answered", complaint, by=by, at=at, event_id=event.id)
    telling.to_assignee(
        complaint, "complaint.answered", lambda: _("投诉 %(number)s 业主有新消息", number=complaint.number),
        lambda: _("%(name)s：%(words)s", name=by.name, words=" ".join(words.split())[:60]), but=by,
    )


def confirm(complaint: Complaint, words: str, *, satisfaction: int, by: User, at: datetime) -> None:
    """She says that it is solved, from 1 to 5, which ends it; or how content she is with one closed for her. Once.

    Raises Refused before there is a result (R161) and after she has said it.
    """
    if complaint.done_at is None and complaint.closed_at is None:
        raise Refused(because("R161", "还没有处理结果，解决后我们会请您确认"))
    if complaint.satisfaction is not None:
        raise Refused(because("R161", "您已经评价过了，谢谢"))
    complaint.closed_at = complaint.closed_at or at
    complaint.satisfaction = satisfaction
    set_due(complaint)
    event = note_event(complaint, Act.CONFIRMED, words, by=by, at=at)
    audit.record("complaint.confirmed", complaint, by=by, at=at, event_id=event.id, satisfaction=satisfaction)
    _pass_on(complaint, satisfaction, by)


def may_reopen(complaint: Complaint, at: datetime) -> Closing:
    """Whether "not solved" still brings it back: within 30 days of its end, or of the result she was asked about."""
    return rules.judge_reopen(complaint.closed_at or complaint.done_at, at).verdict


def reopen(complaint: Complaint, reason: str, cleaned: Photos = (), *, by: User, at: datetime) -> None:
    """Not solved: all promises run again, at the second time one level graver (domain.md 6.2).

    Raises Refused after 30 days, or while it is being worked on.
    """
    ruling = rules.judge_reopen(complaint.closed_at or complaint.done_at, at)
    if ruling.verdict is Closing.REFUSED:
        raise Refused(ruling.trace[-1])
    before = complaint.severity
    complaint.reopened += 1
    complaint.severity = rules.severity_after_reopening(Severity(before), complaint.reopened).value
    complaint.first_replied_at = complaint.planned_at = complaint.done_at = complaint.closed_at = None
    complaint.satisfaction, complaint.solution, complaint.result = None, "", ""
    start_clock(complaint, at)
    event = note_event(complaint, Act.REOPENED, reason, by=by, at=at)
    _keep(complaint, event.id, cleaned, by, at)
    audit.record(
        "complaint.reopened", complaint, by=by, at=at, event_id=event.id, times=complaint.reopened, before=before,
        severity=complaint.severity,
    )
    telling.to_assignee(
        complaint, "complaint.reopened", lambda: _("投诉 %(number)s 没有解决，重新打开", number=complaint.number),
        lambda: _("%(name)s：%(words)s", name=by.name, words=" ".join(reason.split())[:60]), but=by,
    )
    if complaint.severity == Severity.L0:
        telling.danger(complaint)


def _pass_on(complaint: Complaint, satisfaction: int, by: User) -> None:
    def subject() -> str:
        return _("投诉 %(number)s 业主评价%(stars)s分", number=complaint.number, stars=satisfaction)

    def body() -> str:
        return _("%(home)s：%(title)s", home=complaint.project.title, title=complaint.title)

    telling.to_assignee(complaint, "complaint.confirmed", subject, body, but=by)
    if satisfaction <= DISAPPOINTED:
        leaders = [user for user in telling.stepping_in(complaint) if user.id != complaint.assignee_id]
        telling.to_staff(leaders, complaint, "complaint.disappointed", subject, body)


def _keep(complaint: Complaint, event_id: int, cleaned: Photos, by: User, at: datetime) -> None:
    photos.keep(
        cleaned, subject="complaint_event", subject_id=event_id, project_id=complaint.project_id, by=by, at=at
    )
