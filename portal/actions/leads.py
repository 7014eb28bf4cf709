"""Registering customers, and every contact since: who was first, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError

from portal import audit
from portal.extensions import db
from portal.jobs import every
from portal.models import Lead, LeadContact, Order, User
from portal.queries import leads as reads
from portal.rules import followup, lead_protection
from portal.rules.access import Role
from portal.rules.decision import Decision
from portal.rules.lead_protection import Claim, Deal, Registration, Verdict
from portal.rules.words import N_, Refused
from portal.rules.working_time import local_day, midnight

T = TypeVar("T")

SOURCES = (
    N_("小区驻点"),
    N_("自然到店"),
    N_("电话咨询"),
    N_("网络咨询"),
    N_("老客户介绍"),
    N_("展会活动"),
    N_("合作渠道"),
    N_("其他来源"),
)
_IN_SHOWROOM = {Role.SHOWROOM_GUIDE, Role.ACCOUNT_MANAGER, Role.STORE_MANAGER, Role.STORE_SUPERVISOR}
_UNKNOWN = "\ufffd"  # stands for what is not typed yet; no registration holds it


@dataclass(frozen=True)
class Customer:
    """What the three mandatory elements of a registration say (R002); `phone` is E.164."""

    name: str
    phone: str
    community: str
    building: str
    unit: str
    room: str


@dataclass(frozen=True)
class Preview:
    """How a registration would be judged now.

    Of whoever was first it tells the last day, if there is one, and the lead only when it is the person's own.
    """

    decision: Decision[Verdict]
    protected_until: date | None = None
    own_lead_id: int | None = None


def register(
    *, by: User, at: datetime, customer: Customer, next_step: str, next_on: date, source: str = "", note: str = ""
) -> tuple[Lead, Preview]:
    """Keep a registration with the ruling on it; an invalid one is kept too, with its reason (R001, R003, R008).

    Registrations that have lapsed by `at` give up their customer in the same transaction. Of two registrations in the
    same instant the database lets one win: the other raises IntegrityError, and judged anew it is a duplicate.
    """
    _one_at_a_time(by)
    _release(_rivals(customer, locked=True), at)
    ruling = judge(by=by, at=at, customer=customer)
    valid = ruling.decision.verdict is Verdict.VALID
    keys = _registration(by, customer)
    lead = Lead(
        **vars(customer),
        source=source,
        note=note,
        registered_by_id=by.id,
        registered_at=at,
        role=keys.role,
        phone_key=keys.phone_key,
        address_key=keys.address_key,
        phone_claim=keys.phone_key if valid else None,
        address_claim=keys.address_key if valid else None,
        verdict=ruling.decision.verdict.value,
        trace=ruling.decision.as_records(),
        last_contact_at=at,
        next_step=next_step if valid else "",
        next_on=next_on if valid else None,
    )
    db.session.add(lead)
    db.session.flush()
    audit.record("lead.registered", lead, by=by, at=at, verdict=lead.verdict, trace=lead.trace)
    return lead, ruling


def judge(*, by: User, at: datetime, customer: Customer) -> Preview:
    """The ruling that `register` would give at `at`; changes nothing.

    It looks at everybody's leads, and tells nothing of them but that somebody was first, and until when.
    """
    live = [found for found in reads.placed(_rivals(customer), at=at) if found.standing.protected]
    decision = lead_protection.judge_registration(
        _registration(by, customer),
        claims=[Claim(found.lead.phone_key, found.lead.address_key) for found in live],
        deals=_deals(customer),
        quota_used=quota_used(by, at=at),
        policy=reads.policy(),
        at=at,
    )
    if decision.verdict is not Verdict.DUPLICATE:
        return Preview(decision)
    ends = [found.last_day for found in live if found.last_day]
    own = next((found.lead.id for found in live if found.lead.registered_by_id == by.id), None)
    return Preview(decision, max(ends, default=None), own)


def first_wins(register: Callable[[], T]) -> T:
    """`register()`; when somebody else was first by a blink, once more: then the winner is seen and the ruling says so."""
    try:
        return register()
    except IntegrityError:
        db.session.rollback()
        return register()


def foresee(*, by: User, at: datetime, customer: Customer) -> Preview:
    """`judge` while the form is being filled: what is missing is said, but a phone or quota that fails is said first."""
    ruling = judge(by=by, at=at, customer=customer)
    if ruling.decision.verdict is not Verdict.MISSING_FIELD:
        return ruling
    rest = judge(by=by, at=at, customer=Customer(**{part: text or _UNKNOWN for part, text in vars(customer).items()}))
    return ruling if rest.decision.verdict is Verdict.VALID else rest


def slots(user: User, *, at: datetime) -> tuple[int, int | None]:
    """How many of this month's registrations the person has used, and how many there are; None is no limit."""
    return quota_used(user, at=at), lead_protection.quota_of(role_of(user), reads.policy())


