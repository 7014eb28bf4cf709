"""The twenty stages of the works: their plan in working days, and when one may begin or end (domain, 5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from portal.rules.decision import Decision, because
from portal.rules.stage_template import STAGES, Stage, stage
from portal.rules.words import N_, Labelled
from portal.rules.working_time import CALENDAR, WorkingCalendar

__all__ = [
    "STAGES",
    "PlannedStage",
    "Stage",
    "StageAct",
    "StageFacts",
    "StageProgress",
    "StageState",
    "Step",
    "current",
    "duration_wd",
    "forecast",
    "judge_stage_finish",
    "judge_stage_reopening",
    "judge_stage_start",
    "plan_stages",
    "stage",
    "state_of",
]

VILLA = "别墅"
AIR_TEST, AIR_TEST_WAIT_DAYS = "S19", 8  # 7 full days of airing lie between the end of S18 and the test (S3)


class StageState(Labelled):
    DONE = "done", N_("已完成")
    NOW = "now", N_("进行中")
    NEXT = "next", N_("下一步")
    LATER = "later", N_("未开始")


class StageAct(Labelled):
    """What a note on a stage records."""

    STARTED = "started", N_("阶段开始")
    FINISHED = "finished", N_("阶段完成")
    NOTE = "note", N_("现场记录")
    DELAYED = "delayed", N_("延期")
    REOPENED = "reopened", N_("已重新打开")


class Step(Labelled):
    """WARNED: allowed, but the person is told why to think again."""

    ALLOWED = "allowed", N_("可以")
    WARNED = "warned", N_("请确认")
    REFUSED = "refused", N_("不可以")

    @property
    def may_go_on(self) -> bool:
        return self is not Step.REFUSED


class StageProgress(Protocol):
    """What happened in one stage; any row with these attributes will do."""

    @property
    def code(self) -> str: ...
    @property
    def duration_wd(self) -> int: ...
    @property
    def actual_start(self) -> date | None: ...
    @property
    def actual_end(self) -> date | None: ...


@dataclass(frozen=True)
class StageFacts:
    """`duration_wd` in working days, delays included."""

    code: str
    duration_wd: int
    actual_start: date | None = None
    actual_end: date | None = None


@dataclass(frozen=True)
class PlannedStage:
    """One stage of a plan; both days are working days and counted."""

    position: int
    code: str
    name: str
    node: str | None
    duration_wd: int
    start: date
    end: date


def duration_wd(of: Stage, house_type: str) -> int:
    """Working days of a stage: 别墅 has its own numbers, 平层 and 复式 share theirs."""
    return of.villa_wd if house_type == VILLA else of.flat_wd


def plan_stages(start: date, house_type: str, calendar: WorkingCalendar = CALENDAR) -> list[PlannedStage]:
    """S01 to S20 one after the other, each from the first working day after the one before (S2, S3)."""
    plan = []
    begins = calendar.first_working_day(start)
    for position, template in enumerate(STAGES, 1):
        days = duration_wd(template, house_type)
        ends = calendar.last_of(begins, days)
        plan.append(PlannedStage(position, template.code, template.name, template.node, days, begins, ends))
        begins = _next_start(ends, position, calendar)
    return plan


def forecast(
    stages: Sequence[StageProgress], *, start: date, on: date, calendar: WorkingCalendar = CALENDAR
) -> list[tuple[date, date]]:
    """First and last day of every stage as they now look on the day `on`: what happened stays, what runs takes its
    working days but not less than until `on`, what is to come follows without gaps and not in the past."""
    found: list[tuple[date, date]] = []
    earliest = calendar.first_working_day(start)
    for position, one in enumerate(stages, 1):
        begins = one.actual_start or calendar.first_working_day(max(earliest, on))
        ends = one.actual_end or max(calendar.last_of(begins, one.duration_wd), calendar.first_working_day(on))
        found.append((begins, ends))
        earliest = _next_start(ends, position, calendar)
    return found


def state_of(stages: Sequence[StageProgress], code: str) -> StageState:
    """Where one stage stands among all of them; NEXT is the first that has not begun."""
    one = _find(stages, code)
    if one.actual_end is not None:
        return StageState.DONE
    if one.actual_start is not None:
        return StageState.NOW
    waiting = next(other for other in stages if other.actual_start is None and other.actual_end is None)
    return StageState.NEXT if waiting.code == code else StageState.LATER


def current(stages: Sequence[StageProgress]) -> StageProgress | None:
    """The stage in hand: the first that is not finished; None when all are."""
    return next((one for one in stages if one.actual_end is None), None)


def judge_stage_start(stages: Sequence[StageProgress], code: str, on: date, today: date) -> Decision[Step]:
    """Stages follow one another. One may begin while the one before still runs (a warning), but never past an
    inspection that has not been passed, nor past a stage that has not begun."""
    one = _find(stages, code)
    if one.actual_end is not None:
        return _refused(N_("“{stage}”已经完成"), stage=stage(code).name)
    if one.actual_start is not None:
        return _refused(N_("“{stage}”已经开始"), stage=stage(code).name)
    if on > today:
        return _refused(N_("开始日期不能晚于今天"))
    before = stages[: [other.code for other in stages].index(code)]
    for other in before:
        if other.actual_end is None and (stage(other.code).node or other.actual_start is None):
            return _refused(
                N_("“{before}”尚未完成，不能开始“{stage}”"), before=stage(other.code).name, stage=stage(code).name
            )
    running = [stage(other.code).name for other in before if other.actual_end is None]
    if running:
        return Decision(Step.WARNED, (because("5.1", "“{before}”还没有结束，确定同时进行吗？", before=running[-1]),))
    latest = max((other.actual_end for other in before if other.actual_end is not None), default=None)
    if latest is not None and on < latest:
        return _refused(N_("开始日期不能早于上一阶段的完成日{day}"), day=latest)
    return _air_test(code, latest, on)


def judge_stage_finish(
    stages: Sequence[StageProgress], code: str, on: date, today: date, photos: int | None = None
) -> Decision[Step]:
    """A stage ends after it began; an inspection ends with at least one photo. `photos` None leaves them out of it."""
    one = _find(stages, code)
    if one.actual_end is not None:
        return _refused(N_("“{stage}”已经完成"), stage=stage(code).name)
    if one.actual_start is None:
        return _refused(N_("“{stage}”还没有开始"), stage=stage(code).name)
    if on > today:
        return _refused(N_("完成日期不能晚于今天"))
    if on < one.actual_start:
        return _refused(N_("完成日期不能早于开始日期{day}"), day=one.actual_start)
    if stage(code).node and photos == 0:
        return _refused(N_("“{stage}”是验收节点，请先上传至少一张照片"), stage=stage(code).name)
    earlier = [other for other in stages[: [one.code for one in stages].index(code)] if other.actual_end is None]
    if earlier and stage(code).node:
        return _refused(N_("“{before}”尚未完成，不能通过验收"), before=stage(earlier[0].code).name)
    if earlier:
        return Decision(
            Step.WARNED, (because("5.1", "“{before}”还没有结束，请确认顺序", before=stage(earlier[0].code).name),)
        )
    return Decision(Step.ALLOWED)


def judge_stage_reopening(stages: Sequence[StageProgress], code: str, reason: str) -> Decision[Step]:
    """A finished stage may be opened again with a reason, as long as nothing after it has begun."""
    one = _find(stages, code)
    if one.actual_end is None:
        return _refused(N_("“{stage}”还没有完成"), stage=stage(code).name)
    if not reason.strip():
        return _refused(N_("请写明重新打开的原因"))
    after = stages[[other.code for other in stages].index(code) + 1 :]
    if any(other.actual_start is not None for other in after):
        return _refused(N_("后面的阶段已经开始，不能重新打开“{stage}”"), stage=stage(code).name)
    return Decision(Step.ALLOWED)


def _next_start(ended: date, position: int, calendar: WorkingCalendar) -> date:
    """The first day of the stage after the `position`th."""
    airing = position < len(STAGES) and STAGES[position].code == AIR_TEST
    return calendar.first_working_day(ended + timedelta(days=AIR_TEST_WAIT_DAYS if airing else 1))


def _air_test(code: str, ended: date | None, on: date) -> Decision[Step]:
    if code == AIR_TEST and ended is not None and (on - ended).days < AIR_TEST_WAIT_DAYS:
        return Decision(
            Step.WARNED,
            (because("5.1", "完工后须通风满7天再检测，最早{day}", day=ended + timedelta(AIR_TEST_WAIT_DAYS)),),
        )
    return Decision(Step.ALLOWED)


def _refused(says: str, **facts: object) -> Decision[Step]:
    return Decision(Step.REFUSED, (because("5.1", says, **facts),))


def _find(stages: Sequence[StageProgress], code: str) -> StageProgress:
    return next(one for one in stages if one.code == code)
