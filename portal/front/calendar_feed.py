"""A homeowner's schedule for calendar programs: no sign-in, but a key that only she hands out and can take back."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, abort, request
from flask_babel import force_locale
from flask_babel import gettext as _

from portal import clock, company, i18n, scope
from portal.actions import calendar_feed
from portal.security import public, raw

bp = Blueprint("calendar_feed", __name__)


@bp.get("/customer/schedule.ics")
@raw
@public
def show() -> Response:
    """Every visit to her homes; 404 for a key that is unknown or was taken back."""
    owner = calendar_feed.owner_of(request.args.get("key", "")[:64])
    if owner is None or not owner.is_homeowner:
        abort(404)
    with force_locale(i18n.LANGUAGES.get(owner.language, i18n.LANGUAGES["zh"])):
        name = _("%(company)s · 上门日程", company=company.name())
        body = calendar_feed.write(scope.home_visits(owner), name=name, at=clock.now())
    response = Response(body, content_type="text/calendar; charset=utf-8")
    response.headers["Content-Disposition"] = 'inline; filename="schedule.ics"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.headers["X-Robots-Tag"] = "noindex"
    response.set_etag(hashlib.sha256(body).hexdigest()[:32])
    return response.make_conditional(request)
