"""Booking a visit."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions import visits
from portal.extensions import db
from portal.queries import projects as teams
from portal.rendering import moved, page
from portal.rules.words import Refused
from portal.security import needs
from portal.staff.visits import bp
from portal.staff.visits.forms import VisitForm


@bp.get("/new")
@needs("visit.book")
def new() -> Response:
    project = _project()
    form = VisitForm(formdata=None, day=clock.today()).among(teams.team(project.id))
    return page("staff/visits/new.html", project=project, form=form)


@bp.post("/")
@needs("visit.book")
def create() -> Response:
    project = _project()
    team = teams.team(project.id)
    form = VisitForm().among(team)
    if not form.validate():
        return page("staff/visits/new.html", project=project, form=form), 422
    facts = form.values(without=("day", "time", "minutes", "all_day", "person"))
    assignment = next((one for one in team if str(one.id) == form.person.data), None)
    try:
        visit = visits.book(project=project, by=current_user, at=clock.now(), assignment=assignment, **facts, **form.span())
    except Refused as refused:
        form[refused.field or "day"].errors = [refused.reason.in_words(_)]
        return page("staff/visits/new.html", project=project, form=form), 422
    db.session.commit()
    return moved(url_for(".show", visit_id=visit.id), said=_("已约好，业主的日程里马上能看到。"))


def _project():
    return scope.find(scope.projects(current_user), request.args.get("project_id", 0, type=int))
