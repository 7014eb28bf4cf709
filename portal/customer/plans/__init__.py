"""The homeowner's drawings: look at them, pin remarks on them, approve them or ask for a change."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from portal.navigation import Nav

bp = Blueprint("plans", __name__, url_prefix="/plans")
NAV = Nav(_l("图纸"), "customer.plans.index", "plan", order=20, capability="home.view")

from portal.customer.plans import pages, pictures, talk  # noqa: E402, F401  (their routes belong to bp)
