"""Visits to a home: booking, moving, dispatching, and what each one is at a moment (R051–R053, R155)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.rules.decision import Decision, Reason, because
from portal.rules.words import N_, Labelled
from portal.rules.working_time import local_day

LONGEST = timedelta(hours=24)
FURTHEST = timedelta(days=1096)
LONGEST_ETA_MINUTES = 24 * 60
TARGET_ETA_MINUTES = 15


class VisitKind(Labelled):
    MEASUREMENT = "measurement", N_("上门量房")
    PLAN_REVIEW = "plan_review", N_("方案讲解")
    ESTIMATE_REVIEW = "estimate_review", N_("报价讲解")
    SIGNING = "signing", N_("签约")
    DISCLOSURE = "disclosure", N_("开工交底")
    WEEKLY = "weekly", N_("每周巡检")
    QUALITY = "quality", N_("质检巡检")
    INSPECTION = "inspection", N_("节点验收")
    DELIVERY = "delivery", N_("材料送货")
    INSTALLATION = "installation", N_("上门安装")
    REPAIR = "repair", N_("上门维修")
    RETURN_CALL = "return_call", N_("回访")
    OTHER = "other", N_("其他")


class Presence(Labelled):
    """Whether the owner should be there."""

    REQUIRED = "必须", N_("请您到场")
    REMOTE = "必须(可远程)", N_("请您到场或视频参加")
    OPTIONAL = "可选", N_("可到场可不到场")
    PHONE = "电话", N_("电话沟通")
    UNSAID = "", N_("未说明")


class VisitState(Labelled):
    """UNCONFIRMED: its time has passed and nobody has said what came of it."""

    PLANNED = "planned", N_("已预约")
    ON_THE_WAY = "on_the_way", N_("正在赶来")
    LATE = "late", N_("未按时到达")
    UNDER_WAY = "under_way", N_("进行中")
    UNCONFIRMED = "unconfirmed", N_("待确认结果")
    DONE = "done", N_("已完成")
    CANCELLED = "cancelled", N_("已取消")


class Booking(Labelled):
    ALLOWED = "allowed", N_("可以")
    REFUSED = "refused", N_("不可以")


class Move(Labelled):
    """TOLD_LATE: it may be moved, but the customer was told on the day or later, which is recorded (R155)."""

    ALLOWED = "allowed", N_("可以改期")
    TOLD_LATE = "told_late", N_("临期改期")
    REFUSED = "refused", N_("不能改期")

    @property
    def may_move(self) -> bool:
        return self is not Move.REFUSED


class Dispatch(Labelled):
    READY = "ready", N_("可以派单")
    REFUSED = "refused", N_("不能派单")


@dataclass(frozen=True)
class VisitTimes:
    """The moments of one visit; `arrival_at` is the promised arrival of a dispatched designer. Any row will do."""

    starts_at: datetime
    ends_at: datetime
    arrival_at: datetime | None = None
    arrived_at: datetime | None = None
    done_at: datetime | None = None
    cancelled_at: datetime | None = None


def state_of(visit: VisitTimes, at: datetime) -> VisitState:
    """What the visit is at `at`, from its moments alone."""
    if visit.cancelled_at is not None:
        return VisitState.CANCELLED
    if visit.done_at is not None:
        return VisitState.DONE
    if at >= visit.ends_at:
        return VisitState.UNCONFIRMED
    if visit.arrived_at is not None:
        return VisitState.UNDER_WAY
    if visit.arrival_at is not None:
        return VisitState.LATE if at > visit.arrival_at else VisitState.ON_THE_WAY
    return VisitState.PLANNED if at < visit.starts_at else VisitState.UNDER_WAY


def judge_booking(starts_at: datetime, ends_at: datetime, at: datetime) -> Decision[Booking]:
    """A visit lies ahead, ends after it begins and within a day. Measuring is free of charge (R051)."""
    faults = []
    if starts_at <= at:
        faults.append(because("VISIT", "预约时间必须在现在之后"))
    if ends_at <= starts_at:
        faults.append(because("VISIT", "结束时间必须晚于开始时间"))
    elif ends_at - starts_at > LONGEST:
        faults.append(because("VISIT", "一次上门不能超过一天"))
    if starts_at > at + FURTHEST:
        faults.append(because("VISIT", "预约时间太远，请检查年份"))
    return Decision(Booking.REFUSED, tuple(faults)) if faults else Decision(Booking.ALLOWED)


def judge_move(visit: VisitTimes, to_at: datetime, reason: str, at: datetime) -> Decision[Move]:
    """A visit that has not begun may be moved with a reason; the customer is told before its day (R155)."""
    faults = [*_cannot_change(visit, at)]
    if not reason.strip():
        faults.append(because("R155", "请填写改期原因，业主会看到"))
    if to_at <= at:
        faults.append(because("VISIT", "新的时间必须在现在之后"))
    elif to_at > at + FURTHEST:
        faults.append(because("VISIT", "预约时间太远，请检查年份"))
    elif to_at == visit.starts_at:
        faults.append(because("VISIT", "新的时间与原时间相同"))
    if faults:
        return Decision(Move.REFUSED, tuple(faults))
    agreed = local_day(visit.starts_at)
    if local_day(at) >= agreed:
        return Decision(Move.TOLD_LATE, (because("R155", "约定日{day}当天才改期，应提前告知业主", day=agreed),))
    return Decision(Move.ALLOWED, (because("R155", "在约定日{day}之前告知业主", day=agreed),))


def judge_cancel(visit: VisitTimes, reason: str, at: datetime) -> Decision[Booking]:
    """A visit that is not over may be cancelled with a reason."""
    faults = [*_cannot_change(visit, at)]
    if not reason.strip():
        faults.append(because("R155", "请填写取消原因，业主会看到"))
    return Decision(Booking.REFUSED, tuple(faults)) if faults else Decision(Booking.ALLOWED)


def judge_dispatch(
    *, community: str, building: str, unit: str, room: str, has_designer: bool, eta_minutes: int | None
) -> Decision[Dispatch]:
    """All four parts of the address (R053), a designer, and how long he will take (R052); else every fault."""
    parts = {N_("小区"): community, N_("楼栋"): building, N_("单元"): unit, N_("房号"): room}
    faults = [
        because("R053", "派单须写明{part}", part=name) for name, given in parts.items() if not (given or "").strip()
    ]
    if not has_designer:
        faults.append(because("R052", "请选择设计师"))
    if eta_minutes is None:
        faults.append(because("R052", "请告知预计多少分钟到达"))
    elif not 1 <= eta_minutes <= LONGEST_ETA_MINUTES:
        faults.append(because("R052", "到达时间应在1到{most}分钟之间", most=LONGEST_ETA_MINUTES))
    if faults:
        return Decision(Dispatch.REFUSED, tuple(faults))
    return Decision(Dispatch.READY, (because("R052", "设计师{minutes}分钟内到达", minutes=eta_minutes),))


def expected_arrival(at: datetime, eta_minutes: int) -> datetime:
    """When a designer sent at `at` is expected; not there by then is late (R052)."""
    return at + timedelta(minutes=eta_minutes)


def overlaps(one_starts: datetime, one_ends: datetime, other_starts: datetime, other_ends: datetime) -> bool:
    """Whether two visits of one person collide; one may begin when the other ends."""
    return one_starts < other_ends and other_starts < one_ends


def _cannot_change(visit: VisitTimes, at: datetime) -> list[Reason]:
    if visit.cancelled_at is not None:
        return [because("VISIT", "这次上门已经取消")]
    if visit.done_at is not None or visit.arrived_at is not None:
        return [because("VISIT", "这次上门已经进行，不能更改")]
    if visit.starts_at <= at:
        return [because("VISIT", "已经过去的上门不能更改，请记录结果或另约时间")]
    return []
