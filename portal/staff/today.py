"""The first screen of the office: what is next for me."""

from __future__ import annotations

from flask import Blueprint, Response
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import clock
from portal.navigation import Nav
from portal.queries import complaints, orders, today, visits
from portal.rendering import page
from portal.security import needs

bp = Blueprint("today", __name__)
NAV = Nav(_l("今天"), "staff.today.show", "home", order=0, capability="staff.enter")


@bp.get("/")
@needs("staff.enter")
def show() -> Response:
    """What waits for me: complaints first (R163), then what has an hour, then what has a day."""
    now = clock.now()
    return page(
        "staff/today/show.html", piles=today.of(current_user, at=now), hour=clock.local(now).hour, words_of=orders.stage_words(),
        called=visits.called, state_of=complaints.state,
    )
