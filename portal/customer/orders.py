"""The homeowner's progress: done, now, next, the expected day, and whom to ask."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import scope
from portal.navigation import Nav
from portal.queries import homes
from portal.queries import orders as reads
from portal.rendering import page
from portal.security import needs

bp = Blueprint("orders", __name__, url_prefix="/orders")
NAV = Nav(_l("进度"), "customer.orders.index", "progress", order=10, capability="home.view")


@bp.get("/")
@needs("home.view")
def index() -> Response:
    """Every home's way from the first talk to the keys, and its works once there are any."""
    return page("customer/orders/index.html", homes=homes.first_screen(current_user), words=reads.stage_words())


@bp.get("/<int:order_id>")
@needs("home.view")
def show(order_id: int) -> Response:
    """One order with every stage in plain words."""
    order = scope.find(scope.home_orders(current_user), order_id)
    home = next(one for one in homes.first_screen(current_user) if one.project.id == order.project_id)
    return page("customer/orders/show.html", home=home, words=reads.stage_words())
