"""Her complaints with their clocks, and the form that is open day and night (R159)."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import RadioField
from wtforms.validators import DataRequired

from portal import clock, company, scope
from portal.actions.complaints import customer, filing
from portal.complaint_fields import ComplaintForm, WordsForm, whole
from portal.customer.complaints import bp
from portal.customer.complaints.forms import ConfirmationForm
from portal.extensions import db
from portal.photo_field import PHOTO_FORM_BYTES
from portal.queries import complaints as reads
from portal.rendering import moved, page
from portal.security import accepts, needs


class FilingForm(ComplaintForm):
    """The homeowner's form: her home is asked for only when she has more than one."""

    project_id = RadioField(
        _l("哪一处房子"), coerce=whole, validate_choice=False, validators=[DataRequired(_l("请选一处房子。"))]
    )


@bp.get("/")
@needs("home.view")
def index() -> Response:
    """Every complaint about her homes, with state and clock."""
    found = reads.of_homes(scope.home_complaints(current_user))
    now = clock.now()
    return page(
        "customer/complaints/index.html", several=len({one.project_id for one in found}) > 1,
        complaints=[(one, reads.state(one), reads.face(one, now)) for one in found],
    )


@bp.get("/new")
@needs("home.act")
def new() -> Response:
    """The form; `?category=安全` chooses for her."""
    form = FilingForm(formdata=None, category=request.args.get("category"))
    homes = _homes(form)
    return page("customer/complaints/new.html", form=form, homes=homes, phone=company.phone())


@bp.post("/")
@accepts(PHOTO_FORM_BYTES)
@needs("home.act")
def create() -> Response:
    """File it. The answer leads to the complaint with its number, also when the same form arrives twice."""
    form = FilingForm()
    homes = _homes(form)
    valid = form.validate()
    home = scope.find(scope.homes(current_user), form.project_id.data) if form.project_id.data else None
    if not valid or home is None:
        return page("customer/complaints/new.html", form=form, homes=homes, phone=company.phone()), 422
    complaint = filing.file(
        filing.Filing(project=home, **form.facts()), form.photos.data, by=current_user, at=clock.now()
    )
    db.session.commit()
    return moved(url_for(".show", complaint_id=complaint.id), said=_("已受理，编号%(number)s", number=complaint.number))


@bp.get("/<int:complaint_id>")
@needs("home.view")
def show(complaint_id: int) -> Response:
    """Her words, the clock, the conversation, and what she can do now."""
    return page("customer/complaints/show.html", **story(complaint_id))


def story(complaint_id: int, **forms) -> dict:
    """What the page of one complaint shows; a refused form takes the place of the empty one."""
    complaint = scope.find(reads.whole(scope.home_complaints(current_user)), complaint_id)
    now = clock.now()
    return {
        "complaint": complaint,
        "state": reads.state(complaint),
        "face": reads.face(complaint, now),
        "why": reads.why(complaint),
        "said": reads.conversation(complaint, for_homeowner=True),
        "photos": reads.own_photos(complaint),
        "may_reopen": customer.may_reopen(complaint, now),
        "phone": company.phone(),
        "reply": WordsForm(formdata=None, prefix="reply-"),
        "reopening": WordsForm(formdata=None, prefix="reopening-"),
        "confirmation": ConfirmationForm(formdata=None, prefix="confirmation-"),
    } | forms


def _homes(form: FilingForm) -> list:
    homes = scope.every(scope.homes(current_user))
    form.project_id.choices = [(home.id, home.title) for home in homes]
    if len(homes) == 1 and form.project_id.data is None:
        form.project_id.data = homes[0].id
    return homes
