"""The ruling that the pages show while a customer is being typed (R001–R003, R007–R009, R015), and the policy."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from portal.rules.lead_protection import (
    BadPolicy,
    Claim,
    Deal,
    LeadRecord,
    LeadState,
    Policy,
    Registration,
    Verdict,
    judge_registration,
    month_of,
    quota_of,
    standing,
)

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
WANG = Registration("王女士", "138 0000 0001", "云杉里", "3栋", "2单元", "1201", by="7", role="salesperson")
RIVAL = Claim(phone_key="13800000001", address_key="别处 1 1 101")
NEIGHBOUR = Claim(phone_key="13911111111", address_key=WANG.address_key)


def judged(claims=(), deals=(), used=0, policy=None, of=WANG):
    return judge_registration(of, claims=iter(claims), deals=iter(deals), quota_used=used, policy=policy or Policy(), at=AT)


def deal(phone="", address=""):
    return Deal(frozenset(filter(None, [phone])), frozenset(filter(None, [address])))


def test_a_first_registration_is_valid_and_says_why():
    decision = judged()
    assert decision.verdict is Verdict.VALID
    assert [reason.rule for reason in decision.trace] == ["R008", "R003"]
    assert decision.trace[0].in_words() == "本月第1个报备，名额20个"


@pytest.mark.parametrize("claim, sentence", [
    (RIVAL, "该电话已有有效报备，先报先保"),
    (NEIGHBOUR, "该地址已有有效报备，先报先保"),
])  # fmt: skip
def test_a_duplicate_is_told_the_rule_and_nothing_of_the_rival(claim, sentence):
    decision = judged([claim])
    assert decision.verdict is Verdict.DUPLICATE
    assert decision.deciding.rule == "R003"
    assert decision.deciding.in_words() == sentence
    assert set(decision.deciding.facts) == {"matched"}  # neither his name nor the other customer's


@pytest.mark.parametrize("part, field", [
    ("name", "姓名"), ("phone", "电话"), ("community", "小区"), ("building", "楼栋"), ("unit", "单元"), ("room", "房号"),
])  # fmt: skip
def test_each_of_the_six_fields_is_mandatory_and_named(part, field):
    incomplete = replace(WANG, **{part: "　"})
    decision = judged(of=incomplete)
    assert decision.verdict is Verdict.MISSING_FIELD
    assert [reason.in_words() for reason in decision.trace] == [f"缺少必填项：{field}"]
    assert decision.trace[0].facts["key"] == part


def test_every_missing_field_is_named_at_once():
    empty = Registration("", "", "", "", "", "", by="7", role="salesperson")
    assert len(judged(of=empty).trace) == 6
    assert len(judged(of=empty, policy=Policy(required_fields=("name",))).trace) == 1


def test_the_first_reason_in_the_order_of_the_rules_is_given():
    """Missing field, after deal, over quota, duplicate."""
    deals, claims = [deal(WANG.phone_key, WANG.address_key)], [RIVAL]
    assert judged(claims, deals, used=20).verdict is Verdict.AFTER_DEAL
    assert judged(claims, used=20).verdict is Verdict.OVER_QUOTA
    assert judged(claims, used=19).verdict is Verdict.DUPLICATE
    assert judged(claims, deals, of=replace(WANG, room="")).verdict is Verdict.MISSING_FIELD


@pytest.mark.parametrize("found, verdict", [
    (deal("13800000001", "别处 1 1 101"), Verdict.VALID),           # known flat, another one: a new project
    (deal("13800000001"), Verdict.AFTER_DEAL),                       # flat not known
    (deal("13800000001", "云杉里 3 2 1201"), Verdict.AFTER_DEAL),
    (deal("", "云杉里 3 2 1201"), Verdict.AFTER_DEAL),
    (deal("13911111111", "云杉里 3 2 1201"), Verdict.AFTER_DEAL),
    (deal("13911111111", "别处 1 1 101"), Verdict.VALID),
])  # fmt: skip
def test_a_deal_bars_its_phone_and_flat_but_no_further_project(found, verdict):
    """R001, R015."""
    assert judged(deals=[found]).verdict is verdict


def test_a_new_project_is_said_to_be_one():
    decision = judged(deals=[deal("13800000001", "别处 1 1 101")])
    assert decision.trace[0].rule == "R015"
    assert "R015" not in [reason.rule for reason in judged(deals=[deal("13911111111", "别处 1 1 101")]).trace]


@pytest.mark.parametrize("used, verdict", [(19, Verdict.VALID), (20, Verdict.OVER_QUOTA), (21, Verdict.OVER_QUOTA)])
def test_the_twentieth_is_valid_and_the_next_is_not(used, verdict):
    """R008."""
    assert judged(used=used).verdict is verdict


@pytest.mark.parametrize("role, quota", [("salesperson", 20), ("showroom_guide", None), ("store_manager", None)])
def test_only_field_sellers_have_a_quota(role, quota):
    """R007, R008."""
    assert quota_of(role, Policy()) == quota


def test_the_month_of_a_slot_is_local():
    assert month_of(datetime(2026, 3, 31, 16, tzinfo=UTC)) == (2026, 4)


def test_empty_keys_are_no_match():
    nameless = Registration("王", "", "", "", "", "", by="7", role="salesperson")
    free = Policy(required_fields=("name",))
    assert judged([Claim("", "")], [deal()], of=nameless, policy=free).verdict is Verdict.VALID


def test_an_invalid_lead_shows_the_reasons_of_its_birth():
    decision = judged([RIVAL])
    found = standing(LeadRecord("7", "salesperson", AT, decision.verdict, decision.trace), Policy(), AT)
    assert (found.state, found.protected, found.credit_to, found.due) == (LeadState.INVALID, False, None, None)
    assert found.trace == decision.trace


def test_settings_become_a_policy_and_faults_are_all_named():
    policy = Policy.from_settings({"lead.own.update_days": 5, "lead.own.monthly_quota.salesperson": None,
                                   "lead.own.lapse_applies_to": []})  # fmt: skip
    assert (policy.update_days, policy.quota_salesperson, policy.lapse_applies_to, policy.takeover_days) == (5, None, (), 10)
    with pytest.raises(BadPolicy) as refused:
        Policy.from_settings({"lead.own.update_days": -1, "lead.own.lapse_days": True, "lead.own.tea": 1})
    assert [key for key, _ in refused.value.faults] == ["lead.own.tea", "lead.own.update_days", "lead.own.lapse_days"]
    with pytest.raises(BadPolicy):
        Policy(update_days=-3)
