"""The record of a measurement (F21)."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import Form as Part
from wtforms import FormField, RadioField

from portal import clock, filters
from portal.actions import measurements
from portal.errors import Conflict
from portal.extensions import db
from portal.fields import DayField, Form, Prose, TextLine, TimeField
from portal.photo_field import PHOTO_FORM_BYTES, PhotosField
from portal.rendering import moved, page
from portal.rules.measurement import Finding, Item
from portal.rules.words import Refused
from portal.security import accepts, needs
from portal.staff.measurements import bp
from portal.staff.measurements.dispatch import find
from portal.staff.visits.forms import moment

_ITEMS = {item.value for item in Item}


class FindingForm(Part):
    """One item: where it is, or that there is none."""

    present = RadioField(_l("有没有"), choices=[("yes", _l("有")), ("no", _l("没有"))], validate_choice=False)
    position = TextLine(_l("准确位置"), longest=200, optional=True)


class RecordForm(Form):
    """Everything of F21; the rules say what is missing, in the order of the form."""

    base_condition = Prose(_l("基层状况（已向业主说明）"), longest=1000, optional=True)
    customer_opinion = Prose(_l("业主意见"), longest=1000, optional=True)
    photos = PhotosField(_l("现场照片"))
    day = DayField(_l("下次看方案的日期"), optional=True)
    time = TimeField(_l("时间"), optional=True)

    def __init__(self, *given, **more):
        super().__init__(*given, **more)
        for name in ("base_condition", "day", "time"):  # the rules ask for them, so the page must not call them optional
            self[name].flags.optional = False

    def findings(self) -> list[Finding]:
        said = {"yes": True, "no": False}
        return [
            Finding(item.value, said.get(self[item.value].form.present.data), self[item.value].form.position.data or "") for item in Item
        ]

    def next_plan_at(self):
        return moment(self.day.data, self.time.data) if self.day.data and self.time.data else None

    def refuse(self, refused: Refused) -> None:
        """The sentence stands where something can be done about it."""
        field = {"next_plan_at": "day"}.get(refused.field, refused.field)
        words = filters.reason(refused.reason)
        if field in _ITEMS:
            self[field].form.position.errors = [words]
        else:
            self[field].errors = [words]


for _item in Item:
    setattr(RecordForm, _item.value, FormField(FindingForm, _l(_item.label)))


@bp.get("/<int:visit_id>/record")
@needs("measurement.record")
def record(visit_id: int) -> Response:
    visit = find(visit_id)
    if visit.done_at or visit.cancelled_at:
        return moved(url_for("staff.visits.show", visit_id=visit_id))
    return _page(visit, RecordForm(formdata=None))


@bp.post("/<int:visit_id>/record")
@accepts(PHOTO_FORM_BYTES)
@needs("measurement.record")
def submit(visit_id: int) -> Response:
    visit, form = find(visit_id), RecordForm()
    if visit.done_at or visit.cancelled_at:
        raise Conflict(_("这次量房已经提交过记录，或已取消。"))
    if not form.validate():
        return _page(visit, form), 422
    try:
        measurements.submit(
            visit=visit,
            by=current_user,
            at=clock.now(),
            findings=form.findings(),
            base_condition=form.base_condition.data,
            customer_opinion=form.customer_opinion.data,
            next_plan_at=form.next_plan_at(),
            pictures=form.photos.data,
        )
    except Refused as refused:
        db.session.rollback()
        if refused.field == "visit":
            raise Conflict(filters.reason(refused.reason)) from None
        form.refuse(refused)
        return _page(visit, form), 422
    db.session.commit()
    return moved(url_for("staff.visits.show", visit_id=visit_id), said=_("量房记录已提交。看方案的时间已放进业主的日程。"))


def _page(visit, form: RecordForm) -> Response:
    return page("staff/measurements/record.html", visit=visit, form=form, items=[(item.value, item.label) for item in Item])
