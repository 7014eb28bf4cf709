"""Today's follow-ups: whom to contact, the missed ones first."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import clock, scope
from portal.extensions import db
from portal.navigation import Nav
from portal.queries import leads as reads
from portal.rendering import changed, page
from portal.security import needs
from portal.staff.leads import TONES, ContactForm, log

bp = Blueprint("follow_ups", __name__, url_prefix="/follow-ups")
NAV = Nav(_l("今日跟进"), "staff.follow_ups.index", "clock", order=10, capability="lead.follow", group=_l("销售"))

AHEAD = timedelta(days=7)


@bp.get("/")
@needs("lead.follow")
def index() -> Response:
    return page("staff/follow_ups/index.html", "queue", **_queue())


@bp.post("/<int:lead_id>/contacts")
@needs("lead.follow")
def log_contact(lead_id: int) -> Response:
    """A contact logged from the queue; the lead moves to the day of its next step."""
    lead = scope.find(scope.own_leads(current_user), lead_id)
    form = ContactForm(prefix=f"lead{lead_id}-")
    if not log(form, lead):
        return page("staff/follow_ups/index.html", "queue", **_queue(form, lead_id)), 422
    db.session.commit()
    return changed("staff/follow_ups/index.html", "queue", to=url_for(".index"), said=_("已记录，下一步已安排。"), **_queue())


def _queue(form: ContactForm | None = None, lead_id: int | None = None) -> dict:
    """The person's own leads up to a week ahead, each with its form; `form` is the one that was refused."""
    today = clock.today()
    leads = reads.to_follow(scope.own_leads(current_user), until=today + AHEAD)
    forms = {lead.id: ContactForm(formdata=None, prefix=f"lead{lead.id}-", next_on=today) for lead in leads}
    if form is not None:
        forms[lead_id] = form
    found = [item for item in reads.placed(leads, at=clock.now()) if item.standing.protected or item.lead.project_id]
    return {
        "missed": [item for item in found if item.lead.next_on < today],
        "due": [item for item in found if item.lead.next_on == today],
        "ahead": [item for item in found if item.lead.next_on > today],
        "forms": forms,
        "tones": TONES,
        "made": reads.contacts_made(current_user.id, on=today),
    }
