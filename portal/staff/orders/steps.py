"""Steps of a stage: begin, end, note, delay, reopen. Photos are cleaned before the database is asked for its turn."""

from __future__ import annotations

from flask import Response, abort, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions import orders, photos
from portal.errors import Conflict
from portal.extensions import db
from portal.queries import orders as reads
from portal.rendering import changed, page
from portal.rules.stages import Step
from portal.security import accepts, needs
from portal.staff.orders import bp
from portal.staff.orders.forms import DelayForm, ReopenForm, StepForm
from portal.staff.orders.pages import facts
from portal.storage import Refused

LARGEST = 200 * 1024 * 1024  # a handful of phone photos; each has its own limit


@bp.post("/<int:order_id>/stages/<int:stage_id>/<any(start, end, notes):step>")
@needs("order.advance")
@accepts(LARGEST)
def step(order_id: int, stage_id: int, step: str) -> Response:
    """Begin or end a stage, or keep a note, with words and photos."""
    form = StepForm()
    cleaned = _photos(form) if form.validate() else None
    if cleaned is None:
        return _refused(order_id, stage_id, step=form)
    stage = _stage(order_id, stage_id, form.version.data if step != "notes" else None)
    word = orders.Word(form.body.data or "", cleaned, form.for_homeowner.data)
    if step == "notes" and not (word.body or word.pictures):
        form.body.errors = [_("写一句话，或放一张照片。")]
        return _refused(order_id, stage_id, step=form)
    decision = None
    if step == "notes":
        orders.note(stage, word=word, by=current_user, at=clock.now())
    else:
        act = orders.start if step == "start" else orders.finish
        decision = act(stage, on=form.on.data, word=word, by=current_user, at=clock.now())
    if decision is not None and decision.verdict is Step.REFUSED:
        db.session.rollback()
        return _refused(order_id, stage_id, step=form, decision=decision)
    return _saved(order_id, {"start": _("已开始"), "end": _("已完成"), "notes": _("已记录")}[step], decision)


@bp.post("/<int:order_id>/stages/<int:stage_id>/delay")
@needs("order.advance")
def delay(order_id: int, stage_id: int) -> Response:
    """The stage takes longer: everything after it moves, and the household is told why."""
    form = DelayForm()
    if not form.validate():
        return _refused(order_id, stage_id, delay=form)
    stage = _stage(order_id, stage_id, form.version.data)
    if stage.actual_end is not None:
        raise Conflict(_("这个阶段已经完成，不能再延期。"))
    orders.delay(stage, days=form.days.data, word=orders.Word(form.body.data), by=current_user, at=clock.now())
    return _saved(order_id, _("已延期，业主会收到说明"))


@bp.post("/<int:order_id>/stages/<int:stage_id>/reopening")
@needs("order.advance")
def reopen(order_id: int, stage_id: int) -> Response:
    """Open a finished stage again."""
    form = ReopenForm()
    if not form.validate():
        return _refused(order_id, stage_id, reopen=form)
    stage = _stage(order_id, stage_id, form.version.data)
    decision = orders.reopen(stage, word=orders.Word(form.body.data), by=current_user, at=clock.now())
    if decision.verdict is Step.REFUSED:
        return _refused(order_id, stage_id, reopen=form, decision=decision)
    return _saved(order_id, _("已重新打开"))


def _stage(order_id: int, stage_id: int, version: int | None):
    order = scope.find(reads.whole(scope.orders(current_user)), order_id)
    stage = next((one for one in order.stages if one.id == stage_id), None) or abort(404)
    if version is not None and version != stage.version:
        raise Conflict(_("这个阶段刚被别人更新过。请重新打开，看看现在的情况再操作。"))
    return stage


def _photos(form: StepForm):
    """The cleaned photos, or None with the fault beside the field."""
    try:
        return photos.clean(form.pictures.data or [], most=9)
    except Refused as refused:
        sentence = refused.in_words(_)
        form.pictures.errors = [f"{refused.facts['name']}：{sentence}" if "name" in refused.facts else sentence]
        return None


def _refused(order_id: int, stage_id: int, **forms) -> Response:
    return page("staff/orders/show.html", "stages", **facts(order_id, open_stage=stage_id, **forms)), 422


def _saved(order_id: int, said: str, decision=None) -> Response:
    db.session.commit()
    return changed("staff/orders/show.html", "stages", to=url_for(".show", order_id=order_id), said=said,
                   **facts(order_id, decision=decision if decision and decision.verdict is Step.WARNED else None))
