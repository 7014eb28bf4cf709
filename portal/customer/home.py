"""The first screen: what is happening now, what is needed from her, what comes next, who answers."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import clock, scope
from portal.actions import inbox
from portal.extensions import db
from portal.navigation import Nav
from portal.queries import homes, news, orders, visits
from portal.rendering import moved, page
from portal.security import needs

bp = Blueprint("home", __name__)
NAV = Nav(_l("首页"), "customer.home.show", "home", order=0, capability="home.view")


@bp.get("/")
@needs("home.view")
def show() -> Response:
    """Her homes, each with its four answers; above them what changed since she was last here."""
    return page(
        "customer/home/show.html", homes=homes.first_screen(current_user), news=news.of(current_user), words=orders.stage_words(),
        called=visits.called, when_of=lambda visit: visits.when_of(visit, visit.starts_at),
    )


@bp.post("/news")
@needs("home.view")
def read_news() -> Response:
    """She has seen what changed; what came in the meantime stays new."""
    up_to = min(max(request.form.get("up_to", 0, type=int), 0), scope.LARGEST_ID)
    inbox.read_all(current_user, up_to=up_to, at=clock.now())
    db.session.commit()
    return moved(url_for(".show"))
