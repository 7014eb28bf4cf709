"""What a new revision changed on a page, seen with the eyes: regions, share, and both laid over each other."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

COMPARED_PX = 1200
OVERLAY_PX = 2400
TOLERANCE = 56  # of 255: antialiasing and a redrawn but equal line stay below
CELL_PX = 24
SAME_SHAPE = 0.02
REMOVED, ADDED, KEPT = (200, 30, 30), (0, 128, 128), (150, 150, 150)
WHITE = (255, 255, 255)
Mask = Image.Image


@dataclass(frozen=True)
class Box:
    """A region in fractions (0–1) of the new page's width and height, from its top left corner."""

    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True)
class Change:
    """Regions from top to bottom; `share` is the part of the page's pixels that changed, 0–1."""

    regions: tuple[Box, ...]
    share: float

    def __bool__(self) -> bool:
        return bool(self.regions)


def describe_change(old_path: Path, new_path: Path) -> Change:
    """Compares two of our own preview pages. A line redrawn within a pixel is no change; another size is fitted."""
    old, new = _pair(old_path, new_path, COMPARED_PX)
    changed = ImageChops.lighter(_unexplained(new, old), _unexplained(old, new))
    share = changed.histogram()[255] / (changed.width * changed.height)
    boxes = sorted(_regions(changed), key=lambda box: (box[1], box[0]))
    return Change(tuple(_fraction(box, changed.size) for box in boxes), share)


def overlay(old_path: Path, new_path: Path, out_path: Path) -> Path:
    """Writes a PNG: what stayed in grey, removed in red, added in blue-green."""
    old, new = _pair(old_path, new_path, OVERLAY_PX)
    picture = Image.new("RGB", new.size, WHITE)
    picture.paste(KEPT, mask=ImageChops.lighter(_ink(old), _ink(new)))
    picture.paste(REMOVED, mask=ImageChops.darker(_ink(old), _around(_unexplained(old, new))))
    picture.paste(ADDED, mask=ImageChops.darker(_ink(new), _around(_unexplained(new, old))))
    picture.save(out_path, "PNG")
    return out_path


def _pair(old_path: Path, new_path: Path, side_px: int) -> tuple[Image.Image, Image.Image]:
    """Both in one size; a page of another shape is laid at the top left on white instead of being stretched."""
    with Image.open(old_path) as first, Image.open(new_path) as second:
        old, new = first.convert("RGB"), second.convert("RGB")
    new.thumbnail((side_px, side_px), Image.Resampling.BOX)
    if abs(old.width / old.height / (new.width / new.height) - 1) < SAME_SHAPE:
        return old.resize(new.size, Image.Resampling.BOX), new
    old.thumbnail(new.size, Image.Resampling.BOX)
    sheet = Image.new("RGB", new.size, WHITE)
    sheet.paste(old)
    return sheet, new


def _unexplained(picture: Image.Image, other: Image.Image) -> Mask:
    """255 where a pixel is lighter or darker than everything the other has within one pixel of that place."""
    above = ImageChops.subtract(picture, _spread(other, ImageChops.lighter))
    below = ImageChops.subtract(_spread(other, ImageChops.darker), picture)
    return _strongest(ImageChops.lighter(above, below)).point(lambda value: 255 * (value > TOLERANCE))


def _spread(picture: Image.Image, keep) -> Image.Image:
    """The lightest (darkest) value of every 3 × 3 neighbourhood, first along rows, then along columns."""
    for right, down in ((1, 0), (0, 1)):
        there, back = ImageChops.offset(picture, right, down), ImageChops.offset(picture, -right, -down)
        picture = keep(picture, keep(there, back))
    return picture


def _around(mask: Mask) -> Mask:
    """With one pixel more on each side, so that the soft edge of a line takes its colour."""
    return _spread(mask, ImageChops.lighter)


def _ink(picture: Image.Image) -> Mask:
    """How much is drawn, in any colour: 0 for white paper, soft at the edges of lines."""
    return _strongest(ImageChops.invert(picture))


def _strongest(picture: Image.Image) -> Mask:
    red, green, blue = picture.split()
    return ImageChops.lighter(red, ImageChops.lighter(green, blue))


def _regions(mask: Mask) -> list[tuple[int, int, int, int]]:
    """Boxes around changed places; places in touching cells belong together."""
    wide, high = -(-mask.width // CELL_PX), -(-mask.height // CELL_PX)
    cells = {
        (column, row): box
        for row in range(high)
        for column in range(wide)
        if (box := _changed_in(mask, column, row)) is not None
    }
    regions = []
    while cells:
        regions.append(_grow(cells, next(iter(cells))))
    return regions


def _changed_in(mask: Mask, column: int, row: int) -> tuple[int, int, int, int] | None:
    left, top = column * CELL_PX, row * CELL_PX
    inside = mask.crop((left, top, min(left + CELL_PX, mask.width), min(top + CELL_PX, mask.height))).getbbox()
    return inside and (inside[0] + left, inside[1] + top, inside[2] + left, inside[3] + top)


def _grow(cells: dict, start: tuple[int, int]) -> tuple[int, int, int, int]:
    """Takes the cell and all that touch it out of `cells` and returns the box around them."""
    waiting, boxes = [start], [cells.pop(start)]
    while waiting:
        column, row = waiting.pop()
        for near in [(column + right, row + down) for right in (-1, 0, 1) for down in (-1, 0, 1)]:
            if near in cells:
                waiting.append(near)
                boxes.append(cells.pop(near))
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _fraction(box: tuple[int, int, int, int], size: tuple[int, int]) -> Box:
    left, top, right, bottom = box
    width, height = size
    return Box(left / width, top / height, (right - left) / width, (bottom - top) / height)
