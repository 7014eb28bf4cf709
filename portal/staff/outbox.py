"""The outbox: every message that left, waits or failed. Nothing is dropped silently."""

from __future__ import annotations

import re

from flask import Blueprint, Response, current_app, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import notify, scope
from portal.extensions import db
from portal.navigation import Nav
from portal.queries import people as lists
from portal.rendering import moved, page
from portal.security import needs

bp = Blueprint("outbox", __name__, url_prefix="/outbox")
NAV = Nav(_l("发件箱"), "staff.outbox.index", "message", order=910, capability="outbox.see", group=_l("管理"))
CHANNELS = {"sms": _l("短信"), "email": _l("邮件"), "portal": _l("站内")}
STATES = {"waiting": _l("等待发送"), "sent": _l("已发送"), "failed": _l("发送失败")}
TONES = {"waiting": "attention", "sent": "good", "failed": "bad", "shown": "info"}
SECRET = re.compile(r"\d{4,}")


@bp.get("/")
@needs("outbox.see")
def index() -> Response:
    asked = {name: request.args.get(name, "") for name in ("channel", "state")}
    before = request.args.get("before", 0, type=int)
    found, more = lists.outbox(scope.messages(current_user), before=min(max(before, 0), scope.LARGEST_ID), **asked)
    older = url_for(".index", before=found[-1].id, **asked) if more else None
    newest = url_for(".index", **asked) if before else None
    return page(
        "staff/outbox/index.html",
        messages=[_shown(one) for one in found],
        older=older,
        newest=newest,
        channels=CHANNELS,
        states=STATES,
        demo=_demo(),
        **asked,
    )


@bp.post("/<int:message_id>/copies")
@needs("outbox.see")
def again(message_id: int):
    """Try a message again that was given up, after the cause was removed."""
    message = scope.find(scope.messages(current_user), message_id)
    if message.failed_at is None:
        return moved(url_for(".index"), said=_("这条消息正在发送或已经发出。"), tone="info")
    notify.again(message)
    db.session.commit()
    return moved(url_for(".index"), said=_("已重新排队发送。"))


def _shown(message) -> dict:
    """What staff may read of it: in production the code and the link of a secret message stay between us and her."""
    hidden = message.secret and not _demo()
    state = "failed" if message.failed_at else "sent" if message.sent_at else "waiting"
    state = "shown" if message.carrier == "outbox" else state
    words = {**STATES, "shown": _("仅演示显示，没有真的发出")}
    return {
        "row": message,
        "state": words[state],
        "tone": TONES[state],
        "channel": CHANNELS[message.channel],
        "body": SECRET.sub("••••••", message.body) if hidden else message.body,
        "link": "" if hidden or not message.link else message.link,
        # A page of somebody else's account would not be found; a link with a token opens for whoever has it.
        "opens": message.user_id == current_user.id or "/invitations/" in (message.link or ""),
        "failure": _(message.failure) if message.failure else "",
    }


def _demo() -> bool:
    return current_app.config["SETTINGS"].demo
