"""The rows of a catalogue (section 6): each cell of its type, each row in itself, and from row to row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

from portal.rules.catalogue_file.columns import COLUMNS, MONEY, PERCENT, PERCENT_UNIT, PRICED, written
from portal.rules.catalogue_file.shapes import CatalogueFault, CatalogueItem, Cell, fault
from portal.rules.money import half_up

_NOTHING = ""
_EMPTY = "不能为空"


class Sheet:
    """The rows read so far, with what must be unique or the same from row to row."""

    def __init__(self, header: list[str]) -> None:
        self.header = header
        self.items: list[CatalogueItem] = []
        self.faults: list[CatalogueFault] = []
        self._codes: dict[str, int] = {}
        self._in_group: dict[str, int] = {}
        self._group_names: dict[str, str] = {}
        self._rule_texts: dict[str, str] = {}

    def add(self, row: int, cells: Sequence[Cell]) -> None:
        before = len(self.faults)
        if any(cell not in (None, "") for cell in cells[len(self.header) :]):
            self._wrong(row, None, "这一行比列名多出内容")
        values = self._read(row, cells)
        for column, says in _inside(values):
            self._wrong(row, column, says)
        self._across(row, values)
        if len(self.faults) == before:
            self.items.append(_item(values))

    def _wrong(self, row: int, column: str | None, says: str, **facts: Any) -> None:
        self.faults.append(fault(row, column, says, **facts))

    def _read(self, row: int, cells: Sequence[Cell]) -> dict[str, Any]:
        """The values that are of their column's type; `_NOTHING` where an empty cell may be right."""
        values: dict[str, Any] = {}
        for position, name in enumerate(self.header):
            cell = written(cells[position], name) if position < len(cells) else ""
            column = COLUMNS[name]
            if not cell:
                if column.may_be_empty:
                    values[name] = _NOTHING
                else:
                    self._wrong(row, name, _EMPTY)
                continue
            try:
                values[name] = column.read(cell)
            except ValueError:
                self._wrong(row, name, column.says, value=cell[:40], **column.facts)
        return values

    def _across(self, row: int, values: dict[str, Any]) -> None:
        code, group, seq = values.get("code"), values.get("group_code"), values.get("seq")
        if code is not None:
            first = self._codes.setdefault(code, row)
            if first != row:
                self._wrong(row, "code", "编码“{value}”在第 {first} 行已经用过", value=code, first=first)
        group = group or (code[:2] if code else None)  # a group that cannot be read does not put off its other rows
        if group is not None:
            due = self._in_group[group] = self._in_group.get(group, 0) + 1
            if seq is not None and seq != due:
                self._wrong(row, "seq", "序号是 {value},在这一组里应是 {due}", value=seq, due=due)
        self._same(row, values, "group_code", "group_name", self._group_names)
        self._same(row, values, "measure_rule", "measure_rule_text", self._rule_texts)

    def _same(self, row: int, values: dict[str, Any], key: str, column: str, known: dict[str, str]) -> None:
        if key in values and column in values:
            first = known.setdefault(values[key], values[column])
            if first != values[column]:
                self._wrong(row, column, "“{key}”在前面写作“{first}”", key=values[key], first=first)


def _inside(values: dict[str, Any]) -> Iterable[tuple[str, str]]:
    """(column, sentence) of what does not fit together within one row."""
    code, group, kind = values.get("code"), values.get("group_code"), values.get("price_type")
    if code is not None and group is not None and code[: len(group)] != group:
        yield "code", "编码不以本组代码开头"
    if kind is None:
        return
    percent = kind == PERCENT
    if "unit" in values and (values["unit"] == PERCENT_UNIT) != percent:
        yield "unit", "单位“%”用于按比例计价的项目,也只用于它们"
    for column in PRICED:
        if column in values and (values[column] == _NOTHING) != percent:
            yield column, "按比例计价的项目,这里应为空" if percent else _EMPTY
    if "rate_pct" in values and (values["rate_pct"] == _NOTHING) == percent:
        yield "rate_pct", _EMPTY if percent else "只有按比例计价的项目才填比例"
    if not percent:
        yield from _sums(values)


def _sums(values: dict[str, Any]) -> Iterable[tuple[str, str]]:
    amounts = [values.get(column, _NOTHING) for column in MONEY]
    if _NOTHING not in amounts and amounts[-1] != sum(amounts[:-1]):
        yield "unit_price", "单价不等于主材、辅材、人工、损耗之和"
    main, aux, _, loss, _ = amounts
    rate = values.get("loss_rate_pct", _NOTHING)
    if _NOTHING not in (main, aux, loss, rate) and loss != half_up(Fraction(main + aux) * Fraction(rate) / 100):
        yield "loss", "损耗不等于(主材+辅材)×损耗率"


def _item(values: dict[str, Any]) -> CatalogueItem:
    may_be_none = {*PRICED, "rate_pct"}
    found: dict[str, Any] = {
        column: None if value == _NOTHING and column in may_be_none else value for column, value in values.items()
    }
    main, aux, labor, loss, price = (found.pop(column) for column in MONEY)
    rate = found.pop("rate_pct")
    return CatalogueItem(
        main_fen=main,
        aux_fen=aux,
        labor_fen=labor,
        loss_fen=loss,
        unit_price_fen=price,
        rate_bp=None if rate is None else int(rate * 100),
        **found,
    )
