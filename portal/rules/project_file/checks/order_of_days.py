"""What comes before what: D2 and every "not before" and "not after" of section 3; what has happened by `as_of`: D1."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from portal.rules.project_file.compare import ascending, not_before, numbered, plain
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import Node, child, items, where_readable

# (the array or object that holds both, the later key, the earlier key)
_PAIRS = """
lead > registration.registered_at | created_at
lead.registration > expires_at | registered_at
measurement > remeasure | date
plan > presented | delivered
plan > owner_confirmed | presented
plan.revisions[] > delivered | requested
design_agreement > paid | signed
design_agreement > drawings_due | signed
contract > start | signed
contract > plan_completion | start
schedule.stages[] > plan_end | plan_start
schedule.stages[] > forecast_end | forecast_start
delay_record > extended_completion | planned_completion
inspections[].rectifications[] > due | issued
inspections[].rectifications[] > fixed | issued
inspections[].rectifications[] > rechecked | fixed
purchase_orders[] > need_by | ordered
purchase_orders[] > arrived | ordered
change_orders[].dates > quoted | requested
change_orders[].dates > owner_signed | quoted
change_orders[].dates > started | owner_signed
change_orders[].dates > done | started
complaints[] > owner_confirmed_at | resolved_at
air_test > tested | earliest_test
air_test > report_on | tested
"""
_ACROSS = (  # later object and key, earlier object and key
    ("plan", "delivered", "measurement", "date"),
    ("design_agreement", "signed", "estimate", "date"),
    ("budget", "date", "design_agreement", "signed"),
    ("contract", "signed", "budget", "date"),
    ("estimate", "date", "material_selection", "confirmed_at"),
)
_HAPPENED = """
design_agreement > signed
design_agreement > paid
contract > signed
payment_stages[] > paid_date
schedule.stages[] > actual_start
schedule.stages[] > actual_end
site_visits[] > actual_date
inspections[] > actual_date
inspections[].signatures[] > at
purchase_orders[] > arrived
change_orders[].dates > requested
change_orders[].dates > quoted
change_orders[].dates > owner_signed
change_orders[].dates > started
change_orders[].dates > done
complaints[] > reported_at
complaints[] > resolved_at
complaints[] > owner_confirmed_at
complaints[].timeline[] > at
"""


def check(project: Node, meta: Node, findings: Findings) -> None:
    for path, rest in _rows(_PAIRS):
        later, earlier = rest.split(" | ")
        for node in _nodes(project, path):
            holder, _, key = later.rpartition(".")
            not_before(findings, child(node, holder) if holder else node, key, earlier, node)
    _across(project, findings)
    with where_readable():
        as_of = meta["as_of"]
        for path, key in _rows(_HAPPENED):
            for node in _nodes(project, path):
                _happened(node, key, as_of, findings)
    _lists(project, findings)


def _across(project: Node, findings: Findings) -> None:
    for later, key, earlier, than in _ACROSS:
        first, second = child(project, earlier), child(project, later)
        with where_readable():
            if second[key] >= first[than]:
                continue
            if earlier == "material_selection":
                findings.fault(first.at(than), f"is {plain(first[than])}, after `estimate.date`, {plain(second[key])}")
            else:
                findings.fault(
                    second.at(key), f"is {plain(second[key])}, before `{earlier}.{than}`, {plain(first[than])}"
                )


def _happened(node: Node, key: str, as_of: date, findings: Findings) -> None:
    """D1. Of a moment, the day at its own offset counts."""
    with where_readable():
        when = node[key]
        day = when.date() if isinstance(when, datetime) else when
        if day is not None and day > as_of:
            findings.fault(node.at(key), f"is {plain(when)}, later than `meta.as_of`, {plain(as_of)}")


def _lists(project: Node, findings: Findings) -> None:
    """Lists that run by day or by number."""
    for path, key, judge in (
        (("lead", "follow_ups"), "at", ascending),
        (("site_visits",), "planned_date", ascending),
        (("site_visits",), "no", numbered),
        (("plan", "revisions"), "no", numbered),
        (("payment_stages",), "seq", numbered),
    ):
        with where_readable():
            found: Any = project
            for step in path:
                found = found[step]
            judge(findings, found, key)


def _rows(table: str) -> Iterator[tuple[str, str]]:
    for line in table.strip().splitlines():
        path, _, rest = line.partition(" > ")
        yield path, rest


def _nodes(node: Node, path: str) -> list[Node]:
    """Every readable object at `path`, where `[]` is every element."""
    step, _, rest = path.partition(".")
    many = step.endswith("[]")
    below = [element for _, element in items(node, step[:-2])] if many else [child(node, step)]
    return [deep for element in below for deep in _nodes(element, rest)] if rest else below
