"""The certified and sealed files, for the household: as a PDF, and page by page as pictures."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask_login import current_user

from portal import scope
from portal.actions.estimates import papers
from portal.delivery import PDF, deliver
from portal.security import needs, raw

bp = Blueprint("documents", __name__, url_prefix="/documents")


@bp.get("/<int:document_id>/file")
@raw
@needs("home.view")
def file(document_id: int) -> Response:
    """The file as it stands now; before the company has certified it there is none to show."""
    document = scope.find(scope.home_documents(current_user), document_id)
    last = papers.latest(document)
    if document.shown_sha256 is None or last is None:
        abort(404)
    return deliver(last.sha256, PDF, name=papers.file_name(document), changes=True)


@bp.get("/<int:document_id>/certified")
@raw
@needs("home.view")
def certified(document_id: int) -> Response:
    """The very bytes that signers are shown and sign: as the company certified them, without anybody's signature."""
    document = scope.find(scope.home_documents(current_user), document_id)
    if document.shown_sha256 is None:
        abort(404)
    return deliver(document.shown_sha256, PDF, name=papers.file_name(document))


@bp.get("/<int:document_id>/pages/<int:number>")
@raw
@needs("home.view")
def page(document_id: int, number: int) -> Response:
    """A page of the certified file as a picture."""
    found = papers.page(scope.find(scope.home_documents(current_user), document_id), number)
    return deliver(found.image_sha256, found.media_type) if found else abort(404)
