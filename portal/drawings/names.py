"""What a file name tells about a drawing: `{project}_{sheet no.}_{title}_{stage}-R{n}_{yyyymmdd}.{ext}`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from portal.drawings.sheets import NUMBER_OF, TITLES
from portal.storage.refusal import Refused

SHEET_NO = r"(?:JG-?[WD]|[A-Z]{1,2}\d?[A-Z]?-\d{1,3}|[PWDNEXR]\d{1,3}|(?<![-.])0[0-2](?![-.]))(?![0-9A-Za-z])"
STAGE = r"(?:FA|SG|JG|BG-?\d{1,3}|BG)"
STRICT = re.compile(
    rf"(?P<project>[^_]+)_(?P<no>[^_]+)_(?P<title>[^_]+)_(?P<stage>{STAGE})-R(?P<revision>\d{{1,3}})_(?P<day>\d{{8}})",
    re.IGNORECASE,
)
EDGE = r"(?<![0-9A-Za-z])"
LOOSE_NO = re.compile(rf"{EDGE}{SHEET_NO}", re.IGNORECASE)
LOOSE_STAGE = re.compile(rf"{EDGE}(?P<stage>{STAGE})(?![0-9A-Za-z])", re.IGNORECASE)
LOOSE_REVISION = re.compile(rf"{EDGE}R(?P<revision>\d{{1,2}})(?![0-9A-Za-z])", re.IGNORECASE)
LOOSE_DAY = re.compile(r"(?<!\d)(?P<day>20\d{2}[-.]?\d{2}[-.]?\d{2})(?!\d)")
FINAL_WORDS = re.compile(r"最终(?:确认)?(?:稿|版)?|终(?:稿|版)|定稿|(?<![a-z])final(?![a-z])", re.IGNORECASE)
COPY_MARK = re.compile(r"[\s_\-]*(?:\(\d+\)|副本|copy)$", re.IGNORECASE)
VERSION_MARK = re.compile(
    r"(?<![0-9A-Za-z])V\d{1,2}(?:\.\d{1,2})?(?![0-9A-Za-z])|第[\d一二三四五六七八九十]{1,2}版|修改版", re.IGNORECASE
)
EMPTY_BRACKETS = re.compile(r"[(\[【]\s*[)\]】]")
SEPARATORS = " \t_-—·、.,，"


@dataclass(frozen=True)
class SheetName:
    """What was found; everything but `title` may be missing.

    `revision` is only what the name claims: the number that counts is given when the file is taken in.
    `stage` is FA, SG, JG or BG-n. `exact` says whether the name follows the rule to the letter.
    """

    title: str
    sheet_no: str | None = None
    project: str | None = None
    stage: str | None = None
    revision: int | None = None
    dated_on: date | None = None
    exact: bool = False
    warnings: tuple[Refused, ...] = ()


def read_name(name: str) -> SheetName:
    """Reads the file name by the rule, else picks out what can be recognised. Never raises.

    A version in other words (V2, 第三版) stays out of the title, so that the next one is known as the same drawing.
    Words that claim finality (最终, 终版) are left out of the title and warned about: only approval makes a final one.
    """
    stem = unicodedata.normalize("NFKC", name.rpartition(".")[0] or name).strip()
    warnings = tuple(_warnings(stem))
    found = STRICT.fullmatch(stem)
    day = _day(found["day"]) if found else None
    if found and day:
        return SheetName(
            title=_title(found["title"]) or found["title"],
            sheet_no=_number(found["no"]),
            project=found["project"].strip(),
            stage=_stage(found["stage"]),
            revision=int(found["revision"]),
            dated_on=day,
            exact=not warnings,
            warnings=warnings,
        )
    return _guess(stem, warnings)


def _guess(stem: str, warnings: tuple[Refused, ...]) -> SheetName:
    """Takes the recognised parts out of the name one after another; what is left is the title."""
    rest = COPY_MARK.sub("", stem)
    day, rest = _take(LOOSE_DAY, rest)
    number, rest = _take(LOOSE_NO, rest)
    stage, rest = _take(LOOSE_STAGE, rest)
    revision, rest = _take(LOOSE_REVISION, rest)
    sheet_no = _number(number) if number else None
    title = _title(rest)
    return SheetName(
        title=title or TITLES.get(sheet_no or "", "") or sheet_no or stem,
        sheet_no=sheet_no or NUMBER_OF.get(title),
        stage=_stage(stage) if stage else None,
        revision=int(revision[1:]) if revision else None,
        dated_on=_day(day) if day else None,
        warnings=warnings,
    )


def _take(pattern: re.Pattern[str], text: str) -> tuple[str | None, str]:
    found = pattern.search(text)
    if not found:
        return None, text
    return found[0], f"{text[: found.start()]} {text[found.end() :]}"


def _title(text: str) -> str:
    plain = VERSION_MARK.sub(" ", FINAL_WORDS.sub(" ", text)).replace("_", " ")
    plain = EMPTY_BRACKETS.sub(" ", plain)
    return " ".join(plain.split()).lstrip(SEPARATORS + ")]】").rstrip(SEPARATORS + "([【")


def _number(text: str) -> str:
    """`p4`, `P04` and `P-4` are all P-04."""
    plain = text.strip().upper()
    short = re.fullmatch(r"([A-Z]{1,2})-?(\d{1,3})", plain)
    if short:
        return f"{short[1]}-{int(short[2]):02}"
    return re.sub(r"^JG-?([WD])$", r"JG-\1", plain)


def _stage(text: str) -> str:
    return re.sub(r"^BG-?(\d+)$", r"BG-\1", text.upper())


def _day(text: str) -> date | None:
    digits = re.sub(r"\D", "", text)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _warnings(stem: str) -> Iterator[Refused]:
    found = FINAL_WORDS.search(stem)
    if found:
        yield Refused(
            "final_word", "文件名里写了“{word}”：版次由系统编号，客户确认后才算定稿，请去掉这个词", {"word": found[0]}
        )
