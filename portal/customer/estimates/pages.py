"""The list of estimates, and one revision read at leisure."""

from __future__ import annotations

from flask import Response, url_for
from flask_login import current_user

from portal import clock, scope
from portal.actions.estimates import reading
from portal.customer.estimates import bp
from portal.customer.estimates.facts import about
from portal.extensions import db
from portal.queries import estimates as reads
from portal.rendering import moved, page
from portal.security import needs


@bp.get("/")
@needs("home.view")
def index() -> Response:
    """Every revision that was presented to the household, newest first."""
    revisions = reads.presented(scope.home_revisions(current_user))
    return page("customer/estimates/index.html", revisions=revisions, states=reading.states(revisions, current_user))


@bp.get("/<int:revision_id>")
@needs("home.view")
def show(revision_id: int) -> Response:
    """What changed since she last looked or signed, then every line by room."""
    revision = scope.find(reads.with_lines(scope.home_revisions(current_user)), revision_id)
    return page("customer/estimates/show.html", **about(revision, current_user))


@bp.post("/<int:revision_id>/view")
@needs("home.view")
def view(revision_id: int) -> Response:
    """She has looked at it: the next revision is compared with this one."""
    revision = scope.find(scope.home_revisions(current_user), revision_id)
    reading.note_view(revision, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id)) if not _quiet() else Response(status=204)


def _quiet() -> bool:
    """The page itself reports that it was opened; nothing on it has to change."""
    from flask import request

    return bool(request.htmx)
