"""Complaints (C1), air test and warranty (section 3.7)."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from portal.rules.project_file.checks.schedule import by_code
from portal.rules.project_file.compare import ascending, expect, keys_once, plain
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import BAD, Items, Node, child, items, where_readable

_DEADLINES = ("first_response_due", "onsite_due", "plan_due", "resolve_due")
_SUBSTANCES = ("formaldehyde", "benzene", "ammonia", "toluene", "xylene", "tvoc")
_WAIT_BEFORE_TEST = timedelta(days=7)


def check(project: Node, findings: Findings) -> None:
    with where_readable():
        keys_once(findings, project["complaints"], "no")
    for _, complaint in items(project, "complaints"):
        _deadlines(complaint, findings)
        _timeline(complaint, findings)
    _air_test(project, findings)
    _warranty(project, findings)


def _deadlines(complaint: Node, findings: Findings) -> None:
    """C1: every deadline is later than the one before it."""
    sla = child(complaint, "sla")
    for key, before in zip(_DEADLINES, ("reported_at", *_DEADLINES), strict=False):
        with where_readable():
            earlier = (complaint if before == "reported_at" else sla)[before]
            if sla[key] <= earlier:
                findings.fault(sla.at(key), f"is {plain(sla[key])}, not after `{before}`, {plain(earlier)}")


def _timeline(complaint: Node, findings: Findings) -> None:
    """C1."""
    with where_readable():
        timeline: Items = complaint["timeline"]
        ascending(findings, timeline, "at")
        if timeline and timeline[0] is not BAD:
            expect(findings, timeline[0], "at", complaint["reported_at"], "`reported_at`")


def _air_test(project: Node, findings: Findings) -> None:
    test, stages = child(project, "air_test"), by_code(project)
    with where_readable():
        if "S18" in stages:
            expect(findings, test, "works_complete_on", stages["S18"]["forecast_end"], "`forecast_end` of S18")
    with where_readable():
        right = test["works_complete_on"] + _WAIT_BEFORE_TEST
        expect(findings, test, "earliest_test", right, "`works_complete_on` + 7 days")
    with where_readable():
        names = {room["name"] for room in project["rooms"].whole()}
        for _, result in items(test, "results_mg_m3"):
            if "room" in result and result["room"] not in names:
                findings.fault(result.at("room"), f"is {result['room']}, which is no room's name")
    with where_readable():
        limits = test["limits_mg_m3"]
        results = test["results_mg_m3"].whole()
        above = any(result[name] > limits[name] for result in results for name in _SUBSTANCES)
        expect(findings, test, "conclusion", "FAIL" if above else "PASS", "what the results say")


def _warranty(project: Node, findings: Findings) -> None:
    warranty, stages = child(project, "warranty"), by_code(project)
    with where_readable():
        if "S17" in stages:
            expect(findings, warranty, "accepted_on", stages["S17"]["actual_end"], "`actual_end` of S17")
    for key, months in (("general_until", "general_months"), ("waterproof_until", "waterproof_months")):
        with where_readable():
            many = project["contract"]["warranty"][months]
            right = months_later(warranty["accepted_on"], many) - timedelta(days=1)
            expect(findings, warranty, key, right, f"`accepted_on` + {many} months − a day")


def months_later(day: date, months: int) -> date:
    """The same day `months` later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
