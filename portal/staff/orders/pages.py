"""The list of orders, and one order."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions import orders
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
    """Orders by what is due first, searchable by home, number or customer."""
    words, state = request.args.get("q", "").strip()[:60], request.args.get("state", "open")
    state = state if state in reads.STATES else "open"
    number = min(max(request.args.get("page", 1, type=int), 1), reads.MOST_PAGES)
    found, more = reads.listed(scope.orders(current_user), state=state, words=words, page=number)
    return page("staff/orders/index.html", "found", orders=found, more=more, words=words, state=state, number=number,
                words_of=reads.stage_words())


@bp.get("/projects/<int:project_id>")
@needs("order.see")
def project(project_id: int) -> Response:
    """The order of a home, or the word that there is none yet."""
    home = scope.find(scope.projects(current_user), project_id)
    order = reads.of_project(home.id)
    if order is not None:
        return moved(url_for(".show", order_id=order.id))
    return page("staff/orders/project.html", project=home, tabs=tabs_of(project_id))


@bp.get("/<int:order_id>")
@needs("order.see")
def show(order_id: int) -> Response:
    """The stage in hand with its forms on top, then all stages."""
    return page("staff/orders/show.html", "stages", **facts(order_id))


@bp.post("/<int:order_id>/plan")
@needs("order.advance")
def plan(order_id: int) -> Response:
    """Choose the start day; before the first stage has begun it can be chosen anew."""
    order = scope.find(reads.whole(scope.orders(current_user)), order_id)
    form = PlanForm()
    if not form.validate():
        return page("staff/orders/show.html", "stages", **facts(order_id, plan=form)), 422
    if form.version.data != order.version or not orders.plan(order, start_on=form.start_on.data, by=current_user, at=clock.now()):
        form.version.data, form.version.raw_data = order.version, None
        return conflict(order_id, _("开工安排刚被别人改过，或者已经开工。下面是现在的情况。"), plan=form)
    db.session.commit()
    return moved(url_for(".show", order_id=order_id), said=_("开工日期已定，业主会收到通知"))


def conflict(order_id: int, says: str, **forms) -> tuple[Response, int]:
    """409: the page as it is now, with the words that were typed."""
    db.session.rollback()
    return page("staff/orders/show.html", "stages", **facts(order_id, newer=says, **forms)), 409


def facts(order_id: int, *, plan: PlanForm | None = None, refused: dict | None = None, decision=None, newer: str = "") -> dict:
    """What the page of an order shows; `refused` is {stage id: {"step": form, …}} of the form that was refused."""
    order = scope.find(reads.whole(scope.orders(current_user)), order_id)
    views = reads.stages(order, for_homeowner=False)
    may_advance = current_user.can("order.advance")
    open_views = [view for view in views if view.is_open]
    return {
        "order": order, "project": order.project, "views": views, "tabs": tabs_of(order.project_id),
        "in_hand": open_views[:1] if not any(view.stage.actual_start for view in open_views) else [
            view for view in open_views if view.stage.actual_start],
        "done": sum(view.state == "done" for view in views), "may_advance": may_advance,
        "may_plan": may_advance and not any(view.stage.actual_start for view in views),
        "plan": plan or PlanForm(formdata=None, start_on=order.start_on, version=order.version),
        "forms": {view.stage.id: stage_forms(view.stage) | (refused or {}).get(view.stage.id, {}) for view in views} if may_advance else {},
        "decision": decision, "refused": set(refused or ()), "newer": newer,
    }


def stage_forms(stage) -> dict:
    """Empty forms of a stage, each with today, the version shown and names of its own."""
    now = {"formdata": None, "version": stage.version}
    return {
        "step": StepForm(prefix=f"step{stage.id}-", on=clock.today(), **now),
        "delay": DelayForm(prefix=f"delay{stage.id}-", **now), "reopen": ReopenForm(prefix=f"reopen{stage.id}-", **now),
    }
