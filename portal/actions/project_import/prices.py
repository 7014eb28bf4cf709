"""The two priced lists become the two revisions of the project's estimate."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from portal.actions.project_import.home import midday
from portal.extensions import db
from portal.models import Estimate, EstimateLine, EstimateRevision, LineSplit, Project, User
from portal.rules import money

_KINDS = ("estimate", "budget")


def revisions(project: Project, source: dict[str, Any], team: dict[str, User]) -> dict[str, EstimateRevision]:
    """Revision 1 is the 估算, revision 2 the 预算 that the contract is about, recorded as agreed on paper."""
    estimate = Estimate(project_id=project.id, next_number=len(_KINDS) + 1)
    db.session.add(estimate)
    db.session.flush()
    made: dict[str, EstimateRevision] = {}
    for number, kind in enumerate(_KINDS, 1):
        made[kind] = _revision(estimate, kind, number, source, team, base=made.get("estimate"))
    made["budget"].agreed_on_paper_on = date.fromisoformat(source["contract"]["signed"])
    return made


def _revision(estimate: Estimate, kind: str, number: int, source: dict, team: dict[str, User], *, base) -> EstimateRevision:
    told = source[kind]
    totals = told["totals"]
    author = team[told["prepared_by"]]
    revision = EstimateRevision(
        estimate_id=estimate.id, number=number, kind=kind, label=told["version"], base_id=base.id if base else None,
        management_rate_bp=totals["management_rate_bp"], discount_fen=totals["discount_fen"],
        tax_rate_bp=totals["tax_rate_bp"], prepared_by_id=author.id, prepared_at=midday(told["date"]),
        presented_by_id=author.id, presented_at=midday(told["date"]),
    )
    db.session.add(revision)
    db.session.flush()
    rows = [_line(revision, line, source["id"], totals["by_group_fen"][line["group"]]["name"]) for line in told["lines"]]
    db.session.add_all(rows)
    db.session.flush()
    db.session.add_all(_split(row, line["unit_split_fen"]) for row, line in zip(rows, told["lines"], strict=True))
    _total(revision)
    db.session.flush()
    return revision


def _line(revision: EstimateRevision, line: dict[str, Any], project_id: str, group_name: str) -> EstimateLine:
    """`space` and `code` are the key by which the lines of two revisions are matched (L2)."""
    quantity = Decimal(line["quantity"])
    return EstimateLine(
        revision_id=revision.id, line_key=uuid5(NAMESPACE_URL, f"{project_id}\n{line['space']}\n{line['code']}"), no=line["no"],
        space=line["space"], group_code=line["group"], group_name=group_name, code=line["code"], name=line["name"],
        unit=line["unit"], quantity=quantity, unit_price_fen=line["unit_price_fen"],
        amount_fen=money.times(quantity, line["unit_price_fen"]), stage_code=line["stage_code"],
        warranty_class=line["warranty_class"], terms=line["terms"], note=line["note"],
    )


def _split(row: EstimateLine, split: dict[str, int]) -> LineSplit:
    return LineSplit(
        line_id=row.id, main_fen=split["main"], aux_fen=split["aux"], labor_fen=split["labor"], loss_fen=split["loss"]
    )


def _total(revision: EstimateRevision) -> None:
    """T1–T6 from the lines."""
    revision.direct_fen = sum(line.amount_fen for line in revision.lines)
    revision.management_fen = money.share_bp(revision.direct_fen, revision.management_rate_bp)
    revision.taxable_fen = revision.direct_fen + revision.management_fen - revision.discount_fen
    revision.tax_fen = money.share_bp(revision.taxable_fen, revision.tax_rate_bp)
    revision.total_fen = revision.taxable_fen + revision.tax_fen
