"""Staff accounts: who works here, in which roles, who has left."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from portal import clock, filters, scope
from portal.actions import people
from portal.errors import Conflict
from portal.extensions import db
from portal.fields import EmailField, Form, PhoneField, TextLine, VersionField
from portal.navigation import Nav
from portal.queries import people as lists
from portal.rendering import moved, page
from portal.rules.access import STAFF_ROLES
from portal.rules.words import Refused
from portal.security import needs

bp = Blueprint("people", __name__, url_prefix="/people")
NAV = Nav(_l("员工"), "staff.people.index", "users", order=900, capability="people.see", group=_l("管理"))


class PersonForm(Form):
    name = TextLine(_l("姓名"), longest=60)
    phone = PhoneField()
    staff_no = TextLine(_l("工号"), longest=20, optional=True)
    email = EmailField(optional=True)
    roles = SelectMultipleField(_l("岗位"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())
    version = VersionField()

    def __init__(self, *, roles_needed: bool = True, **kwargs):
        super().__init__(**kwargs)
        self.roles.choices = [SelectChoice(role.value, filters.role_name(role)) for role in STAFF_ROLES]
        if roles_needed:
            self.roles.validators = [InputRequired(_("请至少选择一个岗位。"))]


class HandoverForm(Form):
    to = SelectField(_l("转交给"), coerce=int)


@bp.get("/")
@needs("people.see")
def index() -> Response:
    asked = {
        "words": request.args.get("q", ""),
        "role": request.args.get("role", ""),
        "state": request.args.get("state", "active"),
    }
    number = min(max(request.args.get("page", 1, type=int), 1), 1000)
    found, more = lists.staff(page=number, **asked)
    here = {"q": asked["words"], "role": asked["role"], "state": asked["state"]}
    return page(
        "staff/people/index.html",
        "people",
        people=found,
        roles=[(role.value, filters.role_name(role)) for role in STAFF_ROLES],
        newer=url_for(".index", page=number - 1, **here) if number > 1 else None,
        older=url_for(".index", page=number + 1, **here) if more else None,
        **asked,
    )


@bp.get("/new")
@needs("people.manage")
def new() -> Response:
    return page("staff/people/new.html", form=PersonForm())


@bp.post("/")
@needs("people.manage")
def create():
    form = PersonForm()
    if not form.validate():
        return page("staff/people/new.html", form=form), 422
    try:
        person = people.create(by=current_user, at=clock.now(), **form.values())
        people.send_link(person, by=current_user, at=clock.now())
        db.session.commit()
    except Refused as fault:
        return _at_fault("staff/people/new.html", form, fault)
    return moved(
        url_for(".show", person_id=person.id), said=_("账户已建好，设置密码的链接已发给%(name)s。", name=person.name)
    )


@bp.get("/<int:person_id>")
@needs("people.see")
def show(person_id: int) -> Response:
    person = _person(person_id)
    return _person_page(person, _form_of(person))


@bp.post("/<int:person_id>")
@needs("people.manage")
def edit(person_id: int):
    person = _person(person_id)
    form = PersonForm(roles_needed=not person.is_homeowner)
    if not form.validate():
        return _person_page(person, form), 422
    if form.version.data != person.version:
        form.form_errors.append(_("别人刚刚改过这位同事的资料，下面是您填的内容，请核对后再保存。"))
        form.version.data, form.version.raw_data = person.version, None
        return _person_page(person, form), 409
    try:
        people.edit(person, by=current_user, at=clock.now(), **form.values())
        db.session.commit()
    except Refused as fault:
        return _at_fault("staff/people/show.html", form, fault, person_id=person_id)
    return moved(url_for(".show", person_id=person_id), said=_("已保存。"))


@bp.post("/<int:person_id>/links")
@needs("people.manage")
def send_link(person_id: int):
    person = _person(person_id)
    if not person.is_active:
        raise Conflict(_("这个账户已停用，请先启用。"))
    people.send_link(person, by=current_user, at=clock.now())
    db.session.commit()
    return moved(
        url_for(".show", person_id=person_id), said=_("设置密码的链接已发给%(name)s，3天内有效。", name=person.name)
    )


@bp.post("/<int:person_id>/leave")
@needs("people.manage")
def disable(person_id: int):
    person = _person(person_id)
    try:
        people.disable(person, by=current_user, at=clock.now())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        person = _person(person_id)
        return _person_page(person, _form_of(person), refused=filters.reason(refused.reason)), 422
    return moved(url_for(".show", person_id=person_id), said=_("账户已停用，所有设备已退出登录。"))


@bp.post("/<int:person_id>/return")
@needs("people.manage")
def enable(person_id: int):
    people.enable(_person(person_id), by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", person_id=person_id), said=_("账户已启用。"))


@bp.post("/<int:person_id>/handover")
@needs("people.manage")
def hand_over(person_id: int):
    """Everything a leaver answers for goes to one colleague (R180)."""
    person, form = _person(person_id), HandoverForm()
    form.to.choices = [SelectChoice(one.id, one.name) for one in scope.every(scope.colleagues(*STAFF_ROLES))]
    if not form.validate():
        return _person_page(person, _form_of(person), refused=_("请选择接手的同事。")), 422
    try:
        passed = people.hand_over(person, to=_person(form.to.data), by=current_user, at=clock.now())
        db.session.commit()
    except Refused as refused:
        db.session.rollback()
        person = _person(person_id)
        return _person_page(person, _form_of(person), refused=filters.reason(refused.reason)), 422
    return moved(url_for(".show", person_id=person_id), said=_("%(count)s项工作已转交。", count=passed.count))


def _person(person_id: int):
    return scope.find(scope.people(current_user), person_id)


def _form_of(person) -> PersonForm:
    form = PersonForm(formdata=None, obj=person, roles_needed=not person.is_homeowner)
    form.staff_no.data, form.roles.data = person.staff_no or "", [role.value for role in person.roles]
    return form


def _person_page(person, form: PersonForm, refused: str = "") -> Response:
    colleagues = [one for one in scope.every(scope.colleagues(*STAFF_ROLES)) if one.id != person.id]
    return page(
        "staff/people/show.html",
        person=person,
        form=form,
        duties=people.duties(person, most=20),
        refused=refused,
        colleagues=colleagues,
    )


def _at_fault(template: str, form: PersonForm, fault: Refused, person_id: int | None = None):
    """The sentence beside its field; the words stay."""
    db.session.rollback()
    said = filters.reason(fault.reason)
    if fault.field:
        form[fault.field].errors = [said]
    else:
        form.form_errors.append(said)
    if person_id is None:
        return page(template, form=form), 422
    return _person_page(_person(person_id), form), 422
