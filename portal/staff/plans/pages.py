"""What waits for the designer, the drawings of a home, showing them, one drawing with what was said about it."""

from __future__ import annotations

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, plan_files, scope
from portal.actions.plans import showing, uploads
from portal.extensions import db
from portal.queries import open_plans
from portal.queries import plans as reads
from portal.queries import projects as homes
from portal.rendering import moved, page
from portal.security import needs
from portal.staff.plans import bp
from portal.staff.plans.forms import AnswerForm, FilesForm
from portal.staff.project_tabs import tabs_of


@bp.get("/")
@needs("drawing.see")
def index() -> Response:
    """One's own projects in which remarks, answers or files wait."""
    mine = homes.in_state(scope.projects(current_user), "mine", current_user)
    return page("staff/plans/index.html", waiting=open_plans.waiting(mine, current_user))


@bp.get("/projects/<int:project_id>")
@needs("drawing.see")
def project(project_id: int) -> Response:
    """The drawings of one home."""
    return page("staff/plans/project.html", **table(scope.find(scope.projects(current_user), project_id)))


def table(home) -> dict:
    """What the table of a home shows."""
    sheets = reads.sheets(scope.drawings(current_user), [home.id], for_homeowner=False)[home.id]
    files = reads.uploads(scope.uploads(current_user), home)
    kept = [sheet for sheet in sheets if not sheet.drawing.withdrawn_at]
    return {
        "project": home,
        "sheets": kept,
        "withdrawn": [sheet for sheet in sheets if sheet.drawing.withdrawn_at],
        "unshown": [sheet for sheet in kept if sheet.newest.shown_at is None],
        "making": any(sheet.newest.preview == "waiting" for sheet in kept),
        "arrived": [one for one in files if one.file_sha256],
        "half": [(one, uploads.share(one)) for one in files if one.finished_at is None],
        "refused": [(one, plan_files.sentences([one.fault])[0]) for one in files if one.fault],
        "signers": reads.household_signers(home.id),
        "form": FilesForm(formdata=None),
        "project_tabs": tabs_of(home.id),
    }


@bp.post("/projects/<int:project_id>/presentation")
@needs("drawing.upload")
def present(project_id: int) -> Response:
    """Show the chosen revisions to the household, told in one message."""
    home = scope.find(scope.projects(current_user), project_id)
    chosen = [int(ident) for ident in request.form.getlist("revision_id") if ident.isdecimal() and len(ident) < 18]
    revisions = reads.revisions_among(scope.drawing_revisions(current_user), home, chosen[:500])
    shown = showing.show(project=home, revisions=revisions, by=current_user, at=clock.now())
    db.session.commit()
    to = url_for(".project", project_id=project_id)
    if not shown:
        return moved(to, said=_("没有选中可以发给业主的图纸。"), tone="attention")
    return moved(to, said=_("已发给业主：%(n)s张图", n=len(shown)))


@bp.get("/<int:drawing_id>")
@needs("drawing.see")
def show(drawing_id: int) -> Response:
    """One drawing: its pages with the remarks on them, its revisions, what the household decided."""
    return page("staff/plans/show.html", **about(scope.find(scope.drawings(current_user), drawing_id)))


def about(drawing, *, refused: tuple[int, AnswerForm] | None = None) -> dict:
    """What the page of a drawing shows; `refused` is the answer form of a remark that was not taken."""
    view = reads.viewed(drawing, number=whole_number("revision"), page_number=whole_number("page") or 1, for_homeowner=False)
    if view is None:
        abort(404)
    forms = {one.id: AnswerForm(prefix=f"r{one.id}-", formdata=None) for one in view.remarks if one.resolved_at is None}
    if refused:
        forms[refused[0]] = refused[1]
    return {
        "drawing": drawing, "project": drawing.project, "view": view, "forms": forms,
        "compare": request.args.get("compare", "") if view.can_compare else "",
        "sentences": plan_files.sentences(view.revision.preview_notes), "project_tabs": tabs_of(drawing.project_id),
    }


@bp.post("/<int:drawing_id>/withdrawal")
@needs("drawing.upload")
def withdraw(drawing_id: int) -> Response:
    """Take a drawing back; it is kept."""
    drawing = scope.find(scope.drawings(current_user), drawing_id)
    showing.withdraw(drawing, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", drawing_id=drawing_id), said=_("已撤回，业主看不到这张图了"))


@bp.post("/<int:drawing_id>/restoration")
@needs("drawing.upload")
def restore(drawing_id: int) -> Response:
    """Let a withdrawn drawing count again."""
    drawing = scope.find(scope.drawings(current_user), drawing_id)
    showing.restore(drawing, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", drawing_id=drawing_id), said=_("已恢复"))


def whole_number(name: str) -> int | None:
    """A number of the query string; None when it is none."""
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else None
