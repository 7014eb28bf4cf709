"""What staff do with a complaint: reply, cause, solution, result, closing (R161), and notes for themselves."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.orm.attributes import flag_modified

from portal import audit
from portal.actions import photos
from portal.actions.complaints import telling
from portal.actions.complaints.filing import note_event, set_due
from portal.models import Complaint, ComplaintEvent, User
from portal.rules import complaint_clock as rules
from portal.rules.complaint_clock import Act, CloseFacts, Closing
from portal.rules.decision import Decision, because
from portal.rules.words import Refused

Photos = Iterable[photos.CleanPhoto]


def reply(complaint: Complaint, words: str, cleaned: Photos = (), *, by: User, at: datetime) -> ComplaintEvent:
    """Words to the customer. The first ones keep the first promise (R160)."""
    event = _step(complaint, Act.REPLIED, words, cleaned, by, at)
    telling.to_customer(
        complaint, "complaint.replied", lambda: _("投诉 %(number)s 有新回复", number=complaint.number),
        lambda: _("%(name)s回复您：%(words)s", name=by.name, words=_beginning(words)),
    )
    return event


def find_cause(complaint: Complaint, words: str, cleaned: Photos = (), *, by: User, at: datetime) -> None:
    """What it came from; the customer reads it too."""
    _must_be_open(complaint)
    complaint.cause = words
    _step(complaint, Act.CAUSE, words, cleaned, by, at)


def plan(complaint: Complaint, words: str, cleaned: Photos = (), *, by: User, at: datetime) -> None:
    """How it will be solved; keeps the promise of a plan. Raises Refused while the cause is unknown (R161)."""
    _must_be_open(complaint)
    _obey(may_plan(complaint), "words")
    complaint.solution = words
    complaint.planned_at = complaint.planned_at or at
    _step(complaint, Act.SOLUTION, words, cleaned, by, at)
    telling.to_customer(
        complaint, "complaint.planned", lambda: _("投诉 %(number)s 有处理方案了", number=complaint.number),
        lambda: _("处理方案：%(words)s", words=_beginning(words)),
    )


def report(complaint: Complaint, words: str, cleaned: Photos = (), *, by: User, at: datetime) -> None:
    """What was done; the customer is asked whether it is solved. Raises Refused without cause and solution (R161)."""
    _must_be_open(complaint)
    _obey(may_report(complaint), "words")
    complaint.result = words
    complaint.done_at = at
    _step(complaint, Act.DONE, words, cleaned, by, at)
    telling.to_customer(
        complaint, "complaint.done", lambda: _("投诉 %(number)s 处理完了，解决了吗？", number=complaint.number),
        lambda: _("处理结果：%(words)s。请告诉我们是否解决。", words=_beginning(words).rstrip("。.")),
    )


def may_plan(complaint: Complaint) -> Decision[Closing]:
    """Whether a solution may be set: only for a known cause (R161)."""
    return rules.judge_solution(complaint.cause)


def may_report(complaint: Complaint) -> Decision[Closing]:
    """Whether a result may be told: only after cause and solution (R161)."""
    if complaint.cause.strip() and complaint.solution.strip():
        return Decision(Closing.ALLOWED)
    return Decision(Closing.REFUSED, (because("R161", "请先填写原因和方案，再登记处理结果"),))


def may_close(complaint: Complaint, *, asked: bool = True) -> Decision[Closing]:
    """Whether it may be closed, with everything that is missing (R161)."""
    return rules.judge_close(CloseFacts(complaint.cause, complaint.solution, complaint.result, asked))


def close(complaint: Complaint, answer: str, *, asked: bool, satisfaction: int | None, by: User, at: datetime) -> None:
    """End it with what the customer said when she was asked. Raises Refused while a step is missing (R161)."""
    _must_be_open(complaint)
    _obey(may_close(complaint, asked=asked), "asked")
    complaint.closed_at = at
    complaint.done_at = complaint.done_at or at
    complaint.satisfaction = satisfaction
    _step(complaint, Act.CLOSED, answer, (), by, at, satisfaction=satisfaction)
    telling.to_customer(
        complaint, "complaint.closed", lambda: _("投诉 %(number)s 已结案", number=complaint.number),
        lambda: _("如果问题又出现，%(days)s天内可以重新打开。", days=rules.REOPEN_DAYS),
    )


def note(complaint: Complaint, words: str, cleaned: Photos = (), *, by: User, at: datetime) -> None:
    """Words and photos for staff only; the customer never sees them and no clock stops."""
    event = note_event(complaint, Act.NOTE, words, by=by, at=at, for_homeowner=False)
    home = complaint.project_id
    kept = photos.keep(cleaned, subject="staff_note", subject_id=event.id, project_id=home, by=by, at=at)
    audit.record("complaint.note", complaint, by=by, at=at, event_id=event.id, photos=len(kept))


def _step(
    complaint: Complaint, act: Act, words: str, cleaned: Photos, by: User, at: datetime, **facts
) -> ComplaintEvent:
    complaint.first_replied_at = complaint.first_replied_at or at
    if act is not Act.REPLIED:
        # The same words again change nothing in the row, and yet the page that was open before is out of date: one more version.
        flag_modified(complaint, "solution")
    set_due(complaint)
    event = note_event(complaint, act, words, by=by, at=at)
    kept = photos.keep(
        cleaned, subject="complaint_event", subject_id=event.id, project_id=complaint.project_id, by=by, at=at
    )
    audit.record(f"complaint.{act.value}", complaint, by=by, at=at, event_id=event.id, photos=len(kept), **facts)
    return event


def _must_be_open(complaint: Complaint) -> None:
    if complaint.closed_at is not None:
        raise Refused(because("R161", "这条投诉已经结案了，需要的话请先重新打开"))


def _obey(decision: Decision[Closing], field: str) -> None:
    if decision.verdict is Closing.REFUSED:
        raise Refused(decision.trace[0], field)


def _beginning(words: str) -> str:
    one_line = " ".join(words.split())
    return one_line if len(one_line) <= 60 else one_line[:59] + "…"
