"""Pages of drawings as pictures, and the files themselves."""

from __future__ import annotations

from flask import Response, request
from flask_login import current_user

from portal import plan_files, scope
from portal.customer.plans import bp
from portal.security import needs, raw


@bp.get("/pages/<int:page_id>/image")
@raw
@needs("home.view")
def image(page_id: int) -> Response:
    """A page: in full, `?size=thumb` small, `?size=overlay` laid over the one before."""
    return plan_files.picture(scope.find(scope.home_pages(current_user), page_id), request.args.get("size", "full"))


@bp.get("/revisions/<int:drawing_revision_id>/original")
@raw
@needs("home.view")
def original(drawing_revision_id: int) -> Response:
    """The file as it was uploaded; the designer's editable one stays in the office."""
    return plan_files.original(scope.find(scope.home_drawing_revisions(current_user), drawing_revision_id), "")
