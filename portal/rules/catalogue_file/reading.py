"""From a file or a table to the catalogue's items (section 6): opening, header, rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from portal.rules.catalogue_file.columns import COLUMNS
from portal.rules.catalogue_file.shapes import CatalogueFault, CatalogueItem, Cell, fault
from portal.rules.catalogue_file.sheet import Sheet

MAX_BYTES = 10 * 1024 * 1024
MAX_ROWS = 20_000
_HEADER_ROW = 1


@dataclass(frozen=True, slots=True)
class CatalogueReading:
    """Either items, in the order of the rows, or faults."""

    items: list[CatalogueItem] = field(default_factory=list)
    faults: list[CatalogueFault] = field(default_factory=list)


def read_csv(data: bytes) -> CatalogueReading:
    """A CSV file in UTF-8, with or without a byte order mark. Never raises."""
    if len(data) > MAX_BYTES:
        return _refused("文件有 {bytes} 字节,超过 {most} 字节", bytes=len(data), most=MAX_BYTES)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _refused("文件不是 UTF-8 编码(第 {byte} 字节)", byte=error.start)
    rows: list[Sequence[Cell]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), strict=True):
            rows.append(record)
            if len(rows) > MAX_ROWS:
                break
    except csv.Error:
        return CatalogueReading(faults=[fault(len(rows) + 1, None, "这一行的引号不对,或者有一格太长")])
    return read_rows(rows)


def read_rows(rows: Iterable[Sequence[Cell]]) -> CatalogueReading:
    """A table, its first row the header. Wholly empty rows are passed over and still counted. Never raises."""
    table = list(rows)
    if len(table) > MAX_ROWS:
        return _refused("超过 {most} 行", most=MAX_ROWS)
    if not table or not any(table[0]):
        return _refused("第一行没有列名")
    header = [str(cell or "") for cell in table[0]]
    while not header[-1]:
        header.pop()
    faults = _header_faults(header)
    if faults:
        return CatalogueReading(faults=faults)
    sheet = Sheet(header)
    for number, cells in enumerate(table[1:], _HEADER_ROW + 1):
        if any(cell is not None and cell != "" for cell in cells):
            sheet.add(number, cells)
    if not sheet.items and not sheet.faults:
        return _refused("列名下面没有任何项目")
    return CatalogueReading(faults=sheet.faults) if sheet.faults else CatalogueReading(items=sheet.items)


def _header_faults(header: list[str]) -> list[CatalogueFault]:
    faults = [fault(_HEADER_ROW, name, "缺少这一列") for name in COLUMNS if name not in header]
    for index, name in enumerate(header):
        if name not in COLUMNS:
            faults.append(fault(_HEADER_ROW, name[:40] or f"#{index + 1}", "没有这样一列"))
        elif name in header[:index]:
            faults.append(fault(_HEADER_ROW, name, "这一列出现了两次"))
    return faults


def _refused(says: str, **facts: int) -> CatalogueReading:
    return CatalogueReading(faults=[fault(None, None, says, **facts)])
