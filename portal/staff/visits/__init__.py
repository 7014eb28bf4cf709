"""Visits in the office: who goes where and when, moving and calling off, what came of it."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from portal.navigation import Nav
from portal.staff.project_tabs import Tab

bp = Blueprint("visits", __name__, url_prefix="/visits")
NAV = Nav(_l("上门日程"), "staff.visits.index", "calendar", order=32, capability="visit.see", group=_l("项目"))
PROJECT_TAB = Tab(_l("日程"), "staff.visits.index", order=20, capability="visit.see", icon="calendar")

from portal.staff.visits import booking, changes, pages  # noqa: E402, F401  (their routes belong to bp)
