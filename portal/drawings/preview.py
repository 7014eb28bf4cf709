"""Preview pages of one stored file, made within limits."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Any

from portal.drawings import sandbox
from portal.drawings.dwg import no_converter
from portal.drawings.limits import Limits
from portal.drawings.refusals import broken
from portal.storage.content import Kind
from portal.storage.refusal import Refused

OWN_NAME = re.compile(r"(?:page|thumb)-\d{4,}\.(?:png|jpg|webp)")


@dataclass(frozen=True)
class Page:
    """One preview picture (PNG for line art, JPEG for photographs) and its WebP thumbnail; sizes in pixels.

    `number` counts from 1; `title` is the name of a DXF sheet, else empty.
    """

    number: int
    image_path: Path
    width: int
    height: int
    thumb_path: Path
    title: str = ""

    @property
    def media_type(self) -> str:
        return "image/png" if self.image_path.suffix == ".png" else "image/jpeg"


class Pages(list[Page]):
    """The pages that could be made; `notes` say in plain words what was left out, `total` how many the file has."""

    def __init__(self) -> None:
        super().__init__()
        self.notes: list[Refused] = []
        self.total = 0


def make_previews(
    source: Path, kind: Kind, out_dir: Path, limits: Limits | None = None, *, dwg_command: str = ""
) -> Pages:
    """Writes `page-0001.png` (or .jpg) and `thumb-0001.webp` … into `out_dir` and returns them in order.

    `dwg_command` is the configured converter, empty for none. Raises Refused when there is no page at all: `encrypted`,
    `broken`, `too_slow`, `too_heavy`, `too_many_pixels`, `dxf_too_large`, `dxf_endless`, `dxf_nothing_to_show`,
    `dwg_stored`, `dwg_not_converted`. When some pages are there, what is missing stands in `notes`.
    """
    limits = limits or Limits()
    if kind is Kind.DWG and not dwg_command:
        raise no_converter()
    pages, first, until = Pages(), 1, monotonic() + limits.total_seconds
    while first:
        answers, refused = sandbox.run(
            "preview", source, out_dir, _left(limits, pages), kind=kind.value, first=first, dwg_command=dwg_command
        )
        pages += [_page(answer["page"], out_dir) for answer in answers if "page" in answer]
        if refused:
            return _cut_short(pages, refused)
        pages.total = int(answers[-1]["total"])
        first = answers[-1]["next"]
        if first and (monotonic() > until or _bytes(pages) > limits.total_written_bytes):
            pages.notes.append(_enough(pages))
            return pages
    if pages.total > len(pages):
        facts = {"shown": len(pages), "total": pages.total}
        pages.notes.append(
            Refused("too_many_pages", "共 {total} 页，预览只显示前 {shown} 页，请下载原件查看其余部分", facts)
        )
    return pages


def _page(answer: dict[str, Any], out_dir: Path) -> Page:
    """The child's word is checked: only names we give ourselves, only files that are there."""
    names = (answer["image"], answer["thumb"])
    if not all(OWN_NAME.fullmatch(name) and (out_dir / name).is_file() for name in names):
        raise broken()
    return Page(
        number=int(answer["number"]),
        image_path=out_dir / answer["image"],
        width=int(answer["width"]),
        height=int(answer["height"]),
        thumb_path=out_dir / answer["thumb"],
        title=str(answer["title"]),
    )


def _left(limits: Limits, pages: Pages) -> Limits:
    return replace(limits, total_written_bytes=limits.total_written_bytes - _bytes(pages))


def _bytes(pages: Pages) -> int:
    return sum(path.stat().st_size for page in pages for path in (page.image_path, page.thumb_path))


def _cut_short(pages: Pages, refused: Refused) -> Pages:
    """Pages that are done are worth showing; what stopped the rest is said beside them."""
    if not pages:
        raise refused
    facts = {"page": len(pages)}
    pages.notes.append(Refused("cut_short", "预览到第 {page} 页为止，其余部分太复杂或已损坏，请下载原件查看", facts))
    return pages


def _enough(pages: Pages) -> Refused:
    return Refused("enough", "预览只做到第 {page} 页，请下载原件查看其余部分", {"page": len(pages)})
