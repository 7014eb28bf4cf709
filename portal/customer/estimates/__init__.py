"""The homeowner's estimates: what changed, every line, the signature."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from portal.navigation import Nav

bp = Blueprint("estimates", __name__, url_prefix="/estimates")
NAV = Nav(_l("报价"), "customer.estimates.index", "estimate", order=30, capability="home.view")

from portal.customer.estimates import pages, signature  # noqa: E402, F401  (their routes belong to bp)
