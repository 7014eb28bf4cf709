"""Payments, delay, settlement: Y1 to Y4, K1, K2, W1, and the invoices."""

from __future__ import annotations

from fractions import Fraction

from portal.rules.money import half_up, in_words, ratio_bp, share_bp
from portal.rules.project_file.compare import expect, keys_once, set_exactly_when
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import Items, Missing, Node, child, items, where_readable

_SETTLEMENTS = (
    ("settlement", "final_payable_fen", "balance_fen"),
    ("settlement_forecast", "forecast_final_payable_fen", "remaining_fen"),
)


def check(project: Node, findings: Findings) -> None:
    with where_readable():
        stages: Items = project["payment_stages"]
        keys_once(findings, stages, "no")
        _percentages(stages, findings)
        _planned(stages, project, findings)
        for _, stage in stages.good():
            _stage(stage, findings)
        _all_due(stages, project, findings)
    _compensation(project, findings)
    for name, final, rest in _SETTLEMENTS:
        with where_readable():
            _settled(project[name], project, final, rest, findings)
    with where_readable():
        if project["settlement"]["balance_fen"] != 0:
            findings.fault(project["settlement"].at("balance_fen"), "is not 0, but the project is settled")
    _invoices(project, findings)


def _percentages(stages: Items, findings: Findings) -> None:
    """Y1."""
    with where_readable():
        percent = sum(stage["percent_bp"] for stage in stages.whole())
        if percent != 10_000:
            findings.fault(stages.place, f"`percent_bp` adds up to {percent}, not 10000")


def _planned(stages: Items, project: Node, findings: Findings) -> None:
    """Y2: the last stage takes what the others leave of the contract total."""
    with where_readable():
        total = project["contract"]["total_fen"]
        for _, stage in [*stages.in_order().good()]:
            if stage is not stages[-1]:
                with where_readable():
                    right = share_bp(total, stage["percent_bp"])
                    expect(findings, stage, "planned_fen", right, f"{stage['percent_bp']} bp of {total}")
        *others, last = stages.whole()
        right = total - sum(stage["planned_fen"] for stage in others)
        expect(findings, last, "planned_fen", right, "what remains of the contract total")


def _stage(stage: Node, findings: Findings) -> None:
    """Y3 and what goes with the status."""
    with where_readable():
        right = stage["planned_fen"] + sum(entry["amount_fen"] for entry in stage["adjustments"].whole())
        expect(findings, stage, "due_fen", right, "`planned_fen` with its adjustments")
    for key in ("paid_date", "method", "receipt_no"):
        with where_readable():
            set_exactly_when(findings, stage, key, stage["status"] == "PAID", "`status` is PAID")
    with where_readable():
        right = stage["due_fen"] if stage["status"] == "PAID" else 0
        expect(findings, stage, "paid_fen", right, f"what {stage['status']} means")


def final_payable(project: Node) -> int:
    """As it is written in the settlement or in its forecast; Missing when it is in neither."""
    for name, final, _ in _SETTLEMENTS:
        if name in project:
            amount: int = project[name][final]
            return amount
    raise Missing


def _all_due(stages: Items, project: Node, findings: Findings) -> None:
    """Y4."""
    with where_readable():
        due = sum(stage["due_fen"] for stage in stages.whole())
        if due != final_payable(project):
            findings.fault(
                stages.place, f"`due_fen` adds up to {due}, but the final payable is {final_payable(project)}"
            )


def _compensation(project: Node, findings: Findings) -> None:
    """K1."""
    with where_readable():
        record, contract = project["delay_record"], project["contract"]
        total = contract["total_fen"]
        by_days = share_bp(total, record["late_calendar_days"] * record["rate_bp_per_day"])
        right = min(by_days, share_bp(total, contract["delay_cap_bp"]))
        expect(findings, record, "compensation_fen", right, "the late days at their rate, up to the cap,")


def _settled(node: Node, project: Node, final: str, rest: str, findings: Findings) -> None:
    """K2 and W1."""
    with where_readable():
        expect(findings, node, "contract_fen", project["contract"]["total_fen"], "the contract total")
    with where_readable():
        expect(findings, node, "change_orders_fen", _approved(project), "the sum of the approved change orders")
    with where_readable():
        expect(findings, node, "design_credit_fen", -project["design_agreement"]["credit_fen"], "− `credit_fen`")
    with where_readable():
        right = -project["delay_record"]["compensation_fen"]
        expect(findings, node, "delay_compensation_fen", right, "− `compensation_fen`")
    for key in ("design_credit_fen", "delay_compensation_fen"):
        with where_readable():
            if node[key] > 0:
                findings.fault(node.at(key), f"is {node[key]}, neither 0 nor negative")
    with where_readable():
        four = ("contract_fen", "change_orders_fen", "design_credit_fen", "delay_compensation_fen")
        expect(findings, node, final, sum(node[key] for key in four), "the sum of the four")
    with where_readable():
        paid = sum(stage["paid_fen"] for stage in project["payment_stages"].whole())
        expect(findings, node, "paid_fen", paid, "the sum of the stages")
    with where_readable():
        expect(findings, node, rest, node[final] - node["paid_fen"], "final payable − paid")
    with where_readable():
        if node["contract_fen"]:
            right = ratio_bp(node["change_orders_fen"], node["contract_fen"])
            expect(findings, node, "change_vs_contract_bp", right, "`change_orders_fen` of `contract_fen`")
    with where_readable():
        expect(findings, node, "amount_in_words", in_words(node[final]), f"`{final}` in words")


def _approved(project: Node) -> int:
    orders = project["change_orders"].whole()
    return sum(order["total_delta_fen"] for order in orders if order["status"] == "APPROVED")


def _invoices(project: Node, findings: Findings) -> None:
    for _, invoice in items(project, "invoices"):
        with where_readable():
            gross, rate = invoice["amount_fen"], invoice["tax_rate_bp"]
            expect(
                findings,
                invoice,
                "net_fen",
                half_up(Fraction(gross * 10_000, 10_000 + rate)),
                f"{gross} without {rate} bp of tax",
            )
        with where_readable():
            expect(findings, invoice, "tax_fen", invoice["amount_fen"] - invoice["net_fen"], "amount − net")
    with where_readable():
        invoices = project["invoices"].whole()
        total = sum(invoice["amount_fen"] for invoice in invoices)
        paid = child(project, "settlement")["paid_fen"]
        if total > paid:
            findings.fault(invoices.place, f"add up to {total}, more than the {paid} paid")
