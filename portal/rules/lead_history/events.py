"""The events of a lead history, each read from its JSON object; what is wrong is collected, not raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from portal.rules.contact import address_key, phone_key
from portal.rules.lead_protection import Registration, Role

Tell = Callable[[str], None]  # takes one fault of the event at hand

FIRST_YEAR, LAST_YEAR = 1970, 2199
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PARTS = ("name", "phone", "community", "building", "unit", "room")


@dataclass(frozen=True)
class Registered:
    """The customer and who registered her; `registration` may miss fields (R002)."""

    lead: str
    registration: Registration


@dataclass(frozen=True)
class Updated:
    lead: str
    by: str


@dataclass(frozen=True)
class Measured:
    lead: str


@dataclass(frozen=True)
class Dealt:
    """A deposit or contract: of `lead`, or else of the customer with this phone or address ("" = not told)."""

    by: str
    lead: str = ""
    phone_key: str = ""
    address_key: str = ""


@dataclass(frozen=True)
class Extended:
    lead: str
    until: date


@dataclass(frozen=True)
class Ruled:
    lead: str
    credit_to: str | None
    by: str
    reason: str


@dataclass(frozen=True)
class Looked:
    """Every lead's state is printed at this moment."""


Happening: TypeAlias = Registered | Updated | Measured | Dealt | Extended | Ruled | Looked


@dataclass(frozen=True)
class Event:
    at: datetime
    happening: Happening


def read_moment(event: Mapping[str, Any], tell: Tell) -> datetime | None:
    """The event's `at`; None and a fault when it is missing, no moment, or naive."""
    written = event.get("at")
    if not isinstance(written, str):
        tell("`at` is missing" if written is None else "`at` is no text")
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError:
        tell(f"`at` is no moment: {_shown(written)}")
        return None
    if at.tzinfo is None:
        tell(f"`at` has no offset: {_shown(written)}")
        return None
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        tell(f"`at` is not in the years {FIRST_YEAR} to {LAST_YEAR}")
        return None
    return at


def read_happening(event: Mapping[str, Any], tell: Tell) -> Happening | None:
    """What the event says happened; None after at least one fault."""
    kind = event.get("type")
    read = READERS.get(kind) if isinstance(kind, str) else None
    if read is None:
        tell("`type` is missing" if kind is None else f"`type` is unknown: {_shown(kind)}")
        return None
    return read(event, tell)


def _registered(event: Mapping[str, Any], tell: Tell) -> Registered | None:
    lead, by = _needed(event, "lead", tell), _needed(event, "by", tell)
    role = _text(event, "role", tell)
    if role not in frozenset(Role):
        tell("`role` is missing" if not role else f"`role` is unknown: {_shown(role)}")
        role = None
    parts = {part: _text(event, part, tell) for part in _PARTS}
    if not lead or not by or role is None or None in parts.values():
        return None
    return Registered(lead, Registration(**{part: text or "" for part, text in parts.items()}, by=by, role=role))


def _updated(event: Mapping[str, Any], tell: Tell) -> Updated | None:
    lead, by, step = _needed(event, "lead", tell), _text(event, "by", tell), _needed(event, "next_step", tell)
    return Updated(lead, by or "") if lead and step and by is not None else None


def _measured(event: Mapping[str, Any], tell: Tell) -> Measured | None:
    lead = _needed(event, "lead", tell)
    return Measured(lead) if lead else None


def _dealt(event: Mapping[str, Any], tell: Tell) -> Dealt | None:
    by = _needed(event, "by", tell)
    told = {key: _text(event, key, tell) for key in ("lead", "phone", "community", "building", "unit", "room")}
    if None in told.values():
        return None
    lead, phone = told["lead"] or "", phone_key(told["phone"])
    address = address_key(told["community"], told["building"], told["unit"], told["room"])
    if not (lead.strip() or phone or address):
        tell("names nobody: neither `lead` nor `phone` nor the four parts of an address")
        return None
    if not by:
        return None
    return Dealt(by, lead=lead) if lead.strip() else Dealt(by, phone_key=phone, address_key=address)


def _extended(event: Mapping[str, Any], tell: Tell) -> Extended | None:
    lead, reason = _needed(event, "lead", tell), _needed(event, "reason", tell)
    until = _until(event, tell)
    return Extended(lead, until) if lead and reason and until else None


def _until(event: Mapping[str, Any], tell: Tell) -> date | None:
    written = _needed(event, "until", tell)
    if written is None:
        return None
    try:
        until = date.fromisoformat(written) if _DAY.fullmatch(written) else None
    except ValueError:
        until = None
    if until is None or not FIRST_YEAR <= until.year <= LAST_YEAR:
        tell(f"`until` is no day YYYY-MM-DD: {_shown(written)}")
        return None
    return until


def _ruled(event: Mapping[str, Any], tell: Tell) -> Ruled | None:
    lead, reason, by = _needed(event, "lead", tell), _needed(event, "reason", tell), _text(event, "by", tell)
    if "credit_to" not in event:
        tell("`credit_to` is missing")
        return None
    nobody = event["credit_to"] is None
    credit = None if nobody else _needed(event, "credit_to", tell)
    if not lead or not reason or by is None or not (credit or nobody):
        return None
    return Ruled(lead, credit, by, reason)


def _looked(event: Mapping[str, Any], tell: Tell) -> Looked:
    return Looked()


def _needed(event: Mapping[str, Any], key: str, tell: Tell) -> str | None:
    """The text of `key`; None and a fault when it is missing or of spaces only."""
    text = _text(event, key, tell)
    if text is not None and not text.strip():
        tell(f"`{key}` is missing")
        return None
    return text


def _text(event: Mapping[str, Any], key: str, tell: Tell) -> str | None:
    """The text of `key`, "" when it is absent or null; None and a fault when it is no text."""
    value = event.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or _SURROGATE.search(value):
        tell(f"`{key}` is no text: {_shown(value)}")
        return None
    return value


def _shown(value: Any) -> str:
    return ascii(value) if len(ascii(value)) <= 60 else ascii(value)[:57] + "..."


READERS: dict[str, Callable[[Mapping[str, Any], Tell], Happening | None]] = {
    "registered": _registered,
    "updated": _updated,
    "measured": _measured,
    "deposit": _dealt,
    "contract": _dealt,
    "extended": _extended,
    "ruled": _ruled,
    "look": _looked,
}
