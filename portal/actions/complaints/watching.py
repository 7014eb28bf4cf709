"""The promises that are about to end or have ended: announced once each, whoever watches and however often."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import and_, exists, or_, select

from portal import audit, company, filters
from portal.actions.complaints import telling
from portal.actions.complaints.answering import may_close
from portal.actions.complaints.filing import note_event
from portal.extensions import db
from portal.jobs import every
from portal.jobs.queue import INSERT
from portal.models import Complaint, ComplaintNotice
from portal.rules.complaint_clock import REOPEN_DAYS, Act, Closing, Severity
from portal.rules.working_time import CALENDAR

SOON_WORKING_MINUTES = 30
SOON_MINUTES = 10  # where nights count too
SILENCE = (("reminder", timedelta(days=3)), ("second", timedelta(days=5)), ("silence", timedelta(days=7)))
MOST_AT_ONCE = 200
_URGENT = tuple(level.value for level in Severity if level.is_urgent)


@every("complaint.due", minutes=5)
def announce_due(at: datetime) -> str:
    """Tell who answers before a promise ends, and who answers and who leads when it was not kept. Once each (R160)."""
    before = sum(_soon(complaint, at) for complaint in _ending(at))
    after = sum(_overdue(complaint, at) for complaint in _ended(at))
    return f"{before} soon, {after} overdue"


@every("complaint.silence", daily_at="10:00")
def ask_again(at: datetime) -> str:
    """Ask a silent customer twice whether it is solved, and end it after a week (domain.md 6.2); she may reopen it."""
    asked = 0
    for kind, wait in SILENCE:
        for complaint in _unannounced(kind, Complaint.done_at, Complaint.done_at <= at - wait):
            if _once(complaint, kind, complaint.done_at, at):
                _end(complaint, at) if kind == "silence" else _remind(complaint)
                asked += 1
    return f"{asked} asked or ended"


def _ending(at: datetime) -> list[Complaint]:
    by_the_clock = and_(Complaint.severity.in_(_URGENT), Complaint.due_at <= at + timedelta(minutes=SOON_MINUTES))
    working = Complaint.severity.not_in(_URGENT)
    if CALENDAR.add_working_minutes(at, 0) > at:  # nobody is in the office: it is said in the morning
        within = by_the_clock
    else:
        limit = CALENDAR.add_working_minutes(at, SOON_WORKING_MINUTES)
        within = or_(by_the_clock, and_(working, Complaint.due_at <= limit))
    return _unannounced("soon", Complaint.due_at, and_(Complaint.due_at >= at, within))


def _ended(at: datetime) -> list[Complaint]:
    return _unannounced("overdue", Complaint.due_at, Complaint.due_at < at)


def _unannounced(kind: str, moment, condition) -> list[Complaint]:
    """Open complaints that match and were not announced as `kind` for that very moment."""
    said = exists().where(
        ComplaintNotice.complaint_id == Complaint.id, ComplaintNotice.kind == kind, ComplaintNotice.due_at == moment
    )
    rows = select(Complaint).where(Complaint.closed_at.is_(None), moment.is_not(None), condition, ~said)
    return list(db.session.scalars(rows.order_by(moment, Complaint.id).limit(MOST_AT_ONCE)))


def _once(complaint: Complaint, kind: str, due_at: datetime, at: datetime) -> bool:
    """True for exactly one caller, ever; the database decides."""
    table = ComplaintNotice.__table__
    insert = INSERT[db.session.get_bind().dialect.name](table).values(
        complaint_id=complaint.id, kind=kind, due_at=due_at, told_at=at
    )
    row = insert.on_conflict_do_nothing(index_elements=["complaint_id", "due_at", "kind"]).returning(table.c.id)
    return db.session.execute(row).first() is not None


def _soon(complaint: Complaint, at: datetime) -> bool:
    if not _once(complaint, "soon", complaint.due_at, at):
        return False
    telling.to_assignee(
        complaint, "complaint.soon",
        lambda: _("投诉 %(number)s 快到时限", number=complaint.number),
        lambda: _("%(home)s：%(what)s截止%(due)s。", home=complaint.project.title, what=telling.promise(complaint),
                  due=filters.moment(complaint.due_at)),
    )
    return True


def _overdue(complaint: Complaint, at: datetime) -> bool:
    if not _once(complaint, "overdue", complaint.due_at, at):
        return False

    def subject() -> str:
        return _("投诉 %(number)s 已超时", number=complaint.number)

    def body() -> str:
        return _("%(home)s：%(what)s应在%(due)s前完成，负责人%(name)s。", home=complaint.project.title,
                 what=telling.promise(complaint), due=filters.moment(complaint.due_at), name=complaint.assignee.name)

    telling.to_assignee(complaint, "complaint.overdue", subject, body)
    leaders = [user for user in telling.stepping_in(complaint) if user.id != complaint.assignee_id]
    telling.to_staff(leaders, complaint, "complaint.overdue", subject, body)
    audit.record("complaint.overdue", complaint, at=at, due_at=complaint.due_at.isoformat())
    return True


def _remind(complaint: Complaint) -> None:
    telling.to_customer(
        complaint, "complaint.reminder", lambda: _("投诉 %(number)s 解决了吗？", number=complaint.number),
        lambda: _("请打开看看处理结果，告诉我们是否解决。一直没有回音的话，我们会先结案。"),
    )


def _end(complaint: Complaint, at: datetime) -> None:
    if may_close(complaint).verdict is Closing.REFUSED:
        return
    complaint.closed_at = at
    complaint.due_at = None
    note_event(complaint, Act.CLOSED, "", by=None, by_name=company.name()[:60], at=at)
    audit.record("complaint.closed", complaint, at=at, silent=True)
    telling.to_customer(
        complaint, "complaint.closed", lambda: _("投诉 %(number)s 已默认结案", number=complaint.number),
        lambda: _("7天没有收到您的回音。如果没解决，%(days)s天内可以重新打开。", days=REOPEN_DAYS),
    )
