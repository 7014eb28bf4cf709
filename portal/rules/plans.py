"""Drawings for a home: how a sheet is named and kept, what the homeowner may say about it (domain pack 4.1–4.2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from string import ascii_uppercase

from portal.rules.decision import Decision, because, decide
from portal.rules.words import N_, Labelled, Refused, refuse

SHEET_NO = re.compile(r"[0-9A-Z\u4e00-\u9fff][0-9A-Z\u4e00-\u9fff.\-]{0,19}")
SCALE = re.compile(r"1:[1-9]\d{0,3}")
NO_SCALE = "—"
NO_SCALE_WORDS = {"-", "–", "—", "无", "NTS", "NONE"}
ORDER = ("0", "P", "W", "D", "N", "E", "X", "R", "JG")
EDITABLE, PRINTED = frozenset({"dwg", "dxf"}), frozenset({"pdf", "png", "jpeg", "webp", "heic"})
# Nine places for those who cannot tap on the drawing: the middle of each ninth.
CELLS = {
    "1": N_("左上"), "2": N_("上中"), "3": N_("右上"),
    "4": N_("左中"), "5": N_("正中"), "6": N_("右中"),
    "7": N_("左下"), "8": N_("下中"), "9": N_("右下"),
}


class Saving(Labelled):
    """Whether a file becomes a revision."""

    READY = "ready", N_("可以保存")
    REFUSED = "refused", N_("还缺资料")


class PlanState(Labelled):
    """What the household said about the revision it was shown."""

    WAITING = "waiting", N_("待确认")
    APPROVED = "approved", N_("已确认")
    CHANGES = "changes", N_("已提出修改")


class Word(Labelled):
    """Whether a member of the household may decide on a revision."""

    OPEN = "open", N_("可以确认")
    SUPERSEDED = "superseded", N_("已被新版替代")
    DECIDED = "decided", N_("已处理")
    NOT_A_SIGNER = "not_a_signer", N_("没有确认权限")
    REASON_MISSING = "reason_missing", N_("缺少修改要求")

    @property
    def is_conflict(self) -> bool:
        """Something newer or already done; everything else is a fault of the form."""
        return self in (Word.SUPERSEDED, Word.DECIDED)


@dataclass(frozen=True)
class NewRevision:
    """A file about to be saved. `number` is the one it would get, `expected` the one its designer was told (None: new)."""

    sheet_no: str
    title: str
    scale: str
    note: str
    number: int
    expected: int
    same_content: bool = False
    claims_final: str = ""


def sheet_key(text: str) -> str:
    """`p4`, `P04` and `P-4` are all P-04; "" when it cannot be a sheet number."""
    plain = unicodedata.normalize("NFKC", text).strip().upper().replace(" ", "").replace("_", "-")
    short = re.fullmatch(r"([A-Z]{1,2})-?(\d{1,3})", plain)
    key = f"{short[1]}-{int(short[2]):02}" if short else plain
    return key if SHEET_NO.fullmatch(key) else ""


def scale_of(text: str) -> str:
    """`1：60` → 1:60; — for a sheet without a scale; "" when it is neither (R096)."""
    plain = unicodedata.normalize("NFKC", text).replace(" ", "").upper()
    if plain in NO_SCALE_WORDS:
        return NO_SCALE
    return plain if SCALE.fullmatch(plain) else ""


def sheet_order(sheet_no: str) -> tuple[int, str, int, str]:
    """The order of a bound set: cover and lists, plans, water, power, climate, elevations, details, renderings, as built."""
    letters = sheet_no[: len(sheet_no) - len(sheet_no.lstrip(ascii_uppercase))] or ("0" if sheet_no[:1].isdigit() else "")
    place = ORDER.index(letters) if letters in ORDER else len(ORDER)
    digits = re.search(r"\d+", sheet_no)
    return place, letters, int(digits[0]) if digits else 0, sheet_no


def judge_revision(new: NewRevision) -> Decision[Saving]:
    """All that is missing, each reason with `key`, its form field. A revision after the first says what changed."""
    faults = []
    if not new.sheet_no:
        faults.append(because("R094", "请填写图号，例如 P-04", key="sheet_no"))
    if not new.title:
        faults.append(because("R094", "请填写图名", key="title"))
    if new.claims_final:
        faults.append(because("R094", "图名里不要写“{word}”：业主确认后才算定稿", word=new.claims_final, key="title"))
    if not new.scale:
        faults.append(because("R096", "请写比例，例如 1:60；没有比例的图填“—”", key="scale"))
    if new.number >= 1 and not new.note:
        faults.append(because("R094", "这是R{number}，请写明和上一版相比改了什么", number=new.number, key="note"))
    if new.same_content:
        faults.append(because("R094", "内容和当前的R{number}完全一样，不用再传", number=new.number - 1, key="sheet_no"))
    elif new.expected != new.number and new.expected >= 0 and new.sheet_no:
        faults.append(because("R094", "这张图已经有R{before}了，这份会存成R{number}。请核对改动说明后再保存",
                              before=new.number - 1, number=new.number, key="sheet_no"))
    return decide(Saving.REFUSED, *faults) if faults else decide(Saving.READY)


def pair_up(files: Sequence[tuple[str, str]]) -> list[tuple[int, int | None]]:
    """Which of `files` (sheet number, kind) make one revision: (shown file, its editable source or None), by position.

    A PDF or picture beside a DWG or DXF of the same sheet is one revision. Raises Refused with `sheet_no` for any other two
    files of one sheet.
    """
    sheets: dict[str, list[int]] = {}
    for place, (sheet_no, _kind) in enumerate(files):
        sheets.setdefault(sheet_no, []).append(place)
    return [_pair(sheet_no, places, files) for sheet_no, places in sheets.items()]


def _pair(sheet_no: str, places: list[int], files: Sequence[tuple[str, str]]) -> tuple[int, int | None]:
    if len(places) == 1:
        return places[0], None
    printed = [place for place in places if files[place][1] in PRINTED]
    editable = [place for place in places if files[place][1] in EDITABLE]
    if len(printed) == 1 and len(editable) == 1:
        return printed[0], editable[0]
    by_use = sorted(editable, key=lambda place: files[place][1] == "dwg")  # a DXF can be drawn, its DWG is the source
    if len(places) == 2 and len(editable) == 2 and {files[place][1] for place in places} == EDITABLE:
        return by_use[0], by_use[1]
    raise refuse("R094", "{sheet_no}在这次上传里出现了不止一次，请改图号，或移除多余的文件", sheet_no=sheet_no, key="sheet_no")


def state_of(approvals: Iterable[bool]) -> PlanState:
    """Of one revision, from what was decided on it: a change wanted by anybody outweighs everything."""
    said = list(approvals)
    if not said:
        return PlanState.WAITING
    return PlanState.APPROVED if all(said) else PlanState.CHANGES


def judge_word(*, may_sign: bool, newest: int, number: int, decided: bool, approve: bool, reason: str) -> Decision[Word]:
    """Whether this person may approve or send back revision `number`; `newest` is the latest the household was shown."""
    if not may_sign:
        return decide(Word.NOT_A_SIGNER, because("R098", "您的权限是查看，请有签字权的家人来确认；您可以在图上留言"))
    if decided:
        return decide(Word.DECIDED, because("R098", "您已经对这一版表过态了，不用再操作"))
    if newest > number:
        return decide(Word.SUPERSEDED, because(
            "R091", "R{number}已经作废，现在是R{newest}。您刚才的操作没有生效，请看最新一版再决定", number=number, newest=newest))
    if not approve and not reason:
        return decide(Word.REASON_MISSING, because("R067", "请写下要改什么，设计师才知道怎么改", key="reason"))
    return decide(Word.OPEN)


def read_place(x: str, y: str, cell: str = "") -> tuple[Decimal, Decimal] | tuple[None, None]:
    """Shares of the page's width and height, 0–1, from a tap or from one of the nine cells; (None, None): the whole page.

    Raises Refused for anything else: NaN, infinity, outside of the page, half a place.
    """
    if x or y:
        return _share(x), _share(y)
    if not cell:
        return None, None
    if cell not in CELLS:
        raise _nowhere()
    row, column = divmod(int(cell) - 1, 3)
    return _sixth(column), _sixth(row)


def _share(text: str) -> Decimal:
    try:
        value = Decimal(text) if len(text) <= 24 else Decimal(-1)
    except InvalidOperation:
        raise _nowhere() from None
    if not value.is_finite() or not 0 <= value <= 1:
        raise _nowhere()
    return value.quantize(Decimal("0.0001"))


def _sixth(third: int) -> Decimal:
    return (Decimal(2 * third + 1) / 6).quantize(Decimal("0.0001"))


def _nowhere() -> Refused:
    return refuse("R067", "没有认出图上的位置，请再点一次，或选“整页”", key="cell")
