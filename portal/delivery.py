"""Stored contents as answers: named by their hash, so a browser may keep them, but only for this person."""

from __future__ import annotations

from flask import Response, send_file

from portal.extensions import storage

KEPT_S = 30 * 24 * 3600
PDF = "application/pdf"
_SANDBOX = "default-src 'none'; sandbox"
_PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; img-src 'self' data:"


def deliver(sha256: str, media_type: str, *, name: str = "", attachment: bool = False, changes: bool = False) -> Response:
    """The content under `sha256`, with ranges and 304; the page that asks has gone through scope before.

    It is kept by the person's own browser and by no proxy, and cannot be opened as a page of this site. Where the
    content behind the address `changes`, the browser asks each time whether it still holds the newest.
    """
    response = send_file(storage.path(sha256), mimetype=media_type, download_name=name or None, as_attachment=attachment, etag=sha256)
    response.headers["Cache-Control"] = "private, no-cache" if changes else f"private, max-age={KEPT_S}, immutable"
    # Browsers refuse to show a PDF in a sandbox at all; it is no page that could run anything.
    response.headers["Content-Security-Policy"] = _PDF_POLICY if media_type == PDF else _SANDBOX
    return response


def deliver_photo(photo, size: str) -> Response:
    """A cleaned photo in full, or its thumbnail for `size` "thumb"."""
    if size == "thumb":
        return deliver(photo.thumb_sha256, "image/webp")
    return deliver(photo.full_sha256, "image/jpeg", name=photo.name.rpartition(".")[0] + ".jpg")
