"""Leads for pages: where each stands, and lists whose cost does not grow with their rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.extensions import db
from portal.models import Lead, LeadContact, Order, Visit
from portal.queries.projects import contains
from portal.rules.decision import recall
from portal.rules.lead_protection import LeadRecord, Policy, Standing, Verdict, lapse_moment, standing
from portal.rules.visits import VisitKind
from portal.rules.working_time import local_day, midnight

PAGE = 50


@dataclass(frozen=True)
class Placed:
    """A lead and where it stands; `lapses_at` is the midnight that ends it unless the home is measured before (R006)."""

    lead: Lead
    standing: Standing
    lapses_at: datetime | None

    @property
    def last_day(self) -> date | None:
        """The last local day before `lapses_at`."""
        return local_day(self.lapses_at) - timedelta(days=1) if self.lapses_at else None


def policy() -> Policy:
    """The company's numbers for its own channel: the defaults, as long as nobody has set others."""
    return Policy()


def placed(leads: Sequence[Lead], *, at: datetime) -> list[Placed]:
    """Every lead with its state at `at`: two queries, however many leads."""
    records = records_of(leads)
    rules = policy()
    return [Placed(lead, standing(records[lead.id], rules, at), lapse_moment(records[lead.id], rules)) for lead in leads]


def records_of(leads: Sequence[Lead]) -> dict[int, LeadRecord]:
    """What happened to each lead, the way the rules want to know it: two queries."""
    homes = [lead.project_id for lead in leads if lead.project_id]
    measured, deals = _measured_at(homes), _deal_at(homes)
    return {lead.id: _record(lead, measured.get(lead.project_id), deals.get(lead.project_id)) for lead in leads}


def _record(lead: Lead, measured_at: datetime | None, deal_at: datetime | None) -> LeadRecord:
    by = str(lead.registered_by_id)
    return LeadRecord(
        by=by,
        role=lead.role,
        registered_at=lead.registered_at,
        verdict=Verdict(lead.verdict),
        birth=tuple(recall(reason) for reason in lead.trace),
        last_follow_up_at=lead.last_contact_at if lead.last_contact_at > lead.registered_at else None,
        measured_at=measured_at,
        deal_at=deal_at,
        deal_by=by if deal_at else None,
    )


def _measured_at(project_ids: Iterable[int]) -> dict[int, datetime]:
    rows = (
        select(Visit.project_id, func.min(Visit.done_at))
        .where(
            Visit.project_id.in_(list(project_ids)),
            Visit.kind == VisitKind.MEASUREMENT.value,
            Visit.done_at.is_not(None),
            Visit.cancelled_at.is_(None),
        )
        .group_by(Visit.project_id)
    )
    return dict(db.session.execute(rows).tuples().all())


def _deal_at(project_ids: Iterable[int]) -> dict[int, datetime]:
    """The order is the contract: whoever opened the project from the lead made the deal."""
    rows = select(Order.project_id, Order.made_at).where(Order.project_id.in_(list(project_ids)))
    return dict(db.session.execute(rows).tuples().all())


# ── lists ──

STATES = ("live", "overdue", "project", "over", "all")


def matching(rows: Select, words: str) -> Select:
    """Leads in which every word stands somewhere: name, community, building, phone."""
    for word in words.split()[:6]:
        part = contains(word)
        matches = [field.ilike(part, escape="\\") for field in (Lead.name, Lead.community, Lead.building, Lead.room)]
        digits = "".join(sign for sign in word if sign.isdigit())
        if len(digits) >= 3:
            matches.append(Lead.phone.like(contains(digits), escape="\\"))
        rows = rows.where(or_(*matches))
    return rows


def in_state(rows: Select, state: str, *, today: date) -> Select:
    """`state` is one of STATES; anything else means all. Lapsed leads are let go by a job shortly after midnight."""
    live = (Lead.phone_claim.is_not(None), Lead.project_id.is_(None))
    if state == "live":
        return rows.where(*live)
    if state == "overdue":
        return rows.where(*live, Lead.next_on < today)
    if state == "project":
        return rows.where(Lead.project_id.is_not(None))
    if state == "over":
        return rows.where(Lead.phone_claim.is_(None), Lead.project_id.is_(None))
    return rows


def page_of(rows: Select, *, number: int, by_next_step: bool) -> tuple[Sequence[Lead], bool]:
    """Page `number` (from 1) of the list and whether another follows: next steps first, or the newest first."""
    order = (Lead.next_on.is_(None), Lead.next_on, Lead.id.desc()) if by_next_step else (Lead.id.desc(),)
    rows = rows.order_by(*order).offset((number - 1) * PAGE).limit(PAGE + 1).options(joinedload(Lead.registered_by))
    found = list(db.session.scalars(rows).unique())
    return found[:PAGE], len(found) > PAGE


def with_history(rows: Select) -> Select:
    """A lead with its contacts and who made them."""
    contacts = selectinload(Lead.contacts).joinedload(LeadContact.by)
    return rows.options(contacts, joinedload(Lead.registered_by))


def to_follow(rows: Select, *, until: date, limit: int = 100) -> Sequence[Lead]:
    """Valid leads whose next step falls on or before `until`, the longest missed first."""
    rows = rows.where(Lead.verdict == Verdict.VALID.value, Lead.released_at.is_(None), Lead.next_on <= until)
    rows = rows.order_by(Lead.next_on, Lead.id).limit(limit).options(joinedload(Lead.registered_by))
    return list(db.session.scalars(rows).unique())


def contacts_made(user_id: int, *, on: date) -> int:
    """How many contacts the person has logged on a local day."""
    begins = midnight(on)
    rows = select(func.count()).select_from(LeadContact).where(LeadContact.by_id == user_id, LeadContact.at >= begins)
    return db.session.scalar(rows) or 0
