"""The spine of a project (P01) as the homeowner reads it: done, now, next, and who answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from portal.rules.access import Role
from portal.rules.stages import StageState
from portal.rules.words import N_, Labelled


class Leg(Labelled):
    """The seven parts of the way from the first talk to the keys."""

    LEAD = "lead", N_("咨询登记")
    MEASURE = "measure", N_("上门量房")
    PLAN = "plan", N_("方案设计")
    ESTIMATE = "estimate", N_("报价")
    SIGN = "sign", N_("签约")
    BUILD = "build", N_("施工")
    HANDOVER = "handover", N_("交付")


@dataclass(frozen=True)
class JourneyFacts:
    """When each thing happened, None when it has not. Moments aware, days local."""

    registered_at: datetime | None = None
    visit_at: datetime | None = None  # a measurement is booked
    measured_at: datetime | None = None
    next_plan_at: datetime | None = None  # the day told for seeing the plan (R059)
    plan_shown_at: datetime | None = None
    plan_approved_at: datetime | None = None
    change_requested_at: datetime | None = None  # of the plan now shown
    presented_at: datetime | None = None  # of the newest revision that she may see
    signed_by_her_at: datetime | None = None
    signed_at: datetime | None = None  # by everybody who has to
    declined_at: datetime | None = None
    started_on: date | None = None
    works_expected_on: date | None = None  # forecast end of the works
    works_done_on: date | None = None  # S18
    finished_on: date | None = None  # S20
    materials_chosen: bool = True


@dataclass(frozen=True)
class JourneyStep:
    """One part of the way: `says` what happens, `asks` what is needed of her ("" = nothing), `answers` whom to ask,
    `expected` when it should be over, where that has been told."""

    leg: Leg
    state: StageState
    done_on: datetime | date | None
    says: str
    asks: str
    answers: Role
    expected: datetime | date | None = None


@dataclass(frozen=True)
class Journey:
    steps: tuple[JourneyStep, ...]

    @property
    def now(self) -> JourneyStep | None:
        """The step in hand; None when all is done."""
        return next((step for step in self.steps if step.state is StageState.NOW), None)

    @property
    def next(self) -> JourneyStep | None:
        return next((step for step in self.steps if step.state is StageState.NEXT), None)

    @property
    def percent(self) -> int:
        """Steps done, 0 to 100."""
        return 100 * sum(step.state is StageState.DONE for step in self.steps) // len(self.steps)


def journey(facts: JourneyFacts) -> Journey:
    """The seven steps in order. A later step that is done makes the earlier ones done: nobody is sent back."""
    ends = [_done_on(leg, facts) for leg in Leg]
    last_done = max((index for index, end in enumerate(ends) if end is not None), default=-1)
    steps = []
    for index, (leg, end) in enumerate(zip(Leg, ends, strict=True)):
        state = _state(index, last_done)
        says, asks = _words(leg, facts) if state is StageState.NOW else (_PLAIN[leg], "")
        expected = _expected(leg, facts) if state is StageState.NOW else None
        steps.append(JourneyStep(leg, state, end, says, asks, _ANSWERS[leg], expected))
    return Journey(tuple(steps))


def _done_on(leg: Leg, facts: JourneyFacts) -> datetime | date | None:
    return {
        Leg.LEAD: facts.registered_at,
        Leg.MEASURE: facts.measured_at,
        Leg.PLAN: facts.plan_approved_at,
        Leg.ESTIMATE: facts.presented_at,
        Leg.SIGN: facts.signed_at,
        Leg.BUILD: facts.works_done_on,
        Leg.HANDOVER: facts.finished_on,
    }[leg]


def _expected(leg: Leg, facts: JourneyFacts) -> datetime | date | None:
    if leg is Leg.PLAN:
        return facts.next_plan_at if facts.plan_shown_at is None else None
    return {Leg.MEASURE: facts.visit_at, Leg.BUILD: facts.works_expected_on}.get(leg)


def _state(index: int, last_done: int) -> StageState:
    if index <= last_done:
        return StageState.DONE
    return {1: StageState.NOW, 2: StageState.NEXT}.get(index - last_done, StageState.LATER)


_PLAIN = {
    Leg.LEAD: N_("登记您的需求和联系方式。"),
    Leg.MEASURE: N_("设计师上门量房，免费。"),
    Leg.PLAN: N_("设计师出平面方案，您确认或提出修改。"),
    Leg.ESTIMATE: N_("预算员按房间逐项报价并讲解。"),
    Leg.SIGN: N_("您核对报价，在线签字。"),
    Leg.BUILD: N_("按阶段施工，每个节点请您验收。"),
    Leg.HANDOVER: N_("环保检测、结算、交钥匙，质保开始。"),
}
_ANSWERS = {
    Leg.LEAD: Role.ACCOUNT_MANAGER,
    Leg.MEASURE: Role.DESIGNER,
    Leg.PLAN: Role.DESIGNER,
    Leg.ESTIMATE: Role.ESTIMATOR,
    Leg.SIGN: Role.ACCOUNT_MANAGER,
    Leg.BUILD: Role.PROJECT_MANAGER,
    Leg.HANDOVER: Role.ACCOUNT_MANAGER,
}


def _words(leg: Leg, facts: JourneyFacts) -> tuple[str, str]:
    """What happens in the step in hand, and what is asked of her."""
    return _WORDS[leg](facts)


def _measure(facts: JourneyFacts) -> tuple[str, str]:
    if facts.visit_at is None:
        return N_("我们正在为您安排量房时间。"), N_("请告诉我们您方便的时间。")
    return N_("量房已约好，设计师会准时上门。"), N_("请在约定时间到场，或安排人开门。")


def _plan(facts: JourneyFacts) -> tuple[str, str]:
    if facts.plan_shown_at is None:
        return N_("设计师正在画平面方案。"), ""
    if facts.change_requested_at is not None:
        return N_("设计师正在按您的意见修改方案。"), ""
    return N_("平面方案已经出来了。"), N_("请查看方案，确认或写下修改意见。")


def _estimate(facts: JourneyFacts) -> tuple[str, str]:
    if not facts.materials_chosen:
        return N_("选好材料后，预算员开始报价。"), N_("请与设计师一起选定材料。")
    return N_("预算员正在计算报价，讲解后您就能看到。"), ""


def _sign(facts: JourneyFacts) -> tuple[str, str]:
    if _is_since(facts.declined_at, facts.presented_at):
        return N_("我们收到了您的意见，正在修改报价。"), ""
    if _is_since(facts.signed_by_her_at, facts.presented_at):
        return N_("您已签字，正在等待其他签署人。"), ""
    return N_("报价已经出示，可以逐项查看。"), N_("请核对报价，没有问题就签字；有疑问可以拒签并说明。")


def _is_since(moment: datetime | None, presented_at: datetime | None) -> bool:
    """What she did to an earlier revision says nothing about the one that is presented now."""
    return moment is not None and (presented_at is None or moment >= presented_at)


def _build(facts: JourneyFacts) -> tuple[str, str]:
    if facts.started_on is None:
        return N_("合同已生效，我们正在安排开工。"), N_("请到物业办理装修登记。")
    return N_("正在施工，进度每天可见。"), ""


def _lead(facts: JourneyFacts) -> tuple[str, str]:
    return _PLAIN[Leg.LEAD], ""


def _handover(facts: JourneyFacts) -> tuple[str, str]:
    return N_("施工完成，正在检测和准备交付资料。"), N_("请核对结算单，并约定交付时间。")


_WORDS: dict[Leg, Callable[[JourneyFacts], tuple[str, str]]] = {
    Leg.LEAD: _lead,
    Leg.MEASURE: _measure,
    Leg.PLAN: _plan,
    Leg.ESTIMATE: _estimate,
    Leg.SIGN: _sign,
    Leg.BUILD: _build,
    Leg.HANDOVER: _handover,
}
