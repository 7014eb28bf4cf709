"""Quantities from the sizes of the rooms (R1, Q1) and from typed dimensions (Q2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from portal.models import EstimateLine, Room
from portal.rules.rooms import Metric, RoomSize, expression, metrics, quantity_of
from portal.rules.words import N_, Refused, refuse

# What the price book's measure rule means of a room.
USUAL = {
    "FLOOR": Metric.FLOOR_AREA,
    "CEIL": Metric.CEILING_AREA,
    "WALL_NET": Metric.WALL_NET,
    "WALL_PAINT": Metric.WALL_PAINT,
    "WALL_WP": Metric.WP_WALL,
    "WALL_AREA": Metric.WALL_GROSS,
    "LEN": Metric.SKIRTING_LEN,
}


@dataclass(frozen=True)
class Measure:
    """One metric of one measured room; `key` names both in a form."""

    room: Room
    metric: Metric
    value: Decimal

    @property
    def key(self) -> str:
        return f"{self.room.code}:{self.metric.value}"


def measures(rooms: Sequence[Room], unit: str) -> list[Measure]:
    """Everything in `unit` that the rooms measure; a room whose openings exceed its walls measures nothing."""
    found = []
    for room in rooms:
        try:
            values = metrics(RoomSize.of(room))
        except Refused:
            continue
        found += [Measure(room, Metric(name), value) for name, value in values.items() if Metric(name).unit == unit]
    return found


def usual(measured: Sequence[Measure], measure_rule: str, space: str) -> Measure | None:
    """What an item of this measure rule usually takes of the room named `space`."""
    return next((one for one in measured if one.room.name == space and one.metric is USUAL.get(measure_rule)), None)


def from_room(measured: Sequence[Measure], key: str, factor: Decimal) -> tuple[Decimal, list[dict]]:
    """The quantity and its term; Refused when nothing of the kind was measured, or nothing remains."""
    chosen = next((one for one in measured if one.key == key), None)
    if chosen is None:
        raise Refused(refuse("Q1", N_("请选择一个房间的尺寸")).reason, "measure")
    term = {"src": "room", "room": chosen.room.code, "metric": chosen.metric.value, "value": str(chosen.value), "factor": _plain(factor)}
    return _positive(quantity_of([term], {chosen.room.code: {chosen.metric.value: chosen.value}}), "measure"), [term]


def from_dimensions(expr: str) -> tuple[Decimal, list[dict]]:
    """`0.80×2.10+1.5` → 3.18 and its term. Refused for anything but sums of products."""
    try:
        value = expression(expr)
        term = {
            "src": "dims",
            "expr": expr.replace("*", "×").replace(" ", ""),
            "value": _plain(Decimal(value.numerator) / value.denominator),
            "factor": "1",
        }
        return _positive(quantity_of([term], {}), "quantity"), [term]
    except Refused as refused:
        raise Refused(refused.reason, "quantity") from None


def origins(lines: Iterable[EstimateLine], rooms: Sequence[Room], translate: Callable[[str], str]) -> dict[int, str]:
    """Line id → how its quantity comes about, in words; "" for a number that was simply typed."""
    names = {room.code: room.name for room in rooms}
    labels = {metric.value: (translate(metric.label), metric.unit) for metric in Metric}
    return {line.id: " + ".join(_words(term, names, labels) for term in line.terms[:8]) for line in lines}


def _words(term: Mapping, names: Mapping[str, str], labels: Mapping[str, tuple[str, str]]) -> str:
    """客餐厅 地面面积 25.42㎡ × 1.05."""
    given = str(term.get("factor", 1))
    factor = "" if given == "1" or Decimal(given) == 1 else f" × {given}"
    if term["src"] == "room":
        label, unit = labels[term["metric"]]
        said = f"{names.get(term['room'], term['room'])} {label} {term['value']}{unit}"
    elif term["src"] == "dims":
        said = " ".join(filter(None, (term.get("note", ""), term["expr"] if set("×+") & set(term["expr"]) else "")))
    else:
        said = f"{term.get('note', '')} {term['value']}".strip()
    return said + factor if said else ""


def _positive(quantity: Decimal, field: str) -> Decimal:
    if quantity <= 0:
        raise Refused(refuse("Q1", N_("数量必须大于0")).reason, field)
    return quantity


def _plain(number: Decimal) -> str:
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
