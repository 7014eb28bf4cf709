"""Explaining a revision, releasing it, presenting it to the household, and taking it back."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.estimates import explaining, presenting
from portal.errors import Conflict
from portal.extensions import db
from portal.queries import estimates as reads
from portal.rendering import changed, moved, page
from portal.security import needs
from portal.staff.estimates import bp
from portal.staff.estimates.forms import ReleaseForm, WithdrawalForm
from portal.staff.estimates.ledger import ledger
from portal.staff.estimates.refusals import settling


@bp.get("/<int:revision_id>/explanation")
@needs("estimate.present")
def explanation(revision_id: int) -> Response:
    """Line by line with the homeowner at the table: no cost stands here (R074, R072)."""
    return page("staff/estimates/explanation.html", "told", **_told(revision_id))


@bp.post("/<int:revision_id>/explanation")
@needs("estimate.present")
def explain(revision_id: int) -> Response:
    """Tick what was gone through, a room at a time."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    space = request.form.get("space", "")[:40]
    ids = [int(one) for one in request.form.getlist("line") if one.isascii() and one.isdigit() and len(one) < 18]
    if request.form.get("all"):
        ids = [line.id for line in reads.lines_in(revision, space)]
    with settling():
        explaining.explain(revision, ids, space=space, by=current_user, at=clock.now())
    db.session.commit()
    return changed("staff/estimates/explanation.html", "told", to=url_for(".explanation", revision_id=revision_id), **_told(revision_id))


@bp.post("/<int:revision_id>/release")
@needs("estimate.release")
def release(revision_id: int) -> Response:
    """A supervisor's word for a budget far above the estimate (R069)."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    form = ReleaseForm()
    if not form.validate():
        return page("staff/estimates/show.html", "ledger", **ledger(current_user, revision_id, release=form)), 422
    with settling():
        presenting.release(revision, because=form.reason.data, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id), said=_("已放行"))


@bp.post("/<int:revision_id>/presentation")
@needs("estimate.present")
def present(revision_id: int) -> Response:
    """From now on the household sees it, and nothing in it changes (R073). A preflight that fails says why."""
    revision = scope.find(reads.with_lines(scope.revisions(current_user)), revision_id)
    with settling():
        if not presenting.present(revision, by=current_user, at=clock.now()).ready:
            db.session.rollback()
            return page("staff/estimates/show.html", "ledger", **ledger(current_user, revision_id)), 422
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id), said=_("已出示给业主，正在生成正式文件"))


@bp.post("/<int:revision_id>/withdrawal")
@needs("estimate.present")
def withdraw(revision_id: int) -> Response:
    """Take a presented, unsigned revision back, with a reason that the household is told."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    form = WithdrawalForm()
    if not form.validate():
        return page("staff/estimates/show.html", "ledger", **ledger(current_user, revision_id, withdrawal=form)), 422
    if not presenting.withdraw(revision, reason=form.reason.data, by=current_user, at=clock.now()):
        raise Conflict(_("这一版已经有人签字，或已不在出示中，不能撤回。"))
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id), said=_("已撤回，业主会收到说明"))


def _told(revision_id: int) -> dict:
    revision = scope.find(reads.with_lines(scope.revisions(current_user)), revision_id)
    return {
        "revision": revision,
        "project": revision.estimate.project,
        "rooms": reads.by_room(revision),
        "explained": sum(line.explained_at is not None for line in revision.lines),
        "editable": revision.presented_at is None and revision.withdrawn_at is None,
    }
