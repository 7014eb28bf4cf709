"""Everything that must be right before the homeowner sees a revision (R068–R074, L1, L2)."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from portal.rules.presentation import (
    Deviation,
    Line,
    Presentation,
    Price,
    RevisionFacts,
    judge_budget_deviation,
    judge_presentation,
    judge_price,
    judge_split,
    preflight,
)

AT = datetime(2026, 3, 20, 3, tzinfo=UTC)
TILES = Line("厨房", "NW", "墙砖铺贴", "㎡", Decimal("12.50"), 6800, code="NW-001")
MEMBRANE = Line("卫生间", "FS", "防水涂料", "㎡", Decimal("9.00"), 5500, code="FS-001")
HAULAGE = Line("全屋", "YS", "垃圾清运", "项", Decimal("1.00"), 30000, code="YS-001")
DRAFT = RevisionFacts([TILES, MEMBRANE, HAULAGE], 800, 0, 300, date(2026, 3, 31))


def blocked(draft):
    found = preflight(draft, AT)
    assert judge_presentation(draft, AT).verdict is (Presentation.READY if found.ready else Presentation.BLOCKED)
    return [reason.in_words() for reason in found.blocking]


def warned(draft):
    return [reason.in_words() for reason in preflight(draft, AT).warnings]


def with_line(**changes):
    return replace(DRAFT, lines=[replace(TILES, **changes), MEMBRANE, HAULAGE])


def test_a_sound_draft_is_ready():
    assert blocked(DRAFT) == []
    assert warned(DRAFT) == []


@pytest.mark.parametrize("draft, says", [
    (replace(DRAFT, lines=[]), "没有任何项目"),
    (replace(DRAFT, lines=[TILES] * 2 + [MEMBRANE, HAULAGE]), "出现了2次"),
    (replace(DRAFT, lines=[replace(TILES, code=f"NW-{n}") for n in range(2001)]), "最多2000个项目"),
    (replace(DRAFT, valid_until=None), "请填写报价有效期"),
    (replace(DRAFT, valid_until=date(2026, 3, 19)), "有效期2026-03-19已过"),
    (replace(DRAFT, valid_until=date(2028, 1, 1)), "不能超过一年"),
    (replace(DRAFT, discount_fen=10**9), "优惠不能超过"),
    (replace(DRAFT, presented_at=AT), "已经出示"),
    (replace(DRAFT, withdrawn_at=AT, presented_at=AT), "已撤回"),
    (replace(DRAFT, signers=0), "还没有可签署的业主"),
    (with_line(unit_price_fen=0), "单价为0，请写明"),
    (with_line(quantity=Decimal(0)), "数量必须大于0"),
    (with_line(quantity=Decimal("-1")), "数量必须大于0"),
    (with_line(name=" "), "缺少名称"),
    (with_line(space=""), "缺少名称"),
    (with_line(unit_price_fen=6700, book_price_fen=6800), "与价目表68.00元不一致"),
    (with_line(quantity=Decimal("999999999.99"), unit_price_fen=99999999), "金额过大"),
    (replace(DRAFT, materials_chosen=False), "还没有确认选材"),
    (with_line(off_book=True), "请先填写单价拆分"),
    (with_line(off_book=True, parts={"main_fen": 6799}), "拆分合计67.99元，应等于单价68.00元"),
    (replace(with_line(explained=False), kind="budget"), "已讲解2项，共3项"),
])  # fmt: skip
def test_one_thing_wrong_is_one_sentence(draft, says):
    found = blocked(draft)
    assert len(found) == 1
    assert says in found[0]


def test_a_split_sheet_that_adds_up_and_a_rough_estimate_need_nothing_more():
    """R071 for what is off the price book; R074 for budgets only."""
    assert blocked(with_line(off_book=True, parts={"main_fen": 6700, "loss_fen": 100})) == []
    assert blocked(with_line(explained=False)) == []


def test_it_can_still_be_presented_on_its_last_day():
    assert blocked(replace(DRAFT, valid_until=date(2026, 3, 20))) == []


def test_a_gift_is_fine_when_it_says_so():
    assert blocked(with_line(unit_price_fen=0, note="赠送")) == []
    assert blocked(with_line(unit_price_fen=0, change_reason="开业优惠")) == []


def test_all_faults_are_said_at_once():
    assert len(blocked(replace(with_line(unit_price_fen=0, name=""), valid_until=None, signers=0))) == 4


def test_the_same_item_in_two_rooms_is_no_twin():
    """L2: space and code together are the key."""
    assert blocked(replace(DRAFT, lines=[TILES, replace(TILES, space="卫生间"), MEMBRANE, HAULAGE])) == []


def test_what_is_often_left_out_is_pointed_out():
    assert len(warned(replace(DRAFT, lines=[TILES]))) == 2
    assert blocked(replace(DRAFT, lines=[TILES])) == []


@pytest.mark.parametrize("budget, verdict", [
    (110_000_00, Deviation.WITHIN), (110_000_01, Deviation.ABOVE), (90_000_00, Deviation.WITHIN),
    (89_999_99, Deviation.BELOW), (100_000_00, Deviation.WITHIN),
])  # fmt: skip
def test_estimate_and_budget_within_ten_per_cent(budget, verdict):
    """R069."""
    decision = judge_budget_deviation(100_000_00, budget)
    assert decision.verdict is verdict
    assert decision.deciding.rule == "R069"


def test_the_limit_is_not_rounded():
    """10 % of 0.15 yuan is 1.5 fen: 1 fen more is within, 2 are not."""
    assert judge_budget_deviation(15, 16).verdict is Deviation.WITHIN
    assert judge_budget_deviation(15, 17).verdict is Deviation.ABOVE
    assert judge_budget_deviation(100_00, 105_00, limit_bp=400).verdict is Deviation.ABOVE


TOTAL_FEN = 184_658  # (850.00 + 495.00 + 300.00) × 1.08 = 1,776.60; + 3 % = 53.298 → 53.30


@pytest.mark.parametrize("estimate, released, blocks, warns", [
    (TOTAL_FEN, "", 0, 0),
    (150_000, "", 1, 0),
    (150_000, "业主要求加做", 0, 1),
    (300_000, "", 0, 1),
    (None, "", 0, 0),
])  # fmt: skip
def test_a_budget_far_above_the_estimate_needs_a_release(estimate, released, blocks, warns):
    draft = replace(DRAFT, kind="budget", estimate_total_fen=estimate, released_because=released)
    assert (len(blocked(draft)), len(warned(draft))) == (blocks, warns)


def test_an_estimate_is_held_against_nothing():
    assert blocked(replace(DRAFT, estimate_total_fen=1)) == []


@pytest.mark.parametrize("price, book, verdict", [(4500, 4500, Price.LISTED), (4400, 4500, Price.OFF_LIST), (4501, 4500, Price.OFF_LIST), (1, None, Price.LISTED)])
def test_a_fixed_price_is_the_same_everywhere(price, book, verdict):
    """R070."""
    assert judge_price("地砖铺贴", price, book).verdict is verdict


@pytest.mark.parametrize("parts, verdict", [
    ({"main": 0, "aux": 400, "labor": 5100, "loss": 0}, Price.LISTED),
    ({"main": 0, "aux": 400, "labor": 5101, "loss": 0}, Price.OFF_LIST),
    ({"main": -100, "aux": 500, "labor": 5100, "loss": 0}, Price.OFF_LIST),
    ({}, Price.OFF_LIST),
])  # fmt: skip
def test_a_split_adds_up_to_the_fen(parts, verdict):
    """R071."""
    assert judge_split(5500, parts).verdict is verdict
