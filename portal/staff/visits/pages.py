"""The list by days, the month, and one visit."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_login import current_user

from portal import calendars, clock, scope
from portal.actions import photos
from portal.queries import visits as reads
from portal.rendering import page
from portal.rules.access import ROLE_NAMES
from portal.rules.measurement import Item
from portal.rules.working_time import CALENDAR
from portal.security import needs
from portal.staff.project_tabs import tabs_of
from portal.staff.visits import bp
from portal.staff.visits.forms import CancellationForm, MoveForm, ResultForm


@bp.get("/")
@needs("visit.see")
def index() -> Response:
    """What is to come, by days; what nobody has reported on stands on top."""
    rows, facts = _chosen()
    now, number = clock.now(), request.args.get("page", 1, type=int)
    number = number if 1 <= number <= 1000 else 1
    ahead, waiting = reads.ahead(rows, now=now), reads.unconfirmed(rows, now=now)
    past, more = reads.past(rows, now=now, page=number) if facts["project"] else ([], False)
    return page(
        "staff/visits/index.html",
        "found",
        days=reads.by_day(ahead),
        waiting=waiting,
        past=past,
        more=more,
        number=number,
        states=reads.states([*ahead, *waiting, *past], now=now),
        **facts,
        **LOOK,
    )


@bp.get("/month")
@needs("visit.see")
def month() -> Response:
    rows, facts = _chosen()
    shown = calendars.month_named(request.args.get("month"), otherwise=clock.today())
    found = reads.in_month(rows, shown)
    entries = reads.entries(
        found, now=clock.now(), home=facts["project"] is None, address=lambda visit: url_for(".show", visit_id=visit.id)
    )
    weeks = shown.weeks(entries, today=clock.today(), off=lambda day: not CALENDAR.is_working(day))
    return page("staff/visits/month.html", month=shown, title=reads.month_title(shown), weeks=weeks, **facts)


@bp.get("/<int:visit_id>")
@needs("visit.see")
def show(visit_id: int) -> Response:
    return visit_page(find(visit_id))


def find(visit_id: int):
    return scope.find(reads.shown(scope.visits(current_user)), visit_id)


def visit_page(visit, **forms) -> Response:
    """One visit with the forms that change it; `forms` are the refused ones."""
    now = clock.now()
    version = visit.version
    local = clock.local(visit.starts_at)
    given = {
        "move_form": MoveForm(formdata=None, day=local.date(), time=local.time(), version=version),
        "cancel_form": CancellationForm(formdata=None, version=version),
        "result_form": ResultForm(formdata=None, version=version),
    } | forms
    record = reads.record_of(visit)
    return page(
        "staff/visits/show.html",
        "visit",
        visit=visit,
        state=reads.states([visit], now=now)[visit.id],
        record=record,
        pictures=photos.of("measurement", [record.id])[record.id] if record else [],
        items={item.value: item.label for item in Item},
        begun=now >= visit.starts_at,
        today_or_past=clock.local(visit.starts_at).date() <= clock.today(),
        **given,
        **LOOK,
    )


LOOK = {"tones": reads.TONES, "called": reads.called, "role_names": ROLE_NAMES, "presences": reads.PRESENCES}


def _chosen():
    """The visits that the address asks for, one's own without a word, and what the page says of the choice."""
    ident, who = request.args.get("project_id", 0, type=int), request.args.get("who", "mine")
    project = scope.find(scope.projects(current_user), ident) if ident else None
    rows = scope.visits(current_user)
    if project:
        rows = rows.filter_by(project_id=project.id)
    elif who != "all":
        rows = rows.filter_by(person_id=current_user.id)
    facts = {"project": project, "project_tabs": tabs_of(project.id) if project else [], "who": "all" if who == "all" else "mine"}
    return rows, facts
