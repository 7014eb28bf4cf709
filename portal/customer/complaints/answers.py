"""What she says on: an answer, "solved", "not solved"."""

from __future__ import annotations

from collections.abc import Callable

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.complaints import customer
from portal.complaint_fields import WordsForm, overtaken
from portal.customer.complaints import bp
from portal.customer.complaints.forms import ConfirmationForm
from portal.customer.complaints.pages import story
from portal.extensions import db
from portal.photo_field import PHOTO_FORM_BYTES
from portal.rendering import moved, page
from portal.security import accepts, needs


@bp.post("/<int:complaint_id>/replies")
@accepts(PHOTO_FORM_BYTES)
@needs("home.act")
def reply(complaint_id: int) -> Response:
    """Her words and photos to the person who answers."""
    return _said(complaint_id, "reply", WordsForm(prefix="reply-"), customer.answer, _("已发送"))


@bp.post("/<int:complaint_id>/reopening")
@accepts(PHOTO_FORM_BYTES)
@needs("home.act")
def reopen(complaint_id: int) -> Response:
    """Not solved: it starts again, with what is still wrong."""
    form = WordsForm(prefix="reopening-")
    return _said(complaint_id, "reopening", form, customer.reopen, _("已重新打开，我们会尽快联系您"))


@bp.post("/<int:complaint_id>/confirmation")
@needs("home.act")
def confirm(complaint_id: int) -> Response:
    """Solved, with her judgement from 1 to 5."""
    complaint = _own(complaint_id)
    form = ConfirmationForm(prefix="confirmation-")
    if not form.validate():
        return page("customer/complaints/show.html", **story(complaint_id, confirmation=form)), 422
    with overtaken():
        customer.confirm(
            complaint, form.words.data or "", satisfaction=form.satisfaction.data, by=current_user, at=clock.now()
        )
    db.session.commit()
    return moved(url_for(".show", complaint_id=complaint_id), said=_("谢谢您的确认"))


def _said(complaint_id: int, name: str, form: WordsForm, act: Callable, thanks: str) -> Response:
    complaint = _own(complaint_id)
    if not form.validate():
        return page("customer/complaints/show.html", **story(complaint_id, **{name: form})), 422
    with overtaken():
        act(complaint, form.words.data, form.photos.data, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", complaint_id=complaint_id), said=thanks)


def _own(complaint_id: int):
    return scope.find(scope.home_complaints(current_user), complaint_id)
