"""Who lives in the home: members, their rights, invitations."""

from __future__ import annotations

from flask import Blueprint, Response, abort, current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import RadioField, SelectField
from wtforms.validators import InputRequired

from portal import clock, filters, scope
from portal.actions import household, invitations
from portal.extensions import db
from portal.fields import Form, PhoneField, TextLine, choices, words
from portal.rendering import moved, page
from portal.rules.household import Relation, Right
from portal.rules.words import Refused
from portal.security import needs
from portal.staff.project_tabs import Tab, tabs_of

bp = Blueprint("household", __name__, url_prefix="/projects/<int:project_id>/household")
PROJECT_TAB = Tab(_l("家庭"), "staff.household.show", order=90, capability="project.see", icon="users")


class InvitationForm(Form):
    name = TextLine(_l("姓名"), longest=60)
    phone = PhoneField()
    relation = SelectField(_l("与房子的关系"), choices=choices(Relation))
    right = RadioField(_l("权限"), [InputRequired(_l("请选择权限。"))], choices=choices(Right))


@bp.get("")
@needs("project.see")
def show(project_id: int) -> Response:
    return _page(_project(project_id), InvitationForm())


@bp.post("/invitations")
@needs("household.invite")
def invite(project_id: int):
    project, form = _project(project_id), InvitationForm()
    if not form.validate():
        return _page(project, form), 422
    try:
        made, path = household.invite(project=project, by=current_user, at=clock.now(), **form.values())
    except Refused as refused:
        form.phone.errors = [filters.reason(refused.reason)]
        return _page(project, form), 422
    db.session.commit()
    return _sent(project, made, path)


@bp.post("/invitations/<int:invitation_id>/copies")
@needs("household.invite")
def resend(project_id: int, invitation_id: int):
    """The old link is worthless, a new one is sent."""
    project = _project(project_id)
    try:
        made, path = household.resend(invitation=_open(project, invitation_id), by=current_user, at=clock.now())
    except Refused as refused:
        return moved(_here(project), said=filters.reason(refused.reason), tone="bad")
    db.session.commit()
    return _sent(project, made, path)


@bp.post("/invitations/<int:invitation_id>/end")
@needs("household.invite")
def revoke(project_id: int, invitation_id: int):
    project = _project(project_id)
    invitations.withdraw(_open(project, invitation_id), by=current_user, at=clock.now())
    db.session.commit()
    return moved(_here(project), said=_("邀请已收回，链接不能再用。"))


@bp.post("/members/<int:membership_id>/end")
@needs("household.invite")
def end(project_id: int, membership_id: int):
    project = _project(project_id)
    member = household.member(project, membership_id) or abort(404)
    household.end(membership=member, by=current_user, at=clock.now())
    db.session.commit()
    return moved(_here(project), said=_("%(name)s不再看得到这个家。", name=member.user.name))


def _project(project_id: int):
    return scope.find(scope.projects(current_user), project_id)


def _open(project, invitation_id: int):
    found = household.invitation(project, invitation_id)
    if found is None or found.used_at or found.revoked_at:
        abort(404)
    return found


def _here(project) -> str:
    return url_for("staff.household.show", project_id=project.id)


def _sent(project, made, path: str) -> Response:
    """In a demo nobody has the phone, so the link is shown where it was made."""
    settings = current_app.config["SETTINGS"]
    shown = (
        " " + _("演示中没有短信，链接是：%(url)s", url=settings.public_url + path)
        if settings.demo and not settings.sms_command
        else ""
    )
    return moved(
        _here(project),
        said=_("邀请已发给%(name)s（%(phone)s），7天内有效。", name=made.name, phone=filters.phone(made.phone)) + shown,
    )


def _page(project, form: InvitationForm) -> Response:
    at = clock.now()
    home = household.of(project)
    waiting = [{"row": one, "expired": one.expires_at <= at} for one in home.invited]
    return page(
        "staff/household/show.html",
        project=project,
        home=home,
        waiting=waiting,
        form=form,
        tabs=tabs_of(project.id),
        relations=words(Relation),
        rights=words(Right),
    )
