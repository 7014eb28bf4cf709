"""Where a registered lead stands at a moment, why, and until when (R004, R005, R006)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.rules.decision import Reason, because
from portal.rules.lead_protection.policy import Policy
from portal.rules.lead_protection.registration import Verdict
from portal.rules.words import N_, Labelled
from portal.rules.working_time import end_of_day, local_day


class LeadState(Labelled):
    """Protected exactly in PROTECTED and OVERDUE; LAPSED, OVERTAKEN, DEAL and INVALID are final."""

    PROTECTED = "protected", N_("保护中")
    OVERDUE = "overdue", N_("逾期未跟进")
    LAPSED = "lapsed", N_("已失效")
    OVERTAKEN = "overtaken", N_("已被他人成交")
    DEAL = "deal", N_("已成交")
    INVALID = "invalid", N_("无效")

    @property
    def is_live(self) -> bool:
        return self in (LeadState.PROTECTED, LeadState.OVERDUE)


@dataclass(frozen=True)
class Ruling:
    """What the department head decided about the credit, in spite of R005. Stands until the next one."""

    credit_to: str | None
    by: str
    reason: str


@dataclass(frozen=True)
class LeadRecord:
    """What happened to one registration. `by` and `deal_by` name people in one and the same way; moments are aware.

    `last_follow_up_at` counts the registrant's own updates only, None when there were none. `deal_at` is the first
    deposit or contract, taken by `deal_by`, and only set when the lead was live then.
    """

    by: str
    role: str
    registered_at: datetime
    verdict: Verdict = Verdict.VALID
    birth: tuple[Reason, ...] = ()
    last_follow_up_at: datetime | None = None
    measured_at: datetime | None = None
    extended_until: date | None = None
    deal_at: datetime | None = None
    deal_by: str | None = None
    ruling: Ruling | None = None

    @property
    def followed_up_at(self) -> datetime:
        """When the clocks of R004 and R005 last started."""
        return self.last_follow_up_at or self.registered_at


@dataclass(frozen=True)
class Standing:
    """`due` is the first moment that would be too late, None when nothing runs; `credit_to` None when nobody has it."""

    state: LeadState
    credit_to: str | None
    due: datetime | None
    trace: tuple[Reason, ...]

    @property
    def protected(self) -> bool:
        return self.state.is_live


def standing(record: LeadRecord, policy: Policy, at: datetime) -> Standing:
    """Where `record` stands at `at`. Whatever happened after `at` must not be in `record`."""
    found = _before_ruling(record, policy, at)
    if record.ruling is None:
        return found
    ruled = because(
        "R005",
        "部门负责人裁定：{reason}",
        reason=record.ruling.reason,
        by=record.ruling.by,
        credit_to=record.ruling.credit_to,
    )
    return Standing(found.state, record.ruling.credit_to, found.due, (*found.trace, ruled))


def follow_up_deadline(record: LeadRecord, policy: Policy) -> datetime:
    """The midnight after which the follow-up is overdue (R004)."""
    return _midnight_after(local_day(record.followed_up_at), policy.update_days)


def lapse_moment(record: LeadRecord, policy: Policy) -> datetime | None:
    """The midnight at which the lead lapses, None when R006 cannot end it (any more)."""
    if record.role not in policy.lapse_applies_to or record.measured_at is not None:
        return None
    ordinary = _midnight_after(local_day(record.registered_at), policy.lapse_days)
    return ordinary if record.extended_until is None else max(ordinary, end_of_day(record.extended_until))


def counts_as_extension(record: LeadRecord, until: date, policy: Policy) -> bool:
    """Only the first extension counts, and only to a day later than the ordinary last one (R006, G09)."""
    last_day = local_day(record.registered_at) + timedelta(days=policy.lapse_days)
    return record.extended_until is None and until > last_day


def _before_ruling(record: LeadRecord, policy: Policy, at: datetime) -> Standing:
    if record.verdict is not Verdict.VALID:
        return Standing(LeadState.INVALID, None, None, record.birth)
    if record.deal_at is not None and record.deal_by is not None:
        return _after_deal(record, policy, record.deal_at, record.deal_by)
    lapse = lapse_moment(record, policy)
    if lapse is not None and at >= lapse:
        return Standing(LeadState.LAPSED, None, None, (*record.birth, _lapsed(record, policy)))
    return _running(record, policy, lapse, at)


def _after_deal(record: LeadRecord, policy: Policy, deal_at: datetime, deal_by: str) -> Standing:
    """R005: silence of more than `takeover_days` gives the deal to the colleague who took it."""
    if deal_by == record.by:
        own = because("R001", "成交前已有效报备，由报备人本人成交", credit_to=record.by)
        return Standing(LeadState.DEAL, record.by, None, (*record.birth, own))
    silent = (local_day(deal_at) - local_day(record.followed_up_at)).days
    facts = {"silent_days": silent, "allowed": policy.takeover_days, "taken_by": deal_by}
    if silent > policy.takeover_days:
        lost = because("R005", "{silent_days}天未跟进（超过{allowed}天），业绩归下定的同事", **facts, credit_to=deal_by)
        return Standing(LeadState.OVERTAKEN, deal_by, None, (*record.birth, lost))
    kept = because(
        "R005", "同事下定时仅{silent_days}天未跟进（不超过{allowed}天），业绩仍归报备人", **facts, credit_to=record.by
    )
    return Standing(LeadState.DEAL, record.by, None, (*record.birth, kept))


def _running(record: LeadRecord, policy: Policy, lapse: datetime | None, at: datetime) -> Standing:
    deadline = follow_up_deadline(record, policy)
    overdue = at >= deadline
    trace = [*record.birth, _follow_up(record, policy, overdue)]
    if lapse is not None:
        trace.insert(-1, because("R006", "至{last_day}（含）仍未上门量房或下定，将自动失效", last_day=_last_day(lapse)))
    due = deadline if lapse is None else min(deadline, lapse)
    state = LeadState.OVERDUE if overdue else LeadState.PROTECTED
    return Standing(state, record.by, due, tuple(trace))


def _follow_up(record: LeadRecord, policy: Policy, overdue: bool) -> Reason:
    facts = {
        "last": local_day(record.followed_up_at),
        "days": policy.update_days,
        "last_day": _last_day(follow_up_deadline(record, policy)),
    }
    if overdue:
        return because("R004", "应在{last_day}（含）前跟进更新（每{days}天一次），已逾期", **facts)
    return because("R004", "请在{last_day}（含）前跟进更新（每{days}天一次）", **facts)


def _lapsed(record: LeadRecord, policy: Policy) -> Reason:
    if record.extended_until is not None:
        return because("R006", "延期至{last_day}仍未上门量房或下定，自动失效", last_day=record.extended_until)
    last_day = local_day(record.registered_at) + timedelta(days=policy.lapse_days)
    return because(
        "R006", "{days}天内（至{last_day}）未上门量房或下定，自动失效", days=policy.lapse_days, last_day=last_day
    )


def _last_day(midnight: datetime) -> date:
    return local_day(midnight) - timedelta(days=1)


def _midnight_after(day: date, days: int) -> datetime:
    return end_of_day(day + timedelta(days=days))
