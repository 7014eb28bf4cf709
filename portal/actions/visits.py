"""Visits to a home: booked, moved with a reason that is told in time, cancelled, done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal import audit, filters, notify
from portal.extensions import db
from portal.models import Assignment, Membership, Project, User, Visit, VisitMove
from portal.queries import visits as reads
from portal.rules import visits as rules
from portal.rules.decision import Decision
from portal.rules.visits import Booking, Move, VisitKind
from portal.rules.words import N_, Refused, refuse
from portal.rules.working_time import local_day


def book(
    *,
    project: Project,
    by: User,
    at: datetime,
    kind: str,
    purpose: str,
    starts_at: datetime,
    ends_at: datetime,
    assignment: Assignment | None,
    owner_presence: str = "",
    all_day: bool = False,
    told: bool = True,
) -> Visit:
    """A new visit by somebody of the project's team, or by nobody yet. The household is told at once.

    Raises Refused when its time is no good or the person is elsewhere then.
    """
    _demand(rules.judge_booking(starts_at, ends_at, at), "day")
    if assignment and not all_day:
        _free(assignment.user, starts_at, ends_at)
    visit = Visit(
        project_id=project.id,
        kind=VisitKind(kind).value,
        purpose=purpose,
        starts_at=starts_at,
        ends_at=ends_at,
        all_day=all_day,
        owner_presence=owner_presence,
        booked_by_id=by.id,
        booked_at=at,
        person_name="",
        person_role="",
    )
    _put(visit, assignment)
    db.session.add(visit)
    db.session.flush()
    audit.record("visit.booked", visit, by=by, at=at, kind=visit.kind, starts_at=starts_at, person_id=visit.person_id)
    if told:
        tell_household(visit, "visit.booked", lambda: _("新的上门安排：%(what)s", what=reads.called(visit)), lambda: in_words(visit))
    tell_person(visit, "visit.booked", lambda: _("给您安排了一次上门"), by)
    return visit


def move(*, visit: Visit, to_at: datetime, reason: str, by: User, at: datetime) -> Decision[Move]:
    """Another time for a visit that has not begun; how long it takes stays. The household is told before the day (R155).

    The ruling says whether that was in time. Raises Refused otherwise.
    """
    ruling = _demand(rules.judge_move(visit, to_at, reason, at), "reason" if not reason.strip() else "day")
    ends_at = to_at + (visit.ends_at - visit.starts_at)
    if visit.person and not visit.all_day:
        _free(visit.person, to_at, ends_at, besides=visit.id)
    db.session.add(VisitMove(visit_id=visit.id, from_at=visit.starts_at, to_at=to_at, reason=reason, by_id=by.id, at=at))
    before = visit.starts_at
    visit.starts_at, visit.ends_at, visit.changed_at = to_at, ends_at, at
    visit.arrival_at = None
    audit.record(
        "visit.moved", visit, by=by, at=at, was=before, starts_at=to_at, reason=reason, told_in_time=ruling.verdict is Move.ALLOWED
    )
    tell_household(
        visit,
        "visit.moved",
        lambda: _("上门改期：%(what)s", what=reads.called(visit)),
        lambda: _(
            "原定%(before)s，因“%(reason)s”改到%(after)s。",
            before=reads.when_of(visit, before),
            reason=reason,
            after=reads.when_of(visit, to_at),
        ),
    )
    tell_person(visit, "visit.moved", lambda: _("您的上门改期了"), by)
    return ruling


def cancel(*, visit: Visit, reason: str, by: User, at: datetime) -> None:
    """Call a visit off, with a reason that the household reads. Raises Refused when it is over."""
    _demand(rules.judge_cancel(visit, reason, at), "reason")
    visit.cancelled_at, visit.cancel_reason, visit.changed_at = at, reason, at
    audit.record("visit.cancelled", visit, by=by, at=at, reason=reason)
    tell_household(
        visit,
        "visit.cancelled",
        lambda: _("上门取消：%(what)s", what=reads.called(visit)),
        lambda: _("%(when)s的上门已取消，原因：%(reason)s", when=reads.when_of(visit, visit.starts_at), reason=reason),
    )
    tell_person(visit, "visit.cancelled", lambda: _("您的上门取消了"), by)


def complete(*, visit: Visit, result: str, by: User, at: datetime) -> None:
    """What came of a visit. Raises Refused for one that is cancelled, done, or still ahead of its day."""
    if visit.cancelled_at or visit.done_at:
        raise refuse("VISIT", N_("这次上门已经结束或取消，不能再记录结果"))
    if local_day(visit.starts_at) > local_day(at):
        raise refuse("VISIT", N_("还没到上门的日子，不能记录结果"))
    visit.done_at, visit.result, visit.changed_at = at, result, at
    visit.arrived_at = visit.arrived_at or min(at, visit.starts_at)
    audit.record("visit.done", visit, by=by, at=at, result=result)


def in_words(visit: Visit) -> str:
    """When, what for and by whom, in the language that is being spoken."""
    who = _("上门：%(name)s", name=visit.person_name) if visit.person_name else _("人员安排中")
    return _(
        "%(when)s，%(purpose)s。%(who)s。", when=reads.when_of(visit, visit.starts_at), purpose=filters.translated(visit.purpose), who=who
    )


def tell_household(visit: Visit, kind: str, subject: Callable[[], str], body: Callable[[], str]) -> None:
    """Every member of the household, each in her own language."""
    db.session.flush()
    rows = select(User).join(Membership, Membership.user_id == User.id)
    rows = rows.where(Membership.project_id == visit.project_id, Membership.ended_at.is_(None))
    for member in db.session.scalars(rows):
        notify.tell(member, kind, subject=subject, body=body, link=f"/customer/schedule/{visit.id}", project_id=visit.project_id)


def tell_person(visit: Visit, kind: str, subject: Callable[[], str], by: User) -> None:
    """Whoever is to go there, unless it was her own doing."""
    if visit.person_id and visit.person_id != by.id:
        person = db.session.get(User, visit.person_id)
        notify.tell(
            person, kind, subject=subject, body=lambda: in_words(visit), link=f"/staff/visits/{visit.id}", project_id=visit.project_id
        )


def _put(visit: Visit, assignment: Assignment | None) -> None:
    """Who goes there; name and role stay on the visit as they were."""
    visit.person_id = assignment.user_id if assignment else None
    visit.person_name = assignment.user.name if assignment else ""
    visit.person_role = assignment.role if assignment else ""


def _free(person: User, starts_at: datetime, ends_at: datetime, besides: int | None = None) -> None:
    other = reads.busy(person, starts_at, ends_at, besides=besides)
    if other is not None:
        refused = refuse(
            "VISIT",
            N_("{name}在这段时间已有安排（{from_at}–{to_at}），请换个时间或换人"),
            name=person.name,
            from_at=filters.hour(other.starts_at),
            to_at=filters.hour(other.ends_at),
        )
        refused.field = "person"
        raise refused


def _demand(ruling: Decision, field: str) -> Decision:
    """The ruling unless it refuses; `field` is where the person can do something about it."""
    if ruling.verdict in (Booking.REFUSED, Move.REFUSED):
        raise Refused(ruling.trace[0], field)
    return ruling
