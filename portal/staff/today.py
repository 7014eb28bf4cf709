"""The first screen of the office: what is next for me."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l

from portal import clock
from portal.navigation import Nav
from portal.rendering import page
from portal.security import needs

bp = Blueprint("today", __name__)
NAV = Nav(_l("今天"), "staff.today.show", "home", order=0, capability="staff.enter")


@bp.get("/")
@needs("staff.enter")
def show() -> Response:
    return page("staff/today/show.html", hour=clock.local(clock.now()).hour)
