"""Drawings in the office: files come in, are confirmed, shown, talked about."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from portal.navigation import Nav
from portal.staff.project_tabs import Tab

bp = Blueprint("plans", __name__, url_prefix="/plans")
NAV = Nav(_l("图纸"), "staff.plans.index", "plan", order=36, capability="drawing.see", group=_l("项目"))
PROJECT_TAB = Tab(_l("图纸"), "staff.plans.project", order=30, capability="drawing.see", icon="plan")

from portal.staff.plans import confirming, pages, pictures, talk, uploads  # noqa: E402, F401  (their routes belong to bp)
