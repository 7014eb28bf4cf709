"""Spreadsheets of strangers: cells come out as they were typed, and nothing in the file can hurt."""

import csv
import io
import time
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.rules.catalogue_file import read_csv, read_rows
from portal.spreadsheets import NotReadable, first_sheet, is_workbook

CATALOGUE = (Path(__file__).parents[2] / "portal" / "demo" / "catalogue.csv").read_bytes()


def workbook(rows, *, hidden=(), macros=False) -> bytes:
    """An XLSX whose sheets before the last one are hidden."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"nan_inf_to_errors": True})
    for name in hidden:
        book.add_worksheet(name).hide()
    sheet = book.add_worksheet("价格")
    sheet.activate()
    sheet.set_first_sheet()
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, column, value, day)
            elif isinstance(value, str):
                sheet.write_string(number, column, value)
            elif value is not None:
                sheet.write(number, column, value)
    if macros:
        book.add_worksheet("其他").write(0, 0, "x")
    book.close()
    return buffer.getvalue()


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    """The archive with one part replaced or added."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry.filename, old.read(entry))
        new.writestr(name, content)
    return buffer.getvalue()


def sheet_of(cells: str) -> bytes:
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?><worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData></worksheet>'.encode()


def test_cells_come_out_as_they_were_typed():
    data = workbook([["编码", 55, 0.1 + 0.2, 1234567.89, True, date(2026, 3, 1), None, "007"], [None, "二\r\n行"]])
    assert is_workbook(data)
    assert (
        first_sheet(data)
        == [
            ["编码", Decimal(55), Decimal("0.3"), Decimal("1234567.89"), "TRUE", "2026-03-01T00:00:00", None, "007"],
            [None, "二\n行", None, None, None, None, None, None],
        ]
        or first_sheet(data)[0][5] == "2026-03-01"
    )


def test_the_first_visible_sheet_counts_and_rows_begin_at_the_top():
    data = workbook([[], ["二"]], hidden=["草稿", "旧价"], macros=True)
    assert first_sheet(data) == [[None], ["二"]]


def test_the_catalogue_as_a_spreadsheet_is_the_catalogue():
    header, *rows = csv.reader(io.StringIO(CATALOGUE.decode()))
    numeric = [
        name in ("seq", "main_material", "aux_material", "labor", "loss_rate_pct", "loss", "unit_price", "rate_pct")
        for name in header
    ]
    typed = [
        [float(cell) if number and cell else cell for cell, number in zip(row, numeric, strict=True)] for row in rows
    ]
    assert read_rows(first_sheet(workbook([header, *typed]))).items == read_csv(CATALOGUE).items


def test_formulas_count_as_the_value_they_were_saved_with_and_macros_are_not_looked_at():
    data = with_part(
        workbook([["x"]]),
        "xl/worksheets/sheet1.xml",
        sheet_of('<row r="1"><c r="A1"><f>WEBSERVICE("http://x")</f><v>7</v></c></row>'),
    )
    data = with_part(data, "xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 not even a project")
    assert first_sheet(data) == [[Decimal(7)]]


def test_a_number_that_is_none_is_text():
    data = with_part(
        workbook([["x"]]), "xl/worksheets/sheet1.xml", sheet_of('<row r="1"><c r="A1"><v>NaN</v></c></row>')
    )
    with suppress(NotReadable):  # refusing it is as good
        assert first_sheet(data) in ([["nan"]], [["NaN"]])


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c r="XFD1"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row>',
        "<row r='20001'><c r='A20001'><v>1</v></c></row>",
        '<row r="99999999999999999999"><c><v>1</v></c></row>',
        '<x:row xmlns:x="u" r="900000"><x:c r="ZZZ900000"/></x:row>',
    ],
)
def test_cells_far_out_are_refused_before_they_take_memory(cells):
    data = with_part(workbook([["x"]]), "xl/worksheets/sheet1.xml", sheet_of(cells))
    with pytest.raises(NotReadable, match="工作表太大"):
        first_sheet(data)


def test_an_archive_that_blows_up_is_refused_quickly():
    bomb = with_part(workbook([["x"]]), "xl/media/image1.png", b"\0" * (80 * 1024 * 1024))
    assert len(bomb) < 200_000
    began = time.process_time()
    with pytest.raises(NotReadable, match="解压后太大"):
        first_sheet(bomb)
    assert time.process_time() - began < 2


def test_an_archive_that_lies_about_its_size_is_refused():
    content = sheet_of('<row r="1"><c r="A1" t="inlineStr"><is><t>' + "x" * 200_000 + "</t></is></c></row>")
    data = with_part(workbook([["x"]]), "xl/worksheets/sheet1.xml", content)
    true = len(content).to_bytes(4, "little")
    assert true in data
    with pytest.raises(NotReadable):
        first_sheet(data.replace(true, (100).to_bytes(4, "little")))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_an_archive_that_lies_about_its_size_takes_no_memory(method):
    """What an entry announces is all that is ever unpacked; methods that cannot be stopped are not taken at all."""
    blank, buffer = b" " * (200 * 1024 * 1024), io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", blank)
    true = len(blank).to_bytes(4, "little")
    lie = buffer.getvalue().replace(true, (1000).to_bytes(4, "little"))
    assert true not in lie
    del blank
    tracemalloc.start()
    with pytest.raises(NotReadable):
        first_sheet(lie)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 8 * 1024 * 1024


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"code,name\n",
        b"\xd0\xcf\x11\xe0" + b"\0" * 600,
        workbook([["x"]])[:-30],
        workbook([["x"]])[:2000],
        with_part(b"PK\x05\x06" + b"\0" * 18, "notes.txt", b"hello"),
        with_part(workbook([["x"]]), "xl/workbook.xml", b"<workbook/>"),
        with_part(workbook([["x"]]), "xl/worksheets/sheet1.xml", "<worksheet/>".encode("utf-16")),
        with_part(workbook([["x"]]), "xl/worksheets/sheet1.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'),
        b"PK" + b"x" * (10 * 1024 * 1024),
    ],
)
def test_what_is_no_spreadsheet_is_refused_in_words(data):
    with pytest.raises(NotReadable) as refused:
        first_sheet(data)
    assert str(refused.value)


@settings(max_examples=150, deadline=None)
@given(at=st.integers(0, 5000), junk=st.binary(min_size=1, max_size=8))
def test_a_damaged_file_is_read_or_refused_and_never_worse(at, junk):
    data = bytearray(workbook([["编码", 1.5], ["CC-001", 2]]))
    data[at % len(data) : at % len(data) + len(junk)] = junk
    try:
        rows = first_sheet(bytes(data))
    except NotReadable:
        return
    assert all(cell is None or isinstance(cell, str | Decimal) for row in rows for cell in row)
