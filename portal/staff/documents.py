"""The certified and sealed files, for staff."""

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
@needs("estimate.see")
def file(document_id: int) -> Response:
    """The file as it stands now."""
    document = scope.find(scope.documents(current_user), document_id)
    last = papers.latest(document)
    return deliver(last.sha256, PDF, name=papers.file_name(document), changes=True) if last else abort(404)
