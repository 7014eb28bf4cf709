"""The steps of the work: reply, cause, solution, result, closing; and notes that stay in the house."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.complaints import answering, customer
from portal.complaint_fields import WordsForm
from portal.errors import Conflict
from portal.extensions import db
from portal.filters import reason
from portal.photo_field import PHOTO_FORM_BYTES
from portal.rendering import moved, page
from portal.rules.words import Refused
from portal.security import accepts, needs
from portal.staff.complaints import bp
from portal.staff.complaints.forms import ClosingForm, StepForm
from portal.staff.complaints.pages import desk


@bp.post("/<int:complaint_id>/replies")
@accepts(PHOTO_FORM_BYTES)
@needs("complaint.work")
def reply(complaint_id: int) -> Response:
    """Words to the customer; the first ones stop the first clock."""
    return _words(complaint_id, "reply", WordsForm(prefix="reply-"), answering.reply, _("已回复业主"))


@bp.post("/<int:complaint_id>/cause")
@accepts(PHOTO_FORM_BYTES)
@needs("complaint.work")
def cause(complaint_id: int) -> Response:
    """What it came from."""
    return _words(complaint_id, "cause", StepForm(prefix="cause-"), answering.find_cause, _("原因已登记"))


@bp.post("/<int:complaint_id>/solution")
@accepts(PHOTO_FORM_BYTES)
@needs("complaint.work")
def solution(complaint_id: int) -> Response:
    """How it will be solved; stops the clock of the plan."""
    return _words(complaint_id, "solution", StepForm(prefix="solution-"), answering.plan, _("方案已发给业主"))


@bp.post("/<int:complaint_id>/result")
@accepts(PHOTO_FORM_BYTES)
@needs("complaint.work")
def result(complaint_id: int) -> Response:
    """What was done; the customer is asked whether it is solved."""
    return _words(complaint_id, "result", StepForm(prefix="result-"), answering.report, _("结果已发给业主，等业主确认"))


@bp.post("/<int:complaint_id>/notes")
@accepts(PHOTO_FORM_BYTES)
@needs("complaint.work")
def note(complaint_id: int) -> Response:
    """A note that the customer never sees."""
    return _words(complaint_id, "note", WordsForm(prefix="note-"), answering.note, _("备注已保存，业主看不到"))


@bp.post("/<int:complaint_id>/reopening")
@accepts(PHOTO_FORM_BYTES)
@needs("complaint.work")
def reopen(complaint_id: int) -> Response:
    """The customer called: it is not solved."""
    form = StepForm(prefix="reopening-")
    return _words(complaint_id, "reopening", form, customer.reopen, _("已重新打开，时限重新计算"))


@bp.post("/<int:complaint_id>/closing")
@needs("complaint.work")
def close(complaint_id: int) -> Response:
    """End it with the customer's answer (R161)."""
    form = ClosingForm(prefix="closing-")

    def act(complaint, **who) -> None:
        answering.close(
            complaint, form.words.data, asked=form.asked.data, satisfaction=form.satisfaction.data, **who
        )

    return step(complaint_id, "closing", form, act, _("已结案"))


def _words(complaint_id: int, name: str, form: WordsForm, act: Callable, said: str) -> Response:
    def with_words(complaint, **who) -> None:
        act(complaint, form.words.data, form.photos.data, **who)

    return step(complaint_id, name, form, with_words, said)


def step(complaint_id: int, name: str, form, act: Callable, said: str) -> Response:
    """One act on one complaint: 422 with the words kept, 409 when somebody else was faster, else on to its page."""
    complaint = scope.find(scope.complaints(current_user), complaint_id)
    if not form.validate():
        return page("staff/complaints/show.html", **desk(complaint_id, **{name: form})), 422
    if "version" in form and form.version.data != complaint.version:
        form.version.data = complaint.version
        return page("staff/complaints/show.html", **desk(complaint_id, **{name: form}) | {"stale": True}), 409
    try:
        act(complaint, by=current_user, at=clock.now())
    except Refused as refused:
        if refused.field not in form:
            raise Conflict(reason(refused.reason)) from None
        form[refused.field].errors = [reason(refused.reason)]
        return page("staff/complaints/show.html", **desk(complaint_id, **{name: form})), 422
    db.session.commit()
    return moved(url_for(".show", complaint_id=complaint_id), said=said)
