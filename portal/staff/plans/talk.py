"""Answers to what the household remarked."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.plans import talking
from portal.extensions import db
from portal.filters import reason
from portal.rendering import moved, page
from portal.rules.words import Refused
from portal.security import needs
from portal.staff.plans import bp
from portal.staff.plans.forms import AnswerForm
from portal.staff.plans.pages import about


@bp.post("/remarks/<int:remark_id>/answer")
@needs("drawing.answer")
def answer(remark_id: int) -> Response:
    """Answer a remark, settle it, or both. What does not suit is said beside the words, which stay."""
    remark = scope.find(scope.remarks(current_user), remark_id)
    form = AnswerForm(prefix=f"r{remark_id}-")
    taken = form.validate() and _answer(remark, form)
    if not taken:
        status = 409 if remark.resolved_at else 422
        return page("staff/plans/show.html", **about(remark.drawing, refused=(remark_id, form))), status
    db.session.commit()
    to = url_for(".show", drawing_id=remark.drawing_id, _anchor=f"remark-{remark_id}")
    return moved(to, said=_("已处理，业主会收到通知") if form.resolved.data else _("已答复，业主会收到通知"))


def _answer(remark, form: AnswerForm) -> bool:
    try:
        talking.answer(remark, words=form.words.data or "", resolved=form.resolved.data, by=current_user, at=clock.now())
    except Refused as refused:
        form.words.errors = [reason(refused.reason)]
        return False
    return True
