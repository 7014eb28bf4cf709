"""The lines of a draft: changed in place or on a page of their own, removed."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.estimates import lines, prices
from portal.actions.estimates.measuring import measures
from portal.errors import Conflict
from portal.extensions import db
from portal.queries import estimates as reads
from portal.rendering import changed, moved, page
from portal.security import needs
from portal.staff.estimates import bp
from portal.staff.estimates.forms import PriceForm, QuantityForm, SavedLineForm, mark
from portal.staff.estimates.ledger import ledger
from portal.staff.estimates.refusals import settling


@bp.get("/<int:revision_id>/lines/<int:line_id>")
@needs("estimate.edit")
def line(revision_id: int, line_id: int) -> Response:
    """One line by itself: everything about it."""
    revision, found = _line(revision_id, line_id)
    return page("staff/estimates/line.html", **_about(revision, found))


@bp.post("/<int:revision_id>/lines/<int:line_id>")
@needs("estimate.edit")
def change(revision_id: int, line_id: int) -> Response:
    """Save a changed line."""
    revision, found = _line(revision_id, line_id)
    form = SavedLineForm().offer(measures(revision.estimate.project.rooms, found.unit))
    if form.validate():
        if form.was.data != _mark(found):
            raise Conflict(_("这一项刚被同事改过，您的修改没有保存。请返回清单看最新内容。"))
        with settling(form):
            lines.change_line(found, form.facts(), by=current_user, at=clock.now())
    if form.errors:
        return page("staff/estimates/line.html", **_about(revision, found, form=form)), 422
    db.session.commit()
    return moved(f"{url_for('.show', revision_id=revision_id)}#line-{line_id}", said=_("已保存“%(name)s”", name=found.name))


@bp.post("/<int:revision_id>/lines/<int:line_id>/quantity")
@needs("estimate.edit")
def quantity(revision_id: int, line_id: int) -> Response:
    """Only the quantity, in place: answers with the sums and the line's new amount."""
    revision, found = _line(revision_id, line_id)
    form = QuantityForm()
    if form.validate():
        facts = lines.LineFacts(found.space, form.quantity.data, found.note, found.change_reason, form.quantity.terms)
        with settling(form):
            lines.change_line(found, facts, by=current_user, at=clock.now())
    if form.errors:
        fault = _("“%(name)s”没有保存：%(fault)s", name=found.name, fault=" ".join(_all_faults(form)))
        return page("staff/estimates/show.html", "sums", **_sums(revision, found, line_fault=fault, line_typed=form.quantity._value())), 422
    db.session.commit()
    return changed(
        "staff/estimates/show.html", "sums", to=f"{url_for('.show', revision_id=revision_id)}#line-{line_id}", **_sums(revision, found)
    )


@bp.post("/<int:revision_id>/lines/<int:line_id>/price")
@needs("cost.see")
def price(revision_id: int, line_id: int) -> Response:
    """The price and split sheet of a line off the price book (R071)."""
    if not current_user.can("estimate.edit"):
        abort(404)
    revision, found = _line(revision_id, line_id)
    if not reads.is_own(found):
        raise Conflict(_("价目表里的项目单价到处一样，不能在这里改（R070）。"))
    form = PriceForm()
    if form.validate():
        with settling(form):
            prices.reprice_own(found, form.item(found.group_code, found.group_name), by=current_user, at=clock.now())
    if form.errors:
        return page("staff/estimates/line.html", **_about(revision, found, price=form)), 422
    db.session.commit()
    return moved(f"{url_for('.show', revision_id=revision_id)}#line-{line_id}", said=_("已保存“%(name)s”", name=found.name))


@bp.post("/<int:revision_id>/lines/<int:line_id>/removal")
@needs("estimate.edit")
def remove(revision_id: int, line_id: int) -> Response:
    """Take a line out of the draft."""
    _revision, found = _line(revision_id, line_id)
    name = found.name
    with settling():
        lines.remove_line(found, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id), said=_("已移除“%(name)s”", name=name))


def _line(revision_id: int, line_id: int):
    revision = scope.find(scope.revisions(current_user), revision_id)
    found = reads.line_of(revision, line_id)
    return (revision, found) if found is not None else abort(404)


def _about(revision, found, **forms) -> dict:
    """Facts of a line's page; `forms` replaces a form by the refused one."""
    measured = measures(revision.estimate.project.rooms, found.unit)
    term = found.terms[0] if len(found.terms) == 1 and found.terms[0].get("src") == "room" else None
    key = f"{term['room']}:{term['metric']}" if term else ""
    form = SavedLineForm(
        formdata=None,
        obj=found,
        was=_mark(found),
        measure=key if any(one.key == key for one in measured) else "",
        factor=term and reads.decimal(term["factor"]),
    )
    split = reads.split_of(found) if current_user.can("cost.see") else None
    return {
        "revision": revision,
        "line": found,
        "form": form.offer(measured),
        "spaces": reads.spaces(revision),
        "editable": revision.presented_at is None and revision.withdrawn_at is None,
        "split": split,
        "own": reads.is_own(found),
        "price": PriceForm(formdata=None, **_priced(found, split)),
    } | forms


def _priced(found, split) -> dict:
    parts = ("main_fen", "aux_fen", "labor_fen", "loss_fen")
    given = {part: getattr(split, part) for part in parts} if split else {}
    return given | {"name": found.name, "unit": found.unit, "unit_price_fen": found.unit_price_fen}


def _mark(found) -> str:
    return mark(found.space, found.quantity, found.note, found.change_reason)


def _sums(revision, found, line_fault: str = "", line_typed: str = "") -> dict:
    """Facts of the sums alone; a browser without scripts gets the whole ledger."""
    told = {"saved_line": found, "line_fault": line_fault, "line_typed": line_typed}
    if request.htmx:
        return {"revision": revision, "editable": True} | told
    return ledger(current_user, revision.id) | told


def _all_faults(form) -> list[str]:
    return [str(fault) for faults in form.errors.values() for fault in faults]
