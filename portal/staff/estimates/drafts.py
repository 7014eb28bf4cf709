"""Begin a draft, set its terms, bring it to today's prices, throw it away."""

from __future__ import annotations

from flask import Response, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.estimates import drafting
from portal.actions.estimates import prices as pricing
from portal.errors import Conflict
from portal.extensions import db
from portal.queries import estimates as reads
from portal.rendering import changed, moved, page
from portal.security import needs
from portal.staff.estimates import bp
from portal.staff.estimates.forms import DraftForm, TermsForm
from portal.staff.estimates.ledger import ledger, terms_mark
from portal.staff.estimates.refusals import settling
from portal.staff.project_tabs import tabs_of


@bp.post("/projects/<int:project_id>")
@needs("estimate.edit")
def create(project_id: int) -> Response:
    """A new draft: a copy of the newest revision, or an empty first one. An open draft is opened instead."""
    home = scope.find(scope.projects(current_user), project_id)
    form = DraftForm()
    if not form.validate():
        revisions = reads.of_project(home, scope.revisions(current_user))
        return page("staff/estimates/project.html", project=home, revisions=revisions, form=form, project_tabs=tabs_of(home.id)), 422
    revision = drafting.begin(home, kind=form.kind.data, by=current_user, at=clock.now())
    db.session.commit()
    said = "" if revision.kind == form.kind.data else _("这个项目已有一份草稿在编制，已为您打开。要做另一种，请先作废它。")
    return moved(url_for(".show", revision_id=revision.id), said=said, tone="info")


@bp.post("/<int:revision_id>/terms")
@needs("estimate.edit")
def terms(revision_id: int) -> Response:
    """Rates, discount, validity."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    form = TermsForm()
    if form.validate():
        if form.was.data != terms_mark(revision):
            raise Conflict(_("这张估算刚被别人改过。请返回并刷新，再填一次。"))
        with settling(form):
            drafting.set_terms(
                revision,
                management_rate_bp=int(form.management_rate.data * 100),
                tax_rate_bp=int(form.tax_rate.data * 100),
                discount_fen=form.discount_fen.data,
                valid_until=form.valid_until.data,
                materials_chosen_on=form.materials_chosen_on.data,
                change_summary=form.change_summary.data or "",
                by=current_user,
                at=clock.now(),
            )
    if form.errors:
        return page("staff/estimates/show.html", "ledger", **ledger(current_user, revision_id, terms=form)), 422
    db.session.commit()
    return changed(
        "staff/estimates/show.html",
        "ledger",
        to=url_for(".show", revision_id=revision_id),
        said=_("已保存"),
        **ledger(current_user, revision_id),
    )


@bp.post("/<int:revision_id>/prices")
@needs("estimate.edit")
def prices(revision_id: int) -> Response:
    """Bring the lines to the price book in force (R070)."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    with settling():
        count = pricing.adopt_book_prices(revision, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id), said=_("已按现行价目表更新%(count)s项", count=count))


@bp.post("/<int:revision_id>/discard")
@needs("estimate.edit")
def discard(revision_id: int) -> Response:
    """Throw a draft away; its number stays used."""
    revision = scope.find(scope.revisions(current_user), revision_id)
    with settling():
        drafting.discard(revision, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".project", project_id=revision.estimate.project_id), said=_("草稿已作废"))
