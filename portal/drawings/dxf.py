"""Layouts of a DXF as pictures (ezdxf draws SVG, resvg turns it into pixels)."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path

import ezdxf
import resvg_py
from ezdxf import recover
from ezdxf.addons.drawing import Frontend, RenderContext, layout
from ezdxf.addons.drawing.config import BackgroundPolicy, Configuration, ImagePolicy, ProxyGraphicPolicy
from PIL import Image

from portal.drawings.lettering import DrawingAsSvg, own_fonts_only
from portal.drawings.limits import MEGABYTE, Limits
from portal.drawings.refusals import broken, too_heavy
from portal.storage.refusal import Refused

A3_MM = 420
TAIL_BYTES = 256
ASCII_END = re.compile(rb"(?:^|\n)\s*0[ \t]*\r?\n[ \t]*EOF\s*\Z")
SVG_SIZE = re.compile(r'(<svg\b[^>]*?) width="[^"]*" height="[^"]*"')
LIGHT = 150  # of 255: anything lighter cannot be read on white
CONFIGURATION = Configuration(
    background_policy=BackgroundPolicy.WHITE,
    image_policy=ImagePolicy.RECT,  # a frame only: an IMAGE names a path, and no path of this machine is opened for it
    proxy_graphic_policy=ProxyGraphicPolicy.SHOW,
    hatching_timeout=5.0,
    min_hatch_line_distance=0.01,
)


def open_pages(source: Path, limits: Limits, first: int) -> tuple[int, Iterator[tuple[str, Image.Image]]]:
    """The sheets (paper space) in the order of their tabs, then the model.

    Raises Refused `dxf_too_large`, `dxf_endless`, `dxf_nothing_to_show`, `broken`.
    """
    _whole(source, limits)
    own_fonts_only()
    document = _read(source)
    drawn = [sheet for sheet in _sheets(document) if len(sheet)]
    if not drawn:
        raise Refused("dxf_nothing_to_show", "这个 DXF 里没有可以显示的图形，请检查导出的内容")
    return len(drawn), ((_title(sheet), _picture(document, sheet, limits)) for sheet in drawn[first - 1 :])


def _whole(source: Path, limits: Limits) -> None:
    """A drawing shown half would mislead: one without its end is not shown at all."""
    size = source.stat().st_size
    if size > limits.dxf_bytes:
        limit_mb = f"{limits.dxf_bytes / MEGABYTE:.4g}"
        raise Refused(
            "dxf_too_large", "DXF 超过 {limit_mb} MB，无法生成预览：请在旁边再上传一份 PDF", {"limit_mb": limit_mb}
        )
    with source.open("rb") as file:
        binary = file.read(22).startswith(b"AutoCAD Binary DXF")
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read()
    if not (tail.rstrip(b"\x00").endswith(b"EOF") if binary else ASCII_END.search(tail)):
        raise Refused("dxf_endless", "DXF 文件没有结尾（EOF），可能没有传完或导出中断，请重新导出后再上传")


def _read(source: Path) -> ezdxf.document.Drawing:
    try:
        return ezdxf.readfile(source)
    except (ezdxf.DXFError, UnicodeError, ValueError, KeyError, AttributeError, TypeError):
        return _repaired(source)


def _repaired(source: Path) -> ezdxf.document.Drawing:
    try:
        return recover.readfile(source)[0]
    except ezdxf.DXFError:
        raise broken() from None


def _sheets(document: ezdxf.document.Drawing) -> Iterator:
    for name in document.layout_names_in_taborder():
        if name != "Model" and any(
            entity.dxftype() != "VIEWPORT" or entity.dxf.id != 1 for entity in document.layout(name)
        ):
            yield document.layout(name)
    yield document.modelspace()


def _title(sheet) -> str:
    return "" if sheet.is_modelspace else sheet.name[:80]


def _picture(document: ezdxf.document.Drawing, sheet, limits: Limits) -> Image.Image:
    context, backend = RenderContext(document), DrawingAsSvg()
    frontend = Frontend(context, backend, config=CONFIGURATION)
    frontend.push_property_override_function(_readable)
    frontend.draw_layout(sheet, finalize=True)
    page = layout.Page(0, 0, layout.Units.mm, layout.Margins.all(4), max_width=A3_MM, max_height=A3_MM)
    drawn = backend.get_string(page, settings=layout.Settings(fit_page=True))
    return _pixels(drawn, limits)


def _pixels(drawn: str, limits: Limits) -> Image.Image:
    """resvg knows no millimetres, so the size is left to the view box."""
    plain = SVG_SIZE.sub(r"\1", drawn, count=1)
    wide = _is_wide(plain)
    size = {"width": limits.side_px} if wide else {"height": limits.side_px}
    picture = resvg_py.svg_to_bytes(svg_string=plain, background="#ffffff", skip_system_fonts=True, **size)
    return Image.open(io.BytesIO(picture)).convert("RGB")


def _is_wide(drawn: str) -> bool:
    found = re.search(r'viewBox="0 0 (\d+) (\d+)"', drawn)
    if not found or "0" in found.groups():
        raise too_heavy()
    return int(found[1]) >= int(found[2])


def _readable(entity, properties) -> None:
    """CAD colours are chosen for a black screen; yellow and cyan are darkened for white paper, the hue stays."""
    red, green, blue = (int(properties.color[at : at + 2], 16) for at in (1, 3, 5))
    brightness = (red * 299 + green * 587 + blue * 114) // 1000
    if brightness > LIGHT and properties.color[:7].lower() != "#ffffff":
        dark = [channel * LIGHT // brightness for channel in (red, green, blue)]
        properties.color = "#{:02x}{:02x}{:02x}".format(*dark) + properties.color[7:]
