"""Chinese text in DXF drawings: our own font for every style, and strokes that cross without leaving white holes."""

from __future__ import annotations

from pathlib import Path

from ezdxf.addons.drawing import svg
from ezdxf.fonts import fonts

FONTS = Path(__file__).parents[1] / "static" / "fonts"
CHINESE_FONT = "NotoSansSC-Regular.ttf"
FONT_OF_LAST_RESORT = "ArialUni.ttf"  # the first name that ezdxf falls back to
TEXT_ENTITIES = frozenset({"TEXT", "MTEXT", "ATTRIB", "ATTDEF"})
LETTERING = "\x00lettering"  # no layer of a drawing can have this name


def own_fonts_only() -> None:
    """Whatever font a drawing asks for, it gets ours: a machine's own may have no Chinese and would draw boxes."""
    manager = fonts.font_manager
    manager.clear()
    manager.build([str(FONTS)], support_dirs=False)
    manager.add_synonyms({CHINESE_FONT: FONT_OF_LAST_RESORT}, reverse=False)


class DrawingAsSvg(svg.SVGBackend):
    """Marks what is lettering while recording.

    Hatches need the even-odd rule, whose holes go either way round; the strokes of a Chinese glyph overlap and would
    be punched out by it, so lettering is filled by the non-zero rule.
    """

    def __init__(self) -> None:
        super().__init__()
        self._within: list[str] = []

    def enter_entity(self, entity, properties) -> None:
        self._within.append(entity.dxftype())

    def exit_entity(self, entity) -> None:
        self._within.pop()

    def draw_filled_paths(self, paths, properties) -> None:
        if self._within and self._within[-1] in TEXT_ENTITIES:
            properties = properties._replace(layer=LETTERING)
        super().draw_filled_paths(paths, properties)

    @staticmethod
    def make_backend(page, settings) -> svg.SVGRenderBackend:
        return _Renderer(page, settings)


class _Renderer(svg.SVGRenderBackend):
    def add_filling(self, d, properties) -> None:
        super().add_filling(d, properties)
        if d and properties.layer == LETTERING:
            self.entities[-1].set("fill-rule", "nonzero")
