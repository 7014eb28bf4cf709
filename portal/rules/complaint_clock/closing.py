"""When a complaint may be closed, and what reopening it does (R161; domain, 6.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.rules.complaint_clock.words import Severity
from portal.rules.decision import Decision, because
from portal.rules.words import N_, Labelled
from portal.rules.working_time import local_day

REOPEN_DAYS = 30


class Closing(Labelled):
    ALLOWED = "allowed", N_("可以")
    REFUSED = "refused", N_("暂不可以")


@dataclass(frozen=True)
class CloseFacts:
    """`customer_asked` when she was asked whether the result is right, or said so herself."""

    cause: str
    solution: str
    result: str
    customer_asked: bool


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
