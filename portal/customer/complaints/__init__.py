"""The homeowner's complaints: tell us, follow, answer, say whether it is solved."""

from flask import Blueprint
from flask_babel import lazy_gettext as _l

from portal.navigation import Nav

bp = Blueprint("complaints", __name__, url_prefix="/complaints")
NAV = Nav(_l("投诉报修"), "customer.complaints.index", "complaint", order=60, capability="home.view")

from portal.customer.complaints import answers, pages  # noqa: E402, F401  (their routes belong to bp)
