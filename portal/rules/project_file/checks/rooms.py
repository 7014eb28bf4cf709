"""Rooms: R1 to R3, and the counts that lines refer to (section 3.3)."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

from portal.rules.money import round_to
from portal.rules.project_file.compare import expect, keys_once, plain
from portal.rules.project_file.places import Findings
from portal.rules.project_file.typed import Items, Node, items, where_readable

_PARAM = re.compile("[a-z][a-z0-9_]*")
_AREA, _LENGTH = 10**6, 10**3
_OPTIONAL = {"wp_wall": "waterproof_wall_height_mm", "tile_wall": "tile_wall_height_mm"}
_ALWAYS = (
    "floor_area",
    "ceiling_area",
    "perimeter",
    "wall_gross",
    "openings_area",
    "wall_net",
    "wall_paint",
    "skirting_len",
)


def check(project: Node, findings: Findings) -> None:
    with where_readable():
        keys_once(findings, project["rooms"], "code")
    for _, room in items(project, "rooms"):
        _metrics(room, findings)
    _inner_area(project, findings)
    _params(project, findings)


def _metrics(room: Node, findings: Findings) -> None:
    """R1: exactly these keys, and each the value that the room's sizes give."""
    with where_readable():
        metrics: Node = room["metrics"]
        for name in (*metrics, *metrics.bad):
            if name not in _ALWAYS and name not in _OPTIONAL:
                findings.fault(metrics.at(name), "is no metric of a room")
        for name in _ALWAYS:
            _metric(room, metrics, name, findings)
        for name, height in _OPTIONAL.items():
            with where_readable():
                if room[height] is not None:
                    _metric(room, metrics, name, findings)
                elif metrics.has(name):
                    findings.fault(metrics.at(name), f"is there, but `{height}` is null")


def _metric(room: Node, metrics: Node, name: str, findings: Findings) -> None:
    if not metrics.has(name):
        findings.fault(metrics.at(name), "is missing")
        return
    with where_readable():
        right = measured(room, name)
        if right < 0:
            findings.fault(metrics.at(name), f"is {plain(metrics[name])}, but the sizes give {plain(right)}")
        else:
            expect(findings, metrics, name, right, "what the sizes give")


def measured(room: Node, name: str) -> Decimal:
    """A metric from the room's own sizes in mm, in m or ㎡, half up to two decimals; Missing when one is unreadable."""
    if name in ("floor_area", "ceiling_area"):
        return round_to(Fraction(room["length_mm"] * room["width_mm"], _AREA), 2)
    if name == "openings_area":
        return round_to(Fraction(_holes(room), _AREA), 2)
    around = 2 * (room["length_mm"] + room["width_mm"])
    if name == "perimeter":
        return round_to(Fraction(around, _LENGTH), 2)
    if name == "skirting_len":
        return round_to(Fraction(around - _gaps(room), _LENGTH), 2)
    return round_to(_wall(room, name, around), 2)


def _wall(room: Node, name: str, around: int) -> Fraction:
    if name == "wp_wall":
        return Fraction((around - _gaps(room)) * room["waterproof_wall_height_mm"], _AREA)
    if name == "tile_wall":
        height = room["tile_wall_height_mm"]
        tiled = sum(hole["w_mm"] * min(hole["h_mm"], height) for hole in _openings(room))
        return Fraction(around * height - tiled, _AREA)
    gross = around * room["height_mm"]
    holes = {"wall_gross": Fraction(0), "wall_net": Fraction(1), "wall_paint": Fraction(1, 2)}[name]
    return (gross - holes * _holes(room) if holes else Fraction(gross)) / _AREA


def _openings(room: Node) -> Items:
    found: Items = room["openings"]
    return found.whole()


def _holes(room: Node) -> int:
    return sum(hole["w_mm"] * hole["h_mm"] for hole in _openings(room))


def _gaps(room: Node) -> int:
    """Widths of all openings that reach the floor."""
    return sum(hole["w_mm"] for hole in _openings(room) if hole["type"] != "窗")


def _inner_area(project: Node, findings: Findings) -> None:
    """R3."""
    with where_readable():
        floors = sum((room["metrics"]["floor_area"] for room in project["rooms"].whole()), Decimal(0))
        expect(findings, project, "inner_area_m2", floors, "the floor area of all rooms")


def _params(project: Node, findings: Findings) -> None:
    with where_readable():
        if project["building_area_m2"] == 0:
            findings.fault(project.at("building_area_m2"), "is 0")
    with where_readable():
        params: Node = project["quantity_params"]
        for name in (*params, *params.bad):
            if not _PARAM.fullmatch(name):
                findings.fault(params.at(name), "its key is not a–z, then a–z, 0–9 and _")
        if not params.has("building_area"):
            findings.fault(params.at("building_area"), "is missing")
        else:
            expect(findings, params, "building_area", project["building_area_m2"], "`building_area_m2`")
