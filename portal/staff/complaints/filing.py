"""A complaint that came by phone or in person, written down for the customer."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.complaints import filing
from portal.complaint_fields import whole
from portal.extensions import db
from portal.photo_field import PHOTO_FORM_BYTES
from portal.queries import projects
from portal.rendering import moved, page
from portal.security import accepts, needs
from portal.staff.complaints import bp
from portal.staff.complaints.forms import StaffFilingForm


@bp.get("/new")
@needs("complaint.file")
def new() -> Response:
    """First the home, found by words; then the form."""
    words = request.args.get("q", "").strip()[:60]
    rows = scope.projects(current_user)
    if request.args.get("project_id"):
        home = scope.find(rows, whole(request.args["project_id"]) or 0)
        form = StaffFilingForm(formdata=None, project_id=home.id, reporter_name=home.customer_name)
        return page("staff/complaints/new.html", "homes", home=home, form=form, homes=(), words="")
    homes = projects.newest(projects.matching(rows, words), before=None)[0]
    return page("staff/complaints/new.html", "homes", home=None, form=None, homes=homes, words=words)


@bp.post("/")
@accepts(PHOTO_FORM_BYTES)
@needs("complaint.file")
def create() -> Response:
    """File it for the customer: she gets the number, the person and the time as if she had written herself."""
    form = StaffFilingForm()
    home = scope.find(scope.projects(current_user), whole(form.project_id.data) or 0)
    if not form.validate():
        return page("staff/complaints/new.html", home=home, form=form, homes=(), words=""), 422
    home = scope.find(scope.projects(current_user), home.id)
    complaint = filing.file(
        filing.Filing(project=home, **form.facts()), form.photos.data, by=current_user, at=clock.now()
    )
    db.session.commit()
    return moved(url_for(".show", complaint_id=complaint.id), said=_("已受理，编号%(number)s", number=complaint.number))
