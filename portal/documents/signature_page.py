"""Where the signature boxes stand: the template draws them and the sealing places its fields, both from here."""

from __future__ import annotations

from dataclasses import dataclass

PAGE_WIDTH_MM, PAGE_HEIGHT_MM = 210, 297
MARGIN_SIDE_MM, MARGIN_TOP_MM, MARGIN_BOTTOM_MM = 18, 20, 20
MOST_BOXES = 8
COMPANY_FIELD = "company"
_FIRST_TOP_MM, _BOX_HEIGHT_MM, _BOX_GAP_MM = 84, 42, 5
_LABEL_MM = 9
_COLUMNS = 2
_POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Box:
    """A signer's box on the last page. Millimetres from the page's top left corner; the top strip carries the name."""

    left_mm: float
    top_mm: float
    width_mm: float
    height_mm: float

    @property
    def rectangle(self) -> tuple[int, int, int, int]:
        """The space under the name in PDF points from the bottom left corner: (x1, y1, x2, y2)."""
        top, bottom = PAGE_HEIGHT_MM - self.top_mm - _LABEL_MM, PAGE_HEIGHT_MM - self.top_mm - self.height_mm
        edges = (self.left_mm + 1, bottom + 1, self.left_mm + self.width_mm - 1, top - 0.5)
        return tuple(round(edge * _POINTS_PER_MM) for edge in edges)

    @property
    def inside_top_mm(self) -> float:
        """Distance from the top of the page's content, for the template."""
        return self.top_mm - MARGIN_TOP_MM

    @property
    def inside_left_mm(self) -> float:
        return self.left_mm - MARGIN_SIDE_MM


def boxes(count: int) -> tuple[Box, ...]:
    """`count` boxes, two in a row, the company's first. ValueError above MOST_BOXES."""
    if not 1 <= count <= MOST_BOXES:
        raise ValueError(f"a signature page has 1 to {MOST_BOXES} boxes, not {count}")
    width = (PAGE_WIDTH_MM - 2 * MARGIN_SIDE_MM - _BOX_GAP_MM) / _COLUMNS
    return tuple(
        Box(
            left_mm=MARGIN_SIDE_MM + (place % _COLUMNS) * (width + _BOX_GAP_MM),
            top_mm=_FIRST_TOP_MM + (place // _COLUMNS) * (_BOX_HEIGHT_MM + _BOX_GAP_MM),
            width_mm=width,
            height_mm=_BOX_HEIGHT_MM,
        )
        for place in range(count)
    )
