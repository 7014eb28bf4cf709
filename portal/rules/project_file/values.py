"""The types of section 1: each reads one JSON value, returns what it means, or raises Unfit with what is wrong."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

Reader = Callable[[Any], Any]

UNITS = tuple("㎡ m ㎥ 个 樘 扇 套 台 组 块 片 张 根 桶 卷 箱 袋 kg 车 步 间 项".split())  # noqa: SIM905 (as the format lists them)
ROLES = tuple("家装顾问 客户经理 设计师 主任设计师 预算员 项目经理 质检员 工程经理 材料员 财务".split())  # noqa: SIM905
STAGES = tuple(f"S{number:02d}" for number in range(1, 21))
MOST_MONEY_FEN = 999_999_999_999
FIRST_YEAR, LAST_YEAR = 2000, 2099

_BOUNDS = {
    "fen": (0, MOST_MONEY_FEN),
    "sfen": (-MOST_MONEY_FEN, MOST_MONEY_FEN),
    "bp": (0, 10_000),
    "sbp": (-1_000_000, 1_000_000),
}
_CHOICES = {"unit": UNITS, "role": ROLES, "stage": STAGES}
_TYPE = re.compile(r"([a-z]+)(?:\((.*)\))?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+-](?:[01][0-9]|2[0-3]):[0-5][0-9]")
_NOT_IN_TEXT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")
_NOT_IN_PROSE = re.compile("[\x00-\x09\x0b-\x1f\x7f\ud800-\udfff]")


class Unfit(ValueError):
    """The value is not of its type; the message says why, beginning with a verb."""


def reader(kind: str) -> Reader:
    """The reader of a scalar type as the format writes it: `text(1..40)`, `dec(2..2)`, `date or null` …"""
    plain = kind.removesuffix(" or null")
    name, inner = split(plain)
    read = _named(name, inner)
    return _or_null(read) if plain != kind else read


def split(kind: str) -> tuple[str, str]:
    """`list(1..200)` → ("list", "1..200"); ("date", "") where there is nothing in brackets."""
    match = _TYPE.fullmatch(kind)
    if match is None:
        raise ValueError(f"not a type: {kind}")
    return match[1], match[2] or ""


def bounds(inner: str) -> tuple[int, int]:
    least, most = inner.split("..")
    return int(least), int(most)


def shown(value: Any) -> str:
    """`value` as a short piece of JSON for a message; ASCII, so that odd characters can be seen."""
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "an array"
    written = json.dumps(value, ensure_ascii=False) if not isinstance(value, float) else repr(value)
    written = written.encode("utf-8", "backslashreplace").decode()
    return written if len(written) <= 60 else written[:57] + "…"


def _named(name: str, inner: str) -> Reader:
    if name in _BOUNDS:
        return _integer(*_BOUNDS[name])
    if name in _CHOICES:
        return _choice(_CHOICES[name])
    if name == "enum":
        return _choice(tuple(inner.split("; ")))
    if name in ("text", "prose"):
        return _text(*bounds(inner), prose=name == "prose")
    if name in ("dec", "sdec"):
        return _decimal(*bounds(inner), signed=name == "sdec")
    if name == "int":
        return _integer(*bounds(inner))
    if name == "id":
        return _pattern("[A-Z0-9][A-Z0-9-]{0,39}", "1 to 40 of A–Z, 0–9 and -, beginning with a letter or digit")
    if name == "phone":
        return _pattern("1[3-9][0-9] [0-9]{4} [0-9]{4}", "a mobile number like 199 0000 0001")
    return {"date": day, "moment": moment, "bool": _boolean, "person": _text(1, 40, prose=False)}[name]


def _or_null(read: Reader) -> Reader:
    return lambda value: None if value is None else read(value)


def _string(value: Any) -> str:
    if type(value) is not str:
        raise Unfit(f"is {shown(value)}, not a string")
    return value


def _text(least: int, most: int, *, prose: bool) -> Reader:
    unfit = (_NOT_IN_PROSE if prose else _NOT_IN_TEXT).search

    def read(value: Any) -> str:
        text = _string(value)
        if not least <= len(text) <= most:
            raise Unfit(f"has {len(text)} characters, not {least} to {most}")
        if bad := unfit(text):
            raise Unfit(f"has the character U+{ord(bad[0]):04X} in it")
        if least and not text.strip():
            raise Unfit("is blank")
        if text != text.strip() and text.strip("\n") != text.strip():
            raise Unfit("has a space at its end" if text == text.lstrip() else "has a space at its beginning")
        return text

    return read


def _integer(least: int, most: int) -> Reader:
    def read(value: Any) -> int:
        if type(value) is not int:
            raise Unfit(f"is {shown(value)}, not an integer")
        if not least <= value <= most:
            raise Unfit(f"is {value}, not from {least} to {most}")
        return value

    return read


def _decimal(least: int, most: int, *, signed: bool) -> Reader:
    decimals = f"\\.[0-9]{{{max(least, 1)},{most}}}"
    sign, end = "-?" if signed else "", decimals if least else f"(?:{decimals})?"
    fits = re.compile(f"{sign}(?:0|[1-9][0-9]{{0,8}}){end}").fullmatch
    many = f"{least}" if least == most else f"{least} to {most}"

    def read(value: Any) -> Decimal:
        text = _string(value)
        if not fits(text):
            raise Unfit(f"is {shown(text)}, not a plain decimal with {many} digits after the point")
        number = Decimal(text)
        if text[0] == "-" and not number:
            raise Unfit(f"is {text}, a negative zero")
        return number

    return read


def _choice(allowed: tuple[str, ...]) -> Reader:
    among = frozenset(allowed)
    listed = ", ".join(allowed)

    def read(value: Any) -> str:
        if type(value) is not str or value not in among:
            raise Unfit(f"is {shown(value)}, not one of {listed}")
        return value

    return read


def _pattern(pattern: str, words: str) -> Reader:
    fits = re.compile(pattern).fullmatch

    def read(value: Any) -> str:
        text = _string(value)
        if not fits(text):
            raise Unfit(f"is {shown(text)}, not {words}")
        return text

    return read


def _boolean(value: Any) -> bool:
    if type(value) is not bool:
        raise Unfit(f"is {shown(value)}, not true or false")
    return value


def day(value: Any) -> date:
    """A `date` of the format."""
    return _day(_string(value))


@lru_cache(maxsize=16_384)
def _day(text: str) -> date:
    found = _calendar_day(text) if _DAY.fullmatch(text) else None
    if found is None:
        raise Unfit(f"is {shown(text)}, not a day YYYY-MM-DD from {FIRST_YEAR} to {LAST_YEAR}")
    return found


def moment(value: Any) -> datetime:
    """A `moment` of the format, aware."""
    text = _string(value)
    try:
        found = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None or not FIRST_YEAR <= found.year <= LAST_YEAR:
        raise Unfit(f"is {shown(text)}, not a moment YYYY-MM-DDTHH:MM:SS with its offset")
    return found


def _calendar_day(text: str) -> date | None:
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if FIRST_YEAR <= found.year <= LAST_YEAR else None
