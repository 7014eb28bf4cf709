"""Complaints in the office: the queue by due time, and everything that is done with one."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from portal.navigation import Nav
from portal.staff.project_tabs import Tab

bp = Blueprint("complaints", __name__, url_prefix="/complaints")
# Solving what worries customers comes first (R163), in the menu too.
NAV = Nav(_l("客户投诉"), "staff.complaints.index", "complaint", order=3, capability="complaint.see")
PROJECT_TAB = Tab(_l("客户投诉"), "staff.complaints.index", order=80, capability="complaint.see", icon="complaint")

from portal.staff.complaints import filing, pages, steering, steps  # noqa: E402, F401  (their routes belong to bp)
