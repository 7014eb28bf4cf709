"""A history told again, event by event, with the rules of `lead_protection`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime
from typing import Any

from portal.rules.lead_history.events import (
    Dealt,
    Event,
    Extended,
    Looked,
    Measured,
    Registered,
    Ruled,
    Updated,
)
from portal.rules.lead_history.reading import History
from portal.rules.lead_protection import (
    Claim,
    Deal,
    LeadRecord,
    LeadState,
    Policy,
    Registration,
    Ruling,
    Standing,
    Verdict,
    counts_as_extension,
    judge_registration,
    month_of,
    standing,
)
from portal.rules.working_time import ZONE


def replay(history: History) -> dict[str, Any]:
    """`{"looks": [{"at": …, "leads": {…}}]}`, ready for JSON; without a look in the history, one at its last event."""
    office = _Office(history.policy)
    looks = [office.seen(event.at) for event in history.events if office.take(event)]
    if not looks and history.events:
        looks.append(office.seen(history.events[-1].at))
    return {"looks": looks}


class _Office:
    """Everything that is known so far, with the customers' phones and addresses as indexes."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.records: dict[str, LeadRecord] = {}
        self.customers: dict[str, Registration] = {}
        self.turn: dict[str, int] = {}
        self.leads_of: dict[str, list[str]] = defaultdict(list)  # phone or address key → valid registrations
        self.deals_of: dict[str, list[Deal]] = defaultdict(list)
        self.slots: dict[tuple[str, str, tuple[int, int]], set[str]] = defaultdict(set)

    def take(self, event: Event) -> bool:
        """Let the event happen; True when it is a look."""
        at, happening = event.at, event.happening
        if isinstance(happening, Registered):
            self._register(happening, at)
        elif isinstance(happening, Dealt):
            self._deal(happening, at)
        elif isinstance(happening, Ruled):
            ruling = Ruling(happening.credit_to, happening.by, happening.reason)
            self.records[happening.lead] = replace(self.records[happening.lead], ruling=ruling)
        elif not isinstance(happening, Looked):
            self._touch(happening, at)
        return isinstance(happening, Looked)

    def seen(self, at: datetime) -> dict[str, Any]:
        leads = {lead: _shown(record, standing(record, self.policy, at)) for lead, record in self.records.items()}
        return {"at": _written(at), "leads": leads}

    def _register(self, happening: Registered, at: datetime) -> None:
        customer, lead = happening.registration, happening.lead
        slot = (customer.by, customer.role, month_of(at))
        keys = _keys(customer.phone_key, customer.address_key)
        decision = judge_registration(
            customer,
            claims=[self._claim(other) for other in self._live(keys, at)],
            deals=[deal for key in keys for deal in self.deals_of[key]],
            quota_used=len(self.slots[slot]),
            policy=self.policy,
            at=at,
        )
        self.records[lead] = LeadRecord(customer.by, customer.role, at, decision.verdict, decision.trace)
        self.customers[lead] = customer
        self.turn[lead] = len(self.turn)
        if decision.verdict is Verdict.VALID:
            self.slots[slot].add(lead)
            for key in keys:
                self.leads_of[key].append(lead)

    def _touch(self, happening: Updated | Measured | Extended, at: datetime) -> None:
        """What only a live lead feels."""
        record = self.records[happening.lead]
        if not self._is_live(happening.lead, at):
            return
        if isinstance(happening, Updated) and happening.by == record.by:
            record = replace(record, last_follow_up_at=at)
        elif isinstance(happening, Measured) and record.measured_at is None:
            record = replace(record, measured_at=at)
        elif isinstance(happening, Extended) and counts_as_extension(record, happening.until, self.policy):
            record = replace(record, extended_until=happening.until)
        self.records[happening.lead] = record

    def _deal(self, happening: Dealt, at: datetime) -> None:
        """The deal of a live lead, or of the customer behind a dead one, or of a phone or address."""
        customers = []
        keys = _keys(happening.phone_key, happening.address_key)
        reached = ""
        if happening.lead:
            named = self.customers[happening.lead]
            customers.append((named.phone_key, named.address_key))
            state = standing(self.records[happening.lead], self.policy, at).state
            reached = happening.lead if state not in (LeadState.INVALID, LeadState.LAPSED) else ""
            keys = _keys(named.phone_key, named.address_key)
        reached = reached or next(iter(self._live(keys, at)), "")
        if reached:
            self._credit(reached, happening.by, at)
            customers.append((self.customers[reached].phone_key, self.customers[reached].address_key))
        self._remember(customers or [(happening.phone_key, happening.address_key)])

    def _credit(self, lead: str, by: str, at: datetime) -> None:
        """The first deposit or contract is the deal; a deal frees its slot at once (R009)."""
        record = self.records[lead]
        if record.deal_at is not None:
            return
        record = self.records[lead] = replace(record, deal_at=at, deal_by=by)
        if self.policy.quota_refill_on_deal and standing(record, self.policy, at).state is LeadState.DEAL:
            self.slots[record.by, record.role, month_of(record.registered_at)].discard(lead)

    def _remember(self, customers: list[tuple[str, str]]) -> None:
        phones = frozenset(phone for phone, _ in customers if phone)
        addresses = frozenset(address for _, address in customers if address)
        deal = Deal(phones, addresses)
        for key in {key for phone, address in customers for key in _keys(phone, address)}:
            self.deals_of[key].append(deal)

    def _live(self, keys: list[str], at: datetime) -> list[str]:
        """The live leads with one of these keys, first registered first. Dead ones are dropped: they stay dead."""
        found = set()
        for key in keys:
            self.leads_of[key] = [lead for lead in self.leads_of[key] if self._is_live(lead, at)]
            found.update(self.leads_of[key])
        return sorted(found, key=self.turn.__getitem__)

    def _is_live(self, lead: str, at: datetime) -> bool:
        return standing(self.records[lead], self.policy, at).protected

    def _claim(self, lead: str) -> Claim:
        customer = self.customers[lead]
        return Claim(customer.phone_key, customer.address_key, ref=lead)


def _keys(phone: str, address: str) -> list[str]:
    """A phone has no space in it and an address three, so they share one index."""
    return [key for key in (phone, address) if key]


def _shown(record: LeadRecord, found: Standing) -> dict[str, Any]:
    return {
        "state": found.state.value,
        "reason": "ok" if record.verdict is Verdict.VALID else record.verdict.value,
        "protected": found.protected,
        "credit_to": found.credit_to,
        "due": None if found.due is None else _written(found.due),
        "trace": [reason.as_record() | {"says": reason.in_words()} for reason in found.trace],
    }


def _written(at: datetime) -> str:
    return at.astimezone(ZONE).isoformat()
