"""What an estimate costs, and whether it may be shown to the homeowner (R068–R074, T1–T7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from zoneinfo import ZoneInfo

from portal.rules.decision import Decision, Reason, because, decide
from portal.rules.money import half_up, share_bp, yuan

DEFAULT_MANAGEMENT_BP = 800  # domain.md 3: the price book's own lines, 8 % of direct cost
DEFAULT_TAX_BP = 300
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Totals:
    """All in fen (T1, T3–T6)."""

    direct_fen: int
    management_fen: int
    discount_fen: int
    taxable_fen: int
    tax_fen: int
    total_fen: int


def totals_of(direct_fen: int, *, management_rate_bp: int, discount_fen: int, tax_rate_bp: int) -> Totals:
    """Management on the direct cost, then the discount, then tax; each rounded once, half up."""
    management_fen = share_bp(direct_fen, management_rate_bp)
    taxable_fen = direct_fen + management_fen - discount_fen
    tax_fen = share_bp(taxable_fen, tax_rate_bp)
    return Totals(direct_fen, management_fen, discount_fen, taxable_fen, tax_fen, taxable_fen + tax_fen)


def per_square_metre(total_fen: int, building_area_m2: Decimal) -> int:
    """Fen per ㎡ of building area (T7). The area is above 0."""
    return half_up(Fraction(total_fen) / Fraction(building_area_m2))


@dataclass(frozen=True)
class DraftFacts:
    """What the preflight looks at. `free_lines` names lines at price 0 without a reason; `signers` may sign."""

    lines: int
    free_lines: Sequence[str]
    taxable_fen: int
    valid_until: date | None
    signers: int
    kind: str
    total_fen: int = 0
    estimate_fen: int | None = None  # the newest presented 估算, for the 10 % rule
    deviation_limit_bp: int = 1000


def judge_presentation(facts: DraftFacts, *, on: date) -> Decision[bool]:
    """Whether a draft may be presented on the local day `on`; the last reason of a refusal says what is missing."""
    trace: list[Reason] = []
    for check in (_has_lines, _has_prices, _is_above_zero, _is_valid_long_enough, _has_signers, _is_near_estimate):
        reason, passed = check(facts, on)
        if reason is not None:
            trace.append(reason)
        if not passed:
            return decide(False, *trace)
    return decide(True, *trace)


def judge_budget_deviation(estimate_fen: int, budget_fen: int, limit_bp: int = 1000) -> Decision[str]:
    """"pass", "blocked" above the limit, "flagged" below it: compared in whole fen, never by a rounded percentage (R069)."""
    difference = budget_fen - estimate_fen
    over = abs(difference) * 10_000 > limit_bp * estimate_fen
    verdict = "pass" if not over else "blocked" if difference > 0 else "flagged"
    says = {
        "pass": "预算{budget}元与估算{estimate}元相差不超过{limit}%，可以出示。",
        "blocked": "预算{budget}元比估算{estimate}元高出{limit}%以上，不能出示。",
        "flagged": "预算{budget}元比估算{estimate}元低{limit}%以上，请核对是否有漏项。",
    }[verdict]
    return decide(verdict, Reason("R069", says, {"budget": _yuan(budget_fen), "estimate": _yuan(estimate_fen), "limit": f"{limit_bp / 100:g}"}))


def last_moment(valid_until: date) -> datetime:
    """The first moment that is too late: local midnight at the end of the last day."""
    return datetime.combine(valid_until + timedelta(days=1), time(), ZONE)


def is_valid(valid_until: date | None, at: datetime) -> bool:
    """Whether it can still be signed at `at`; without a date it never can."""
    return valid_until is not None and at < last_moment(valid_until)


def _has_lines(facts: DraftFacts, on: date):
    if facts.lines:
        return because("R074", "共{lines}项，每一项都要向业主逐项讲解。", lines=facts.lines), True
    return because("R073", "还没有任何项目，先加入至少一项。"), False


def _has_prices(facts: DraftFacts, on: date):
    if not facts.free_lines:
        return None, True
    names = "、".join(facts.free_lines[:3])
    return because("R070", "有零元项目没有写明原因：{names}。赠送也要说明。", names=names), False


def _is_above_zero(facts: DraftFacts, on: date):
    return (None, True) if facts.taxable_fen >= 0 else (because("R070", "优惠超过了工程款，合计不能是负数。"), False)


def _is_valid_long_enough(facts: DraftFacts, on: date):
    if facts.valid_until is None:
        return because("R073", "还没有填报价有效期。"), False
    if facts.valid_until < on:
        return because("R073", "报价有效期{day}已经过去，请改成今天或以后。", day=facts.valid_until), False
    return because("R073", "报价有效到{day}的24:00。", day=facts.valid_until), True


def _has_signers(facts: DraftFacts, on: date):
    if facts.signers:
        return because("R100", "需要{signers}位业主签字。", signers=facts.signers), True
    return because("R100", "还没有可以签字的业主，先在项目里邀请业主并给予签字权。"), False


def _is_near_estimate(facts: DraftFacts, on: date):
    if facts.kind != "budget" or not facts.estimate_fen:
        return None, True
    decision = judge_budget_deviation(facts.estimate_fen, facts.total_fen, facts.deviation_limit_bp)
    return decision.deciding, decision.verdict != "blocked"


def _yuan(fen: int) -> str:
    return yuan(fen)
