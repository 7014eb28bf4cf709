"""Design agreement, drawings and contract (section 3.5), and the days of the lead's registration (3.2)."""

from __future__ import annotations

from datetime import timedelta

from portal.rules.money import in_words, times
from portal.rules.project_file.compare import expect, keys_once, plain
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import Node, child, where_readable


def check(project: Node, findings: Findings) -> None:
    _budget_range(project, findings)
    _registration(project, findings)
    _agreement(project, findings)
    with where_readable():
        keys_once(findings, project["drawings"], "no")
    _contract(project, findings)


def _budget_range(project: Node, findings: Findings) -> None:
    with where_readable():
        both = project["customer"]["budget_range_fen"].whole()
        if both[0] > both[1]:
            findings.fault(both.place, f"goes from {both[0]} down to {both[1]}")


def _registration(project: Node, findings: Findings) -> None:
    with where_readable():
        node = project["lead"]["registration"]
        days = node["expire_if_no_measure_days"]
        right = node["registered_at"] + timedelta(days=days)
        expect(findings, node, "expires_at", right, f"`registered_at` + {days} × 24 h")


def _agreement(project: Node, findings: Findings) -> None:
    agreement = child(project, "design_agreement")
    with where_readable():
        expect(findings, agreement, "area_m2", project["building_area_m2"], "`building_area_m2`")
    with where_readable():
        area, rate = agreement["area_m2"], agreement["rate_fen_per_m2"]
        expect(findings, agreement, "fee_fen", times(area, rate), f"{plain(area)} × {rate}")
    with where_readable():
        if agreement["credit_fen"] > agreement["fee_fen"]:
            findings.fault(agreement.at("credit_fen"), f"is {agreement['credit_fen']}, more than the fee")


def _contract(project: Node, findings: Findings) -> None:
    contract = child(project, "contract")
    with where_readable():
        expect(findings, contract, "total_fen", project["budget"]["totals"]["total_fen"], "the budget's total")
    with where_readable():
        expect(findings, contract, "total_in_words", in_words(contract["total_fen"]), "`total_fen` in words")
    with where_readable():
        days = (contract["plan_completion"] - contract["start"]).days + 1
        expect(findings, contract, "calendar_days", days, "`start` to `plan_completion`")
