"""Stored contents as answers: named by their hash, so a browser may keep them, but only for this person."""

from __future__ import annotations

from flask import Response, send_file

from portal.extensions import storage

KEPT_S = 30 * 24 * 3600


def deliver(sha256: str, media_type: str, *, name: str = "", attachment: bool = False) -> Response:
    """The content under `sha256`, with ranges and 304; the page that asks has gone through scope before.

    It is kept by the person's own browser and by no proxy, and cannot be opened as a page of this site.
    """
    response = send_file(
        storage.path(sha256), mimetype=media_type, download_name=name or None, as_attachment=attachment, etag=sha256
    )
    response.headers["Cache-Control"] = f"private, max-age={KEPT_S}, immutable"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def deliver_photo(photo, size: str) -> Response:
    """A cleaned photo in full, or its thumbnail for `size` "thumb"."""
    if size == "thumb":
        return deliver(photo.thumb_sha256, "image/webp")
    return deliver(photo.full_sha256, "image/jpeg", name=photo.name.rpartition(".")[0] + ".jpg")
