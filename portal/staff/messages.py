"""My messages: what the portal told me, the newest first."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import clock, scope
from portal.actions import inbox
from portal.extensions import db
from portal.navigation import Nav
from portal.queries import people as lists
from portal.rendering import moved, page
from portal.security import needs

bp = Blueprint("messages", __name__, url_prefix="/messages")
NAV = Nav(_l("消息"), "staff.messages.index", "bell", order=5, capability="staff.enter")


@bp.get("/")
@needs("staff.enter")
def index() -> Response:
    before = min(max(request.args.get("before", 0, type=int), 0), scope.LARGEST_ID)
    found, more = lists.inbox(current_user, before=before)
    return page(
        "staff/messages/index.html",
        messages=found,
        unread=inbox.unread(current_user),
        older=url_for(".index", before=found[-1].id) if more else None,
        newest=url_for(".index") if before else None,
    )


@bp.post("/read")
@needs("staff.enter")
def read():
    """All that she sees is read; what came in the meantime stays new."""
    up_to = min(max(request.form.get("up_to", 0, type=int), 0), scope.LARGEST_ID)
    inbox.read_all(current_user, up_to=up_to, at=clock.now())
    db.session.commit()
    return moved(url_for(".index"), said=_("已全部标为已读。"))
