"""The first screen: what is happening now, what is needed from her, what comes next, who answers."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal.navigation import Nav
from portal.queries import homes
from portal.rendering import page
from portal.security import needs

bp = Blueprint("home", __name__)
NAV = Nav(_l("首页"), "customer.home.show", "home", order=0, capability="home.view")


@bp.get("/")
@needs("home.view")
def show() -> Response:
    """Her homes, each with its four answers."""
    return page("customer/home/show.html", homes=homes.first_screen(current_user), words=homes.stage_words())
