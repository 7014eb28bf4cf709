"""The order that a signed estimate becomes, and its way through the stages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal import audit, clock, filters, notify
from portal.actions import photos
from portal.extensions import db
from portal.models import Assignment, EstimateRevision, Membership, Order, OrderStage, StageNote, User
from portal.rules import stages as rules
from portal.rules.access import Role
from portal.rules.decision import Decision
from portal.rules.stages import StageAct, StageFacts, Step
from portal.rules.words import N_

NOTE_PHOTOS, STAFF_PHOTOS = "stage_note", "staff_note"
MOST_PHOTOS = 9
_COMPLETED = "S17"  # the day on which the works are accepted


@dataclass(frozen=True)
class Word:
    """What is said with a step: words, cleaned photos, and whether the homeowner reads it."""

    body: str = ""
    pictures: Sequence[photos.CleanPhoto] = ()
    for_homeowner: bool = True


def make(revision: EstimateRevision, *, by: User, at: datetime) -> Order:
    """The order of a fully signed revision. UNIQUE(project) and UNIQUE(revision): exactly one ever, however often asked.

    A home whose 估算 was signed before has its order already: the signed 预算 becomes what that order is about.
    """
    project_id = revision.estimate.project_id
    order, is_new = _only(project_id), False
    if order is None:
        order, is_new = _first(revision, project_id, at)
    if not is_new:
        if order.revision_id == revision.id:
            return order
        order.revision_id, order.total_fen = revision.id, revision.total_fen
        db.session.flush()
    audit.record("order.made" if is_new else "order.resigned", order, by=by, at=at, number=order.number,
                 total_fen=order.total_fen, revision=revision.number)
    if is_new:
        _tell_managers(order)
    return order


def _first(revision: EstimateRevision, project_id: int, at: datetime) -> tuple[Order, bool]:
    """The new order and True, or the one that somebody else made in the same moment."""
    order = Order(number=f"D{project_id:06d}", project_id=project_id, revision_id=revision.id, total_fen=revision.total_fen, made_at=at)
    try:
        with db.session.begin_nested():
            db.session.add(order)
    except IntegrityError:
        return db.session.scalars(select(Order).where(Order.project_id == project_id)).one(), False
    return order, True


def _only(project_id: int) -> Order | None:
    return db.session.scalars(select(Order).where(Order.project_id == project_id)).one_or_none()


def plan(order: Order, *, start_on: date, by: User, at: datetime) -> bool:
    """Choose the day on which works begin: the stages with their planned days. Chosen anew, the plan is made anew.

    False, and nothing happened, when the first stage has begun.
    """
    if any(stage.actual_start for stage in order.stages):
        return False
    order.start_on = start_on
    known = {stage.code: stage for stage in order.stages}
    for planned in rules.plan_stages(start_on, order.project.house_type):
        stage = known.get(planned.code) or OrderStage(position=planned.position, code=planned.code, delay_wd=0)
        stage.name, stage.node, stage.duration_wd = planned.name, planned.node, planned.duration_wd
        stage.plan_start = stage.forecast_start = planned.start
        stage.plan_end = stage.forecast_end = planned.end
        if planned.code not in known:
            order.stages.append(stage)
    _look_ahead(order, at)
    audit.record("order.planned", order, by=by, at=at, start_on=str(start_on))
    _tell(order, "order.planned", _l("开工日期定了"), lambda: _(
        "%(project)s 定于%(day)s开工，各阶段的时间都可以在进度里看到。", project=order.project.title, day=filters.day(start_on)))
    return True


def start(stage: OrderStage, *, on: date, word: Word, by: User, at: datetime, confirmed: bool = False) -> Decision[Step]:
    """Begin a stage on the day `on`. REFUSED: nothing happened. WARNED: it began only if the warning was `confirmed`."""
    decision = rules.judge_stage_start(stage.order.stages, stage.code, on, clock.local(at).date())
    if _goes(decision, confirmed):
        stage.actual_start = on
        _note(stage, StageAct.STARTED, word, by=by, at=at)
        _tell(stage.order, "order.stage_started", _l("新的阶段开始了"), _sentence(N_("%(project)s：%(stage)s开始了。"), stage, word))
    return decision


def finish(
    stage: OrderStage, *, on: date, word: Word, by: User, at: datetime, confirmed: bool = False, begin_next: bool = False
) -> Decision[Step]:
    """End a stage as `start` begins one; an inspection needs a photo, also one of an earlier note.

    With `begin_next` the stage that follows begins on the same day; both happen or neither does.
    """
    today = clock.local(at).date()
    decision = rules.judge_stage_finish(stage.order.stages, stage.code, on, today, _photos_of(stage) + len(word.pictures))
    following = next_of(stage.order.stages, stage) if begin_next else None
    if following is not None and decision.verdict.may_go_on:
        then = rules.judge_stage_start(_as_if_finished(stage, on), following.code, on, today)
        decision = then if then.verdict is not Step.ALLOWED else decision
    if not _goes(decision, confirmed):
        return decision
    stage.actual_end = on
    _note(stage, StageAct.FINISHED, word, by=by, at=at)
    if following is None:
        said = _sentence(N_("%(project)s：%(stage)s完成了。"), stage, word)
    else:
        following.actual_start = on
        _note(following, StageAct.STARTED, Word(), by=by, at=at)
        said = _sentence(N_("%(project)s：%(stage)s完成了，%(next)s开始了。"), stage, word, following)
    _tell(stage.order, "order.stage_finished", _l("一个阶段完成了"), said)
    return decision


def note(stage: OrderStage, *, word: Word, by: User, at: datetime) -> StageNote:
    """Something worth keeping, with or without photos."""
    return _note(stage, StageAct.NOTE, word, by=by, at=at)


def delay(stage: OrderStage, *, days: int, word: Word, by: User, at: datetime) -> bool:
    """The stage takes `days` working days longer; everything after it moves, and the homeowner is told why (R155).

    False, and nothing happened, when the stage is finished.
    """
    if stage.actual_end is not None:
        return False
    stage.delay_wd += days
    _note(stage, StageAct.DELAYED, word, by=by, at=at, days_wd=days)
    _tell(stage.order, "order.delayed", _l("进度有调整"), lambda: _(
        "%(project)s：%(stage)s要多用%(days)s个工作日，原因：%(reason)s。预计竣工日：%(day)s。", project=stage.order.project.title,
        stage=_(stage.name), days=days, reason=word.body.rstrip("。."), day=filters.day(_completion(stage.order))))
    return True


def reopen(stage: OrderStage, *, word: Word, by: User, at: datetime) -> Decision[Step]:
    """Open a finished stage again, with a reason that the homeowner reads."""
    decision = rules.judge_stage_reopening(stage.order.stages, stage.code, word.body)
    if decision.verdict.may_go_on:
        stage.actual_end = None
        _note(stage, StageAct.REOPENED, word, by=by, at=at)
        _tell(stage.order, "order.stage_reopened", _l("一个阶段重新打开了"),
              _sentence(N_("%(project)s：%(stage)s还要再做一些，已重新打开。"), stage, word))
    return decision


def next_of(stages: Sequence[OrderStage], stage: OrderStage) -> OrderStage | None:
    """The first stage after `stage` that has not begun."""
    return next((one for one in stages if one.position > stage.position and one.actual_start is None), None)


def _goes(decision: Decision[Step], confirmed: bool) -> bool:
    return decision.verdict is Step.ALLOWED or (decision.verdict is Step.WARNED and confirmed)


def _as_if_finished(stage: OrderStage, on: date) -> list[StageFacts]:
    return [StageFacts(one.code, one.duration_wd, one.actual_start, on if one is stage else one.actual_end) for one in stage.order.stages]


def _photos_of(stage: OrderStage) -> int:
    """How many photos the notes of a stage have."""
    ids = [row.id for row in stage.notes]
    return sum(len(found) for kind in (NOTE_PHOTOS, STAFF_PHOTOS) for found in photos.of(kind, ids).values())


def _note(stage: OrderStage, act: StageAct, word: Word, *, by: User, at: datetime, days_wd: int | None = None) -> StageNote:
    """The row, its photos, the new forecast unless it is only a note, the line in the log."""
    row = StageNote(stage_id=stage.id, act=act.value, body=word.body, for_homeowner=word.for_homeowner, days_wd=days_wd, by_id=by.id, at=at)
    stage.notes.append(row)
    db.session.flush()
    subject = NOTE_PHOTOS if word.for_homeowner else STAFF_PHOTOS
    photos.keep(word.pictures, subject=subject, subject_id=row.id, project_id=stage.order.project_id, by=by, at=at)
    if act is not StageAct.NOTE:
        _look_ahead(stage.order, at)
    audit.record(f"order.stage_{act.value}", stage, by=by, at=at, project_id=stage.order.project_id, stage=stage.code,
                 words=word.body, days_wd=days_wd, photos=len(word.pictures))
    return row


def _look_ahead(order: Order, at: datetime) -> None:
    """New forecast days of every stage, and what lists show of the order."""
    days = rules.forecast(facts_of(order), start=order.start_on or order.stages[0].plan_start, on=clock.local(at).date())
    for stage, (first, last) in zip(order.stages, days, strict=True):
        stage.forecast_start, stage.forecast_end = first, last
    now = rules.current(order.stages)
    order.stage_code = now.code if now else ""
    order.expected_on = now.forecast_end if now else None
    order.finished_on = None if now else order.stages[-1].actual_end
    db.session.flush()


def facts_of(order: Order) -> list[StageFacts]:
    """The stages as the forecast wants them, delays included."""
    return [StageFacts(one.code, one.duration_wd + one.delay_wd, one.actual_start, one.actual_end) for one in order.stages]


def _completion(order: Order) -> date:
    return next((stage.forecast_end for stage in order.stages if stage.code == _COMPLETED), order.stages[-1].forecast_end)


def _sentence(template: str, stage: OrderStage, word: Word, following: OrderStage | None = None) -> Callable[[], str]:
    """What the household reads: the template in their language, then the words that were meant for them."""
    names = {"next": following.name} if following is not None else {}
    said = f" {word.body}" if word.body and word.for_homeowner else ""
    return lambda: _(template, project=stage.order.project.title, stage=_(stage.name), **{k: _(v) for k, v in names.items()}) + said


def _tell(order: Order, kind: str, subject, body: Callable[[], str]) -> None:
    members = select(Membership).where(Membership.project_id == order.project_id, Membership.ended_at.is_(None))
    for member in db.session.scalars(members):
        notify.tell(member.user, kind, subject=subject, body=body, link=f"/customer/orders/{order.id}", project_id=order.project_id)


def _tell_managers(order: Order) -> None:
    """Whoever leads the works of this home has to choose the first day."""
    rows = select(Assignment).where(
        Assignment.project_id == order.project_id, Assignment.ended_at.is_(None), Assignment.role == Role.PROJECT_MANAGER.value
    )
    title = order.revision.estimate.project.title
    for assignment in db.session.scalars(rows):
        notify.tell(
            assignment.user, "order.made", link=f"/staff/orders/{order.id}", project_id=order.project_id,
            subject=_l("新订单，请安排开工"), body=_l("%(project)s 的报价已经签署，请定下开工日期。", project=title),
        )
