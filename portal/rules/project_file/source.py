"""From bytes to one JSON object (F1 to F4): refused before anything large is built, with line and column."""

from __future__ import annotations

import json
import math
import re
from typing import Any, NoReturn

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
MAX_DIGITS = 15
# No file of the format comes near these; files of `[{},{},…` would need hundreds of megabytes once they are parsed.
MAX_CONTAINERS = 1_000_000
MAX_VALUES = 5_000_000

_STRING = r'"(?:[^"\\]++|\\.)*+"'
_SIGNS = re.compile(
    rf"(?P<key>{_STRING}[ \t\r\n]*+:)|(?P<text>{_STRING})|(?P<open>[\[{{])|(?P<close>[\]}}])"
    r"|(?P<number>[-+0-9][-+.0-9eE]{15,}+)|(?P<word>-?(?:NaN|Infinity))|(?P<quote>\")",
    re.DOTALL,
)


class Unreadable(ValueError):
    """The file as a whole is at fault; the message says how and where."""


def parse(data: bytes) -> dict[str, Any]:
    """The object that `data` holds. Raises Unreadable with one sentence (F1 to F4: the first fault is enough)."""
    text = _decoded(data)
    _scan(text)
    try:
        value = json.loads(text, parse_float=_with_point, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})") from None
    if not isinstance(value, dict):
        raise Unreadable("is not a JSON object")
    return value


class Pointed(str):
    """A number written with a fraction or an exponent that no machine number holds; kept as it is written."""


def _decoded(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"has {len(data)} bytes, more than {MAX_BYTES}")
    if data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("begins with a byte order mark (byte 0)")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not UTF-8 (byte {error.start})") from None


def _scan(text: str) -> None:
    """Depth, number length, double keys and constants, in one pass without building anything."""
    keys: list[set[str]] = []
    containers = 0
    for sign in _SIGNS.finditer(text):
        kind = sign.lastgroup
        if kind == "key":
            if keys:
                _once(sign.group(), keys[-1], text, sign.start())
        elif kind == "open":
            containers += 1
            keys.append(set())
            if len(keys) > MAX_DEPTH:
                _refuse(f"is more than {MAX_DEPTH} levels deep", text, sign.start())
            if containers > MAX_CONTAINERS:
                _refuse(f"has more than {MAX_CONTAINERS} objects and arrays", text, sign.start())
        elif kind == "close":
            if not keys:
                _refuse("is not JSON: a bracket closes nothing", text, sign.start())
            keys.pop()
        elif kind != "text":
            _judge(kind, sign.group(), text, sign.start())
    if text.count(",") > MAX_VALUES and _STRING_OUT.sub("", text).count(",") > MAX_VALUES:
        raise Unreadable(f"has more than {MAX_VALUES} values")


_STRING_OUT = re.compile(_STRING, re.DOTALL)


def _once(written: str, keys: set[str], text: str, start: int) -> None:
    raw = written.rstrip(": \t\r\n")
    key = raw[1:-1]
    if "\\" in key:
        try:
            key = json.loads(raw)
        except json.JSONDecodeError:
            return  # the parser says better what is wrong with it
    if key in keys:
        _refuse(f"has the key {json.dumps(key[:60], ensure_ascii=True)} twice in one object", text, start)
    keys.add(key)


def _judge(kind: str | None, written: str, text: str, start: int) -> None:
    if kind == "quote":
        _refuse("is not JSON: a string is not closed", text, start)
    if kind == "word":
        _refuse(f"is not JSON: {written} is no number", text, start)
    if sum(character.isdigit() for character in written) > MAX_DIGITS:
        _refuse(f"has a number of more than {MAX_DIGITS} digits", text, start)


def _refuse(what: str, text: str, start: int) -> NoReturn:
    line = text.count("\n", 0, start) + 1
    column = start - text.rfind("\n", 0, start)
    raise Unreadable(f"{what} (line {line}, column {column})")


def _with_point(written: str) -> float | Pointed:
    value = float(written)
    return value if math.isfinite(value) else Pointed(written)


def _no_constant(written: str) -> NoReturn:
    raise Unreadable(f"is not JSON: {written} is no number")
