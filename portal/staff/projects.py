"""Projects: the list, and the one page from which everything about a home is reached."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import SelectField

from portal import clock, scope
from portal.actions import projects
from portal.errors import Conflict
from portal.extensions import db
from portal.fields import Form, QuantityField, TextLine, VersionField
from portal.navigation import Nav
from portal.queries import journeys
from portal.queries import projects as reads
from portal.rendering import changed, moved, page
from portal.rules.access import ROLE_NAMES
from portal.rules.followup import ContactWay
from portal.rules.stages import StageState
from portal.rules.visits import VisitKind
from portal.rules.words import Refused
from portal.security import needs
from portal.staff.project_tabs import Tab, tabs_of

bp = Blueprint("projects", __name__, url_prefix="/projects")
NAV = Nav(_l("项目"), "staff.projects.index", "home", order=30, capability="project.see", group=_l("项目"))
PROJECT_TAB = Tab(_l("概览"), "staff.projects.show", order=0, capability="project.see", icon="home")

KINDS = {kind.value: kind.label for kind in VisitKind}
WAYS = {way.value: way.label for way in ContactWay}
HOUSE_TYPES = [("平层", _l("平层")), ("复式", _l("复式")), ("别墅", _l("别墅"))]


class TeamForm(Form):
    """Whom to put on the project, in which role: "role:person"."""

    colleague = SelectField(_l("同事"), coerce=str)

    def chosen(self) -> tuple[str, int]:
        role, _colon, ident = self.colleague.data.partition(":")
        return role, int(ident)


class HomeForm(Form):
    """What is known of the home."""

    title = TextLine(_l("项目名称"), longest=80)
    community = TextLine(_l("小区"), longest=60, optional=True)
    building = TextLine(_l("楼栋"), longest=20, optional=True)
    unit = TextLine(_l("单元"), longest=20, optional=True)
    room_no = TextLine(_l("房号"), longest=20, optional=True)
    house_type = SelectField(_l("房屋类型"), choices=HOUSE_TYPES)
    layout = TextLine(_l("户型"), longest=80, optional=True)
    style = TextLine(_l("风格"), longest=40, optional=True)
    building_area_m2 = QuantityField(_l("建筑面积"), optional=True, lowest="1", highest="9999", places=2)
    inner_area_m2 = QuantityField(_l("套内面积"), optional=True, lowest="1", highest="9999", places=2)
    version = VersionField()


@bp.get("/")
@needs("project.see")
def index() -> Response:
    """All projects in the person's sight, the newest first, with a search over what people say on the phone."""
    words, state = request.args.get("q", "")[:100].strip(), request.args.get("state", "open")
    before = request.args.get("before", 0, type=int)
    rows = reads.in_state(reads.matching(scope.projects(current_user), words), state, current_user)
    found, next_before = reads.newest(rows, before=before if 0 < before <= scope.LARGEST_ID else None)
    idents = [project.id for project in found]
    return page(
        "staff/projects/index.html",
        "found",
        found=found,
        words=words,
        state=state,
        before=before,
        next_before=next_before,
        kinds=KINDS,
        journeys=journeys.of(idents),
        visits=reads.next_visits(idents, now=clock.now()),
    )


@bp.get("/<int:project_id>")
@needs("project.see")
def show(project_id: int) -> Response:
    return _hub(_find(project_id))


@bp.post("/<int:project_id>/team")
@needs("project.assign")
def assign(project_id: int) -> Response:
    project, form = _find(project_id), _team_form()
    if not form.validate():
        return _hub(project, form), 422
    role, ident = form.chosen()
    try:
        projects.assign(project=project, user=scope.find(scope.colleagues(role), ident), role=role, by=current_user, at=clock.now())
    except Refused as refused:
        form.colleague.errors = [refused.reason.in_words(_)]
        return _hub(project, form), 422
    return _team_changed(project_id, _("已加入项目团队。"))


@bp.post("/<int:project_id>/team/<int:assignment_id>/end")
@needs("project.assign")
def unassign(project_id: int, assignment_id: int) -> Response:
    project = _find(project_id)
    assignment = scope.find(scope.assignments(current_user).filter_by(project_id=project.id), assignment_id)
    projects.unassign(assignment=assignment, by=current_user, at=clock.now())
    return _team_changed(project_id, _("已移出项目团队。"))


@bp.get("/<int:project_id>/home")
@needs("visit.book")
def edit(project_id: int) -> Response:
    project = _find(project_id)
    return page("staff/projects/edit.html", project=project, form=HomeForm(obj=project), project_tabs=tabs_of(project_id))


@bp.post("/<int:project_id>/home")
@needs("visit.book")
def update(project_id: int) -> Response:
    project, form = _find(project_id), HomeForm()
    if not form.validate():
        return page("staff/projects/edit.html", project=project, form=form, project_tabs=tabs_of(project_id)), 422
    if form.version.data != project.version:
        raise Conflict(_("您打开页面之后，同事已经改过这些资料。请返回重新打开，再改一次。"))
    projects.describe(project=project, by=current_user, at=clock.now(), **form.values())
    db.session.commit()
    return moved(url_for(".show", project_id=project_id), said=_("房屋资料已保存。"))


def _find(project_id: int):
    return scope.find(reads.with_people(scope.projects(current_user)), project_id)


def _team_changed(project_id: int, said: str) -> Response:
    db.session.commit()
    facts = {"project": _find(project_id), "team_form": _team_form(fresh=True), "role_names": ROLE_NAMES}
    return changed("staff/projects/show.html", "team", to=url_for(".show", project_id=project_id), said=said, **facts)


def _team_form(fresh: bool = False) -> TeamForm:
    """The choices are active colleagues under the roles that they hold."""
    form = TeamForm(formdata=None) if fresh else TeamForm()
    groups: dict[str, list] = {}
    for grant in reads.staff_holding(role.value for role in projects.TEAM_ROLES):
        groups.setdefault(_(ROLE_NAMES[grant.role]), []).append((f"{grant.role}:{grant.user_id}", grant.user.name))
    form.colleague.choices = groups or [("", "—")]
    return form


def _hub(project, form: TeamForm | None = None) -> Response:
    assigns = current_user.can("project.assign")
    way = journeys.of([project.id])[project.id]
    return page(
        "staff/projects/show.html",
        "team",
        project=project,
        role_names=ROLE_NAMES,
        project_tabs=tabs_of(project.id),
        kinds=KINDS,
        ways=WAYS,
        journey=way,
        steps=[{"label": _(step.leg.label), "state": _STEP[step.state]} for step in way.steps],
        team_form=form or (_team_form(fresh=True) if assigns else None),
        lead=reads.origin(project),
        visits=reads.coming(project.id, now=clock.now(), limit=3),
    )


# The look of a step knows three states; what lies further off looks like what comes next.
_STEP = {StageState.DONE: "done", StageState.NOW: "now", StageState.NEXT: "next", StageState.LATER: "next"}
