"""Complaints: what they are about, how urgent, by when the company answers, and when they may be closed (R159–R165)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.rules.decision import Decision, Reason, because
from portal.rules.words import N_, Labelled
from portal.rules.working_time import CALENDAR, WorkingCalendar, local_day

REOPEN_DAYS = 30
MOST_PHOTOS = 20


class Category(Labelled):
    """What a complaint is about (domain, 6.1)."""

    QUALITY = "质量", N_("质量")
    SCHEDULE = "工期", N_("工期")
    SERVICE = "服务", N_("服务")
    COST = "费用", N_("费用")
    MATERIAL = "材料", N_("材料")
    ENVIRONMENT = "环保", N_("环保")
    SAFETY = "安全", N_("安全")
    OTHER = "其他", N_("其他")


class Severity(Labelled):
    """L0 and L1 are urgent: their clock never stands still (C19)."""

    L0 = "L0", N_("紧急")
    L1 = "L1", N_("重大")
    L2 = "L2", N_("一般")
    L3 = "L3", N_("轻微")
    L4 = "L4", N_("建议")

    @property
    def is_urgent(self) -> bool:
        return self in (Severity.L0, Severity.L1)


class Act(Labelled):
    """One step in the story of a complaint. NOTE is for staff only."""

    FILED = "filed", N_("已提交")
    REPLIED = "replied", N_("回复")
    CAUSE = "cause", N_("查明原因")
    SOLUTION = "solution", N_("制定方案")
    DONE = "done", N_("处理完成")
    CLOSED = "closed", N_("已结案")
    REOPENED = "reopened", N_("重新打开")
    CONFIRMED = "confirmed", N_("业主确认")
    NOTE = "note", N_("内部备注")


class ComplaintState(Labelled):
    RECEIVED = "received", N_("已受理")
    ANSWERED = "answered", N_("已回复")
    PLANNED = "planned", N_("处理中")
    DONE = "done", N_("待业主确认")
    CLOSED = "closed", N_("已结案")


class Promise(Labelled):
    """What the company owes next."""

    FIRST_REPLY = "first_reply", N_("首次回复")
    PLAN = "plan", N_("给出方案")
    RESULT = "result", N_("处理完成")


class Closing(Labelled):
    ALLOWED = "allowed", N_("可以")
    REFUSED = "refused", N_("暂不可以")


SUBCATEGORIES: dict[Category, tuple[str, ...]] = {
    Category.QUALITY: (
        N_("渗漏水"), N_("瓷砖空鼓"), N_("瓷砖不平或色差"), N_("墙面开裂起皮"), N_("地板起拱异响"), N_("水路堵塞或反味"),
        N_("电路跳闸断电"), N_("门窗柜安装"), N_("吊顶开裂下沉"), N_("与图纸不符"), N_("成品破坏"),
    ),
    Category.SCHEDULE: (N_("停工无人"), N_("进度落后"), N_("主材到货迟"), N_("反复返工"), N_("完工日期争议")),
    Category.SERVICE: (
        N_("设计跟进慢"), N_("联系不上负责人"), N_("工人行为"), N_("客服响应慢"), N_("验收未通知"), N_("泄露隐私"),
    ),
    Category.COST: (
        N_("增项未签"), N_("工程量虚增"), N_("重复计费"), N_("单价与目录不符"), N_("退款或定金"), N_("发票"),
    ),
    Category.MATERIAL: (
        N_("品牌型号不符"), N_("以次充好"), N_("数量短缺"), N_("破损"), N_("过期"), N_("自购材料损坏丢失"),
    ),
    Category.ENVIRONMENT: (N_("异味"), N_("检测超标"), N_("板材等级"), N_("胶漆"), N_("噪声粉尘")),
    Category.SAFETY: (N_("人员受伤"), N_("漏电"), N_("失火或漏气"), N_("破坏结构"), N_("楼下受损")),
    Category.OTHER: (N_("邻里物业"), N_("建议"), N_("表扬")),
}
_BY_CATEGORY = {Category.SAFETY: Severity.L0, Category.OTHER: Severity.L3}
_BY_SUBCATEGORY = {
    "渗漏水": Severity.L1, "电路跳闸断电": Severity.L1, "泄露隐私": Severity.L1, "增项未签": Severity.L1,
    "品牌型号不符": Severity.L1, "以次充好": Severity.L1, "检测超标": Severity.L1, "楼下受损": Severity.L0,
    "门窗柜安装": Severity.L3, "噪声粉尘": Severity.L3, "发票": Severity.L3, "建议": Severity.L4, "表扬": Severity.L4,
}  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """Promises of one severity by the clock; `on_site` None when nobody need come."""

    first_reply: timedelta
    on_site: timedelta | None
    plan: timedelta
    done: timedelta


@dataclass(frozen=True)
class WorkingLimits:
    """Promises in working time: minutes of office hours, then the close of business after so many working days."""

    first_reply_minutes: int
    on_site_days: int | None
    plan_days: int
    done_days: int


URGENT = {
    Severity.L0: Limits(timedelta(minutes=15), timedelta(hours=3), timedelta(hours=24), timedelta(days=3)),
    Severity.L1: Limits(timedelta(minutes=30), timedelta(hours=12), timedelta(hours=24), timedelta(days=7)),
}
ORDINARY = {
    Severity.L2: WorkingLimits(120, 1, 1, 7),
    Severity.L3: WorkingLimits(120, 3, 1, 15),
    Severity.L4: WorkingLimits(120, None, 1, 3),
}


@dataclass(frozen=True)
class Due:
    """When each promise of a complaint ends. Aware UTC; the moment itself is still in time (R160)."""

    first_reply_at: datetime
    on_site_at: datetime | None
    plan_at: datetime
    done_at: datetime
    by_the_clock: bool
    trace: tuple[Reason, ...]


@dataclass(frozen=True)
class Progress:
    """What was promised and what has happened. Anything with these attributes will do."""

    first_reply_due_at: datetime
    plan_due_at: datetime
    done_due_at: datetime
    first_replied_at: datetime | None = None
    planned_at: datetime | None = None
    done_at: datetime | None = None
    closed_at: datetime | None = None


@dataclass(frozen=True)
class Clock:
    """The promise that runs, and when it ends."""

    promise: Promise
    due_at: datetime


@dataclass(frozen=True)
class CloseFacts:
    """`customer_asked` when she was asked whether the result is right, or said so herself."""

    cause: str
    solution: str
    result: str
    customer_asked: bool


@dataclass(frozen=True)
class QueueItem:
    """One thing to do. `kind` is "complaint" or any other word; `due_at` None when nothing runs."""

    ref: object
    kind: str
    due_at: datetime | None
    severity: Severity | None = None


def default_severity(category: Category | str, subcategory: str = "") -> Severity:
    """How urgent a complaint is until somebody looks at it: the more urgent of what its two words say."""
    by_category = _BY_CATEGORY.get(Category(category), Severity.L2)
    special = _BY_SUBCATEGORY.get(subcategory)
    if special is None or (by_category is Severity.L0 and special > Severity.L0):
        return by_category
    return special


def due_times(severity: Severity | str, filed_at: datetime, calendar: WorkingCalendar = CALENDAR) -> Due:
    """The promises of a complaint filed at `filed_at`, taken in at any hour (R159).

    Urgent ones run by the clock, others in office hours (R160, C19): a working day's promise ends at the close of
    business. The numbers are the company's own, no source has any.
    """
    severity = Severity(severity)
    if severity in URGENT:
        limits = URGENT[severity]
        on_site = filed_at + limits.on_site if limits.on_site else None
        trace = because("C19", "紧急事项按自然时间计时，昼夜不停")
        return Due(filed_at + limits.first_reply, on_site, filed_at + limits.plan, filed_at + limits.done, True, (trace,))
    working = ORDINARY[severity]
    on_site = calendar.close_after(filed_at, working.on_site_days) if working.on_site_days else None
    trace = because(
        "R160", "工作时间内{hours}小时首次回复，{days}个工作日内给出方案", hours=working.first_reply_minutes // 60, days=working.plan_days
    )
    return Due(
        calendar.add_working_minutes(filed_at, working.first_reply_minutes),
        on_site,
        calendar.close_after(filed_at, working.plan_days),
        calendar.close_after(filed_at, working.done_days),
        False,
        (trace,),
    )


def running(progress: Progress) -> Clock | None:
    """The promise that runs now: first reply, then plan, then result; None once done or closed."""
    if progress.closed_at is not None or progress.done_at is not None:
        return None
    if progress.first_replied_at is None:
        return Clock(Promise.FIRST_REPLY, progress.first_reply_due_at)
    if progress.planned_at is None:
        return Clock(Promise.PLAN, progress.plan_due_at)
    return Clock(Promise.RESULT, progress.done_due_at)


def is_overdue(due_at: datetime | None, at: datetime) -> bool:
    """12:00:00 is in time, 12:00:01 is not (R160)."""
    return due_at is not None and at > due_at


def state_of(progress: Progress) -> ComplaintState:
    if progress.closed_at is not None:
        return ComplaintState.CLOSED
    if progress.done_at is not None:
        return ComplaintState.DONE
    if progress.planned_at is not None:
        return ComplaintState.PLANNED
    return ComplaintState.RECEIVED if progress.first_replied_at is None else ComplaintState.ANSWERED


def judge_solution(cause: str) -> Decision[Closing]:
    """A solution needs a cause (R161)."""
    if not cause.strip():
        return Decision(Closing.REFUSED, (because("R161", "请先填写查明的原因，再制定方案"),))
    return Decision(Closing.ALLOWED)


def judge_close(facts: CloseFacts) -> Decision[Closing]:
    """Received, cause, solution, result, and the customer asked: all of it, or every step that is missing (R161)."""
    steps = (
        (facts.cause.strip(), because("R161", "请填写查明的原因")),
        (facts.solution.strip(), because("R161", "请填写处理方案")),
        (facts.result.strip(), because("R161", "请填写处理结果")),
        (facts.customer_asked, because("R161", "请先回访业主，确认处理结果")),
    )
    missing = tuple(reason for given, reason in steps if not given)
    if missing:
        return Decision(Closing.REFUSED, missing)
    return Decision(Closing.ALLOWED, (because("R161", "原因、方案、结果齐全，业主已回访"),))


def judge_reopen(closed_at: datetime | None, at: datetime) -> Decision[Closing]:
    """A closed complaint can be opened again for 30 days (domain, 6.2); after that a new one is filed."""
    if closed_at is None:
        return Decision(Closing.REFUSED, (because("6.2", "投诉尚未结案，直接回复即可"),))
    if (local_day(at) - local_day(closed_at)).days > REOPEN_DAYS:
        return Decision(Closing.REFUSED, (because("6.2", "结案已超过{days}天，请重新提交一份投诉", days=REOPEN_DAYS),))
    return Decision(Closing.ALLOWED, (because("6.2", "结案后{days}天内可以重新打开", days=REOPEN_DAYS),))


def severity_after_reopening(severity: Severity | str, times_reopened: int) -> Severity:
    """One level more urgent at every second reopening, counting the present one (domain, 6.2)."""
    level = Severity(severity)
    raised = times_reopened > 0 and times_reopened % 2 == 0
    return Severity(f"L{int(level.value[1]) - 1}") if raised and level is not Severity.L0 else level


def queue_order(items: Iterable[QueueItem]) -> list[QueueItem]:
    """Complaints first (R163), among them and among the rest the earliest promise first, then the graver one."""
    return sorted(items, key=_place)


def _place(item: QueueItem) -> tuple[bool, bool, float, str]:
    due = item.due_at.timestamp() if item.due_at is not None else 0.0
    return item.kind != "complaint", item.due_at is None, due, item.severity or "L9"
