"""Her remarks and her word on a drawing."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound

from portal import clock, scope
from portal.actions.plans import talking
from portal.actions.plans.talking import NotYours
from portal.customer.plans import bp
from portal.customer.plans.forms import DecisionForm, RemarkForm, whole_number
from portal.customer.plans.pages import about
from portal.extensions import db
from portal.filters import reason
from portal.queries import plans as reads
from portal.rendering import moved, page
from portal.rules import plans as rules
from portal.rules.words import Refused
from portal.security import needs


@bp.post("/<int:drawing_id>/remarks")
@needs("home.act")
def remark(drawing_id: int) -> Response:
    """Pin a remark on a page, or say something about the whole page. Everybody in the household may."""
    drawing = scope.find(scope.home_drawings(current_user), drawing_id)
    form = RemarkForm()
    number, page_number = whole_number(form.number.data), whole_number(form.page.data)
    revision = _revision(drawing, number)
    if not form.validate() or not _remark(revision, form, page_number):
        return page("customer/plans/show.html", **about(drawing, number, page_number, remark=form)), 422
    db.session.commit()
    to = url_for(".show", drawing_id=drawing_id, revision=number, page=page_number, _anchor="remarks")
    return moved(to, said=_("已发给设计师"))


@bp.post("/<int:drawing_id>/decision")
@needs("home.act")
def decide(drawing_id: int) -> Response:
    """Approve this revision, or ask for a change. A newer revision meanwhile: 409 with the newer one, nothing written."""
    drawing = scope.find(scope.home_drawings(current_user), drawing_id)
    form = DecisionForm()
    number, approve = whole_number(form.number.data), form.answer.data == "approve"
    revision = _revision(drawing, number)
    if not form.validate():
        return page("customer/plans/show.html", **about(drawing, number, 1, decision=form)), 422
    try:
        talking.decide(revision, approve=approve, reason=form.reason.data or "", by=current_user, at=clock.now())
    except NotYours as refused:
        return _not_taken(drawing, number, form, refused)
    db.session.commit()
    said = _("已确认R%(number)s，谢谢", number=number) if approve else _("修改要求已发给设计师")
    return moved(url_for(".show", drawing_id=drawing_id, revision=number), said=said)


def _remark(revision, form: RemarkForm, page_number: int) -> bool:
    try:
        place = rules.read_place(form.x.data or "", form.y.data or "", form.cell.data or "")
        talking.remark(revision, page=page_number, place=place, body=form.body.data, by=current_user, at=clock.now(),
                       request_key=form.request_key.data)
    except Refused as refused:
        form.x.data = form.y.data = ""
        form.cell.errors = [reason(refused.reason)]
        return False
    return True


def _not_taken(drawing, number: int, form: DecisionForm, refused: NotYours):
    decision = refused.decision
    if decision.verdict.is_conflict:
        # What she sees next is the newest state, not the old page.
        newest = None if decision.verdict is rules.Word.SUPERSEDED else number
        return page("customer/plans/show.html", **about(drawing, newest, 1, obstacle=decision.deciding)), 409
    form.reason.errors = [reason(decision.deciding)]
    return page("customer/plans/show.html", **about(drawing, number, 1, decision=form)), 422


def _revision(drawing, number: int):
    view = reads.viewed(drawing, number=number, page_number=1, for_homeowner=True)
    if view is None:
        raise NotFound
    return view.revision