def role_of(user: User) -> str:
    """In which of the two roles the person registers: showroom staff without a limit, salespeople with one (R007, R008)."""
    in_showroom = Role.SALESPERSON not in user.roles and user.roles & _IN_SHOWROOM
    return (lead_protection.Role.SHOWROOM_GUIDE if in_showroom else lead_protection.Role.SALESPERSON).value


def quota_used(user: User, *, at: datetime) -> int:
    """How many of this month's slots the person uses; a deal has freed its own (R008, R009)."""
    first = local_day(at).replace(day=1)
    rows = (
        select(func.count())
        .select_from(Lead)
        .where(
            Lead.registered_by_id == user.id,
            Lead.role == role_of(user),
            Lead.verdict == Verdict.VALID.value,
            Lead.registered_at >= midnight(first),
            Lead.registered_at <= at,
        )
    )
    if reads.policy().quota_refill_on_deal:
        rows = rows.outerjoin(Order, Order.project_id == Lead.project_id).where(Order.id.is_(None))
    return db.session.scalar(rows) or 0


def log_contact(*, lead: Lead, by: User, at: datetime, way: str, summary: str, next_step: str, next_on: date) -> LeadContact:
    """One contact, which always leads to a next step with a day (R035). Only the registrant's own renew the clock (R004).

    Raises Refused with the field that is missing.
    """
    judged = followup.judge_contact(next_step, next_on, on=local_day(at))
    if judged.verdict is not followup.Contact.ALLOWED:
        raise Refused(judged.trace[0], judged.trace[0].facts["key"])
    contact = LeadContact(lead_id=lead.id, by_id=by.id, at=at, way=way, summary=summary, next_step=next_step, next_on=next_on)
    db.session.add(contact)
    lead.next_step, lead.next_on = next_step, next_on
    if by.id == lead.registered_by_id:
        lead.last_contact_at = at
    audit.record("lead.contacted", lead, by=by, at=at, way=way, next_step=next_step, next_on=next_on)
    return contact


def may_open_project(lead: Lead, user: User) -> bool:
    """Those who open projects for everybody, and the registrant who may have the home measured."""
    return user.can("project.open") or (lead.registered_by_id == user.id and user.can("measurement.book"))


@every("lead.release", minutes=10)
def release_lapsed(at: datetime) -> str:
    """Let go of customers whose registration has lapsed, so that lists say it too; a new registration does not wait for this."""
    rules = reads.policy()
    since = midnight(local_day(at) - timedelta(days=rules.lapse_days))
    rows = select(Lead).where(
        Lead.phone_claim.is_not(None), Lead.project_id.is_(None), Lead.role.in_(rules.lapse_applies_to), Lead.registered_at < since
    )
    released = _release(list(db.session.scalars(rows)), at)
    return f"{released} released"


def _rivals(customer: Customer, *, locked: bool = False) -> list[Lead]:
    """Whoever holds the phone or the flat now; locked until the commit when something is to be changed."""
    keys = _registration(None, customer)
    rows = select(Lead).where(or_(Lead.phone_claim == keys.phone_key, Lead.address_claim == keys.address_key)).order_by(Lead.id)
    if locked:
        rows = rows.with_for_update(of=Lead).execution_options(populate_existing=True)
    return list(db.session.scalars(rows))


def _release(leads: list[Lead], at: datetime) -> int:
    over = [found.lead for found in reads.placed(leads, at=at) if not found.standing.protected]
    for lead in over:
        lead.phone_claim = lead.address_claim = None
        lead.released_at = at
        audit.record("lead.released", lead, at=at)
    db.session.flush()
    return len(over)


def _deals(customer: Customer) -> Iterable[Deal]:
    """Deals of the same phone or flat: a signed order, wherever the customer came from."""
    keys = _registration(None, customer)
    rows = (
        select(Lead.phone_key, Lead.address_key)
        .join(Order, Order.project_id == Lead.project_id)
        .where(or_(Lead.phone_key == keys.phone_key, Lead.address_key == keys.address_key))
    )
    return [Deal(frozenset({phone}), frozenset({address})) for phone, address in db.session.execute(rows)]


def _registration(by: User | None, customer: Customer) -> Registration:
    who, role = (str(by.id), role_of(by)) if by else ("", "")
    return Registration(**vars(customer), by=who, role=role)


def _one_at_a_time(user: User) -> None:
    """The month's slots are counted before one is taken: two windows of one person must not both take the last."""
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
