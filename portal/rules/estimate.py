"""The money of an estimate: what may be typed, and totals computed from the lines, never copied (T1–T7)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from portal.rules.contact import fold
from portal.rules.money import half_up, share_bp, times
from portal.rules.words import N_, Labelled, refuse
from portal.rules.working_time import end_of_day

MOST_FEN = 999_999_999_999
MOST_LINES = 2000
WHOLE_BP = 10_000
UNITS = tuple("㎡ m ㎥ 个 樘 扇 套 台 组 块 片 张 根 桶 卷 箱 袋 kg 车 步 间 项".split())  # noqa: SIM905 (as the format lists them)
_PLAIN = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.[0-9]+)?|\.[0-9]+")  # 12,5 is not 125
_MOST_DIGITS = 9
_CURRENCY = "¥￥ "


class RevisionKind(Labelled):
    ESTIMATE = "estimate", N_("估算")
    BUDGET = "budget", N_("预算")


class WarrantyClass(Labelled):
    NONE = "NONE", N_("不质保")
    GENERAL = "GENERAL", N_("一般质保")
    WATERPROOF = "WATERPROOF", N_("防水质保")
    CONCEALED_MEP = "CONCEALED_MEP", N_("隐蔽水电质保")
    EQUIPMENT = "EQUIPMENT", N_("设备质保")


class PricedLine(Protocol):
    """What the totals need of a line; any row with these attributes will do."""

    @property
    def space(self) -> str: ...
    @property
    def group_code(self) -> str: ...
    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_price_fen(self) -> int: ...


@dataclass(frozen=True)
class Totals:
    """All in fen; `by_group` and `by_space` in the order of the lines; `per_m2_fen` None without an area."""

    direct_fen: int
    management_fen: int
    discount_fen: int
    taxable_fen: int
    tax_fen: int
    total_fen: int
    per_m2_fen: int | None
    by_group: dict[str, int]
    by_space: dict[str, int]
    lines: int


def read_quantity(text: str) -> Decimal:
    """A quantity as typed: above 0, at most 9 digits before and 2 after the point; NaN and 1e5 are Refused too."""
    quantity = _number(text, 2, rule="Q1")
    if quantity == 0:
        raise refuse("Q1", N_("数量必须大于0"))
    return quantity


def read_fen(text: str) -> int:
    """Yuan as typed, 0 (a gift) allowed, at most two decimals: "1,250.5" → 125050 fen. Refused otherwise."""
    return int(_number(text, 2, rule="L3") * 100)


def read_rate_bp(text: str) -> int:
    """A percentage as typed, 0 to 100 with at most two decimals: "8" or "8%" → 800."""
    rate = _number(fold(text).strip().removesuffix("%"), 2, rule="T3")
    if rate > 100:
        raise refuse("T3", N_("比例不能超过100%"))
    return int(rate * 100)


def amount(quantity: Decimal, unit_price_fen: int) -> int:
    """L3, in fen. Refused when it is more than the portal can write."""
    fen = times(quantity, unit_price_fen)
    if fen > MOST_FEN:
        raise refuse("L3", N_("金额过大，请检查数量和单价"))
    return fen


def totals(
    lines: Iterable[PricedLine],
    *,
    management_rate_bp: int,
    discount_fen: int,
    tax_rate_bp: int,
    building_area_m2: Decimal | None = None,
) -> Totals:
    """T1 to T7. Refused when the discount is negative or more than what it is taken off."""
    by_group: dict[str, int] = {}
    by_space: dict[str, int] = {}
    count = direct = 0
    for line in lines:
        fen = amount(line.quantity, line.unit_price_fen)
        by_group[line.group_code] = by_group.get(line.group_code, 0) + fen
        by_space[line.space] = by_space.get(line.space, 0) + fen
        direct += fen
        count += 1
    management = share_bp(direct, management_rate_bp)
    if not 0 <= discount_fen <= direct + management:
        raise refuse("T4", N_("优惠不能超过工程直接费与管理费之和"))
    taxable = direct + management - discount_fen
    tax = share_bp(taxable, tax_rate_bp)
    total = taxable + tax
    per_m2 = half_up(Fraction(total) / Fraction(building_area_m2)) if building_area_m2 else None
    return Totals(direct, management, discount_fen, taxable, tax, total, per_m2, by_group, by_space, count)


def expires_at(valid_until: date) -> datetime:
    """The first moment at which a revision can no longer be signed: the midnight that ends its last day. Aware UTC."""
    return end_of_day(valid_until)


def is_expired(valid_until: date | None, at: datetime) -> bool:
    return valid_until is not None and at >= expires_at(valid_until)


def total_is_visible(*, presented_at: datetime | None, withdrawn_at: datetime | None = None) -> bool:
    """Whether anybody but the people who calculate it may see a revision's total (R073)."""
    return presented_at is not None and withdrawn_at is None


def _number(text: str, places: int, *, rule: str) -> Decimal:
    written = fold(text).strip().strip(_CURRENCY)
    if not written:
        raise refuse(rule, N_("请填写数字"))
    if written.startswith("-") or written.startswith("−"):
        raise refuse(rule, N_("不能是负数"))
    if not _PLAIN.fullmatch(written) or not written.isascii():
        raise refuse(rule, N_("请填写普通数字，例如 12.5"))
    whole, _, decimals = written.replace(",", "").partition(".")
    if len(whole.lstrip("0")) > _MOST_DIGITS:
        raise refuse(rule, N_("数字太大，整数部分最多{digits}位"), digits=_MOST_DIGITS)
    if len(decimals.rstrip("0")) > places:
        raise refuse(rule, N_("最多{places}位小数"), places=places)
    return Decimal(f"{whole or 0}.{decimals or 0}").quantize(Decimal(1).scaleb(-places))
