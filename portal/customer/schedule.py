"""Every visit to her home: past and to come, who comes, why, and what was moved; and the feed for her calendar."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import calendars, clock, scope
from portal.actions import calendar_feed, photos, surveys
from portal.extensions import db, settings
from portal.navigation import Nav
from portal.queries import projects as homes
from portal.queries import visits as reads
from portal.rendering import moved, page
from portal.rules.access import ROLE_NAMES
from portal.rules.measurement import Item
from portal.rules.working_time import CALENDAR
from portal.security import needs

bp = Blueprint("schedule", __name__, url_prefix="/schedule")
NAV = Nav(_l("日程"), "customer.schedule.index", "calendar", order=40, capability="home.view")

# How the timeline draws each state; what nobody has reported on yet still counts as planned.
STAGES = {
    "planned": "planned",
    "on_the_way": "now",
    "late": "late",
    "under_way": "now",
    "unconfirmed": "planned",
    "done": "done",
    "cancelled": "cancelled",
}
LOOK = {
    "tones": reads.TONES,
    "called": reads.called,
    "role_names": ROLE_NAMES,
    "presences": reads.PRESENCES,
    "stages": STAGES,
    "when_of": reads.when_of,
}


@bp.get("/")
@needs("home.view")
def index() -> Response:
    """What is to come first, below it what was."""
    now, number = clock.now(), request.args.get("page", 1, type=int)
    number = number if 1 <= number <= 1000 else 1
    rows = scope.home_visits(current_user)
    ahead = reads.ahead(rows, now=now)
    past, more = reads.past(rows, now=now, page=number)
    states = reads.states([*ahead, *past], now=now)
    return page(
        "customer/schedule/index.html",
        ahead=ahead,
        first_id=next((visit.id for visit in ahead if states[visit.id] == "planned"), None),
        past=past,
        more=more,
        number=number,
        states=states,
        several=len({visit.project_id for visit in [*ahead, *past]}) > 1,
        feed=_addresses(),
        **LOOK,
    )


@bp.get("/month")
@needs("home.view")
def month() -> Response:
    shown = calendars.month_named(request.args.get("month"), otherwise=clock.today())
    found = reads.in_month(scope.home_visits(current_user), shown)
    several = len({visit.project_id for visit in found}) > 1
    entries = reads.entries(found, now=clock.now(), home=several, address=lambda visit: url_for(".show", visit_id=visit.id))
    weeks = shown.weeks(entries, today=clock.today(), off=lambda day: not CALENDAR.is_working(day))
    return page("customer/schedule/month.html", month=shown, title=reads.month_title(shown), weeks=weeks)


@bp.get("/<int:visit_id>")
@needs("home.view")
def show(visit_id: int) -> Response:
    """One visit; of a measurement also what was found, to read."""
    visit = scope.find(reads.shown(scope.home_visits(current_user)), visit_id)
    record = reads.record_of(visit)
    home = scope.find(homes.with_people(scope.homes(current_user)), visit.project_id)
    return page(
        "customer/schedule/show.html",
        visit=visit,
        state=reads.states([visit], now=clock.now())[visit.id],
        record=record,
        pictures=photos.of("measurement", [record.id])[record.id] if record else [],
        items={item.value: item.label for item in Item},
        measured=surveys.measured(home) if visit.kind == "measurement" and visit.done_at else [],
        **LOOK,
    )


@bp.post("/key")
@needs("home.act")
def make_key() -> Response:
    """A new address for the feed; the old one stops working."""
    calendar_feed.make(by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".index", _anchor="subscribe"), said=_("订阅地址已生成。复制到手机日历，以后的变动会自动更新。"))


@bp.post("/key/revocation")
@needs("home.act")
def revoke_key() -> Response:
    calendar_feed.revoke(by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".index", _anchor="subscribe"), said=_("订阅已停用，拿到旧地址的人不能再看。"))


def _addresses() -> dict | None:
    """The feed's address for copying, and the one that opens a calendar program by itself."""
    key = calendar_feed.key_of(current_user)
    if key is None:
        return None
    address = settings.public_url + url_for("calendar_feed.show", key=key.key)
    return {"address": address, "webcal": "webcal://" + address.partition("://")[2], "since": key.created_at}
