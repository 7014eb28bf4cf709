"""The price catalogue's file: accepted whole or refused whole, every fault with row and column."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rules.catalogue_file import MAX_ROWS, read_csv, read_rows
from portal.rules.catalogue_file.columns import COLUMNS

CATALOGUE = (Path(__file__).parents[2] / "portal" / "demo" / "catalogue.csv").read_bytes()
TABLE = list(csv.reader(io.StringIO(CATALOGUE.decode())))
HEADER = TABLE[0]
ENGLISH = Path(__file__).parents[2] / "portal" / "translations" / "en" / "catalogue_file.po"
MAY_BE_EMPTY = {"rate_pct", "owner_supplied_main", "process_note"}
PERCENT_ROW = next(number for number, row in enumerate(TABLE, 1) if "PERCENT" in row)


def changed(*changes: tuple[int, str, object]) -> list[list[object]]:
    """The catalogue with cells changed: (row counted from the header as 1, column, value)."""
    table = [list(row) for row in TABLE]
    for row, column, value in changes:
        table[row - 1][HEADER.index(column)] = value
    return table


def wrong(table) -> list[str]:
    reading = read_rows(table)
    assert not (reading.faults and reading.items), "refused whole"
    return [fault.where for fault in reading.faults]


def test_the_catalogue_is_accepted():
    reading = read_csv(CATALOGUE)
    assert reading.faults == []
    assert len(reading.items) == 149
    first = reading.items[0]
    assert (first.code, first.group_name, first.seq, first.unit) == ("CC-001", "拆除", 1, "㎡")
    assert (first.main_fen, first.aux_fen, first.labor_fen, first.loss_fen, first.unit_price_fen) == (
        0,
        400,
        5100,
        0,
        5500,
    )
    assert (first.loss_rate_pct, first.rate_bp) == (Decimal(0), None)
    percent = [item for item in reading.items if item.price_type == "PERCENT"]
    assert [(item.code, item.rate_bp, item.unit_price_fen) for item in percent] == [
        ("GL-001", 800, None),
        ("GL-002", 500, None),
        ("GL-005", 300, None),
    ]


def test_a_byte_order_mark_and_another_order_of_columns_change_nothing():
    turned = io.StringIO()
    csv.writer(turned, lineterminator="\r\n").writerows(row[::-1] for row in TABLE)
    assert read_csv(b"\xef\xbb\xbf" + turned.getvalue().encode()).items == read_csv(CATALOGUE).items


def test_numbers_and_empty_cells_of_a_spreadsheet_are_the_same():
    numbers = {"seq", "main_material", "aux_material", "labor", "loss_rate_pct", "loss", "unit_price", "rate_pct"}
    table = [HEADER] + [
        [
            (Decimal(cell).normalize() if name in numbers and cell else cell or None)
            for name, cell in zip(HEADER, row, strict=True)
        ]
        for row in TABLE[1:]
    ]
    reading = read_rows([*table, [None] * 3, []])
    assert reading.items == read_csv(CATALOGUE).items


CASES = [
    (2, "code", "CC_001", ["row 2, column code"]),
    (2, "code", "CC-01", ["row 2, column code"]),
    (2, "code", "cc-001", ["row 2, column code"]),
    (2, "code", "CC-N0001", []),
    (2, "code", "SD-901", ["row 2, column code"]),
    (3, "code", "CC-001", ["row 3, column code"]),
    (2, "code", "", ["row 2, column code"]),
    (2, "group_code", "C", ["row 2, column group_code"]),
    (3, "group_name", "拆", ["row 3, column group_name"]),
    (2, "group_name", " 拆除", ["row 2, column group_name"]),
    (2, "seq", "01", ["row 2, column seq"]),
    (2, "seq", "0", ["row 2, column seq"]),
    (2, "seq", "7", ["row 2, column seq"]),
    (2, "seq", Decimal("1.5"), ["row 2, column seq"]),
    (2, "name", "x" * 200, []),
    (2, "name", "x" * 201, ["row 2, column name"]),
    (2, "name", "a\x00b", ["row 2, column name"]),
    (2, "unit", "m²", ["row 2, column unit"]),
    (2, "unit", "%", ["row 2, column unit"]),
    (PERCENT_ROW, "unit", "项", [f"row {PERCENT_ROW}, column unit"]),
    (2, "price_type", "FREE", ["row 2, column price_type"]),
    (2, "labor", "51", ["row 2, column labor"]),
    (2, "labor", "51.0", ["row 2, column labor"]),
    (2, "labor", Decimal(51), []),
    (2, "labor", Decimal("51.001"), ["row 2, column labor"]),
    (2, "labor", Decimal("1E+300"), ["row 2, column labor"]),
    (2, "labor", "-51.00", ["row 2, column labor"]),
    (2, "labor", "NaN", ["row 2, column labor"]),
    (2, "labor", "1e2", ["row 2, column labor"]),
    (2, "labor", "", ["row 2, column labor"]),
    (2, "labor", "51.01", ["row 2, column unit_price"]),
    (2, "unit_price", "55.01", ["row 2, column unit_price"]),
    (2, "loss_rate_pct", "1.234", ["row 2, column loss_rate_pct"]),
    (2, "loss_rate_pct", "10", ["row 2, column loss"]),
    (2, "loss_rate_pct", "0.12", []),  # 4.00 × 0.12 % is 0.0048, less than half a fen
    (2, "loss_rate_pct", "0.13", ["row 2, column loss"]),  # 0.0052
    (2, "rate_pct", "8.00", ["row 2, column rate_pct"]),
    (PERCENT_ROW, "rate_pct", "", [f"row {PERCENT_ROW}, column rate_pct"]),
    (PERCENT_ROW, "rate_pct", "8", [f"row {PERCENT_ROW}, column rate_pct"]),
    (PERCENT_ROW, "labor", "0.00", [f"row {PERCENT_ROW}, column labor"]),
    (2, "measure_rule_text", "随便", ["row 3, column measure_rule_text", "row 4, column measure_rule_text"]),
    (2, "stage_code", "S21", ["row 2, column stage_code"]),
    (2, "stage_code", "D", []),
    (2, "warranty_class", "ALL", ["row 2, column warranty_class"]),
    (2, "owner_supplied_main", "x" * 21, ["row 2, column owner_supplied_main"]),
    (2, "process_note", "一\n二", []),
    (2, "process_note", "x" * 4001, ["row 2, column process_note"]),
]


@pytest.mark.parametrize(("row", "column", "value", "faulty"), CASES)
def test_a_changed_cell_is_a_fault_exactly_there(row, column, value, faulty):
    found = wrong(changed((row, column, value)))
    if column == "measure_rule_text":
        found = found[:2]  # every further row of that rule differs too
    assert found == faulty


@pytest.mark.parametrize(
    ("table", "faulty"),
    [
        ([], ["$"]),
        ([[]], ["$"]),
        ([HEADER], ["$"]),
        ([HEADER, [""] * 20], ["$"]),
        ([HEADER[1:], TABLE[1][1:]], ["row 1, column code"]),
        ([[*HEADER, "colour"], TABLE[1]], ["row 1, column colour"]),
        ([[*HEADER, "code"], TABLE[1]], ["row 1, column code"]),
        ([HEADER, [*TABLE[1], "more"]], ["row 2"]),
        ([HEADER, TABLE[1][:10]], [f"row 2, column {name}" for name in HEADER[10:] if name not in MAY_BE_EMPTY]),
        ([HEADER, *[TABLE[1]] * MAX_ROWS], ["$"]),
    ],
)
def test_tables_of_the_wrong_shape(table, faulty):
    assert sorted(wrong(table)) == sorted(faulty)


@pytest.mark.parametrize(
    ("data", "faulty"),
    [
        (b"", "$"),
        (CATALOGUE.decode().encode("gb18030"), "$"),
        (CATALOGUE + b"\xff", "$"),
        (b"x" * (10 * 1024 * 1024 + 1), "$"),
        (CATALOGUE + b'"open', "row 151"),
        (CATALOGUE.replace(b"CC-002,", b'"CC-002"x,', 1), "row 3"),
        (CATALOGUE + b"x" * 200_000, "row 151"),
        (CATALOGUE.replace(b",", b";"), "row 1, column code"),
    ],
)
def test_files_that_cannot_be_read(data, faulty):
    reading = read_csv(data)
    assert reading.items == []
    assert reading.faults[0].where == faulty


def test_a_fault_speaks_both_languages():
    with ENGLISH.open("rb") as file:
        english = {message.id: message.string for message in read_po(file) if message.id}
    (fault,) = read_rows(changed((3, "code", "CC-001"))).faults
    assert fault.reason.in_words() == "编码“CC-001”在第 2 行已经用过"
    assert fault.reason.in_words(lambda text: english.get(text, text)) == "The code “CC-001” is used in row 2 already"
    for column in COLUMNS.values():
        assert english[column.says].isascii() or "“" in english[column.says]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_raise(data):
    assert read_csv(data).faults
    # Separators and quotes around nothing are an empty row, which is passed over.
    assert read_csv(CATALOGUE + data).items == [] or not data.strip(b' \t\r\n\x0b\x0c,"')


@settings(max_examples=100, deadline=None)
@given(
    row=st.integers(1, 150),
    column=st.sampled_from(HEADER),
    value=st.none() | st.text(max_size=30) | st.decimals(allow_nan=False, allow_infinity=False),
)
def test_any_cell_is_judged_and_never_chokes(row, column, value):
    reading = read_rows(changed((row, column, value)))
    assert bool(reading.items) != bool(reading.faults)
    for fault in reading.faults:
        assert fault.reason.in_words()
