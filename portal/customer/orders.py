"""The homeowner's progress: done, now, next, the expected day, and whom to ask."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import scope
from portal.navigation import Nav
from portal.queries import homes, orders as reads
from portal.rendering import page
from portal.security import needs

bp = Blueprint("orders", __name__, url_prefix="/orders")
NAV = Nav(_l("进度"), "customer.orders.index", "progress", order=10, capability="home.view")


@bp.get("/")
@needs("home.view")
def index() -> Response:
    """Every home's works; the way before the works where there is no order yet."""
    return page("customer/orders/index.html", homes=homes.progress(current_user))


@bp.get("/<int:order_id>")
@needs("home.view")
def show(order_id: int) -> Response:
    """One order with every stage in plain words."""
    order = scope.find(reads.whole(scope.home_orders(current_user)), order_id)
    return page("customer/orders/show.html", order=order, project=order.project, views=reads.stages(order, for_homeowner=True),
                contacts=homes.contacts(order.project), words=homes.stage_words())
