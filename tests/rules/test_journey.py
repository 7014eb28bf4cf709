"""The way from the first talk to the keys, as the homeowner reads it (P01; product, the homeowner's four answers)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.rules.access import Role
from portal.rules.journey import JourneyFacts, Leg, journey
from portal.rules.stages import StageState

NOW = datetime(2026, 3, 4, tzinfo=UTC)
TALKED = {"registered_at": NOW}
MEASURED = TALKED | {"measured_at": NOW}
PLANNED = MEASURED | {"plan_shown_at": NOW, "plan_approved_at": NOW}
SHOWN = PLANNED | {"presented_at": NOW}
SIGNED = SHOWN | {"signed_by_her_at": NOW, "signed_at": NOW}
BUILT = SIGNED | {"started_on": date(2026, 4, 1), "works_done_on": date(2026, 7, 1)}


@pytest.mark.parametrize("facts, leg, says, asks, answers", [
    ({}, Leg.LEAD, "登记", "", Role.ACCOUNT_MANAGER),
    (TALKED, Leg.MEASURE, "安排量房", "方便的时间", Role.DESIGNER),
    (TALKED | {"visit_at": NOW}, Leg.MEASURE, "已约好", "到场", Role.DESIGNER),
    (MEASURED, Leg.PLAN, "正在画", "", Role.DESIGNER),
    (MEASURED | {"plan_shown_at": NOW}, Leg.PLAN, "已经出来", "确认或写下修改意见", Role.DESIGNER),
    (MEASURED | {"plan_shown_at": NOW, "change_requested_at": NOW}, Leg.PLAN, "修改方案", "", Role.DESIGNER),
    (PLANNED, Leg.ESTIMATE, "正在计算", "", Role.ESTIMATOR),
    (PLANNED | {"materials_chosen": False}, Leg.ESTIMATE, "选好材料后", "选定材料", Role.ESTIMATOR),   # R068
    (SHOWN, Leg.SIGN, "已经出示", "签字", Role.ACCOUNT_MANAGER),
    (SHOWN | {"signed_by_her_at": NOW}, Leg.SIGN, "等待其他签署人", "", Role.ACCOUNT_MANAGER),
    (SHOWN | {"declined_at": NOW}, Leg.SIGN, "正在修改报价", "", Role.ACCOUNT_MANAGER),
    (SIGNED, Leg.BUILD, "安排开工", "物业", Role.PROJECT_MANAGER),
    (SIGNED | {"started_on": date(2026, 4, 1)}, Leg.BUILD, "正在施工", "", Role.PROJECT_MANAGER),
    (BUILT, Leg.HANDOVER, "准备交付", "结算单", Role.ACCOUNT_MANAGER),
])  # fmt: skip
def test_what_happens_now_what_is_needed_and_who_answers(facts, leg, says, asks, answers):
    now = journey(JourneyFacts(**facts)).now
    assert (now.leg, now.answers) == (leg, answers)
    assert says in now.says
    assert asks in now.asks
    assert bool(now.asks) is bool(asks)


@pytest.mark.parametrize("earlier", ["declined_at", "signed_by_her_at"])
def test_what_she_did_to_an_earlier_revision_does_not_count_for_the_new_one(earlier):
    facts = JourneyFacts(**(SHOWN | {earlier: NOW - timedelta(days=3)}))
    assert journey(facts).now.asks


@pytest.mark.parametrize("facts, expected", [
    (TALKED | {"visit_at": NOW}, NOW), (TALKED, None),
    (MEASURED | {"next_plan_at": NOW}, NOW), (MEASURED | {"next_plan_at": NOW, "plan_shown_at": NOW}, None),
    (SIGNED | {"works_expected_on": date(2026, 7, 1)}, date(2026, 7, 1)), (SHOWN, None),
])  # fmt: skip
def test_by_when_it_should_be_over(facts, expected):
    assert journey(JourneyFacts(**facts)).now.expected == expected


def test_what_is_done_and_what_comes_next():
    found = journey(JourneyFacts(**PLANNED))
    assert [step.state for step in found.steps] == [StageState.DONE] * 3 + [StageState.NOW, StageState.NEXT] + [StageState.LATER] * 2
    assert found.next.leg is Leg.SIGN
    assert found.percent == 42


def test_nobody_is_sent_back_because_a_step_was_never_recorded():
    """An imported project was signed on paper, its plan never approved in the portal."""
    found = journey(JourneyFacts(signed_at=NOW))
    assert found.now.leg is Leg.BUILD
    assert [step.state for step in found.steps[:5]] == [StageState.DONE] * 5


def test_at_the_end_nothing_is_left():
    found = journey(JourneyFacts(**BUILT, finished_on=date(2026, 7, 30)))
    assert (found.now, found.next, found.percent) == (None, None, 100)
