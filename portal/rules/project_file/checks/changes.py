"""Change orders: O1 to O5."""

from __future__ import annotations

from portal.rules.money import share_bp
from portal.rules.project_file.checks.people import OWNER
from portal.rules.project_file.checks.priced_lists import amount
from portal.rules.project_file.compare import expect, keys_once, set_exactly_when
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import BAD, Items, Node, child, items, where_readable

NO_STAGE = "—"
Entry = tuple[Node, Node]  # a payment stage and one of its adjustments


def check(project: Node, findings: Findings) -> None:
    with where_readable():
        keys_once(findings, project["change_orders"], "no")
    for _, order in items(project, "change_orders"):
        _lines(order, findings)
        _kind(order, findings)
        _sums(order, project, findings)
        _state(order, findings)
        _stage_named(order, project, findings)
    _settled(project, findings)


def _lines(order: Node, findings: Findings) -> None:
    for _, line in items(order, "lines"):
        with where_readable():
            if line["quantity_delta"] == 0:
                findings.fault(line.at("quantity_delta"), "is 0")
        amount(line, "quantity_delta", findings)


def _kind(order: Node, findings: Findings) -> None:
    """O1."""
    with where_readable():
        deltas = [line["quantity_delta"] for line in order["lines"].whole() if line["quantity_delta"]]
        more, less = any(delta > 0 for delta in deltas), any(delta < 0 for delta in deltas)
        right = {"ADD": not less, "REDUCE": not more, "REPLACE": more and less}[order["kind"]]
        if deltas and not right:
            findings.fault(order.at("kind"), f"is {order['kind']}, which the signs of its quantities are not")


def _sums(order: Node, project: Node, findings: Findings) -> None:
    """O2, and the budget's rates."""
    totals = child(project, "budget", "totals")
    with where_readable():
        direct = sum(line["amount_fen"] for line in order["lines"].whole())
        expect(findings, order, "direct_delta_fen", direct, "the sum of its lines")
    for rate in ("management_rate_bp", "tax_rate_bp"):
        with where_readable():
            expect(findings, order, rate, totals[rate], "the budget's")
    with where_readable():
        right = share_bp(order["direct_delta_fen"], order["management_rate_bp"])
        expect(findings, order, "management_delta_fen", right, "its rate of `direct_delta_fen`")
    with where_readable():
        taxable = order["direct_delta_fen"] + order["management_delta_fen"]
        expect(findings, order, "tax_delta_fen", share_bp(taxable, order["tax_rate_bp"]), f"its rate of {taxable}")
    with where_readable():
        right = order["direct_delta_fen"] + order["management_delta_fen"] + order["tax_delta_fen"]
        expect(findings, order, "total_delta_fen", right, "direct + management + tax")


def _state(order: Node, findings: Findings) -> None:
    """O4; a pure reduction is never started."""
    dates = child(order, "dates")
    with where_readable():
        approved = order["status"] == "APPROVED"
        with where_readable():
            names: Items = order["signatures"]
            if approved and OWNER not in names.whole():
                findings.fault(names.place, f"lacks {OWNER}, but the order is approved")
            if not approved and OWNER in names:
                findings.fault(names.place, f"has {OWNER}, but the order is rejected")
        with where_readable():
            set_exactly_when(findings, dates, "owner_signed", approved, "the order is approved")
        for key in ("started", "done"):
            if not approved and dates.get(key) is not None:
                findings.fault(dates.at(key), "is set, but the order is rejected")
    with where_readable():
        if order["kind"] == "REDUCE" and dates["started"] is not None:
            findings.fault(dates.at("started"), "is set, but the order only takes away")


def _stage_named(order: Node, project: Node, findings: Findings) -> None:
    with where_readable():
        named = order["settle_with_stage"]
        if order["status"] == "REJECTED":
            expect(findings, order, "settle_with_stage", NO_STAGE, "a rejected order has none, which")
        elif named == NO_STAGE:
            findings.fault(order.at("settle_with_stage"), "names no stage, but the order is approved")
        elif all(stage["no"] != named for stage in project["payment_stages"].whole()):
            findings.fault(order.at("settle_with_stage"), f"is {named}, which is no payment stage")


def _settled(project: Node, findings: Findings) -> None:
    """O5."""
    entries = _entries(project)
    for _, order in items(project, "change_orders"):
        with where_readable():
            mine = entries.get(order["no"], [])
            if order["status"] == "REJECTED":
                for _, entry in mine:
                    findings.fault(entry.at("ref"), f"is {order['no']}, which is rejected")
            else:
                _settled_once(order, mine, project, findings)


def _entries(project: Node) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for _, stage in items(project, "payment_stages"):
        for _, entry in items(stage, "adjustments"):
            if "ref" in entry:
                found.setdefault(entry["ref"], []).append((stage, entry))
    return found


def _settled_once(order: Node, mine: list[Entry], project: Node, findings: Findings) -> None:
    named = order["settle_with_stage"]
    if not mine:
        _lacking(order["no"], named, project, findings)
        return
    right = [pair for pair in mine if pair[0].get("no") == named]
    kept = (right or mine)[0]
    for stage, entry in mine:
        if entry is not kept[1]:
            findings.fault(entry.at("ref"), f"is {order['no']}, which is settled elsewhere too")
            continue
        with where_readable():
            stages = {other["no"] for other in project["payment_stages"].whole()}
            if stage["no"] != named and named in stages:
                findings.fault(entry.at("ref"), f"is {order['no']}, which belongs to stage {named}")
        with where_readable():
            expect(findings, entry, "amount_fen", order["total_delta_fen"], f"`total_delta_fen` of {order['no']}")


def _lacking(no: str, named: str, project: Node, findings: Findings) -> None:
    for stage in project["payment_stages"].whole():
        if stage["no"] == named:
            adjustments = stage["adjustments"].whole()
            if all(entry is not BAD and "ref" in entry for entry in adjustments):
                findings.fault(adjustments.place, f"lacks {no}, which names this stage")
