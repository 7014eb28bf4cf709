"""The price book: what is in force, searched; a new edition imported from CSV or XLSX, whole or not at all."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from flask_wtf.file import FileField

from portal import clock, spreadsheets
from portal.actions import catalogue
from portal.extensions import db
from portal.fields import Form
from portal.navigation import Nav
from portal.queries import catalogue as reads
from portal.rendering import moved, page
from portal.security import accepts, needs

bp = Blueprint("catalogue", __name__, url_prefix="/catalogue")
NAV = Nav(_l("价目表"), "staff.catalogue.index", "list", order=45, capability="catalogue.see", group=_l("项目"))
MOST_FAULTS = 200


class BookForm(Form):
    """A price book."""

    file = FileField(_l("价目表文件（CSV或XLSX）"))


@bp.get("/")
@needs("catalogue.see")
def index() -> Response:
    """The items in force. What a price is made of only for those who may see costs."""
    words, group = request.args.get("q", "").strip()[:60], request.args.get("group", "")[:2]
    editions = reads.editions()
    after = min(max(request.args.get("after", 0, type=int), 0), 10**6)
    found = reads.items(editions[0][0], words=words, group=group, after=after) if editions else []
    shown = found[: reads.PAGE]
    return page(
        "staff/catalogue/index.html",
        "found",
        editions=editions,
        items=shown,
        more=len(found) > reads.PAGE,
        words=words,
        group=group,
        groups=reads.groups(editions[0][0]) if editions else [],
        splits=reads.splits(shown) if current_user.can("cost.see") else {},
        costs=current_user.can("cost.see"),
    )


@bp.get("/import")
@needs("catalogue.import")
def new() -> Response:
    """The file is asked for."""
    return page("staff/catalogue/new.html", form=BookForm(formdata=None), faults=[], more=0, name="")


@bp.post("/import")
@needs("catalogue.import")
@accepts(spreadsheets.MAX_BYTES + 1024 * 1024)
def create() -> Response:
    """A new edition; or all faults with row and column, and nothing was taken over."""
    form = BookForm()
    sent = form.file.data if form.validate() else None
    data = sent.stream.read(spreadsheets.MAX_BYTES + 1) if sent else b""
    name = (sent.filename or "")[:120] if sent else ""
    faults = []
    try:
        reading = catalogue.read(data) if data else None
        faults = reading.faults if reading else []
    except spreadsheets.NotReadable as refused:
        reading, form.file.errors = None, [_(str(refused))]
    if reading is None or faults:
        said = _("这份文件没有导入，要改正的地方列在下面。") if faults else _("请选择一个CSV或XLSX文件。")
        form.file.errors = form.file.errors or [said]
        return page("staff/catalogue/new.html", form=form, faults=faults[:MOST_FAULTS], more=len(faults) - MOST_FAULTS, name=name), 422
    catalogue.adopt(reading.items, name=name, data=data, by=current_user, at=clock.now())
    db.session.commit()
    said = _("新价目表已启用，共%(count)s项。已出示的报价不受影响。", count=len(reading.items))
    return moved(url_for(".index"), said=said)
