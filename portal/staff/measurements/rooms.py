"""The rooms of a home with their sizes: one table, typed straight down."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField
from wtforms import Form as Part

from portal import clock, filters, scope
from portal.actions import photos, surveys
from portal.errors import Conflict
from portal.extensions import db
from portal.fields import Form, TextLine, WholeNumberField
from portal.queries import measurements as reads
from portal.queries import projects as teams
from portal.rendering import moved, page
from portal.rules.measurement import Item
from portal.rules.rooms import MOST_HEIGHT_MM, MOST_MM, RoomKind
from portal.security import needs
from portal.staff.measurements import bp
from portal.staff.project_tabs import tabs_of

SPARE_ROWS = 3


class RoomForm(Part):
    """One row; a row without a name is empty."""

    ident = HiddenField()
    name = TextLine(_l("房间"), longest=40, optional=True)
    kind = SelectField(_l("类别"), choices=[(kind.value, _l(kind.label)) for kind in RoomKind])
    length_mm = WholeNumberField(_l("长"), optional=True, lowest="100", highest=str(MOST_MM))
    width_mm = WholeNumberField(_l("宽"), optional=True, lowest="100", highest=str(MOST_MM))
    height_mm = WholeNumberField(_l("高"), optional=True, lowest="100", highest=str(MOST_HEIGHT_MM))
    openings = TextLine(_l("门窗洞"), longest=400, optional=True)
    gone = BooleanField(_l("删除"))


class RoomsForm(Form):
    rooms = FieldList(FormField(RoomForm), max_entries=200)
    seen = HiddenField()


@bp.get("/rooms/<int:project_id>")
@needs("visit.see")
def rooms(project_id: int) -> Response:
    return _page(_find(project_id))


@bp.post("/rooms/<int:project_id>")
@needs("measurement.record")
def update_rooms(project_id: int) -> Response:
    project, form = _find(project_id), RoomsForm()
    if not form.validate():
        return _page(project, form), 422
    if form.seen.data != surveys.fingerprint(project):
        raise Conflict(_("您打开页面之后，同事已经改过这些房间。请返回刷新，再改一次。"))
    try:
        surveys.measure(project=project, by=current_user, at=clock.now(), rows=[row.data for row in form.rooms])
    except surveys.BadRow as bad:
        db.session.rollback()
        form.rooms[bad.number].form[bad.field].errors = [filters.reason(bad.reason)]
        return _page(project, form), 422
    db.session.commit()
    return moved(url_for(".rooms", project_id=project_id), said=_("房间尺寸已保存。"))


def _find(project_id: int):
    return scope.find(teams.with_people(scope.projects(current_user)), project_id)


def _page(project, form: RoomsForm | None = None) -> Response:
    record = reads.record_of_project(project)
    rows = [surveys.as_row(room) for room in project.rooms] + [{} for _spare in range(SPARE_ROWS)]
    return page(
        "staff/measurements/rooms.html",
        project=project,
        project_tabs=tabs_of(project.id),
        form=form or RoomsForm(formdata=None, rooms=rows, seen=surveys.fingerprint(project)),
        measured=surveys.measured(project),
        record=record,
        pictures=photos.of("measurement", [record.id])[record.id] if record else [],
        items={item.value: item.label for item in Item},
    )
