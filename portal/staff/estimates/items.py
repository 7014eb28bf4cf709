"""Adding to a draft: from the price book, or an item made for this home with its split sheet."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.estimates import lines, prices
from portal.actions.estimates.measuring import measures, usual
from portal.extensions import db
from portal.queries import estimates as reads
from portal.rendering import changed, page
from portal.security import needs
from portal.staff.estimates import bp
from portal.staff.estimates.forms import NewLineForm, OwnItemForm
from portal.staff.estimates.ledger import ledger
from portal.staff.estimates.refusals import settling


@bp.get("/<int:revision_id>/items")
@needs("estimate.edit")
def items(revision_id: int) -> Response:
    """Items of the price book to add, by part of number or name."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    words = request.args.get("q", "").strip()[:60]
    return page(
        "staff/estimates/items.html",
        "found",
        revision=revision,
        words=words,
        items=reads.items(words, limit=30, priced=True),
        spaces=reads.spaces(revision),
        space=request.args.get("space", "")[:40],
    )


@bp.get("/<int:revision_id>/items/<code>")
@needs("estimate.edit")
def item(revision_id: int, code: str) -> Response:
    """One item before it is added: where, how much, by which size of which room."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    found = reads.item(code) or abort(404)
    spaces = reads.spaces(revision)
    space = request.args.get("space", "")[:40] or (spaces[1] if len(spaces) > 1 else spaces[0])
    measured = measures(revision.estimate.project.rooms, found.unit)
    guess = usual(measured, found.measure_rule, space)
    form = NewLineForm(formdata=None, code=code, space=space, measure=guess.key if guess else "").offer(measured)
    return page("staff/estimates/item.html", "item", revision=revision, item=found, form=form, spaces=spaces)


@bp.post("/<int:revision_id>/lines")
@needs("estimate.edit")
def add(revision_id: int) -> Response:
    """Add a line from the price book (R070: at its price). A refusal shows the item with what was typed."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    form = NewLineForm()
    found = reads.item(form.code.data or "") or abort(404)
    form.offer(measures(revision.estimate.project.rooms, found.unit))
    if form.validate():
        with settling(form):
            lines.add_line(revision, found, form.facts(), by=current_user, at=clock.now())
    if form.errors:
        answer = page("staff/estimates/item.html", "item", revision=revision, item=found, form=form, spaces=reads.spaces(revision))
        answer.headers.update({"HX-Retarget": "#items", "HX-Reswap": "outerHTML"})
        return answer, 422
    db.session.commit()
    return _ledger(revision_id, said=_("已加入“%(name)s”", name=found.name), cleared=bool(form.from_page.data))


@bp.get("/<int:revision_id>/own-items")
@needs("cost.see")
def own_item(revision_id: int) -> Response:
    """An item that the price book does not have, with the split sheet of its price (R071)."""
    revision = _priced_by_me(revision_id)
    spaces = reads.spaces(revision)
    form = _offered(OwnItemForm(formdata=None, space=spaces[0]))
    return page("staff/estimates/own_item.html", revision=revision, form=form, spaces=spaces)


@bp.post("/<int:revision_id>/own-items")
@needs("cost.see")
def add_own(revision_id: int) -> Response:
    """Add it. Refused while its parts do not add up to the unit price."""
    revision = _priced_by_me(revision_id)
    form = _offered(OwnItemForm())
    if form.validate():
        with settling(form):
            chosen = form.item(form.group.data, dict(form.group.choices)[form.group.data])
            prices.add_own(revision, chosen, form.facts(), by=current_user, at=clock.now())
    if form.errors:
        return page("staff/estimates/own_item.html", revision=revision, form=form, spaces=reads.spaces(revision)), 422
    db.session.commit()
    return _ledger(revision_id, said=_("已加入“%(name)s”", name=form.name.data))


def _priced_by_me(revision_id: int):
    """Prices are made by those who both price and see what a price is made of."""
    return scope.find(scope.revisions(current_user), revision_id) if current_user.can("estimate.edit") else abort(404)


def _offered(form: OwnItemForm) -> OwnItemForm:
    form.group.choices = reads.item_groups()
    return form


def _ledger(revision_id: int, said: str, cleared: bool = False) -> Response:
    return changed(
        "staff/estimates/show.html",
        "ledger",
        to=url_for(".show", revision_id=revision_id),
        said=said,
        **ledger(current_user, revision_id, cleared=cleared),
    )
