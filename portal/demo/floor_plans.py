"""Believable floor plans for the demo homes, drawn from the measured rooms: A3 sheets as PDF, the walls also as DXF."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import ezdxf
from ezdxf.enums import TextEntityAlignment

from portal.demo.furniture import furnish
from portal.documents.render import render_pdf
from portal.models import Room

WIDTH_MM, HEIGHT_MM, WALL_MM = 420, 297, 200
OUTSIDE, PASSAGE = ("balcony", "terrace"), ("过道", "走廊", "门厅", "楼梯")
INK, FAINT, ACCENT = "#1d2624", "#7d8a86", "#a84a1f"


@dataclass(frozen=True)
class Placed:
    """A room at its place, in mm, y downwards; `mirrored` when its outer wall is the lower one."""

    room: Room
    x: int
    y: int
    mirrored: bool = False

    @property
    def right(self) -> int:
        return self.x + self.room.length_mm

    @property
    def low(self) -> int:
        return self.y + self.room.width_mm


@dataclass(frozen=True)
class Sheet:
    """What stands in the title block. `kind` is furniture, floor or power; `moved` is how the living room looks in a later revision."""

    number: str
    title: str
    kind: str
    revision: int = 0
    moved: bool = False


def pdf(rooms: Sequence[Room], sheet: Sheet, *, home: str, designer: str) -> bytes:
    """The sheet on A3, one page for each floor."""
    floors = list(dict.fromkeys(room.floor for room in rooms))
    names = floors if len(floors) > 1 else [""]
    storeys = [[room for room in rooms if room.floor == floor] for floor in floors]
    pages = [_page(storey, name, sheet, home, designer) for storey, name in zip(storeys, names, strict=True)]
    return render_pdf(
        f"""<!doctype html><html lang="zh-Hans"><head><meta charset="utf-8"><title>{sheet.number} {escape(sheet.title)}</title><style>
        @font-face {{ font-family: Plan; src: url({_font()}); }}
        @page {{ size: {WIDTH_MM}mm {HEIGHT_MM}mm; margin: 10mm; }} body {{ margin: 0; font-family: Plan; }}
        .page {{ break-after: page; position: relative; box-sizing: border-box; width: 400mm; height: 276mm; border: 0.7mm solid {INK}; }}
        .page:last-child {{ break-after: auto; }} .plan {{ position: absolute; left: 6mm; top: 6mm; width: 388mm; height: 236mm; }}
        table {{ position: absolute; left: 0; bottom: 0; width: 100%; border-collapse: collapse; border-top: 0.7mm solid {INK}; }}
        td {{ border-right: 0.3mm solid {INK}; padding: 2mm 4mm; font-size: 12pt; height: 20mm; vertical-align: middle; }}
        td small {{ display: block; font-size: 7.5pt; color: {FAINT}; }} td:last-child {{ border: 0; }} .big {{ font-size: 19pt; }}
        </style></head><body>{"".join(pages)}</body></html>"""
    )


def dxf(rooms: Sequence[Room]) -> bytes:
    """The walls and room names of the first floor of the same plan, in mm."""
    drawing = ezdxf.new("R2010", setup=True)
    space = drawing.modelspace()
    for one in place([room for room in rooms if room.floor == rooms[0].floor]):
        for inset in (0, WALL_MM // 2):
            left, right, top, low = one.x - inset, one.right + inset, -one.y + inset, -one.low - inset
            space.add_lwpolyline([(left, top), (right, top), (right, low), (left, low)], close=True)
        middle = ((one.x + one.right) / 2, -(one.y + one.low) / 2)
        space.add_text(one.room.name, height=260).set_placement(middle, align=TextEntityAlignment.MIDDLE_CENTER)
        space.add_linear_dim(base=(one.x, -one.y + 700), p1=(one.x, -one.y), p2=(one.right, -one.y), dimstyle="EZDXF").render()
    written = io.StringIO()
    drawing.write(written)
    return written.getvalue().encode()


def place(rooms: Sequence[Room]) -> list[Placed]:
    """Two rows of rooms along a passage, about equally long, balconies in front of the lower one: every room has its true size."""
    inside = [room for room in rooms if room.kind not in OUTSIDE and not room.name.startswith(PASSAGE)]
    passage = max((room.width_mm for room in rooms if room.name.startswith(PASSAGE)), default=1100)
    upper: list[Room] = []
    lower: list[Room] = []
    for room in sorted(inside, key=lambda room: ("厅" not in room.name, -room.length_mm * room.width_mm)):
        row = upper if _length(upper) < _length(lower) else lower
        row.append(room)
    placed = _row(upper, lambda room: -room.width_mm, mirrored=False) + _row(lower, lambda _room: passage + WALL_MM, mirrored=True)
    bottom = max((one.low for one in placed if one.mirrored), default=0)
    ends = [one for one in placed if one.mirrored]
    for room in (room for room in rooms if room.kind in OUTSIDE):
        above = ends.pop(0) if ends else None
        placed.append(Placed(room, above.x if above else 0, (above.low if above else bottom) + WALL_MM, mirrored=True))
    left, width = 0, max(_length(upper), _length(lower)) - WALL_MM
    for room in (room for room in rooms if room.name.startswith(PASSAGE)):
        if left + room.length_mm <= width or not left:
            placed.append(Placed(room, left, WALL_MM // 2 + (passage - room.width_mm) // 2))
            left += room.length_mm + WALL_MM
    return placed


def _row(rooms: Sequence[Room], top, *, mirrored: bool) -> list[Placed]:
    placed, x = [], 0
    for room in rooms:
        placed.append(Placed(room, x, top(room), mirrored))
        x += room.length_mm + WALL_MM
    return placed


def _length(rooms: Sequence[Room]) -> int:
    return sum(room.length_mm + WALL_MM for room in rooms)


def _page(rooms: Sequence[Room], floor: str, sheet: Sheet, home: str, designer: str) -> str:
    placed = place(rooms)
    left, right = min(one.x for one in placed), max(one.right for one in placed)
    top, low = min(one.y for one in placed), max(one.low for one in placed)
    edge = 1500
    box = f"{left - edge} {top - edge} {right - left + 2 * edge} {low - top + 2 * edge}"
    walls = "".join(_walls(one) for one in placed)
    plan = walls + "".join(_room(one, sheet) for one in placed) + _dimensions(placed) + _north(right + 700, low + 300)
    cells = (("工程名称", home, ""), ("图名", sheet.title + (f" · {floor}" if floor else ""), "big"), ("图号", sheet.number, "big"),
             ("比例", "1:75", ""), ("版次", f"R{sheet.revision}", "big"), ("设计", designer, ""))
    foot = "".join(f'<td class="{size}"><small>{label}</small>{escape(value)}</td>' for label, value, size in cells)
    return f'<div class="page"><svg class="plan" viewBox="{box}">{plan}</svg><table><tr>{foot}</tr></table></div>'


def _walls(one: Placed) -> str:
    half = WALL_MM // 2
    if one.room.kind in OUTSIDE:
        return (f'<rect x="{one.x}" y="{one.y}" width="{one.room.length_mm}" height="{one.room.width_mm}" '
                f'fill="#fff" stroke="{INK}" stroke-width="60"/>')
    return (f'<rect x="{one.x - half}" y="{one.y - half}" width="{one.room.length_mm + WALL_MM}" height="{one.room.width_mm + WALL_MM}" '
            f'fill="#fff" stroke="{INK}" stroke-width="{WALL_MM}"/>')


def _room(one: Placed, sheet: Sheet) -> str:
    long, wide, room = one.room.length_mm, one.room.width_mm, one.room
    inside = {"furniture": _furniture, "floor": _tiles, "power": _points}[sheet.kind](room, sheet)
    turned = f"translate({one.x} {one.low}) scale(1 -1)" if one.mirrored else f"translate({one.x} {one.y})"
    x, y = one.x + long / 2, one.y + wide / 2
    words = ((room.name, 270, y, INK), (f"{long * wide / 1_000_000:.2f}㎡", 190, y + 290, FAINT))
    around = ' stroke="#fff" stroke-width="110" stroke-linejoin="round"'
    halo = "".join(_text(text, x, low, size, "#fff", around) for text, size, low, _ink in words)
    name = halo + "".join(_text(text, x, low, size, ink) for text, size, low, ink in words)
    return f'<g transform="{turned}">{inside}{_openings(room)}</g>{name}'


def _text(text: str, x: float, y: float, size: int, ink: str, more: str = "") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" text-anchor="middle" fill="{ink}"{more}>{escape(text)}</text>'


def _openings(room: Room) -> str:
    """Doors on the side of the passage, windows in the outer wall; sizes as measured."""
    if room.kind in OUTSIDE or room.name.startswith(PASSAGE):
        return ""
    long, wide, doors, windows = room.length_mm, room.width_mm, [], []
    at = 250
    for opening in room.openings:
        width = min(opening["w_mm"], long - 400)
        if opening["type"] == "窗":
            windows.append((long / 2 - width / 2, width))
        elif at + width < long:
            doors.append(_door(opening["type"], at, wide, width))
            at += width + 500
    if not windows and room.kind == "dry":
        windows.append((long * 0.25, long * 0.5))
    return "".join(doors) + "".join(_window(x, width) for x, width in windows)


def _door(kind: str, x: float, wide: int, width: int) -> str:
    gap = f'<rect x="{x}" y="{wide - 20}" width="{width}" height="{WALL_MM + 40}" fill="#fff"/>'
    if kind == "门":
        return gap + (f'<path d="M{x} {wide}v{-width}a{width} {width} 0 0 1 {width} {width}" fill="none" '
                      f'stroke="{FAINT}" stroke-width="20"/>'
                      f'<path d="M{x} {wide}v{-width}" stroke="{INK}" stroke-width="45"/>')
    if kind == "推拉门":
        half = width / 2
        leaves = f"M{x} {wide + 70}h{half + 60:.0f}M{x + half - 60:.0f} {wide + 130}h{half + 60:.0f}"
        return gap + f'<path d="{leaves}" stroke="{INK}" stroke-width="40"/>'
    return gap + f'<path d="M{x} {wide}h{width}M{x} {wide + WALL_MM}h{width}" stroke="{FAINT}" stroke-width="14" stroke-dasharray="90 60"/>'


def _window(x: float, width: float) -> str:
    top = -WALL_MM
    lines = "".join(f"M{x:.0f} {top + at}h{width:.0f}" for at in (0, 70, 130, WALL_MM))
    return (f'<rect x="{x:.0f}" y="{top}" width="{width:.0f}" height="{WALL_MM}" fill="#fff"/>'
            f'<path d="{lines}" stroke="{INK}" stroke-width="16"/>')


def _furniture(room: Room, sheet: Sheet) -> str:
    return furnish(room.name, room.length_mm, room.width_mm, moved=sheet.moved)


def _tiles(room: Room, _sheet: Sheet) -> str:
    """Planks in bedrooms, small tiles where it is wet, large ones elsewhere."""
    long, wide = room.length_mm, room.width_mm
    across, along = (long, 190) if "卧" in room.name or "书" in room.name else (300, 300) if room.kind == "wet" else (800, 800)
    lines = [f"M{x} 0v{wide}" for x in range(across, long, across)] + [f"M0 {y}h{long}" for y in range(along, wide, along)]
    return f'<path d="{"".join(lines)}" stroke="#a9bab4" stroke-width="12"/>'


def _points(room: Room, _sheet: Sheet) -> str:
    """Sockets along the two long walls, as half circles, with their height in the wall beside them."""
    walls = ((0, 1, 500), (room.width_mm, -1, 1700))  # doors begin at the left of the second one
    places = [(x, y, turn) for y, turn, first in walls for x in range(first, room.length_mm - 300, 1700)]
    return "".join(
        f'<g fill="none" stroke="{ACCENT}" stroke-width="28"><path d="M{x - 130} {y}a130 130 0 0 {int(turn < 0)} 260 0z" fill="#fff"/>'
        f'<path d="M{x} {y + 130 * turn}v{110 * turn}M{x - 80} {y + 240 * turn}h160"/></g>' for x, y, turn in places
    )


def _dimensions(placed: Sequence[Placed]) -> str:
    """A chain of measures above the upper row and below the lower one."""
    top, low = min(one.y for one in placed) - 700, max(one.low for one in placed) + 700
    marks = []
    for one in placed:
        if one.room.kind in OUTSIDE or one.room.name.startswith(PASSAGE):
            continue
        y = low if one.mirrored else top
        chain = f"M{one.x} {y}H{one.right}M{one.x} {y - 110}v220M{one.right} {y - 110}v220"
        marks.append(f'<path d="{chain}" stroke="{FAINT}" stroke-width="16"/>')
        marks.append(_text(str(one.room.length_mm), one.x + one.room.length_mm / 2, y - 70, 190, FAINT))
    return "".join(marks)


def _north(x: int, y: int) -> str:
    return (f'<g transform="translate({x} {y})" fill="none" stroke="{INK}" stroke-width="24"><circle r="330"/>'
            f'<path d="M0 -330L130 230L0 130L-130 230Z" fill="{INK}"/>'
            f'<text y="-420" font-size="240" text-anchor="middle" fill="{INK}" stroke="none">北</text></g>')


def _font() -> str:
    from portal.documents.render import FONTS

    return (FONTS / "NotoSansSC-Regular.ttf").as_uri()
