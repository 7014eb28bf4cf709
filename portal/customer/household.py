"""My family: who sees our home, and who signs for it."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import scope
from portal.actions import household
from portal.fields import words
from portal.navigation import Nav
from portal.rendering import page
from portal.rules.household import Relation, Right
from portal.security import needs

bp = Blueprint("household", __name__, url_prefix="/household")
NAV = Nav(_l("我的家人"), "customer.household.index", "users", order=80, capability="home.view")


@bp.get("/")
@needs("home.view")
def index() -> Response:
    """Every home that is hers, with its household. Phone numbers of relatives stay out: each has her own account."""
    homes = [
        {"project": home, "members": household.of(home).members} for home in scope.every(scope.homes(current_user))
    ]
    return page("customer/household/index.html", homes=homes, relations=words(Relation), rights=words(Right))
