"""What the catalogue's reader takes and gives: cells, items, faults."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.rules.decision import Reason, because

Cell = str | Decimal | None  # a spreadsheet's numbers come as Decimal, everything else as text
SECTION = "6"


@dataclass(frozen=True, slots=True)
class CatalogueFault:
    """One fault. `row` counts from the header as 1; it is None for the whole file, `column` for a whole row."""

    row: int | None
    column: str | None
    reason: Reason

    @property
    def where(self) -> str:
        """`row 12, column unit_price`, or `$` for the whole file."""
        if self.row is None:
            return "$"
        return f"row {self.row}" + (f", column {self.column}" if self.column else "")


@dataclass(frozen=True, slots=True)
class CatalogueItem:
    """One item. Prices in fen per `unit`, all None when `price_type` is PERCENT; then `rate_bp` is set instead."""

    code: str
    group_code: str
    group_name: str
    seq: int
    name: str
    unit: str
    price_type: str
    main_fen: int | None
    aux_fen: int | None
    labor_fen: int | None
    loss_fen: int | None
    unit_price_fen: int | None
    loss_rate_pct: Decimal | None
    rate_bp: int | None
    measure_rule: str
    measure_rule_text: str
    stage_code: str
    warranty_class: str
    owner_supplied_main: str
    process_note: str


def fault(row: int | None, column: str | None, says: str, **facts: Any) -> CatalogueFault:
    return CatalogueFault(row, column, because(SECTION, says, **facts))
