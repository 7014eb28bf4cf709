"""Believable floor plans for the demo homes, drawn from the measured rooms: A3 sheets as PDF, one of them also as DXF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import ezdxf
from ezdxf.enums import TextEntityAlignment

from portal.documents.render import render_pdf
from portal.models import Room

WIDTH_MM, HEIGHT_MM, WALL_MM = 420, 297, 120
SHELF_MM = 11_000  # how wide a row of rooms may become before the next row begins
FURNITURE = {"厅": ("沙发", "茶几", "电视柜"), "卧": ("床", "衣柜"), "房": ("书桌", "书柜"), "厨": ("橱柜", "冰箱"), "卫": ("淋浴", "台盆", "坐便器")}


@dataclass(frozen=True)
class Placed:
    """A room at its place, in mm from the top left corner of the home."""

    room: Room
    x: int
    y: int


@dataclass(frozen=True)
class Sheet:
    """What stands in the title block. `kind` is furniture, floor or power; `moved` shifts the furniture of a later revision."""

    number: str
    title: str
    kind: str
    revision: int = 0
    moved: bool = False


def pdf(rooms: Sequence[Room], sheet: Sheet, *, home: str, designer: str) -> bytes:
    """The sheet on A3."""
    placed = place(rooms)
    wide = max(one.x + one.room.length_mm for one in placed) + WALL_MM
    high = max(one.y + one.room.width_mm for one in placed) + WALL_MM
    plan = "".join(_room(one, sheet) for one in placed)
    foot = f"{escape(home)}　{sheet.number} {escape(sheet.title)}　1:75　R{sheet.revision}　设计：{escape(designer)}"
    return render_pdf(
        f"""<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{sheet.number} {escape(sheet.title)}</title><style>
        @font-face {{ font-family: Plan; src: url({_font()}); }}
        @page {{ size: {WIDTH_MM}mm {HEIGHT_MM}mm; margin: 12mm; }} body {{ margin: 0; font-family: Plan; }}
        svg {{ width: 394mm; height: 244mm; }} footer {{ border: 0.5mm solid #222; padding: 3mm 5mm; font-size: 14pt; }}
        </style></head><body><svg viewBox="{-WALL_MM * 3} {-WALL_MM * 3} {wide + WALL_MM * 6} {high + WALL_MM * 6}">{plan}</svg>
        <footer>{foot}</footer></body></html>"""
    )


def dxf(rooms: Sequence[Room]) -> bytes:
    """The walls and room names of the same plan, in mm."""
    drawing = ezdxf.new("R2010", setup=True)
    space = drawing.modelspace()
    for one in place(rooms):
        right, low = one.x + one.room.length_mm, -one.y - one.room.width_mm
        for inset in (0, -WALL_MM):
            corners = [(one.x + inset, -one.y - inset), (right - inset, -one.y - inset), (right - inset, low + inset), (one.x + inset, low + inset)]
            space.add_lwpolyline(corners, close=True)
        middle = ((one.x + right) / 2, (low - one.y) / 2)
        space.add_text(one.room.name, height=220).set_placement(middle, align=TextEntityAlignment.MIDDLE_CENTER)
    written = io.StringIO()
    drawing.write(written)
    return written.getvalue().encode()


def place(rooms: Sequence[Room]) -> list[Placed]:
    """Rooms side by side on shelves, the largest first: not how the home is built, but every room has its true size."""
    placed, x, y, deepest = [], 0, 0, 0
    for room in sorted(rooms, key=lambda room: -room.width_mm):
        if x and x + room.length_mm > SHELF_MM:
            x, y, deepest = 0, y + deepest + WALL_MM, 0
        placed.append(Placed(room, x, y))
        x, deepest = x + room.length_mm + WALL_MM, max(deepest, room.width_mm)
    return placed


def _room(one: Placed, sheet: Sheet) -> str:
    long, wide = one.room.length_mm, one.room.width_mm
    area = long * wide / 1_000_000
    inside = {"furniture": _furniture, "floor": _tiles, "power": _points}[sheet.kind](one, sheet)
    return (
        f'<rect x="{one.x}" y="{one.y}" width="{long}" height="{wide}" fill="#fff" stroke="#222" stroke-width="{WALL_MM}"/>{inside}'
        f'<text x="{one.x + 250}" y="{one.y + 480}" font-size="300" font-weight="bold">{escape(one.room.name)}</text>'
        f'<text x="{one.x + 250}" y="{one.y + 800}" font-size="220" fill="#555">{area:.2f}㎡　{long}×{wide}</text>'
    )


def _furniture(one: Placed, sheet: Sheet) -> str:
    pieces = next((names for sign, names in FURNITURE.items() if sign in one.room.name), ())
    step = one.room.length_mm // (len(pieces) + 1)
    shift = step // 3 if sheet.moved else 0
    boxes = []
    for place_no, name in enumerate(pieces):
        x, y = one.x + 200 + place_no * step + shift, one.y + one.room.width_mm - 900
        boxes.append(f'<rect x="{x}" y="{y}" width="{int(step * 0.8)}" height="650" fill="#eef3f1" stroke="#15564c" stroke-width="25"/>'
                     f'<text x="{x + 60}" y="{y + 400}" font-size="190" fill="#15564c">{name}</text>')
    return "".join(boxes)


def _tiles(one: Placed, _sheet: Sheet) -> str:
    lines = [f'<path d="M{one.x + x} {one.y}v{one.room.width_mm}"/>' for x in range(600, one.room.length_mm, 600)]
    lines += [f'<path d="M{one.x} {one.y + y}h{one.room.length_mm}"/>' for y in range(600, one.room.width_mm, 600)]
    return f'<g stroke="#9fb5ae" stroke-width="10">{"".join(lines)}</g>'


def _points(one: Placed, _sheet: Sheet) -> str:
    places = range(700, one.room.length_mm - 200, 1300)
    return "".join(
        f'<circle cx="{one.x + x}" cy="{one.y + one.room.width_mm - 220}" r="110" fill="none" stroke="#a84a1f" stroke-width="30"/>'
        f'<text x="{one.x + x - 60}" y="{one.y + one.room.width_mm - 380}" font-size="170" fill="#a84a1f">5</text>' for x in places
    )


def _font() -> str:
    from portal.documents.render import FONTS

    return (FONTS / "NotoSansSC-Regular.ttf").as_uri()
