"""Before a revision is shown to the homeowner: everything that must be right, said at once (R069–R073)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from portal.rules.decision import Decision, Reason, because
from portal.rules.estimate import MOST_LINES, RevisionKind, expires_at, totals
from portal.rules.money import yuan
from portal.rules.words import N_, Labelled, Refused
from portal.rules.working_time import local_day

DEVIATION_LIMIT_BP = 1000
LONGEST_VALIDITY = timedelta(days=366)


class Presentation(Labelled):
    READY = "ready", N_("可以出示")
    BLOCKED = "blocked", N_("暂不能出示")


class Deviation(Labelled):
    """The budget against the estimate: ABOVE blocks its release, BELOW is only pointed out (R069)."""

    WITHIN = "within", N_("在范围内")
    ABOVE = "above", N_("超出上限")
    BELOW = "below", N_("低于下限")


class Price(Labelled):
    LISTED = "listed", N_("与价目一致")
    OFF_LIST = "off_list", N_("与价目不符")


@dataclass(frozen=True)
class Line:
    """A line as it will be shown. `book_price_fen` is the price book's, None when it has no such fixed price; `off_book`:
    made for this home, so `parts` must be the split sheet of its unit price in fen; `explained`: the homeowner was
    taken through it.
    """

    space: str
    group_code: str
    name: str
    unit: str
    quantity: Decimal
    unit_price_fen: int
    line_key: UUID | str = ""
    code: str = ""
    note: str = ""
    change_reason: str = ""
    book_price_fen: int | None = None
    off_book: bool = False
    parts: Mapping[str, int] | None = None
    explained: bool = True


@dataclass(frozen=True)
class RevisionFacts:
    """A draft on its way out. `signers`: how many of the household may sign; `estimate_total_fen`: of the presented
    estimate that a budget is held against; `released_because`: a supervisor's words in spite of R069;
    `materials_chosen`: she has confirmed what she chose (R068).
    """

    lines: Sequence[Line]
    management_rate_bp: int
    discount_fen: int
    tax_rate_bp: int
    valid_until: date | None
    presented_at: datetime | None = None
    withdrawn_at: datetime | None = None
    signers: int = 1
    kind: str = RevisionKind.ESTIMATE
    estimate_total_fen: int | None = None
    released_because: str = ""
    materials_chosen: bool = True


@dataclass(frozen=True)
class Preflight:
    """Everything that stands in the way, and everything worth a second look."""

    blocking: tuple[Reason, ...]
    warnings: tuple[Reason, ...]

    @property
    def ready(self) -> bool:
        return not self.blocking


def preflight(facts: RevisionFacts, at: datetime) -> Preflight:
    """All faults and warnings of a draft at once, so that nobody presses the button six times."""
    blocking = [*_of_the_state(facts), *_of_the_lines(facts.lines), *_of_the_validity(facts, at), *_of_the_money(facts)]
    blocking += _of_the_explanation(facts)
    warnings: list[Reason] = []
    deviation = _deviation(facts)
    if deviation and deviation.verdict is Deviation.ABOVE and not facts.released_because.strip():
        blocking += deviation.trace
    elif deviation and deviation.verdict is not Deviation.WITHIN:
        warnings += deviation.trace
    warnings += _worth_a_look(facts.lines)
    return Preflight(tuple(blocking), tuple(warnings))


def judge_presentation(facts: RevisionFacts, at: datetime) -> Decision[Presentation]:
    """READY, or BLOCKED with every reason why (R073: presenting is an act of its own)."""
    found = preflight(facts, at)
    if found.blocking:
        return Decision(Presentation.BLOCKED, found.blocking)
    return Decision(Presentation.READY, (because("R073", "检查通过，出示后业主才能看到总价"),))


def judge_budget_deviation(
    estimate_fen: int, budget_fen: int, limit_bp: int = DEVIATION_LIMIT_BP
) -> Decision[Deviation]:
    """|budget − estimate| of the estimate, compared exactly and with the limit itself allowed (R069)."""
    difference = budget_fen - estimate_fen
    facts = {"estimate": yuan(estimate_fen), "budget": yuan(budget_fen), "limit": _percent(limit_bp)}
    if abs(difference) * 10_000 <= estimate_fen * limit_bp:
        within = because("R069", "预算{budget}元与估算{estimate}元相差不超过{limit}", **facts)
        return Decision(Deviation.WITHIN, (within,))
    if difference > 0:
        above = because("R069", "预算{budget}元比估算{estimate}元高出{limit}以上，须主管说明理由后才能出示", **facts)
        return Decision(Deviation.ABOVE, (above,))
    below = because("R069", "预算{budget}元比估算{estimate}元低{limit}以上，请核对是否漏项", **facts)
    return Decision(Deviation.BELOW, (below,))


def judge_price(name: str, unit_price_fen: int, book_price_fen: int | None) -> Decision[Price]:
    """A fixed-price item has one unit price everywhere (R070); a discount is given on the whole, visibly."""
    if book_price_fen is None or unit_price_fen == book_price_fen:
        return Decision(Price.LISTED)
    facts = {"name": name, "price": yuan(unit_price_fen), "listed": yuan(book_price_fen)}
    return Decision(Price.OFF_LIST, (because("R070", "“{name}”单价{price}元，与价目表{listed}元不一致", **facts),))


def judge_split(unit_price_fen: int, parts: Mapping[str, int]) -> Decision[Price]:
    """The parts of a unit price add up to it, to the fen (R071)."""
    added = sum(parts.values())
    if added == unit_price_fen and all(part >= 0 for part in parts.values()):
        return Decision(Price.LISTED)
    facts = {"added": yuan(added), "price": yuan(unit_price_fen)}
    return Decision(Price.OFF_LIST, (because("R071", "拆分合计{added}元，应等于单价{price}元", **facts),))


def _of_the_state(facts: RevisionFacts) -> Iterator[Reason]:
    if facts.withdrawn_at is not None:
        yield because("R073", "这一版已撤回，请新建一版")
    elif facts.presented_at is not None:
        yield because("R073", "这一版已经出示，不能再次出示")
    if not facts.materials_chosen:
        yield because("R068", "业主还没有确认选材，请先填写选材确认日")
    if facts.signers < 1:
        yield because("R073", "还没有可签署的业主，请先邀请业主加入")


def _of_the_lines(lines: Sequence[Line]) -> Iterator[Reason]:
    if not lines:
        yield because("L1", "报价没有任何项目")
    if len(lines) > MOST_LINES:
        yield because("L1", "最多{most}个项目，现在有{given}个", most=MOST_LINES, given=len(lines))
    for key, times in Counter((line.space, line.code) for line in lines if line.code).items():
        if times > 1:
            yield because(
                "L2", "“{space}”里的项目{code}出现了{times}次，请合并", space=key[0], code=key[1], times=times
            )
    for line in lines:
        yield from _of_a_line(line)


def _of_a_line(line: Line) -> Iterator[Reason]:
    if not line.name.strip() or not line.space.strip() or not line.unit.strip():
        yield because("L1", "有项目缺少名称、空间或单位：{name}", name=line.name or line.code)
    if not line.quantity > 0:
        yield because("Q1", "“{name}”的数量必须大于0", name=line.name)
    if line.unit_price_fen == 0 and not (line.note.strip() or line.change_reason.strip()):
        yield because("L3", "“{name}”单价为0，请写明赠送或不计价的原因", name=line.name)
    yield from judge_price(line.name, line.unit_price_fen, line.book_price_fen).trace
    if line.off_book:
        yield from _of_the_split(line)


def _of_the_split(line: Line) -> Iterator[Reason]:
    """An item off the price book has a split sheet that adds up (R071)."""
    if line.parts is None:
        yield because("R071", "“{name}”不在价目表里，请先填写单价拆分", name=line.name)
    else:
        yield from judge_split(line.unit_price_fen, line.parts).trace


def _of_the_explanation(facts: RevisionFacts) -> Iterator[Reason]:
    """A budget is gone through line by line before it counts as presented (R074)."""
    explained = sum(line.explained for line in facts.lines)
    if facts.kind == RevisionKind.BUDGET and explained < len(facts.lines):
        yield because("R074", "已讲解{explained}项，共{total}项，全部讲解后才能出示", explained=explained, total=len(facts.lines))


def _of_the_validity(facts: RevisionFacts, at: datetime) -> Iterator[Reason]:
    if facts.valid_until is None:
        yield because("R073", "请填写报价有效期")
    elif at >= expires_at(facts.valid_until):
        yield because("R073", "有效期{last_day}已过", last_day=facts.valid_until)
    elif facts.valid_until > local_day(at) + LONGEST_VALIDITY:
        yield because("R073", "有效期不能超过一年")


def _of_the_money(facts: RevisionFacts) -> Iterator[Reason]:
    try:
        _totals(facts)
    except Refused as refused:
        yield refused.reason


def _deviation(facts: RevisionFacts) -> Decision[Deviation] | None:
    if facts.kind != RevisionKind.BUDGET or not facts.estimate_total_fen or not facts.lines:
        return None
    try:
        return judge_budget_deviation(facts.estimate_total_fen, _totals(facts))
    except Refused:
        return None


def _totals(facts: RevisionFacts) -> int:
    return totals(
        facts.lines,
        management_rate_bp=facts.management_rate_bp,
        discount_fen=facts.discount_fen,
        tax_rate_bp=facts.tax_rate_bp,
    ).total_fen


def _worth_a_look(lines: Iterable[Line]) -> Iterator[Reason]:
    """Omissions that homeowners later pay for (domain, section 8)."""
    groups = {line.group_code for line in lines}
    if not groups:
        return
    if "FS" not in groups:
        yield because("8", "没有防水项目，请确认是否漏项")
    if "YS" not in groups:
        yield because("8", "没有运输与垃圾清运项目，请确认是否漏项")


def _percent(rate_bp: int) -> str:
    return f"{Decimal(rate_bp) / 100:f}%".replace(".00%", "%")
