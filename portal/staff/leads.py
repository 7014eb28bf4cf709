"""Leads: registering a customer, the ruling while one types, every contact and what comes next."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import Forbidden
from wtforms import SelectField

from portal import clock, scope
from portal.actions import leads, projects
from portal.actions.leads import Customer
from portal.extensions import db
from portal.fields import DayField, Form, PhoneField, Prose, TextLine
from portal.navigation import Nav
from portal.queries import leads as reads
from portal.rendering import changed, moved, page
from portal.rules.followup import ContactWay
from portal.rules.words import Refused
from portal.security import needs

bp = Blueprint("leads", __name__, url_prefix="/leads")
NAV = Nav(_l("线索"), "staff.leads.index", "list", order=20, capability="lead.see", group=_l("销售"))

TONES = {"protected": "good", "overdue": "attention", "lapsed": "neutral", "overtaken": "bad", "deal": "accent", "invalid": "bad"}
CUSTOMER = ("name", "phone", "community", "building", "unit", "room")


class NextStepForm(Form):
    """What comes next, and on which day (R035)."""

    next_step = TextLine(_l("下一步"), longest=200)
    next_on = DayField(_l("哪天做"))


class RegistrationForm(NextStepForm):
    """The three mandatory elements (R002), how the customer came, and the first next step."""

    name = TextLine(_l("客户姓名"), longest=60)
    phone = PhoneField(_l("手机号"))
    community = TextLine(_l("小区"), longest=60)
    building = TextLine(_l("楼栋"), longest=20)
    unit = TextLine(_l("单元"), longest=20)
    room = TextLine(_l("房号"), longest=20)
    source = SelectField(_l("客户来源"), choices=[(source, _l(source)) for source in leads.SOURCES])
    note = Prose(_l("备注"), longest=500, optional=True)

    def customer(self) -> Customer:
        return Customer(**{part: self[part].data or "" for part in CUSTOMER})


class ContactForm(NextStepForm):
    """One contact with the customer."""

    way = SelectField(_l("方式"), choices=[(way.value, _l(way.label)) for way in ContactWay])
    summary = Prose(_l("聊了什么"), longest=500)


@bp.get("/")
@needs("lead.see")
def index() -> Response:
    """One's own leads, next steps first; everybody's for those who lead sales."""
    words, state = request.args.get("q", "")[:100].strip(), request.args.get("state", "live")
    state = state if state in reads.STATES else "live"
    number = request.args.get("page", 1, type=int)
    number = number if 1 <= number <= 10_000 else 1
    rows = reads.in_state(reads.matching(scope.leads(current_user), words), state, today=clock.today())
    found, more = reads.page_of(rows, number=number, by_next_step=state in ("live", "overdue"))
    return page(
        "staff/leads/index.html",
        "found",
        found=reads.placed(found, at=clock.now()),
        words=words,
        state=state,
        number=number,
        more=more,
        tones=TONES,
    )


@bp.get("/new")
@needs("lead.register")
def new() -> Response:
    return _registration(RegistrationForm(next_on=clock.today()))


@bp.post("/ruling")
@needs("lead.register")
def check() -> Response:
    """How the registration would be judged now; changes nothing and finds no fault with what is not typed yet."""
    form = RegistrationForm()
    return _registration(form, ruling=leads.foresee(by=current_user, at=clock.now(), customer=form.customer()))


@bp.post("/")
@needs("lead.register")
def create() -> Response:
    form = RegistrationForm()
    if not form.validate():
        return _registration(form), 422
    facts = form.values(without=CUSTOMER)
    lead, ruling = leads.first_wins(lambda: leads.register(by=current_user, at=clock.now(), customer=form.customer(), **facts))
    db.session.commit()
    if lead.verdict != "valid":
        return _registration(form, ruling=ruling, kept=lead), 409
    return moved(url_for(".show", lead_id=lead.id), said=_("报备成功，客户已受保护。"))


@bp.get("/<int:lead_id>")
@needs("lead.see")
def show(lead_id: int) -> Response:
    return _story(_find(lead_id), ContactForm(next_on=clock.today()))


@bp.post("/<int:lead_id>/contacts")
@needs("lead.follow")
def log_contact(lead_id: int) -> Response:
    lead, form = _find(lead_id), ContactForm()
    if not log(form, lead):
        return _story(lead, form), 422
    db.session.commit()
    fresh = _facts(_find(lead_id), ContactForm(formdata=None, next_on=clock.today()))
    return changed("staff/leads/show.html", "story", to=url_for(".show", lead_id=lead_id), said=_("已记录，下一步已安排。"), **fresh)


@bp.post("/<int:lead_id>/project")
@needs("lead.follow")
def open_project(lead_id: int) -> Response:
    """The customer becomes a project, with everything that is known of her."""
    lead = _find(lead_id)
    if not leads.may_open_project(lead, current_user):
        raise Forbidden
    if lead.project_id is None:
        try:
            projects.open_from(lead, by=current_user, at=clock.now())
        except Refused as refused:
            return _story(lead, ContactForm(formdata=None), refused=refused), 409
        db.session.commit()
    return moved(url_for("staff.projects.show", project_id=lead.project_id), said=_("已立项，客户资料和跟进记录都带过来了。"))


def log(form: ContactForm, lead) -> bool:
    """Whether the contact was taken; what is wrong stands beside its field."""
    if not form.validate():
        return False
    try:
        leads.log_contact(lead=lead, by=current_user, at=clock.now(), **form.values())
    except Refused as refused:
        form[refused.field or "next_step"].errors = [refused.reason.in_words(_)]
        return False
    return True


def _find(lead_id: int):
    return scope.find(reads.with_history(scope.leads(current_user)), lead_id)


def _registration(form: RegistrationForm, ruling=None, kept=None) -> Response:
    used, quota = leads.slots(current_user, at=clock.now())
    return page("staff/leads/new.html", "ruling", form=form, ruling=ruling, kept=kept, used=used, quota=quota)


def _story(lead, form: ContactForm, refused: Refused | None = None) -> Response:
    return page("staff/leads/show.html", "story", **(_facts(lead, form) | {"refused": refused}))


def _facts(lead, form: ContactForm) -> dict:
    (placed,) = reads.placed([lead], at=clock.now())
    return {
        "lead": lead,
        "placed": placed,
        "form": form,
        "tones": TONES,
        "ways": {way.value: way.label for way in ContactWay},
        "may_open": leads.may_open_project(lead, current_user),
        "refused": None,
    }
