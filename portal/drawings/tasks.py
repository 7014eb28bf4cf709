"""What the child does with one file. Runs inside the limits only; see `child.py`."""

from __future__ import annotations

import errno
import itertools
import resource
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path

from portal.drawings.limits import Limits
from portal.drawings.refusals import broken, too_heavy
from portal.storage.content import Kind
from portal.storage.refusal import Refused


def perform(request: dict, answer: Callable[..., None]) -> None:
    """Does the task of the request and answers with `page`s, then `done` or `refused`."""
    task = {"preview": _preview, "photo": _photo}[request["task"]]
    try:
        task(request, Limits(**request["limits"]), answer)
    except Exception as error:  # whatever a hostile file does to a library, the person gets a sentence
        traceback.print_exc()
        answer(refused=_reason(error).as_record())


def _reason(error: Exception) -> Refused:
    if isinstance(error, Refused):
        return error
    if isinstance(error, MemoryError | RecursionError) or getattr(error, "errno", None) in (errno.EFBIG, errno.ENOMEM):
        return too_heavy()
    return broken()


def _preview(request: dict, limits: Limits, answer: Callable[..., None]) -> None:
    """Pages from `first` on, until half of the processor time is used; `next` tells where another child goes on."""
    from portal.drawings import pictures

    out_dir, first, written = Path(request["out_dir"]), request["first"], 0
    total, sheets = _open(request, limits, first)
    last, drawn = min(total, limits.pages), request["kind"] in (Kind.DXF, Kind.DWG)
    for number, (title, image) in enumerate(itertools.islice(sheets, last - first + 1), first):
        page = pictures.save_page(image, out_dir, number, limits, drawn=drawn)
        written += page.pop("bytes")
        answer(page={"number": number, "title": title, **page})
        if number < last and (_cpu_seconds() > limits.cpu_seconds / 2 or written > limits.total_written_bytes):
            return answer(done=True, total=total, next=number + 1)
    return answer(done=True, total=total, next=None)


def _open(request: dict, limits: Limits, first: int) -> tuple[int, Iterator]:
    """How many pages there are, and their (title, picture) pairs from number `first` on."""
    source, kind = Path(request["source"]), Kind(request["kind"])
    if kind.is_image:
        from portal.drawings import pictures

        return 1, iter([("", pictures.upright(source, limits, limits.side_px))])
    if kind is Kind.PDF:
        from portal.drawings import pdf

        return pdf.open_pages(source, limits, first)
    from portal.drawings import dxf

    if kind is Kind.DWG:
        from portal.drawings import dwg

        source = dwg.as_dxf(source, request["dwg_command"])
    return dxf.open_pages(source, limits, first)


def _photo(request: dict, limits: Limits, answer: Callable[..., None]) -> None:
    from portal.drawings import pictures

    image = pictures.upright(Path(request["source"]), limits, limits.photo_px)
    answer(photo=pictures.save_photo(image, Path(request["out_dir"]), limits))
    answer(done=True)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
