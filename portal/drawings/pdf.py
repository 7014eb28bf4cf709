"""Pages of a PDF as pictures (PDFium)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image

from portal.drawings.limits import Limits
from portal.drawings.refusals import broken
from portal.storage.refusal import Refused

PASSWORD_NEEDED = 4
MOST_PIXELS_PER_POINT = 4.0  # 288 dpi: a small page is not blown up


def open_pages(source: Path, limits: Limits, first: int) -> tuple[int, Iterator[tuple[str, Image.Image]]]:
    """Raises Refused `encrypted`, or `broken` when it is no PDF or has no page."""
    try:
        document = pdfium.PdfDocument(source)
    except pdfium.PdfiumError as error:
        if error.err_code == PASSWORD_NEEDED:
            raise Refused("encrypted", "这个 PDF 设了打开密码，请去掉密码后再上传") from None
        raise broken() from None
    if not len(document):
        raise broken()
    document.init_forms()
    return len(document), (("", _picture(document, index, limits)) for index in range(first - 1, len(document)))


def _picture(document: pdfium.PdfDocument, index: int, limits: Limits) -> Image.Image:
    """One page upright as the reader sees it; a huge sheet is drawn smaller, never larger than the limit."""
    page = document[index]
    try:
        width, height = page.get_size()
        if not (width > 0 and height > 0):
            raise broken()
        scale = min(MOST_PIXELS_PER_POINT, limits.side_px / max(width, height))
        bitmap = page.render(scale=scale, rev_byteorder=True)
        image = bitmap.to_pil().convert("RGB")
        bitmap.close()
        return image
    finally:
        page.close()
