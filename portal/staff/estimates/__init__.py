"""Estimates in the office: the list, the ledger of a draft, presenting and withdrawing."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from portal.navigation import Nav
from portal.staff.project_tabs import Tab

bp = Blueprint("estimates", __name__, url_prefix="/estimates")
NAV = Nav(_l("估算与预算"), "staff.estimates.index", "estimate", order=40, capability="estimate.see", group=_l("项目"))
PROJECT_TAB = Tab(_l("报价"), "staff.estimates.project", order=40, capability="estimate.see", icon="estimate")

from portal.staff.estimates import drafts, items, lines, pages, presentations  # noqa: E402, F401  (their routes belong to bp)
