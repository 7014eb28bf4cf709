"""Photos of homes, for those who work on them."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask_login import current_user

from portal import scope
from portal.delivery import deliver_photo
from portal.security import needs, raw

bp = Blueprint("photos", __name__, url_prefix="/photos")


@bp.get("/<int:photo_id>")
@raw
@needs("project.see")
def show(photo_id: int) -> Response:
    """The photo itself; `?size=thumb` the small one."""
    return deliver_photo(scope.find(scope.photos(current_user), photo_id), request.args.get("size", "full"))
