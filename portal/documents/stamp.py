"""What is seen in a signature's box: the drawn signature or the name, and when. The proof is the signature, not
the picture.
"""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from datetime import datetime

from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils.content import PdfContent
from pyhanko.pdf_utils.layout import AxisAlignment, BoxConstraints, Margins, SimpleBoxLayoutRule
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.stamp import StaticStampStyle

from portal.documents.html import document_html

LARGEST_DRAWING_BYTES = 400_000
_MOST_PIXELS, _WIDEST = 4_000_000, (900, 320)
_MM_PER_POINT = 25.4 / 72
_WHOLE_BOX = SimpleBoxLayoutRule(AxisAlignment.ALIGN_MID, AxisAlignment.ALIGN_MID, margins=Margins(0, 0, 0, 0))


class UnusableDrawing(ValueError):
    """Not a PNG of a drawn signature: too large, another format, or empty."""


@dataclass(frozen=True)
class Stamp:
    """What a box says. `number` is the certificate's; `drawn_png` a drawn signature or None."""

    name: str
    role: str
    at: datetime
    number: str
    language: str
    company: bool = False
    drawn_png: bytes | None = None


def style(stamp: Stamp, rectangle: tuple[int, int, int, int]) -> StaticStampStyle:
    """The appearance for a field of `rectangle` in PDF points. Raises UnusableDrawing."""
    from portal.documents.render import render_pdf

    left, bottom, right, top = rectangle
    picture = base64.b64encode(ink(stamp.drawn_png)).decode() if stamp.drawn_png else ""
    html = document_html(
        "stamp.html",
        stamp.language,
        stamp=stamp,
        picture=picture,
        width_mm=(right - left) * _MM_PER_POINT,
        height_mm=(top - bottom) * _MM_PER_POINT,
    )
    return StaticStampStyle(background=_Page(render_pdf(html)), background_layout=_WHOLE_BOX, border_width=0)


def ink(drawn_png: bytes) -> bytes:
    """The drawing cut to its ink, at most 900 × 320 pixels, as a PNG of our own making. Raises UnusableDrawing."""
    if len(drawn_png) > LARGEST_DRAWING_BYTES:
        raise UnusableDrawing("the drawing is too large")
    try:
        with Image.open(io.BytesIO(drawn_png), formats=["PNG"]) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise UnusableDrawing("the drawing has too many pixels")
            picture = opened.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as problem:
        raise UnusableDrawing("the drawing is not a PNG") from problem
    darkness = _ink_of(picture)
    bounds = darkness.getbbox()
    if bounds is None:
        raise UnusableDrawing("the drawing is empty")
    inked = Image.new("RGBA", picture.size, (18, 38, 84, 0))
    inked.putalpha(darkness)
    inked = inked.crop(bounds)
    inked.thumbnail(_WIDEST)
    out = io.BytesIO()
    inked.save(out, "PNG", optimize=True)
    return out.getvalue()


def _ink_of(picture: Image.Image) -> Image.Image:
    """How dark each pixel is on white paper: works for transparent and for white backgrounds."""
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return paper.convert("L").point(lambda light: max(0, 255 - light) if light < 235 else 0)


class _Page(PdfContent):
    """A page of a PDF in memory as the appearance of a field."""

    def __init__(self, pdf: bytes):
        super().__init__()
        self._pdf = pdf

    def render(self) -> bytes:
        page = self._ensure_writer.import_page_as_xobject(PdfFileReader(io.BytesIO(self._pdf)))
        self.resources.xobject["/Stamp"] = page
        x1, y1, x2, y2 = page.get_object()["/BBox"]
        self.box = BoxConstraints(width=abs(x1 - x2), height=abs(y1 - y2))
        return b"/Stamp Do"
