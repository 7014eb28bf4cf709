"""The money of one priced list, computed from its lines and rates and never copied (T1 to T7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.rules.money import share_bp, times
from portal.rules.project_file.checks.priced_lists import per_square_metre


@dataclass(frozen=True, slots=True)
class Totals:
    """All in fen. `by_group` and `by_space` are in the order of the lines; `lines` is their number."""

    direct: int
    management: int
    discount: int
    taxable: int
    tax: int
    total: int
    per_m2: int
    by_group: dict[str, int]
    by_space: dict[str, int]
    lines: int


def totals(revision: Mapping[str, Any], *, building_area_m2: str | Decimal) -> Totals:
    """The totals of `document["projects"][n]["estimate"]` or `["budget"]`, from quantities, prices and rates."""
    amounts = [times(Decimal(line["quantity"]), line["unit_price_fen"]) for line in revision["lines"]]
    written = revision["totals"]
    direct = sum(amounts)
    management = share_bp(direct, written["management_rate_bp"])
    taxable = direct + management - written["discount_fen"]
    tax = share_bp(taxable, written["tax_rate_bp"])
    return Totals(
        direct=direct,
        management=management,
        discount=written["discount_fen"],
        taxable=taxable,
        tax=tax,
        total=taxable + tax,
        per_m2=per_square_metre(taxable + tax, Decimal(building_area_m2)),
        by_group=_by("group", revision, amounts),
        by_space=_by("space", revision, amounts),
        lines=len(amounts),
    )


def _by(key: str, revision: Mapping[str, Any], amounts: list[int]) -> dict[str, int]:
    sums: dict[str, int] = {}
    for line, amount in zip(revision["lines"], amounts, strict=True):
        sums[line[key]] = sums.get(line[key], 0) + amount
    return sums
