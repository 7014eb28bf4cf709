"""The order that a signed estimate becomes, and its way through the stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal import audit, clock, filters, notify
from portal.actions import photos
from portal.extensions import db
from portal.models import EstimateRevision, Membership, Order, OrderStage, StageNote, User
from portal.rules import stages as rules
from portal.rules.decision import Decision
from portal.rules.stages import StageAct, StageFacts, Step
from portal.rules.words import N_

NOTE_PHOTOS, STAFF_PHOTOS = "stage_note", "staff_note"


@dataclass(frozen=True)
class Word:
    """What is said with a step: words, cleaned photos, and whether the homeowner reads it."""

    body: str = ""
    pictures: Sequence[photos.CleanPhoto] = ()
    for_homeowner: bool = True


def make(revision: EstimateRevision, *, by: User, at: datetime) -> Order:
    """The order of a fully signed revision. UNIQUE(project) and UNIQUE(revision): exactly one ever.

    A home whose 估算 was signed before has its order already: the signed 预算 becomes what that order is about.
    """
    order = db.session.scalars(select(Order).where(Order.project_id == revision.estimate.project_id)).one_or_none()
    act = "order.made" if order is None else "order.resigned"
    if order is None:
        order = Order(number=f"D{revision.estimate.project_id:06d}", project_id=revision.estimate.project_id, made_at=at)
        db.session.add(order)
    order.revision_id, order.total_fen = revision.id, revision.total_fen
    db.session.flush()
    audit.record(act, order, by=by, at=at, number=order.number, total_fen=order.total_fen, revision=revision.number)
    return order


def plan(order: Order, *, start_on: date, by: User, at: datetime) -> None:
    """Choose the day on which works begin: the stages with their planned days. Chosen anew, the plan is made anew.

    Only before the first stage has begun.
    """
    order.start_on = start_on
    known = {stage.code: stage for stage in order.stages}
    for planned in rules.plan_stages(start_on, order.project.house_type):
        stage = known.get(planned.code) or OrderStage(order_id=order.id, position=planned.position, code=planned.code)
        stage.name, stage.node, stage.duration_wd = planned.name, planned.node, planned.duration_wd
        stage.plan_start = stage.forecast_start = planned.start
        stage.plan_end = stage.forecast_end = planned.end
        if planned.code not in known:
            order.stages.append(stage)
    _look_ahead(order)
    db.session.flush()
    audit.record("order.planned", order, by=by, at=at, start_on=str(start_on))
    _tell(order, "order.planned", _l("开工日期定了"),
          lambda: _("%(project)s 定于%(day)s开工，各阶段的时间都可以在进度里看到。", project=order.project.title, day=filters.day(start_on)))


def start(stage: OrderStage, *, on: date, word: Word, by: User, at: datetime) -> Decision[Step]:
    """Begin a stage on the day `on`; the decision says whether it went, and a warning what to mind."""
    decision = rules.judge_stage_start(stage.order.stages, stage.code, on, clock.local(at).date())
    if decision.verdict.may_go_on:
        stage.actual_start = on
        _note(stage, StageAct.STARTED, word, by=by, at=at)
        _tell(stage.order, "order.stage_started", _l("新的阶段开始了"), _sentence(N_("%(project)s：%(stage)s开始了。"), stage))
    return decision


def finish(stage: OrderStage, *, on: date, word: Word, by: User, at: datetime) -> Decision[Step]:
    """End a stage; an inspection needs a photo."""
    decision = rules.judge_stage_finish(stage.order.stages, stage.code, on, clock.local(at).date(), len(word.pictures))
    if decision.verdict.may_go_on:
        stage.actual_end = on
        _note(stage, StageAct.FINISHED, word, by=by, at=at)
        _tell(stage.order, "order.stage_finished", _l("一个阶段完成了"), _sentence(N_("%(project)s：%(stage)s完成了。"), stage))
    return decision


def note(stage: OrderStage, *, word: Word, by: User, at: datetime) -> StageNote:
    """Something worth keeping, with or without photos."""
    return _note(stage, StageAct.NOTE, word, by=by, at=at)


def delay(stage: OrderStage, *, days: int, word: Word, by: User, at: datetime) -> None:
    """The stage takes `days` working days longer; everything after it moves, and the homeowner is told why (R155)."""
    stage.delay_wd += days
    _note(stage, StageAct.DELAYED, word, by=by, at=at)
    _tell(stage.order, "order.delayed", _l("进度有调整"),
          lambda: _("%(project)s：%(stage)s要多用%(days)s个工作日，原因：%(reason)s。预计竣工日：%(day)s。", project=stage.order.project.title,
                    stage=_(stage.name), days=days, reason=word.body, day=filters.day(_completion(stage.order))))


def reopen(stage: OrderStage, *, word: Word, by: User, at: datetime) -> Decision[Step]:
    """Open a finished stage again, with a reason."""
    decision = rules.judge_stage_reopening(stage.order.stages, stage.code, word.body)
    if decision.verdict.may_go_on:
        stage.actual_end = None
        _note(stage, StageAct.REOPENED, word, by=by, at=at)
    return decision


def _note(stage: OrderStage, act: StageAct, word: Word, *, by: User, at: datetime) -> StageNote:
    """The row, its photos, the new forecast, the line in the log."""
    row = StageNote(stage_id=stage.id, act=act.value, body=word.body, for_homeowner=word.for_homeowner, by_id=by.id, at=at)
    db.session.add(row)
    db.session.flush()
    subject = NOTE_PHOTOS if word.for_homeowner else STAFF_PHOTOS
    photos.keep(word.pictures, subject=subject, subject_id=row.id, project_id=stage.order.project_id, by=by, at=at)
    _look_ahead(stage.order)
    audit.record(f"order.stage_{act.value}", stage, by=by, at=at, project_id=stage.order.project_id, stage=stage.code,
                 words=word.body, photos=len(word.pictures))
    return row


def _look_ahead(order: Order) -> None:
    """New forecast days of every stage, and what lists show of the order."""
    if order.start_on is None:
        return
    progress = [StageFacts(one.code, one.duration_wd + one.delay_wd, one.actual_start, one.actual_end) for one in order.stages]
    days = rules.forecast(progress, start=order.start_on, on=clock.today())
    for stage, (first, last) in zip(order.stages, days, strict=True):
        stage.forecast_start, stage.forecast_end = first, last
    now = rules.current(order.stages)
    order.stage_code = now.code if now else ""
    order.expected_on = now.forecast_end if now else None
    order.finished_on = None if now else order.stages[-1].actual_end
    db.session.flush()


def _completion(order: Order) -> date:
    """The day on which the works are forecast to be accepted (S17)."""
    return next(stage.forecast_end for stage in order.stages if stage.code == "S17")


def _sentence(template: str, stage: OrderStage) -> Callable[[], str]:
    return lambda: _(template, project=stage.order.project.title, stage=_(stage.name))


def _tell(order: Order, kind: str, subject, body: Callable[[], str]) -> None:
    members = select(Membership).where(Membership.project_id == order.project_id, Membership.ended_at.is_(None))
    for member in db.session.scalars(members):
        notify.tell(member.user, kind, subject=subject, body=body, link="/customer/orders/", project_id=order.project_id)
