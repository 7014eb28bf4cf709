"""Booking a measurement and sending a designer."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import RadioField, SelectField

from portal import clock, filters, scope
from portal.actions import measurements
from portal.actions.projects import DESIGN_ROLES
from portal.errors import Conflict
from portal.extensions import db
from portal.fields import Form, VersionField, WholeNumberField
from portal.queries import measurements as reads
from portal.queries import visits as visit_reads
from portal.rendering import changed, moved, page
from portal.rules.access import ROLE_NAMES
from portal.rules.visits import LONGEST_ETA_MINUTES, TARGET_ETA_MINUTES
from portal.rules.words import Refused
from portal.security import needs
from portal.staff.measurements import bp
from portal.staff.visits.forms import WhenForm


class BookingForm(WhenForm):
    """On a day and time, or at once because the customer is waiting on site."""

    how = RadioField(_l("什么时候"), choices=[("at_once", _l("客户就在现场，马上派人")), ("later", _l("约个时间"))], default="later")

    def validate(self, extra_validators=None) -> bool:
        if self.how.data == "at_once":
            return self.how.validate(self)
        return super().validate(extra_validators)


class DispatchForm(Form):
    """Who goes, and whether he leaves now."""

    designer = SelectField(_l("设计师"), coerce=str)
    when = RadioField(_l("什么时候到"), choices=[("agreed", _l("按约定的时间到")), ("now", _l("现在出发"))], default="agreed")
    eta_minutes = WholeNumberField(_l("多少分钟后到"), optional=True, lowest="1", highest=str(LONGEST_ETA_MINUTES))
    version = VersionField()

    def validate(self, extra_validators=None) -> bool:
        fine = super().validate(extra_validators)
        if fine and self.when.data == "now" and self.eta_minutes.data is None:
            self.eta_minutes.errors = [_("请告诉客户要等多少分钟。")]
            return False
        return fine


@bp.get("/")
@needs("visit.see")
def index() -> Response:
    """The board: without a designer, expected, arrived."""
    return _board()


@bp.get("/new")
@needs("measurement.book")
def new() -> Response:
    return page("staff/measurements/new.html", project=_project(), form=BookingForm(formdata=None, day=clock.today()))


@bp.post("/")
@needs("measurement.book")
def create() -> Response:
    project, form = _project(), BookingForm()
    if not form.validate():
        return page("staff/measurements/new.html", project=project, form=form), 422
    starts_at = form.starts_at() if form.how.data == "later" else None
    try:
        visit = measurements.book(project=project, by=current_user, at=clock.now(), starts_at=starts_at)
    except Refused as refused:
        form["day" if refused.field == "day" else "how"].errors = [filters.reason(refused.reason)]
        return page("staff/measurements/new.html", project=project, form=form), 422
    db.session.commit()
    return moved(url_for("staff.visits.show", visit_id=visit.id), said=_("量房已约好，量房免费。接下来请派设计师。"))


@bp.post("/<int:visit_id>/dispatch")
@needs("measurement.dispatch")
def send(visit_id: int) -> Response:
    visit, form = find(visit_id), _form(visit_id, fresh=False)
    if not form.validate():
        return _board(visit_id, form), 422
    if form.version.data != visit.version:
        raise Conflict(_("这次量房刚刚被同事派过或改过。请返回刷新，看看现在的安排。"))
    role, _colon, ident = form.designer.data.partition(":")
    eta_minutes = form.eta_minutes.data if form.when.data == "now" else None
    designer = scope.find(scope.colleagues(role), int(ident))
    try:
        measurements.send(visit=visit, designer=designer, role=role, eta_minutes=eta_minutes, by=current_user, at=clock.now())
    except Refused as refused:
        form[refused.field or "designer"].errors = [filters.reason(refused.reason)]
        return _board(visit_id, form), 422
    db.session.commit()
    return changed("staff/measurements/index.html", "board", to=url_for(".index"), said=_("已派单，业主和设计师都会收到通知。"), **_facts())


@bp.post("/<int:visit_id>/arrival")
@needs("measurement.record")
def arrive(visit_id: int) -> Response:
    measurements.arrive(visit=find(visit_id), by=current_user, at=clock.now())
    db.session.commit()
    return changed("staff/measurements/index.html", "board", to=url_for(".index"), said=_("已确认到达。"), **_facts())


def find(visit_id: int):
    """A measurement in the person's sight."""
    return scope.find(visit_reads.shown(scope.visits(current_user)).filter_by(kind="measurement"), visit_id)


def _project():
    return scope.find(scope.projects(current_user), request.args.get("project_id", 0, type=int))


def _board(visit_id: int | None = None, form: DispatchForm | None = None) -> Response:
    return page("staff/measurements/index.html", "board", **_facts(visit_id, form))


def _facts(visit_id: int | None = None, form: DispatchForm | None = None) -> dict:
    """The board with a form per measurement; `form` is the one that was refused."""
    board = reads.board(scope.visits(current_user), now=clock.now())
    choices = _choices()
    forms = {}
    if current_user.can("measurement.dispatch"):
        forms = {
            one.visit.id: _form(one.visit.id, choices=choices, version=one.visit.version) for one in board["waiting"] + board["expected"]
        }
    if form is not None:
        forms[visit_id] = form
    return {"board": board, "forms": forms, "called": visit_reads.called}


def _form(visit_id: int, *, fresh: bool = True, choices: list | None = None, **given) -> DispatchForm:
    form = DispatchForm(prefix=f"visit{visit_id}-", **({"formdata": None} if fresh else {}), **given)
    form.designer.choices = choices or _choices()
    if fresh:
        form.eta_minutes.data = TARGET_ETA_MINUTES
    return form


def _choices() -> list[tuple[str, str]]:
    """Designers, whoever is free first on top."""
    now = clock.now()
    found = reads.designers([role.value for role in DESIGN_ROLES], at=now)
    return [(f"{free.role}:{free.user.id}", f"{free.user.name} · {_(ROLE_NAMES[free.role])} · {_when(free, now)}") for free in found]


def _when(free, now) -> str:
    return _("现在有空") if free.free_at <= now else _("%(hour)s后有空", hour=filters.hour(free.free_at))
