"""Opening spreadsheets that strangers made: the first visible sheet of an XLSX as plain cells, or NotReadable.

The archive is unpacked under a limit and packed anew before the parser sees it, so that what was measured is what is
read; cell addresses are checked first, because the parser lays a sheet out densely. Macros, formulas, links and
pictures are never looked at: a formula counts as the value it was saved with.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

Cell = str | Decimal | None

MAX_BYTES = 10 * 1024 * 1024
MAX_UNPACKED_BYTES = 64 * 1024 * 1024
MAX_PARTS = 500
MAX_ROWS = 20_000
MAX_COLUMNS = 200
_SIGNIFICANT_DIGITS = 15  # what a spreadsheet shows; the rest of a double is noise: 0.1 + 0.2 is 0.3
_PARTS = re.compile(r"\[Content_Types\]\.xml|_rels/\.rels|xl/.*\.(?:xml|rels)")
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_ADDRESS = re.compile(rb"""\sr\s*=\s*["']\$?([A-Za-z]*)\$?([0-9]+)["']""")
_CELL = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(?:c|row)[\s/>]")


class NotReadable(ValueError):
    """The file is refused; the message is one Chinese sentence, translated when shown."""


def is_workbook(data: bytes) -> bool:
    """Whether the content, whatever its name says, is an archive as XLSX files are."""
    return data.startswith(b"PK\x03\x04")


def first_sheet(data: bytes) -> list[list[Cell]]:
    """Rows of the first visible sheet from A1, numbers exact as Decimal, other values as text, empty cells None."""
    if len(data) > MAX_BYTES:
        raise NotReadable("表格文件超过 10 MB")
    workbook = _opened(_repacked(data))
    try:
        names = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        if not names:
            raise NotReadable("文件里没有可见的工作表")
        rows = workbook.get_sheet_by_name(names[0]).to_python(skip_empty_area=False)
    except (CalamineError, ValueError, OSError) as error:
        raise NotReadable("工作表无法读取") from error
    return [[_cell(value) for value in row] for row in rows]


def _opened(data: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, ValueError, OSError) as error:
        raise NotReadable("文件不是完整的 XLSX 表格") from error


def _repacked(data: bytes) -> bytes:
    """The parts that hold cells, unpacked under the limit, verified and packed without compression."""
    clean = io.BytesIO()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, zipfile.ZipFile(clean, "w") as target:
            entries = archive.infolist()
            if len(entries) > MAX_PARTS or sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
                raise NotReadable("表格解压后太大")
            for entry in entries:
                if _PARTS.fullmatch(entry.filename):
                    part = _unpacked(archive, entry)
                    _check_addresses(entry.filename, part)
                    target.writestr(entry.filename, part)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise NotReadable("文件不是完整的 XLSX 表格") from error
    return clean.getvalue()


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """Never more than the entry announced, which was counted: `ZipFile.read` unpacks first and cuts off afterwards."""
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):  # the others unpack without any limit
        raise NotReadable("文件不是完整的 XLSX 表格")
    with archive.open(entry) as part:
        content = part.read(entry.file_size)
        part.read(1)  # reaches the end, where the checksum is compared
    return content


def _check_addresses(name: str, part: bytes) -> None:
    if not _SHEET.fullmatch(name):
        return
    if b"\x00" in part or b"<!DOCTYPE" in part[:1024].upper():
        raise NotReadable("工作表无法读取")
    cells = _CELL.findall(part)
    if len(cells) > MAX_ROWS * MAX_COLUMNS:
        raise NotReadable("工作表太大:最多 20000 行、200 列")
    for letters, digits in _ADDRESS.findall(part):
        if len(digits) > 7 or int(digits) > MAX_ROWS or _column(letters) > MAX_COLUMNS:
            raise NotReadable("工作表太大:最多 20000 行、200 列")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters.upper()[:4]:
        number = number * 26 + letter - 64
    return number


def _cell(value: object) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float) and math.isfinite(value):
        return Decimal(f"{value:.{_SIGNIFICANT_DIGITS}g}")
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).replace("\r\n", "\n")
