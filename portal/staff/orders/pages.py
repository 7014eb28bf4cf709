"""The list of orders, and one order."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions import orders
from portal.errors import Conflict
from portal.extensions import db
from portal.queries import orders as reads
from portal.rendering import moved, page
from portal.security import needs
from portal.staff.orders import bp
from portal.staff.orders.forms import DelayForm, PlanForm, ReopenForm, StepForm
from portal.staff.project_tabs import tabs_of


@bp.get("/")
@needs("order.see")
def index() -> Response:
    """Orders by state, searchable by home, number or customer."""
    words, state = request.args.get("q", "").strip()[:60], request.args.get("state", "")
    found = reads.listed(scope.orders(current_user), state=state, words=words, before=request.args.get("before", type=int))
    return page("staff/orders/index.html", "found", orders=found[: reads.PAGE], more=found[reads.PAGE :], words=words, state=state)


@bp.get("/projects/<int:project_id>")
@needs("order.see")
def project(project_id: int) -> Response:
    """The order of a home, or the word that there is none yet."""
    home = scope.find(scope.projects(current_user), project_id)
    order = reads.of_project(project_id)
    if order is not None:
        return moved(url_for(".show", order_id=order.id))
    return page("staff/orders/project.html", project=home, tabs=tabs_of(project_id))


@bp.get("/<int:order_id>")
@needs("order.see")
def show(order_id: int) -> Response:
    """The stages: done, now, next; what to do is on top."""
    return page("staff/orders/show.html", "stages", **facts(order_id))


@bp.post("/<int:order_id>/plan")
@needs("order.advance")
def plan(order_id: int) -> Response:
    """Choose the start day; before the first stage has begun it can be chosen anew."""
    order = scope.find(reads.whole(scope.orders(current_user)), order_id)
    form = PlanForm()
    if not form.validate():
        return page("staff/orders/show.html", "stages", **facts(order_id, plan=form)), 422
    if form.version.data != order.version or any(stage.actual_start for stage in order.stages):
        raise Conflict(_("开工安排刚被别人改过，或者已经开工。请重新打开再看。"))
    orders.plan(order, start_on=form.start_on.data, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", order_id=order_id), said=_("开工日期已定，业主会收到通知"))


def facts(order_id: int, **refused) -> dict:
    """What the page of an order shows; `refused` replaces a form by the one that was refused."""
    order = scope.find(reads.whole(scope.orders(current_user)), order_id)
    views = reads.stages(order, for_homeowner=False)
    now = next((view.stage for view in views if view.stage.actual_end is None), None)
    shown = {
        "order": order, "project": order.project, "views": views, "now": now, "tabs": tabs_of(order.project_id),
        "done": sum(1 for view in views if view.state == "done"),
        "may_plan": current_user.can("order.advance") and not any(view.stage.actual_start for view in views),
        "plan": PlanForm(formdata=None, start_on=order.start_on, version=order.version),
        "step": StepForm(formdata=None, on=clock.today()),
        "delay": DelayForm(formdata=None), "reopen": ReopenForm(formdata=None), "decision": None, "open_stage": None,
    }
    return shown | refused
