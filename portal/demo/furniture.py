"""What stands in a room, seen from above, as SVG in mm: the outer wall lies at y = 0, the door side at y = `wide`."""

from __future__ import annotations

SOFT, LINE = "#f1ede3", "#4a5b56"


def furnish(name: str, long: int, wide: int, *, moved: bool = False) -> str:
    """The furniture that a room of this name usually has; what does not fit is left out."""
    kinds = (
        (("卧", "客房", "老人房", "儿童房"), _bedroom),
        (("书",), _study),
        (("厨",), _kitchen),
        (("卫", "浴"), _bathroom),
        (("厅", "影音"), _living),
        (("衣帽",), _wardrobes),
        (("阳台", "露台", "洗"), _balcony),
    )
    for signs, draw in kinds:
        if any(sign in name for sign in signs):
            return draw(long, wide, moved)
    return ""


def _box(x: float, y: float, width: float, height: float, *, round_mm: int = 40, fill: str = SOFT) -> str:
    return (
        f'<rect x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="{height:.0f}" rx="{round_mm}" fill="{fill}" '
        f'stroke="{LINE}" stroke-width="18"/>'
    )


def _circle(x: float, y: float, radius: float, fill: str = "none") -> str:
    return f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{fill}" stroke="{LINE}" stroke-width="18"/>'


def _line(path: str) -> str:
    return f'<path d="{path}" fill="none" stroke="{LINE}" stroke-width="18"/>'


def _bedroom(long: int, wide: int, _moved: bool) -> str:
    bed = 1800 if long >= 3200 else 1500
    x = (long - bed) / 2 + 250
    parts = [
        _box(x, 120, bed, 2000),
        _box(x + 90, 200, bed / 2 - 140, 420, round_mm=120),
        _box(x + bed / 2 + 50, 200, bed / 2 - 140, 420, round_mm=120),
        _line(f"M{x:.0f} 760h{bed}"),
        _box(x - 500, 120, 450, 420),
        _box(x + bed + 50, 120, 450, 420),
    ]
    if x + bed + 500 > long:
        parts.pop()
    parts.append(_wardrobe(60, 900 if x < 1200 else 60, 600, min(wide - 1700, 2000)))
    return "".join(parts)


def _wardrobe(x: float, y: float, deep: float, length: float) -> str:
    if length < 800:
        return ""
    return (
        _box(x, y, deep, length, round_mm=10)
        + _line(f"M{x + deep / 2:.0f} {y:.0f}v{length:.0f}")
        + "".join(_line(f"M{x + 90:.0f} {y + at:.0f}l{deep - 180:.0f} 60") for at in range(150, int(length) - 100, 260))
    )


def _wardrobes(long: int, wide: int, _moved: bool) -> str:
    return _wardrobe(60, 60, 600, wide - 900) + _wardrobe(long - 660, 60, 600, wide - 900)


def _study(long: int, wide: int, _moved: bool) -> str:
    return (
        _box(long - 1700, 80, 1600, 650)
        + _box(long - 1150, 800, 520, 500, round_mm=160)
        + _box(60, 60, 350, wide - 1300, round_mm=10)
        + "".join(_line(f"M60 {at}h350") for at in range(460, wide - 1300, 400))
    )


def _kitchen(long: int, wide: int, _moved: bool) -> str:
    hob = long - 1500
    return (
        _box(40, 40, long - 80, 560, round_mm=10, fill="#eef3f1")
        + _box(40, 600, 560, max(300, wide - 1500), round_mm=10, fill="#eef3f1")
        + _box(700, 110, 760, 420, round_mm=80, fill="#fff")
        + _line("M1080 110v420")
        + _box(hob, 110, 720, 420, round_mm=30, fill="#fff")
        + _circle(hob + 200, 320, 120)
        + _circle(hob + 520, 320, 120)
    )


def _bathroom(long: int, wide: int, _moved: bool) -> str:
    shower = min(1000, wide - 700)
    return (
        _box(40, 40, 950, shower, round_mm=10, fill="#eef3f1")
        + _line(f"M40 40l950 {shower}M990 40l-950 {shower}")
        + _circle(515, 40 + shower / 2, 60, "#fff")
        + _box(1120, 60, 420, 240)
        + '<ellipse cx="1330" cy="520" rx="210" ry="270" fill="#fff" stroke="#4a5b56" stroke-width="18"/>'
        + (_box(long - 900, 40, 860, 520, fill="#eef3f1") + _circle(long - 470, 300, 180, "#fff") if long >= 2500 else "")
    )


def _living(long: int, wide: int, moved: bool) -> str:
    shift = 900 if moved else 0
    tv = 2600 if moved else 2000
    x = 500 + shift
    sofa = (
        _box(x, wide - 1150, 2500, 950, round_mm=140)
        + _box(x + 60, wide - 1150, 2380, 690, round_mm=100)
        + "".join(_line(f"M{x + at} {wide - 1150}v690") for at in (850, 1650))
    )
    parts = [sofa, _box(x + 600, wide - 2050, 1300, 620), _box(500, 60, tv, 400, round_mm=10), _line(f"M{500 + tv / 2 - 600:.0f} 120h1200")]
    if long >= 5600:
        table = long - 2100
        parts += [
            _box(table, wide / 2 - 450, 1500, 850),
            *(_box(table + at, wide / 2 + side, 420, 380, round_mm=120) for at in (200, 880) for side in (-860, 430)),
        ]
    return "".join(parts)


def _balcony(long: int, wide: int, _moved: bool) -> str:
    return (
        _box(long - 720, 80, 620, 600)
        + _circle(long - 410, 380, 210)
        + _circle(350, 380, 190, "#e5f2e8")
        + _circle(350, 380, 90, "#cfe6d5")
        + (_box(long / 2 - 300, 160, 600, 500, round_mm=160) if long > 3000 else "")
    )
