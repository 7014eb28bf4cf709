"""When two phones or two addresses are the same customer (R003), and which text may be kept at all."""

from __future__ import annotations

import re
import unicodedata

from portal.rules.decision import because
from portal.rules.words import Refused

_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_COUNTRY_CODE = re.compile(r"(?:\+86|0086|86)(?=[0-9]{11}\Z)")
_BUILDING = re.compile(r"(?:栋|幢|号楼)\Z")
_UNIT = re.compile(r"单元\Z")
_ROOM = re.compile(r"室\Z")
_MINUS = "\u2212"
_BIDI = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")


def fold(text: str) -> str:
    """Full-width letters, digits, signs and the wide space as their narrow twins; everything else untouched."""
    return text.translate(_WIDE)


def phone_key(text: str | None) -> str:
    """What two spellings of one phone have in common; "" when there is no phone (R003)."""
    kept = "".join(sign for sign in fold(text or "") if not (sign.isspace() or _is_dash(sign)))
    return _COUNTRY_CODE.sub("", kept)


def address_key(community: str | None, building: str | None, unit: str | None, room: str | None) -> str:
    """What two spellings of one flat have in common; "" when one of the four parts is missing (R002, R003)."""
    given = [_without_spaces(part) for part in (community, building, unit, room)]
    if not all(given):
        return ""
    kept = (given[0], _BUILDING.sub("", given[1]), _UNIT.sub("", given[2]), _ROOM.sub("", given[3]))
    return " ".join(kept)  # no part has a space left in it, so no two addresses run together


def clean_text(value: str, max: int, *, lines: bool = False) -> str:
    """`value` without outer spaces, at most `max` characters. Refused with NUL and other control characters,
    writing-direction marks and unpaired surrogates. `lines` allows line breaks, written as U+000A."""
    text = value.replace("\r\n", "\n").replace("\r", "\n").strip() if lines else value.strip()
    if any(_is_control(sign, lines) for sign in text):
        raise Refused(because("TEXT", "含有不能使用的控制字符，请删除后重新输入"))
    if _BIDI.search(text):
        raise Refused(because("TEXT", "含有改变书写方向的隐藏字符，请删除后重新输入"))
    if len(text) > max:
        raise Refused(because("TEXT", "最多{max}个字，现在有{given}个", max=max, given=len(text)))
    return text


def _without_spaces(part: str | None) -> str:
    return "".join(sign for sign in fold(part or "") if not sign.isspace())


def _is_dash(sign: str) -> bool:
    return sign == _MINUS or unicodedata.category(sign) == "Pd"


def _is_control(sign: str, lines: bool) -> bool:
    return unicodedata.category(sign) in ("Cc", "Cs") and not (lines and sign in "\n\t")
