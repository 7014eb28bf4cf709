"""The lines of a draft: added from the price book, changed in place, removed."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.estimates import drafting
from portal.extensions import db
from portal.queries import estimates as reads
from portal.rendering import changed, page
from portal.security import needs
from portal.staff.estimates import bp
from portal.staff.estimates.drafts import refusing_presented
from portal.staff.estimates.forms import LineForm, NewLineForm, QuantityForm
from portal.staff.estimates.ledger import ledger


@bp.get("/<int:revision_id>/items")
@needs("estimate.edit")
def items(revision_id: int) -> Response:
    """Items of the price book to add, by part of number or name."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    words = request.args.get("q", "").strip()[:60]
    found = reads.items(words, limit=40, priced=True)
    return page("staff/estimates/items.html", "found", revision=revision, words=words, items=found,
                spaces=reads.spaces(revision), space=request.args.get("space", "")[:40])


@bp.post("/<int:revision_id>/lines")
@needs("estimate.edit")
def add(revision_id: int) -> Response:
    """Add a line from the price book (R070: at its price)."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    form = NewLineForm()
    item = reads.item(form.code.data) if form.validate() else None
    if item is None:
        if not form.errors:
            form.code.errors = [_("价格表里没有这个编号，或它按比例计价，不能单独加入。")]
        return page("staff/estimates/show.html", "ledger", **ledger(current_user, revision_id, new_line=form)), 422
    with refusing_presented():
        drafting.add_line(revision, item, _facts(form), by=current_user, at=clock.now())
    db.session.commit()
    return _ledger(revision_id, said=_("已加入“%(name)s”", name=item.name))


@bp.get("/<int:revision_id>/lines/<int:line_id>")
@needs("estimate.edit")
def line(revision_id: int, line_id: int) -> Response:
    """One line by itself, for phones and for browsers without scripts."""
    revision, found = _line(revision_id, line_id)
    form = LineForm(formdata=None, obj=found)
    return page("staff/estimates/line.html", revision=revision, line=found, form=form, spaces=reads.spaces(revision))


@bp.post("/<int:revision_id>/lines/<int:line_id>")
@needs("estimate.edit")
def change(revision_id: int, line_id: int) -> Response:
    """Save a changed line."""
    revision, found = _line(revision_id, line_id)
    form = LineForm()
    if not form.validate():
        return page("staff/estimates/line.html", "row", revision=revision, line=found, form=form, spaces=reads.spaces(revision)), 422
    with refusing_presented():
        drafting.change_line(found, _facts(form), by=current_user, at=clock.now())
    db.session.commit()
    return changed("staff/estimates/line.html", "row", to=f"{url_for('.show', revision_id=revision_id)}#line-{line_id}",
                   revision=revision, line=found, form=LineForm(formdata=None, obj=found), spaces=reads.spaces(revision))


@bp.post("/<int:revision_id>/lines/<int:line_id>/quantity")
@needs("estimate.edit")
def quantity(revision_id: int, line_id: int) -> Response:
    """Only the quantity, in place: answers with the sums and the line's new amount."""
    revision, found = _line(revision_id, line_id)
    form = QuantityForm()
    if not form.validate():
        fault = f"{found.name}: {' '.join(form.quantity.errors)}"
        return page("staff/estimates/show.html", "sums", **_sums(revision, line_fault=fault)), 422
    facts = drafting.LineFacts(found.space, form.quantity.data, found.note, found.change_reason)
    with refusing_presented():
        drafting.change_line(found, facts, by=current_user, at=clock.now())
    db.session.commit()
    return changed("staff/estimates/show.html", "sums", to=f"{url_for('.show', revision_id=revision_id)}#line-{line_id}",
                   **_sums(revision, saved_line=found))


@bp.post("/<int:revision_id>/lines/<int:line_id>/removal")
@needs("estimate.edit")
def remove(revision_id: int, line_id: int) -> Response:
    """Take a line out of the draft."""
    _revision, found = _line(revision_id, line_id)
    name = found.name
    with refusing_presented():
        drafting.remove_line(found, by=current_user, at=clock.now())
    db.session.commit()
    return _ledger(revision_id, said=_("已移除“%(name)s”", name=name))


def _line(revision_id: int, line_id: int):
    revision = scope.find(scope.revisions(current_user), revision_id)
    found = reads.line_of(revision, line_id)
    return (revision, found) if found is not None else abort(404)


def _sums(revision, **more) -> dict:
    """Facts of the sums alone; a browser without scripts gets the whole ledger."""
    if request.htmx:
        return {"revision": revision, "saved_line": None, "line_fault": ""} | more
    return ledger(current_user, revision.id) | more


def _facts(form: LineForm) -> drafting.LineFacts:
    return drafting.LineFacts(space=form.space.data, quantity=form.quantity.data, note=form.note.data or "",
                              change_reason=form.change_reason.data or "")


def _ledger(revision_id: int, said: str) -> Response:
    return changed("staff/estimates/show.html", "ledger", to=url_for(".show", revision_id=revision_id), said=said,
                   **ledger(current_user, revision_id))
