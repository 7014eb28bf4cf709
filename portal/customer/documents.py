"""The sealed files, for the household."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask_login import current_user

from portal import scope
from portal.actions.estimates import papers
from portal.answers import pdf
from portal.security import needs, raw

bp = Blueprint("documents", __name__, url_prefix="/documents")


@bp.get("/<int:document_id>/file")
@raw
@needs("home.view")
def file(document_id: int) -> Response:
    """The file as it stands now; before the company has certified it there is none to show."""
    document = scope.find(scope.home_documents(current_user), document_id)
    if document.shown_sha256 is None:
        abort(404)
    return pdf(papers.latest(document), papers.title_of(document.revision, document.language))
