"""Steps of a stage: begin, end, note, delay, reopen."""

from __future__ import annotations

from flask import Response, abort, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions import orders
from portal.extensions import db
from portal.photo_field import PHOTO_FORM_BYTES
from portal.queries import orders as reads
from portal.rendering import changed, page
from portal.rules.stages import Step
from portal.security import accepts, needs
from portal.staff.orders import bp
from portal.staff.orders.forms import DelayForm, ReopenForm, StepForm
from portal.staff.orders.pages import conflict, facts


@bp.post("/<int:order_id>/stages/<int:stage_id>/<any(start, end):step>")
@needs("order.advance")
@accepts(PHOTO_FORM_BYTES)
def step(order_id: int, stage_id: int, step: str) -> Response:
    """Begin or end a stage, with words and photos. A warning is asked about before anything happens."""
    _stage(order_id, stage_id)  # nobody's photos are looked at before it is sure that the stage is his
    form = StepForm(prefix=f"step{stage_id}-")
    if not form.validate():
        return _refused(order_id, stage_id, step=form)
    stage = _stage(order_id, stage_id)
    if form.version.data != stage.version:
        return _overtaken(order_id, stage, step=form)
    said = {"on": form.on.data, "word": _word(form), "confirmed": form.confirmed.data, "by": current_user, "at": clock.now()}
    decision = orders.start(stage, **said) if step == "start" else orders.finish(stage, begin_next=form.begin_next.data, **said)
    if decision.verdict is Step.REFUSED or (decision.verdict is Step.WARNED and not form.confirmed.data):
        return _refused(order_id, stage_id, decision=decision, step=form)
    return _saved(order_id, _("已开始") if step == "start" else _("已完成"))


@bp.post("/<int:order_id>/stages/<int:stage_id>/notes")
@needs("order.advance")
@accepts(PHOTO_FORM_BYTES)
def note(order_id: int, stage_id: int) -> Response:
    """Keep a note: words, photos or both."""
    _stage(order_id, stage_id)
    form = StepForm(prefix=f"step{stage_id}-")
    if not form.validate():
        return _refused(order_id, stage_id, step=form)
    word = _word(form)
    if not word.body and not word.pictures:
        form.body.errors = [_("写一句话，或放一张照片。")]
        return _refused(order_id, stage_id, step=form)
    orders.note(_stage(order_id, stage_id), word=word, by=current_user, at=clock.now())
    return _saved(order_id, _("已记录"))


@bp.post("/<int:order_id>/stages/<int:stage_id>/delay")
@needs("order.advance")
def delay(order_id: int, stage_id: int) -> Response:
    """The stage takes longer: everything after it moves, and the household is told why."""
    stage = _stage(order_id, stage_id)
    form = DelayForm(prefix=f"delay{stage_id}-")
    if not form.validate():
        return _refused(order_id, stage_id, delay=form)
    said = {"days": form.days.data, "word": orders.Word(form.body.data), "by": current_user, "at": clock.now()}
    if form.version.data != stage.version or not orders.delay(stage, **said):
        return _overtaken(order_id, stage, delay=form)
    return _saved(order_id, _("已延期，业主会收到说明"))


@bp.post("/<int:order_id>/stages/<int:stage_id>/reopening")
@needs("order.advance")
def reopen(order_id: int, stage_id: int) -> Response:
    """Open a finished stage again."""
    stage = _stage(order_id, stage_id)
    form = ReopenForm(prefix=f"reopen{stage_id}-")
    if not form.validate():
        return _refused(order_id, stage_id, reopen=form)
    if form.version.data != stage.version:
        return _overtaken(order_id, stage, reopen=form)
    decision = orders.reopen(stage, word=orders.Word(form.body.data), by=current_user, at=clock.now())
    if decision.verdict is Step.REFUSED:
        return _refused(order_id, stage_id, decision=decision, reopen=form)
    return _saved(order_id, _("已重新打开"))


def _stage(order_id: int, stage_id: int):
    order = scope.find(reads.whole(scope.orders(current_user)), order_id)
    return next((one for one in order.stages if one.id == stage_id), None) or abort(404)


def _word(form: StepForm) -> orders.Word:
    return orders.Word(form.body.data or "", form.pictures.data, form.for_homeowner.data)


def _overtaken(order_id: int, stage, **forms) -> tuple[Response, int]:
    """409 with the stage as it is now: the same words can be sent again after a look at it."""
    for form in forms.values():
        form.version.data = stage.version
    says = _("这个阶段刚被别人更新过，还没有保存您的操作。请看看现在的情况，再决定要不要提交。")
    return conflict(order_id, says, refused={stage.id: forms})


def _refused(order_id: int, stage_id: int, *, decision=None, **forms) -> tuple[Response, int]:
    db.session.rollback()
    return page("staff/orders/show.html", "stages", **facts(order_id, refused={stage_id: forms}, decision=decision)), 422


def _saved(order_id: int, said: str) -> Response:
    db.session.commit()
    return changed("staff/orders/show.html", "stages", to=url_for(".show", order_id=order_id), said=said, **facts(order_id))
