"""The list of estimates, and one revision read at leisure."""

from __future__ import annotations

from flask import Response, url_for
from flask_login import current_user

from portal import clock, scope
from portal.actions.estimates import reading
from portal.customer.estimates import bp
from portal.customer.estimates.facts import about, find
from portal.extensions import db
from portal.queries import estimates as reads
from portal.rendering import changed, page
from portal.security import needs


@bp.get("/")
@needs("home.view")
def index() -> Response:
    """Every revision that was presented to the household, newest first, and what it asks of her."""
    revisions = reads.presented(scope.home_revisions(current_user))
    standings = reading.standings(revisions, current_user, at=clock.now())
    return page("customer/estimates/index.html", revisions=revisions, standings=standings)


@bp.get("/<int:revision_id>")
@needs("home.view")
def show(revision_id: int) -> Response:
    """What changed since she last looked or signed, then every line by room."""
    return page("customer/estimates/show.html", **about(find(current_user, revision_id), current_user))


@bp.post("/<int:revision_id>/view")
@needs("home.view")
def view(revision_id: int) -> Response:
    """She has looked at it: the next revision is compared with this one."""
    revision = scope.find(scope.home_revisions(current_user), revision_id)
    reading.note_view(revision, by=current_user, at=clock.now())
    db.session.commit()
    return changed("customer/estimates/show.html", "seen", to=url_for(".show", revision_id=revision_id), revision=revision)
