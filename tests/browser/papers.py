"""Files as people have them: drawings, and photos as phones take them."""

from __future__ import annotations

from pathlib import Path

import ezdxf
import pillow_heif
import pypdfium2
from PIL import Image, ImageDraw

POINTS_PER_MM = 72 / 25.4


def drawing_pdf(path: Path, *, wall_mm: int) -> Path:
    """A sheet A3 with a room on it, its wall at `wall_mm`: two of them differ visibly."""
    paper = Image.new("RGB", (1684, 1191), "white")
    pen = ImageDraw.Draw(paper)
    pen.rectangle((200, 200, 1400, 1000), outline="black", width=8)
    pen.line((200 + wall_mm, 200, 200 + wall_mm, 1000), fill="black", width=8)
    paper.save(path, "PDF", resolution=100)
    assert len(pypdfium2.PdfDocument(path)) == 1
    return path


def drawing_dxf(path: Path) -> Path:
    """A small plan with Chinese words on it."""
    document = ezdxf.new("R2018", setup=True)
    space = document.modelspace()
    space.add_lwpolyline([(0, 0), (6200, 0), (6200, 4100), (0, 4100)], close=True)
    space.add_text("客餐厅 25.42㎡", height=250).set_placement((1800, 2000))
    document.saveas(path)
    return path


def photo_jpeg(path: Path, colour: str = "#a0764a") -> Path:
    """A photo that lies on its side and says where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6  # turn right
    exif.get_ifd(0x8825).update({1: "N", 2: (31.0, 13.0, 20.0), 3: "E", 4: (121.0, 28.0, 10.0)})
    Image.effect_noise((1600, 1200), 40).convert("RGB").save(path, exif=exif, quality=80)
    return path


def photo_heic(path: Path) -> Path:
    """The same from another make of phone."""
    pillow_heif.from_pillow(Image.effect_noise((1600, 1200), 40).convert("RGB")).save(path, quality=60)
    return path
