"""Answers that are files: with their name in every language, kept privately by the browser, never run by it."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response, abort, request, send_file

from portal.extensions import storage

_FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def pdf(kept, title: str) -> Response:
    """A document file (a row with `sha256`), shown in the browser under `title`.pdf."""
    if kept is None:
        abort(404)
    return stored(kept.sha256, media_type="application/pdf", name=f"{title}.pdf", inline=True)


def stored(sha256: str, *, media_type: str, name: str, inline: bool) -> Response:
    """A stored content. Its address belongs to a row, its content never changes: the hash is the ETag."""
    response = send_file(storage.path(sha256), mimetype=media_type, conditional=True, etag=sha256, max_age=3600)
    kind = "inline" if inline else "attachment"
    response.headers["Content-Disposition"] = f"{kind}; filename*=UTF-8''{quote(name)}"
    response.headers["Cache-Control"] = "private, max-age=3600"
    if media_type != "application/pdf":  # a sandbox keeps browsers from showing PDFs at all
        response.headers["Content-Security-Policy"] = _FILE_POLICY
    return response.make_conditional(request)
