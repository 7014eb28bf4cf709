"""Areas and lengths of a room from its sizes (R1), and quantities of lines from them (Q1, Q2)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self

from portal.rules.money import round_to
from portal.rules.words import N_, Labelled, refuse

MOST_MM = 100_000
MOST_HEIGHT_MM = 30_000
_MM_PER_M, _MM2_PER_M2 = 10**3, 10**6
_EXPRESSION = re.compile(r"[0-9]+(?:\.[0-9]+)?(?:[×+][0-9]+(?:\.[0-9]+)?)*")
_LONGEST = 200


class OpeningType(Labelled):
    """Only a window leaves the skirting below it."""

    DOOR = "门", N_("门")
    SLIDING_DOOR = "推拉门", N_("推拉门")
    GAP = "洞口", N_("洞口")
    WINDOW = "窗", N_("窗")


class RoomKind(Labelled):
    DRY = "dry", N_("干区")
    WET = "wet", N_("湿区")
    BALCONY = "balcony", N_("阳台")
    TERRACE = "terrace", N_("露台")


class Metric(Labelled):
    """What a room measures, in ㎡ or m."""

    FLOOR_AREA = "floor_area", N_("地面面积")
    CEILING_AREA = "ceiling_area", N_("顶面面积")
    PERIMETER = "perimeter", N_("周长")
    WALL_GROSS = "wall_gross", N_("墙面毛面积")
    OPENINGS_AREA = "openings_area", N_("门窗洞面积")
    WALL_NET = "wall_net", N_("墙面净面积")
    WALL_PAINT = "wall_paint", N_("墙面涂刷面积")
    SKIRTING_LEN = "skirting_len", N_("踢脚线长度")
    WP_WALL = "wp_wall", N_("墙面防水面积")
    TILE_WALL = "tile_wall", N_("墙砖面积")

    @property
    def unit(self) -> str:
        return "m" if self in (Metric.PERIMETER, Metric.SKIRTING_LEN) else "㎡"


@dataclass(frozen=True)
class Opening:
    type: str
    w_mm: int
    h_mm: int


@dataclass(frozen=True)
class RoomSize:
    """A room in mm; the height of a terrace is that of its parapet."""

    length_mm: int
    width_mm: int
    height_mm: int
    openings: tuple[Opening, ...] = ()
    waterproof_wall_height_mm: int | None = None
    tile_wall_height_mm: int | None = None

    @classmethod
    def of(cls, room: Any) -> Self:
        """From anything with a room's attributes, `openings` being a list of {type, w_mm, h_mm}."""
        openings = tuple(Opening(hole["type"], hole["w_mm"], hole["h_mm"]) for hole in room.openings or ())
        return cls(
            room.length_mm,
            room.width_mm,
            room.height_mm,
            openings,
            room.waterproof_wall_height_mm,
            room.tile_wall_height_mm,
        )


def metrics(room: RoomSize) -> dict[str, Decimal]:
    """Every metric of the room, exact and then half up to two decimals (R1). Refused when one would be negative."""
    around = 2 * (room.length_mm + room.width_mm)
    holes = sum(hole.w_mm * hole.h_mm for hole in room.openings)
    to_the_floor = sum(hole.w_mm for hole in room.openings if hole.type != OpeningType.WINDOW)
    gross = around * room.height_mm
    square_mm = {
        Metric.FLOOR_AREA: Fraction(room.length_mm * room.width_mm),
        Metric.CEILING_AREA: Fraction(room.length_mm * room.width_mm),
        Metric.WALL_GROSS: Fraction(gross),
        Metric.OPENINGS_AREA: Fraction(holes),
        Metric.WALL_NET: Fraction(gross - holes),
        Metric.WALL_PAINT: gross - Fraction(holes, 2),
    }
    if room.waterproof_wall_height_mm:
        square_mm[Metric.WP_WALL] = Fraction((around - to_the_floor) * room.waterproof_wall_height_mm)
    if room.tile_wall_height_mm:
        square_mm[Metric.TILE_WALL] = _tiled(room, around, room.tile_wall_height_mm)
    lengths = {Metric.PERIMETER: around, Metric.SKIRTING_LEN: around - to_the_floor}
    found = {metric.value: round_to(area / _MM2_PER_M2, 2) for metric, area in square_mm.items()}
    found |= {metric.value: round_to(Fraction(length, _MM_PER_M), 2) for metric, length in lengths.items()}
    if any(value < 0 for value in found.values()):
        raise refuse("R1", N_("门窗洞大于墙面，请检查尺寸"))
    return {metric.value: found[metric.value] for metric in Metric if metric.value in found}


def quantity_of(
    terms: Iterable[Mapping[str, Any]],
    rooms: Mapping[str, Mapping[str, Decimal]],
    params: Mapping[str, Decimal] | None = None,
) -> Decimal:
    """Σ value × factor, half up to two decimals once at the end (Q1).

    A term names a `room` (its code) and `metric`, a `param`, or an `expr` of dimensions; its value is looked up and not
    believed. Refused when something it names is not there.
    """
    return round_to(sum((_term(term, rooms, params or {}) for term in terms), Fraction(0)), 2)


def expression(expr: str) -> Fraction:
    """The exact value of a sum of products of plain decimals: `0.80×2.10+1.5` (Q2). Refused for anything else."""
    written = expr.replace("*", "×").replace(" ", "")
    if len(written) > _LONGEST or not _EXPRESSION.fullmatch(written):
        raise refuse("Q2", N_("算式只能由数字、×和+组成，例如 0.80×2.10+1.5"))
    return sum((_product(part.split("×")) for part in written.split("+")), Fraction(0))


def _tiled(room: RoomSize, around: int, height_mm: int) -> Fraction:
    holes = sum(hole.w_mm * min(hole.h_mm, height_mm) for hole in room.openings)
    return Fraction(around * height_mm - holes)


def _term(
    term: Mapping[str, Any], rooms: Mapping[str, Mapping[str, Decimal]], params: Mapping[str, Decimal]
) -> Fraction:
    factor = Fraction(str(term.get("factor", 1)))
    if term["src"] == "room":
        found = rooms.get(term["room"], {}).get(term["metric"])
    elif term["src"] == "param":
        found = params.get(term["param"])
    else:
        return expression(term["expr"]) * factor
    if found is None:
        raise refuse("Q1", N_("工程量引用的房间尺寸不存在：{name}"), name=term.get("room") or term.get("param"))
    return Fraction(found) * factor


def _product(factors: Sequence[str]) -> Fraction:
    product = Fraction(1)
    for factor in factors:
        product *= Fraction(factor)
    return product
