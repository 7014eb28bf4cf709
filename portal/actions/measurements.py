"""Measuring a home: booked free of charge, a designer sent with his arrival time, what was found, and the next date told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from portal import audit, filters
from portal.actions import photos, projects, visits
from portal.actions.photos import CleanPhoto
from portal.actions.projects import DESIGN_ROLES
from portal.extensions import db
from portal.models import MeasurementRecord, Project, User, Visit
from portal.queries import measurements as reads
from portal.queries import projects as teams
from portal.queries.visits import busy
from portal.rules import measurement as rules
from portal.rules import visits as visit_rules
from portal.rules.measurement import Finding
from portal.rules.visits import TARGET_ETA_MINUTES, Dispatch, Presence, VisitKind
from portal.rules.words import N_, Refused, refuse

TAKES = timedelta(hours=1)


def book(*, project: Project, by: User, at: datetime, starts_at: datetime | None) -> Visit:
    """Ask for a measurement, free of charge (R051); `starts_at` None: the customer is waiting on site.

    The four parts of the address have to be known (R053). Raises Refused.
    """
    _demand_address(project)
    starts_at = starts_at or at + timedelta(minutes=TARGET_ETA_MINUTES)
    return visits.book(
        project=project,
        by=by,
        at=at,
        kind=VisitKind.MEASUREMENT.value,
        purpose=N_("免费上门量房"),
        starts_at=starts_at,
        ends_at=starts_at + TAKES,
        assignment=None,
        owner_presence=Presence.REQUIRED.value,
    )


def send(*, visit: Visit, designer: User, role: str, eta_minutes: int | None, by: User, at: datetime) -> None:
    """Give a measurement to a designer; with `eta_minutes` he leaves now and is expected then (R052).

    He joins the project's team. Raises Refused when he is busy, with who would be free first and when.
    """
    project = visit.project
    if visit.done_at or visit.cancelled_at or visit.arrived_at:
        raise refuse("R052", N_("这次量房已经开始或取消，不能再派单"))
    now_leaving = eta_minutes is not None
    ruling = visit_rules.judge_dispatch(
        community=project.community,
        building=project.building,
        unit=project.unit,
        room=project.room_no,
        has_designer=True,
        eta_minutes=eta_minutes if now_leaving else TARGET_ETA_MINUTES,
    )
    if ruling.verdict is Dispatch.REFUSED:
        raise Refused(ruling.trace[0], "eta_minutes")
    starts_at = visit_rules.expected_arrival(at, eta_minutes) if now_leaving else visit.starts_at
    _demand_free(designer, starts_at, visit)
    assignment = projects.assign(project=project, user=designer, role=role, by=by, at=at)
    visit.person_id, visit.person_name, visit.person_role = designer.id, designer.name, assignment.role
    if now_leaving:
        visit.arrival_at, visit.starts_at, visit.ends_at = starts_at, starts_at, starts_at + TAKES
    visit.changed_at = at
    audit.record("measurement.sent", visit, by=by, at=at, designer_id=designer.id, expected_at=starts_at, eta_minutes=eta_minutes)
    visits.tell_household(
        visit,
        "measurement.sent",
        lambda: _("量房设计师已安排"),
        lambda: _("%(name)s预计%(when)s到达。量房免费。", name=designer.name, when=filters.moment(starts_at)),
    )
    visits.tell_person(visit, "measurement.sent", lambda: _("给您派了一次量房"), by)


def arrive(*, visit: Visit, by: User, at: datetime) -> None:
    """The designer is there. Said once; a second time changes nothing."""
    if visit.cancelled_at or visit.done_at:
        raise refuse("R052", N_("这次量房已经结束或取消"))
    if visit.arrived_at is None:
        visit.arrived_at, visit.changed_at = at, at
        audit.record("measurement.arrived", visit, by=by, at=at, expected_at=visit.arrival_at or visit.starts_at)


def submit(
    *,
    visit: Visit,
    by: User,
    at: datetime,
    findings: Sequence[Finding],
    base_condition: str,
    customer_opinion: str,
    next_plan_at: datetime | None,
    pictures: Sequence[CleanPhoto],
) -> MeasurementRecord:
    """F21: everything placed or said not to be there, with photos, and the next date, which stands in the household's
    schedule at once (R057–R059). Raises Refused with the field that is missing; a second record of a visit is refused.
    """
    _wait_for(visit)
    if visit.cancelled_at or visit.done_at:
        raise Refused(refuse("R054", N_("这次量房已经提交过记录，或已取消")).reason, "visit")
    ruling = rules.judge_record(findings, photos=len(pictures), base_condition=base_condition, next_plan_at=next_plan_at, at=at)
    if ruling.verdict is rules.Record.INCOMPLETE:
        raise Refused(ruling.trace[0], ruling.trace[0].facts["key"])
    record = MeasurementRecord(
        visit_id=visit.id,
        project_id=visit.project_id,
        items=[vars(one) for one in findings],
        base_condition=base_condition,
        customer_opinion=customer_opinion,
        next_plan_at=next_plan_at,
        submitted_by_id=by.id,
        submitted_at=at,
    )
    db.session.add(record)
    db.session.flush()
    photos.keep(pictures, subject="measurement", subject_id=record.id, project_id=visit.project_id, by=by, at=at)
    visit.arrived_at, visit.done_at, visit.changed_at = visit.arrived_at or at, at, at
    visit.result = N_("量房完成")
    audit.record("measurement.recorded", record, by=by, at=at, photos=len(pictures), next_plan_at=next_plan_at)
    _promise_plan(visit, next_plan_at, by=by, at=at)
    return record


def _promise_plan(visit: Visit, next_plan_at: datetime, *, by: User, at: datetime) -> None:
    """The next date is a visit of its own, told with the news that measuring is done."""
    team = teams.team(visit.project_id, [role.value for role in DESIGN_ROLES])
    designer = next((one for one in team if one.user_id == visit.person_id), team[0] if team else None)
    try:
        plan = visits.book(
            project=visit.project,
            by=by,
            at=at,
            kind=VisitKind.PLAN_REVIEW.value,
            purpose=N_("看平面方案"),
            starts_at=next_plan_at,
            ends_at=next_plan_at + TAKES,
            assignment=designer,
            owner_presence=Presence.REQUIRED.value,
            told=False,
        )
    except Refused as refused:
        raise Refused(refused.reason, "next_plan_at") from None
    visits.tell_household(
        plan,
        "measurement.done",
        lambda: _("量房完成"),
        lambda: _("下次看平面方案：%(when)s。量房记录可以在日程里查看。", when=filters.moment(next_plan_at)),
    )


def _wait_for(visit: Visit) -> None:
    """Of two records in the same instant one is kept: the second waits here and then sees the first."""
    db.session.execute(select(Visit.id).where(Visit.id == visit.id).with_for_update())
    db.session.refresh(visit, ["done_at", "cancelled_at", "version"])


def _demand_address(project: Project) -> None:
    ruling = visit_rules.judge_dispatch(
        community=project.community,
        building=project.building,
        unit=project.unit,
        room=project.room_no,
        has_designer=True,
        eta_minutes=TARGET_ETA_MINUTES,
    )
    if ruling.verdict is Dispatch.REFUSED:
        raise Refused(ruling.trace[0], "address")


def _demand_free(designer: User, starts_at: datetime, visit: Visit) -> None:
    """R052: nobody is told "none available"; whoever is free first is named with his time."""
    other = busy(designer, starts_at, starts_at + TAKES, besides=visit.id)
    if other is None:
        return
    first = reads.designers([role.value for role in DESIGN_ROLES], at=starts_at, hours=1)[0]
    raise Refused(
        refuse(
            "R052",
            N_("{name}要到{until}才有空。最早有空的是{first}（{free_at}）"),
            name=designer.name,
            until=filters.hour(other.ends_at),
            first=first.user.name,
            free_at=filters.hour(first.free_at),
        ).reason,
        "designer",
    )
