"""May this customer be registered now (R001, R002, R003, R007, R008, R009, R015)?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from portal.rules.contact import address_key, phone_key
from portal.rules.decision import Decision, Reason, because
from portal.rules.lead_protection.policy import Policy, Role
from portal.rules.words import N_, Labelled
from portal.rules.working_time import local_day


class Verdict(Labelled):
    """What a registration is from its first moment; an invalid one never becomes valid later."""

    VALID = "valid", N_("有效")
    MISSING_FIELD = "missing_field", N_("资料不全")
    AFTER_DEAL = "after_deal", N_("成交后报备")
    OVER_QUOTA = "over_quota", N_("超出名额")
    DUPLICATE = "duplicate", N_("重复报备")


_PART_NAMES = {
    "name": N_("姓名"),
    "phone": N_("电话"),
    "community": N_("小区"),
    "building": N_("楼栋"),
    "unit": N_("单元"),
    "room": N_("房号"),
}


@dataclass(frozen=True)
class Registration:
    """A customer as handed in. `by` is whoever registers, `role` a value of Role; other texts as typed."""

    name: str
    phone: str
    community: str
    building: str
    unit: str
    room: str
    by: str
    role: str

    @cached_property
    def phone_key(self) -> str:
        return phone_key(self.phone)

    @cached_property
    def address_key(self) -> str:
        return address_key(self.community, self.building, self.unit, self.room)

    def missing(self, policy: Policy) -> tuple[str, ...]:
        """The names of the required fields that are empty or hold spaces only (R002)."""
        return tuple(part for part in policy.required_parts if not (getattr(self, part) or "").strip())


@dataclass(frozen=True)
class Claim:
    """A live registration, as far as it can stand in the way of another. `ref` names it where that may be told."""

    phone_key: str
    address_key: str
    ref: str = ""


@dataclass(frozen=True)
class Deal:
    """A deal (first deposit or contract), by every phone and address that it is known under."""

    phone_keys: frozenset[str]
    address_keys: frozenset[str]

    def covers(self, phone: str, address: str) -> bool:
        """Whether a registration comes after this deal; a further flat of the same phone is a new project (R015)."""
        if address and address in self.address_keys:
            return True
        return bool(phone) and phone in self.phone_keys and not self.leaves_open(address)

    def leaves_open(self, address: str) -> bool:
        """Whether this deal's address is known and another one than `address`."""
        return bool(self.address_keys) and bool(address) and address not in self.address_keys


def judge_registration(
    registration: Registration,
    *,
    claims: Iterable[Claim],
    deals: Iterable[Deal],
    quota_used: int,
    policy: Policy,
    at: datetime,
) -> Decision[Verdict]:
    """The first of missing field, after deal, over quota, duplicate that applies, else valid.

    `claims`: the live registrations at `at` (at least those of the same phone or flat); `deals`: those made before;
    `quota_used`: see `month_of`, slots in use by the same person in the same role. The reasons name no other customer
    and, unless a claim carries a `ref`, no other lead.
    """
    missing = registration.missing(policy)
    if missing:
        return Decision(Verdict.MISSING_FIELD, tuple(_missing(part) for part in missing))
    deals = list(deals)
    if any(deal.covers(registration.phone_key, registration.address_key) for deal in deals):
        return Decision(Verdict.AFTER_DEAL, (because("R001", "该客户已成交，成交后报备无效"),))
    known = any(registration.phone_key in deal.phone_keys for deal in deals)
    steps = (because("R015", "老客户的新房，作为新项目单独报备"),) if known else ()
    quota = quota_of(registration.role, policy)
    if quota is not None and quota_used >= quota:
        used = because("R008", "本月名额{quota}个已用完，超额报备无效", quota=quota, used=quota_used, month=_month(at))
        return Decision(Verdict.OVER_QUOTA, (*steps, used))
    rival = next((claim for claim in claims if _same_customer(registration, claim)), None)
    if rival is not None:
        return Decision(Verdict.DUPLICATE, (*steps, _duplicate(registration, rival)))
    return Decision(Verdict.VALID, (*steps, *_accepted(registration, quota, quota_used, at)))


def quota_of(role: str, policy: Policy) -> int | None:
    """Registrations a month for this role, None for no limit: only field sellers are counted (R007, R008)."""
    return policy.quota_salesperson if role == Role.SALESPERSON else policy.quota_showroom


def month_of(at: datetime) -> tuple[int, int]:
    """The calendar month, in local time, whose slots a registration at `at` uses (R008).

    In use is every registration of that month, person and role that was valid when it was made and, with
    `quota_refill_on_deal`, has not become a deal (R009).
    """
    day = local_day(at)
    return day.year, day.month


def _same_customer(registration: Registration, claim: Claim) -> bool:
    return _matches(registration.phone_key, claim.phone_key) or _matches(registration.address_key, claim.address_key)


def _matches(one: str, other: str) -> bool:
    return bool(one) and one == other


def _missing(part: str) -> Reason:
    return because("R002", "缺少必填项：{field}", field=_PART_NAMES[part], key=part)


def _duplicate(registration: Registration, claim: Claim) -> Reason:
    told = {"first": claim.ref} if claim.ref else {}
    if _matches(registration.phone_key, claim.phone_key):
        return because("R003", "该电话已有有效报备，先报先保", matched="phone", **told)
    return because("R003", "该地址已有有效报备，先报先保", matched="address", **told)


def _accepted(registration: Registration, quota: int | None, quota_used: int, at: datetime) -> tuple[Reason, ...]:
    first = because("R003", "首位有效报备，受保护")
    if quota is None:
        return (because("R007", "该岗位报备不限数量"), first)
    return (
        because("R008", "本月第{number}个报备，名额{quota}个", number=quota_used + 1, quota=quota, month=_month(at)),
        first,
    )


def _month(at: datetime) -> str:
    return "{}-{:02d}".format(*month_of(at))
