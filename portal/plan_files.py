"""Pictures and originals of drawings as answers; whoever asks has gone through scope before."""

from __future__ import annotations

from flask import Response, abort
from flask_babel import gettext

from portal.delivery import deliver
from portal.storage import Refused


def picture(page, size: str) -> Response:
    """A preview page in full; its thumbnail for "thumb"; laid over the revision before for "overlay"."""
    if size == "thumb":
        return deliver(page.thumb_sha256, "image/webp")
    if size == "overlay":
        return deliver(page.overlay_sha256, "image/png") if page.overlay_sha256 else abort(404)
    return deliver(page.image_sha256, page.image.media_type)


def original(revision, part: str) -> Response:
    """The uploaded file itself, always as a download; `part` "source" is the editable one beside it."""
    sha256, name = revision.file_sha256, revision.file_name
    if part == "source":
        sha256, name = revision.source_sha256, revision.source_name
    if not sha256:
        abort(404)
    return deliver(sha256, "application/octet-stream", name=name, attachment=True)


def sentences(records: list[dict]) -> list[str]:
    """Stored refusals of files in the language of the page."""
    return [Refused.from_record(record).in_words(gettext) for record in records]
