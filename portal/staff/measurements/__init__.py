"""Measuring homes: booking, the dispatch board, the record of findings, the rooms."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from portal.navigation import Nav
from portal.staff.project_tabs import Tab

bp = Blueprint("measurements", __name__, url_prefix="/measurements")
NAV = Nav(_l("量房派单"), "staff.measurements.index", "ruler", order=34, capability="visit.see", group=_l("项目"))
PROJECT_TAB = Tab(_l("量房与房间"), "staff.measurements.rooms", order=10, capability="visit.see", icon="ruler")

from portal.staff.measurements import dispatch, records, rooms  # noqa: E402, F401  (their routes belong to bp)
