"""On site: what the owner buys, visits, inspections, purchases (section 3.6)."""

from __future__ import annotations

from datetime import timedelta

from portal.rules.project_file.checks.priced_lists import amount
from portal.rules.project_file.checks.schedule import by_code
from portal.rules.project_file.compare import expect, keys_once, set_exactly_when
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import Items, Node, items, where_readable

_NODES = ("N1", "N2", "N3", "N4", "N5", "N6")


def check(project: Node, findings: Findings) -> None:
    for _, bought in items(project, "owner_materials_schedule"):
        with where_readable():
            right = bought["need_on_site_by"] - timedelta(bought["lead_days"])
            expect(findings, bought, "order_by", right, f"`need_on_site_by` less {bought['lead_days']} days")
    for _, visit in items(project, "site_visits"):
        with where_readable():
            set_exactly_when(findings, visit, "actual_date", visit["status"] == "DONE", "`status` is DONE")
    _inspections(project, findings)
    _purchases(project, findings)


def _inspections(project: Node, findings: Findings) -> None:
    with where_readable():
        keys_once(findings, project["inspections"], "no")
        for inspection, node in zip(project["inspections"].in_order(), _NODES, strict=True):
            if isinstance(inspection, Node):
                with where_readable():
                    expect(findings, inspection, "node", node, "the node at this position")
    stages, complaints = by_code(project), _complaints(project)
    for _, inspection in items(project, "inspections"):
        _stage(inspection, stages, findings)
        _outcome(inspection, findings)
        for _, entry in items(inspection, "rectifications"):
            with where_readable():
                ref = entry["complaint_ref"]
                if ref is not None and complaints is not None and ref not in complaints:
                    findings.fault(entry.at("complaint_ref"), f"is {ref}, which is no complaint of this project")


def _complaints(project: Node) -> set[str] | None:
    """The numbers of all complaints, or None when one of them cannot be read."""
    with where_readable():
        return {complaint["no"] for complaint in project["complaints"].whole()}
    return None


def _stage(inspection: Node, stages: dict[str, Node], findings: Findings) -> None:
    with where_readable():
        code = inspection["stage_code"]
        if code not in stages:
            return
        stage = stages[code]
        with where_readable():
            if stage["node"] != inspection["node"]:
                findings.fault(inspection.at("stage_code"), f"is {code}, which does not carry {inspection['node']}")
        with where_readable():
            expect(findings, inspection, "planned_date", stage["plan_end"], f"`plan_end` of {code}")
        with where_readable():
            if inspection["actual_date"] is not None:
                expect(findings, inspection, "actual_date", stage["actual_end"], f"`actual_end` of {code}")


def _outcome(inspection: Node, findings: Findings) -> None:
    """An inspection is held when it has an actual day; only then it has results, a conclusion and signatures."""
    with where_readable():
        held = inspection["actual_date"] is not None
        for _, item in items(inspection, "items"):
            with where_readable():
                set_exactly_when(findings, item, "result", held, "the inspection has been held")
        with where_readable():
            _conclusion(inspection, held, findings)
        with where_readable():
            signatures: Items = inspection["signatures"]
            if signatures.sound and bool(signatures) != held:
                findings.fault(
                    signatures.place, "is empty" if held else "is not empty, but the inspection has not been held"
                )
    with where_readable():
        conclusion, rectifications = inspection["conclusion"], inspection["rectifications"].in_order()
        if bool(rectifications) != (conclusion == "PASS_AFTER_RECTIFY"):
            findings.fault(
                rectifications.place, f"has {len(rectifications)} entries, but the conclusion is {conclusion}"
            )


def _conclusion(inspection: Node, held: bool, findings: Findings) -> None:
    if inspection["conclusion"] is None or not held:
        set_exactly_when(findings, inspection, "conclusion", held, "the inspection has been held")
        return
    failed = any(item["result"] == "FAIL" for item in inspection["items"].whole())
    right = "PASS_AFTER_RECTIFY" if failed else "PASS"
    expect(findings, inspection, "conclusion", right, "what its items say")


def _purchases(project: Node, findings: Findings) -> None:
    with where_readable():
        keys_once(findings, project["purchase_orders"], "no")
    for _, order in items(project, "purchase_orders"):
        for _, line in items(order, "lines"):
            with where_readable():
                if line["quantity"] == 0:
                    findings.fault(line.at("quantity"), "is 0")
            amount(line, "quantity", findings)
        with where_readable():
            total = sum(line["amount_fen"] for line in order["lines"].whole())
            expect(findings, order, "total_fen", total, "the sum of its lines")
        for key in ("arrived", "receipt_check"):
            with where_readable():
                set_exactly_when(findings, order, key, order["status"] == "RECEIVED", "`status` is RECEIVED")
