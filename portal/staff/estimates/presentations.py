"""Presenting a revision to the household, and taking it back."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.estimates import presenting
from portal.errors import Conflict
from portal.extensions import db
from portal.queries import estimates as reads
from portal.rendering import moved, page
from portal.security import needs
from portal.staff.estimates import bp
from portal.staff.estimates.forms import WithdrawalForm
from portal.staff.estimates.ledger import ledger


@bp.post("/<int:revision_id>/presentation")
@needs("estimate.present")
def present(revision_id: int) -> Response:
    """From now on the household sees it, and nothing in it changes (R073). A preflight that fails says why."""
    revision = scope.find(reads.with_lines(scope.revisions(current_user)), revision_id)
    if revision.presented_at is not None or revision.withdrawn_at is not None:
        raise Conflict(_("这一版已经出示或撤回过了。"))
    if not presenting.present(revision, by=current_user, at=clock.now()).ready:
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
