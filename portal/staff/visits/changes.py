"""Moving a visit, calling it off, saying what came of it."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock
from portal.actions import visits
from portal.errors import Conflict
from portal.extensions import db
from portal.rendering import moved
from portal.rules.visits import Move
from portal.rules.words import Refused
from portal.security import needs
from portal.staff.visits import bp
from portal.staff.visits.forms import CancellationForm, MoveForm, ResultForm
from portal.staff.visits.pages import find, visit_page


@bp.post("/<int:visit_id>/moves")
@needs("visit.book")
def move(visit_id: int) -> Response:
    visit, form = find(visit_id), MoveForm()
    if not form.validate():
        return visit_page(visit, move_form=form), 422
    _same(visit, form)
    try:
        ruling = visits.move(visit=visit, to_at=form.starts_at(), reason=form.reason.data, by=current_user, at=clock.now())
    except Refused as refused:
        form["reason" if refused.field == "reason" else "day"].errors = [refused.reason.in_words(_)]
        return visit_page(visit, move_form=form), 422
    late = ruling.verdict is Move.TOLD_LATE
    return _kept(visit_id, _("已改期。当天才通知业主，已记为临期改期。") if late else _("已改期，业主已经收到通知。"))


@bp.post("/<int:visit_id>/cancellation")
@needs("visit.book")
def cancel(visit_id: int) -> Response:
    visit, form = find(visit_id), CancellationForm()
    if not form.validate():
        return visit_page(visit, cancel_form=form), 422
    _same(visit, form)
    try:
        visits.cancel(visit=visit, reason=form.reason.data, by=current_user, at=clock.now())
    except Refused as refused:
        form.reason.errors = [refused.reason.in_words(_)]
        return visit_page(visit, cancel_form=form), 422
    return _kept(visit_id, _("已取消，业主已经收到通知。"))


@bp.post("/<int:visit_id>/result")
@needs("visit.see")
def complete(visit_id: int) -> Response:
    visit, form = find(visit_id), ResultForm()
    if not form.validate():
        return visit_page(visit, result_form=form), 422
    _same(visit, form)
    try:
        visits.complete(visit=visit, result=form.result.data, by=current_user, at=clock.now())
    except Refused as refused:
        form.result.errors = [refused.reason.in_words(_)]
        return visit_page(visit, result_form=form), 422
    return _kept(visit_id, _("结果已记录。"))


def _same(visit, form) -> None:
    if form.version.data != visit.version:
        raise Conflict(_("您打开页面之后，这次上门已经被同事改过。请返回刷新，看看现在的安排。"))


def _kept(visit_id: int, said: str) -> Response:
    db.session.commit()
    return moved(url_for(".show", visit_id=visit_id), said=said)
