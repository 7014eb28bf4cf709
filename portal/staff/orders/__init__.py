"""Orders in the office: the list, the way through the stages."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from portal.navigation import Nav
from portal.staff.project_tabs import Tab

bp = Blueprint("orders", __name__, url_prefix="/orders")
NAV = Nav(_l("订单"), "staff.orders.index", "order", order=50, capability="order.see", group=_l("项目"))
PROJECT_TAB = Tab(_l("施工进度"), "staff.orders.project", 50, "order.see", "order")

from portal.staff.orders import pages, steps  # noqa: E402, F401  (their routes belong to bp)
