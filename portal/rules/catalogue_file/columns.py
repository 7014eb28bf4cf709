"""The columns of section 6 with their types: one line each, in the order of the format."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from portal.rules.catalogue_file.shapes import Cell
from portal.rules.project_file.values import STAGES, UNITS, reader

PERCENT, PERCENT_UNIT = "PERCENT", "%"
MONEY = ("main_material", "aux_material", "labor", "loss", "unit_price")
PRICED = (*MONEY, "loss_rate_pct")  # empty exactly when PERCENT
_WARRANTY = ("NONE", "GENERAL", "WATERPROOF", "CONCEALED_MEP", "EQUIPMENT")
_TWO_DECIMALS = frozenset((*MONEY, "rate_pct"))

_TEXT = "应是 {least} 到 {most} 个字,首尾没有空格,没有控制字符"

_amount = reader("dec(2..2)")


@dataclass(frozen=True, slots=True)
class Column:
    """`read` turns the written cell into its value or raises ValueError; `says` is the sentence for that."""

    read: Callable[[str], Any]
    says: str
    facts: Mapping[str, int] = field(default_factory=dict)
    may_be_empty: bool = False


def _yuan(written: str) -> int:
    return int(_amount(written) * 100)


def _matching(pattern: str) -> Callable[[str], str]:
    fits = re.compile(pattern).fullmatch

    def read(written: str) -> str:
        if not fits(written):
            raise ValueError(written)
        return written

    return read


def _among(*allowed: str) -> Callable[[str], str]:
    return _matching("|".join(map(re.escape, allowed)))


def _text(most: int, least: int = 1, kind: str = "text") -> Column:
    return Column(reader(f"{kind}({least}..{most})"), _TEXT, {"least": least, "most": most}, may_be_empty=least == 0)


def _money() -> Column:
    return Column(_yuan, "“{value}”不是带两位小数的金额(元)", may_be_empty=True)


COLUMNS = {
    "code": Column(
        _matching("[A-Z]{2}-[A-Z0-9]{3,6}"), "“{value}”不是编码:两个大写字母、短横线、3 到 6 个数字或大写字母"
    ),
    "group_code": Column(_matching("[A-Z]{2}"), "“{value}”不是两个大写字母"),
    "group_name": _text(40),
    "seq": Column(lambda written: int(_matching("[1-9][0-9]{0,3}")(written)), "“{value}”不是 1 到 9999 的整数"),
    "name": _text(200),
    "unit": Column(_among(*UNITS, PERCENT_UNIT), "“{value}”不是可用的单位"),
    "price_type": Column(_among("UNIT", PERCENT), "“{value}”既不是 UNIT 也不是 PERCENT"),
    "main_material": _money(),
    "aux_material": _money(),
    "labor": _money(),
    "loss_rate_pct": Column(reader("dec(0..2)"), "“{value}”不是最多两位小数的百分比", may_be_empty=True),
    "loss": _money(),
    "unit_price": _money(),
    "rate_pct": Column(_amount, "“{value}”不是带两位小数的百分比", may_be_empty=True),
    "measure_rule": _text(20),
    "measure_rule_text": _text(80),
    "stage_code": Column(_among(*STAGES, "ALL", "D"), "“{value}”不是 S01 到 S20、ALL 或 D"),
    "warranty_class": Column(_among(*_WARRANTY), "“{value}”不是可用的保修类别"),
    "owner_supplied_main": _text(20, 0),
    "process_note": _text(4000, 0, "prose"),
}


def written(cell: Cell, column: str) -> str:
    """A cell as CSV would write it. A spreadsheet's number 55 is 55.00 where the format asks for two decimals."""
    if not isinstance(cell, Decimal):
        return cell or ""
    if column in _TWO_DECIMALS and int(cell.as_tuple().exponent) >= -2:
        return f"{cell:.2f}"
    return f"{cell:.0f}" if cell == cell.to_integral_value() else f"{cell:f}"
