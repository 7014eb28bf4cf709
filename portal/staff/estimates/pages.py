"""The list of estimates and the ledger of one revision."""

from __future__ import annotations

from flask import Response, request
from flask_login import current_user

from portal import scope
from portal.queries import estimates as reads
from portal.rendering import page
from portal.security import needs
from portal.staff.estimates import bp
from portal.staff.estimates.forms import DraftForm
from portal.staff.estimates.ledger import ledger
from portal.staff.project_tabs import tabs_of


@bp.get("/")
@needs("estimate.see")
def index() -> Response:
    """Every estimate the person may see, newest first; searchable by home, number or customer."""
    words = request.args.get("q", "").strip()[:60]
    before = request.args.get("before", type=int)
    found = reads.listed(scope.revisions(current_user), words=words, before=before)
    return page("staff/estimates/index.html", "found", revisions=found[: reads.PAGE], more=found[reads.PAGE :], words=words)


@bp.get("/projects/<int:project_id>")
@needs("estimate.see")
def project(project_id: int) -> Response:
    """All revisions of one home, and the way to a new one."""
    home = scope.find(scope.projects(current_user), project_id)
    revisions = reads.of_project(home, scope.revisions(current_user))
    return page(
        "staff/estimates/project.html", project=home, revisions=revisions, form=DraftForm(formdata=None), project_tabs=tabs_of(home.id)
    )


@bp.get("/<int:revision_id>")
@needs("estimate.see")
def show(revision_id: int) -> Response:
    """The ledger: editable while it is a draft, for reading ever after."""
    return page("staff/estimates/show.html", "ledger", **ledger(current_user, revision_id))
