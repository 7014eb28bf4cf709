"""From the bytes of a lead history to its events and policy, or every fault of it: a bad history is refused whole."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NoReturn

from portal.rules.lead_history.events import (
    Event,
    Tell,
    read_happening,
    read_moment,
)
from portal.rules.lead_protection import BadPolicy, Policy

MOST_BYTES = 64 * 1024 * 1024
_WHOLE_FILE = "$"


@dataclass(frozen=True)
class History:
    """Events in the order of the file, which is the order of time; at least every lead that is named is registered."""

    policy: Policy
    events: tuple[Event, ...]


class BadHistory(ValueError):
    """What is wrong: objects with `where` (zero-based path, `$` for the file), `what`, and `event` (counted from 1)."""

    def __init__(self, faults: list[dict[str, Any]]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


class _Faults:
    def __init__(self) -> None:
        self.found: list[dict[str, Any]] = []

    def add(self, where: str, what: str) -> None:
        self.found.append({"where": where, "what": what})

    def of_event(self, index: int, what: str) -> None:
        self.found.append({"event": index + 1, "where": f"events[{index}]", "what": what})


def parse(data: bytes, policy: bytes | None = None) -> History:
    """The history in `data`; `policy` is the bare object that wins key by key. Raises BadHistory with every fault."""
    faults = _Faults()
    document = _object(data, _WHOLE_FILE, faults)
    own = {} if document is None else _settings(document, faults)
    ahead = {} if policy is None else _object(policy, "policy file", faults) or {}
    for settings in (own, ahead):
        _check_settings(settings, faults)
    events = () if document is None else _events(document, faults)
    if faults.found:
        raise BadHistory(faults.found)
    return History(Policy.from_settings(own | ahead), events)


def _object(data: bytes, where: str, faults: _Faults) -> dict[str, Any] | None:
    try:
        if len(data) > MOST_BYTES:
            raise ValueError(f"has more than {MOST_BYTES} bytes")
        value = json.loads(data.decode(), parse_constant=_no_constant, object_pairs_hook=_without_twins)
        if not isinstance(value, dict):
            raise ValueError("is not an object")
    except UnicodeDecodeError as error:
        faults.add(where, f"is not UTF-8 (byte {error.start})")
    except json.JSONDecodeError as error:
        faults.add(where, f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})")
    except RecursionError:
        faults.add(where, "is nested too deeply")
    except ValueError as error:
        faults.add(where, str(error))
    else:
        return value
    return None


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"is not JSON: {name}")


def _without_twins(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("has a key twice in one object")
    return found


def _settings(document: Mapping[str, Any], faults: _Faults) -> dict[str, Any]:
    settings = document.get("policy")
    if settings is None or isinstance(settings, dict):
        return settings or {}
    faults.add("policy", "is not an object")
    return {}


def _check_settings(settings: Mapping[str, Any], faults: _Faults) -> None:
    try:
        Policy.from_settings(settings)
    except BadPolicy as error:
        for key, what in error.faults:
            faults.add(f"policy[{key!a}]", what)


def _events(document: Mapping[str, Any], faults: _Faults) -> tuple[Event, ...]:
    written = document.get("events")
    if not isinstance(written, list):
        faults.add("events", "is missing" if written is None else "is not a list")
        return ()
    order = _Order()
    return tuple(event for index, one in enumerate(written) if (event := _event(index, one, order, faults)))


class _Order:
    """What the events so far allow the next one: not to go back in time, to name registered leads."""

    def __init__(self) -> None:
        self.last: datetime | None = None
        self.leads: set[str] = set()


def _event(index: int, written: Any, order: _Order, faults: _Faults) -> Event | None:
    def tell(what: str) -> None:
        faults.of_event(index, what)

    if not isinstance(written, dict):
        tell("is not an object")
        return None
    at = read_moment(written, tell)
    if at is not None:
        if order.last is not None and at < order.last:
            tell(f"goes back in time: {at.isoformat()} comes after {order.last.isoformat()}")
        order.last = at if order.last is None else max(at, order.last)
    _check_lead(written, order, tell)
    happening = read_happening(written, tell)
    return Event(at, happening) if at is not None and happening is not None else None


def _check_lead(written: Mapping[str, Any], order: _Order, tell: Tell) -> None:
    """Leads are registered once, and before anything else happens to them; a faulty registration counts as one."""
    kind, lead = written.get("type"), written.get("lead")
    if not isinstance(lead, str) or not lead.strip():
        return  # the readers say whether one is needed
    if kind == "registered":
        if lead in order.leads:
            tell(f"lead {lead!a} is registered twice")
        order.leads.add(lead)
    elif kind != "look" and lead not in order.leads:
        tell(f"lead {lead!a} is not registered by then")
