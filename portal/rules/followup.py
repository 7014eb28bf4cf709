"""Contacts with a customer and what each one leads to (R035, R045)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.rules.decision import Decision, because
from portal.rules.words import N_, Labelled
from portal.rules.working_time import local_day

FURTHEST = timedelta(days=366)


class ContactWay(Labelled):
    CALL = "call", N_("电话")
    MESSAGE = "message", N_("短信或微信")
    VISIT = "visit", N_("上门")
    SHOWROOM = "showroom", N_("到店")
    EMAIL = "email", N_("邮件")


class Contact(Labelled):
    ALLOWED = "allowed", N_("可以保存")
    REFUSED = "refused", N_("不能保存")


class Urgency(Labelled):
    """Where a follow-up stands on `at`'s day."""

    OVERDUE = "overdue", N_("已逾期")
    TODAY = "today", N_("今天")
    TOMORROW = "tomorrow", N_("明天")
    LATER = "later", N_("以后")
    UNPLANNED = "unplanned", N_("未安排")


@dataclass(frozen=True)
class Followup:
    """The next step of one lead: when it was promised, and `due`, the first moment too late by R004 and R006."""

    ref: object
    next_on: date | None
    due: datetime | None


def judge_contact(next_step: str, next_on: date | None, *, on: date, ends_the_lead: bool = False) -> Decision[Contact]:
    """Every contact leads to a next step with a day, unless it ends the lead (grade D, lost or closed) (R035)."""
    if ends_the_lead:
        return Decision(Contact.ALLOWED, (because("R035", "客户不再跟进，无需下一步"),))
    faults = []
    if not next_step.strip():
        faults.append(because("R035", "每次联系都要写明下一步", key="next_step"))
    if next_on is None:
        faults.append(because("R035", "请选择下一步的日期", key="next_on"))
    elif next_on < on:
        faults.append(because("R035", "下一步的日期不能早于今天", key="next_on"))
    elif next_on > on + FURTHEST:
        faults.append(because("R035", "下一步的日期不能超过一年", key="next_on"))
    if faults:
        return Decision(Contact.REFUSED, tuple(faults))
    return Decision(Contact.ALLOWED, (because("R035", "下一步：{day}", day=next_on),))


def urgency(followup: Followup, at: datetime) -> Urgency:
    """By the earlier of the promised day and the last day of the protection's clock."""
    day = _last_day(followup)
    if day is None:
        return Urgency.UNPLANNED
    days = (day - local_day(at)).days
    if days < 0:
        return Urgency.OVERDUE
    return {0: Urgency.TODAY, 1: Urgency.TOMORROW}.get(days, Urgency.LATER)


def queue_order(followups: Iterable[Followup]) -> list[Followup]:
    """Worked day by day, what was missed on top (R045); of one day the one whose protection ends first."""
    return sorted(followups, key=_place)


def _last_day(followup: Followup) -> date | None:
    last_of_clock = local_day(followup.due) - timedelta(days=1) if followup.due is not None else None
    days = [day for day in (followup.next_on, last_of_clock) if day is not None]
    return min(days) if days else None


def _place(followup: Followup) -> tuple[bool, date, float]:
    day = _last_day(followup)
    due = followup.due.timestamp() if followup.due is not None else float("inf")
    return day is None, day or date.max, due
