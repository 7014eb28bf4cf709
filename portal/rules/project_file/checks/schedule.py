"""Calendar: S2 to S4 and the stages' nodes; the delays and what they add up to (section 3.6)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from portal.rules.project_file.compare import expect, plain, set_exactly_when
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import Node, child, items, where_readable
from portal.rules.project_file.values import STAGES
from portal.rules.project_file.working_days import WorkingDays

NODES = {"S05": "N1", "S07": "N2", "S09": "N3", "S11": "N4", "S13": "N5", "S17": "N6"}
_TRACKS = ("plan", "forecast")
_AIR_TEST, _AIRING_DAYS = "S19", 8


def check(project: Node, calendar: WorkingDays | None, findings: Findings) -> None:
    """`calendar` is None when the file's holidays cannot be read: then nothing is said of working days."""
    with where_readable():
        for index, stage in enumerate(project["schedule"]["stages"].in_order()):
            if isinstance(stage, Node):
                with where_readable():
                    expect(findings, stage, "code", STAGES[index], "the stage at this position")
    for _, stage in items(project, "schedule", "stages"):
        _stage(stage, findings)
        if calendar is not None:
            _working_days(stage, calendar, findings)
    if calendar is not None:
        _sequence(project, calendar, findings)
    _contract_days(project, findings)
    _delay_record(project, findings)


def by_code(project: Node) -> dict[str, Node]:
    """The stages by the code they are written with; of two with one code the first."""
    found: dict[str, Node] = {}
    for _, stage in items(project, "schedule", "stages"):
        if "code" in stage:
            found.setdefault(stage["code"], stage)
    return found


def _stage(stage: Node, findings: Findings) -> None:
    with where_readable():
        expect(findings, stage, "node", NODES.get(stage["code"]), f"the node of {stage['code']}")
    with where_readable():
        status = stage["status"]
        for key, states in (("actual_start", ("DONE", "DOING")), ("actual_end", ("DONE",))):
            with where_readable():
                set_exactly_when(findings, stage, key, status in states, f"`status` is {' or '.join(states)}")
    for end in ("start", "end"):
        with where_readable():
            if stage[f"actual_{end}"] is not None:
                expect(findings, stage, f"actual_{end}", stage[f"forecast_{end}"], f"`forecast_{end}`")


def _working_days(stage: Node, calendar: WorkingDays, findings: Findings) -> None:
    """S2."""
    for track in _TRACKS:
        for end in ("start", "end"):
            with where_readable():
                key = f"{track}_{end}"
                if not calendar.includes(stage[key]):
                    findings.fault(stage.at(key), f"is {plain(stage[key])}, not a working day")
        with where_readable():
            first, last = stage[f"{track}_start"], stage[f"{track}_end"]
            wanted = stage["duration_wd"] + (_delayed(stage) if track == "forecast" else 0)
            found = calendar.between(first, last)
            if last >= first and found != wanted:
                findings.fault(
                    stage.at(f"{track}_end"), f"is {plain(last)}, working day {found} and not {wanted} of the stage"
                )


def _delayed(stage: Node) -> int:
    return sum(delay["days"] for delay in stage["delays"].whole())


def _sequence(project: Node, calendar: WorkingDays, findings: Findings) -> None:
    """S3."""
    with where_readable():
        stages = project["schedule"]["stages"].in_order()
        for before, stage, code in zip(stages, stages[1:], STAGES[1:], strict=False):
            gap = _AIRING_DAYS if code == _AIR_TEST else 1
            for track in _TRACKS if isinstance(before, Node) and isinstance(stage, Node) else ():
                with where_readable():
                    right = calendar.first_from(before[f"{track}_end"] + timedelta(gap))
                    if right is not None:
                        expect(findings, stage, f"{track}_start", right, "the first working day after the stage before")


def _contract_days(project: Node, findings: Findings) -> None:
    contract, stages = child(project, "contract"), by_code(project)
    for key, code, end in (("start", "S01", "plan_start"), ("plan_completion", "S17", "plan_end")):
        with where_readable():
            if code in stages:
                expect(findings, contract, key, stages[code][end], f"`{end}` of {code}")


def _delay_record(project: Node, findings: Findings) -> None:
    record, contract, stages = child(project, "delay_record"), child(project, "contract"), by_code(project)
    with where_readable():
        expect(findings, record, "planned_completion", contract["plan_completion"], "`contract.plan_completion`")
    with where_readable():
        if "S17" in stages:
            right = stages["S17"]["forecast_end"]
            expect(findings, record, "actual_or_forecast_completion", right, "`forecast_end` of S17")
    with where_readable():
        late = max(0, _days_after(record["actual_or_forecast_completion"], record["extended_completion"]))
        expect(findings, record, "late_calendar_days", late, "the days after `extended_completion`")
    for key, extends in (("owner_or_change_caused_wd", True), ("contractor_caused_wd", False)):
        with where_readable():
            right = sum(delay["days"] for delay in _delays(project) if delay["extends_contract"] is extends)
            expect(findings, record, key, right, "the sum of these delays")
    with where_readable():
        right = contract["delay_compensation_bp_per_day"]
        expect(findings, record, "rate_bp_per_day", right, "the contract's rate")
    with where_readable():
        if record["forecast"] is not True:
            findings.fault(record.at("forecast"), "is false, but must be true")


def _delays(project: Node) -> Iterator[Node]:
    for stage in project["schedule"]["stages"].whole():
        yield from stage["delays"].whole()


def _days_after(day: date, other: date) -> int:
    return (day - other).days
