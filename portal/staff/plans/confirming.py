"""One screen between the files and the drawings: what each file is, and what a new revision changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Response, abort, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.plans import saving, showing
from portal.actions.plans.saving import Entry, NotReady, Proposal, TakenMeanwhile
from portal.extensions import db
from portal.filters import reason
from portal.queries import plans as reads
from portal.rendering import moved, page
from portal.rules.plans import Saving
from portal.rules.words import Refused
from portal.security import needs
from portal.staff.plans import bp
from portal.staff.plans.forms import RowForm


@dataclass(frozen=True)
class Row:
    """A file on the screen: what its name tells, the form about it, and what may be said about saving it."""

    proposal: Proposal
    form: RowForm
    number: int

    @property
    def upload(self):
        return self.proposal.upload


@bp.get("/projects/<int:project_id>/uploads")
@needs("drawing.upload")
def confirm(project_id: int) -> Response:
    """Every file that arrived, recognised as far as its name allows."""
    home = scope.find(scope.projects(current_user), project_id)
    rows = [_row(one) for one in saving.propose(home, _arrived(home))]
    return page("staff/plans/confirm.html", project=home, rows=rows, said="", stale=False)


@bp.post("/projects/<int:project_id>/uploads/rows/<int:upload_id>")
@needs("drawing.upload")
def row(project_id: int, upload_id: int) -> Response:
    """The row again while its sheet number is typed: is it new, or the next revision of which drawing?"""
    home = scope.find(scope.projects(current_user), project_id)
    upload = scope.find(scope.uploads(current_user), upload_id)
    if upload.project_id != home.id or not upload.file_sha256:
        abort(404)
    one = _filled(saving.propose(home, [upload]))[0]
    decision = saving.judge(home, [_entry(one)])[upload.id]
    shown = _renumber(home, [one])
    _blame(shown[0], decision, only=("sheet_no",))
    return page("staff/plans/confirm.html", "row", row=shown[0], rows=shown, project=home, said="", stale=False)


@bp.post("/projects/<int:project_id>/revisions")
@needs("drawing.upload")
def save(project_id: int) -> Response:
    """Save all files on the screen as revisions, or none; `show` also lets the household see them."""
    home = scope.find(scope.projects(current_user), project_id)
    chosen = [int(ident) for ident in request.form.getlist("upload_id") if ident.isdecimal() and len(ident) < 18]
    rows = _filled(saving.propose(home, _arrived(home, chosen)))
    if not rows:
        return moved(url_for(".project", project_id=project_id), said=_("这些文件已经保存过了。"), tone="attention")
    valid = [one.form.validate() for one in rows]  # all of them, so that everything that is wrong is said at once
    if not all(valid):
        return _again(home, rows)
    try:
        saved = saving.save(project=home, entries=[_entry(one) for one in rows], by=current_user, at=clock.now())
    except NotReady as missing:
        return _again(home, rows, missing.decisions)
    except Refused as refused:
        return _again(home, rows, says=reason(refused.reason))
    except TakenMeanwhile:
        home = scope.find(scope.projects(current_user), project_id)
        return _again(home, _filled(saving.propose(home, _arrived(home, chosen))), stale=True)
    if request.form.get("show"):
        showing.show(project=home, revisions=saved, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".project", project_id=project_id), said=_("已保存%(n)s张图，正在生成预览", n=len(saved)))


def _again(home, rows: Sequence[Row], decisions: dict[int, Any] | None = None, *, says: str = "", stale: bool = False):
    """The screen once more with every word kept. A number that moved on meanwhile is a conflict."""
    shown = _renumber(home, rows)
    for one in shown:
        stale = stale or one.form.told not in (-1, one.number)
        if decisions and one.upload.id in decisions:
            _blame(one, decisions[one.upload.id])
    return page("staff/plans/confirm.html", project=home, rows=shown, said=says, stale=stale), 409 if stale else 422


def _arrived(home, among: Sequence[int] | None = None) -> list:
    return [one for one in reads.uploads(scope.uploads(current_user), home, among=among) if one.file_sha256]


def _row(proposal: Proposal) -> Row:
    values = {"sheet_no": proposal.sheet_no, "title": proposal.title, "scale": proposal.scale}
    return Row(proposal, RowForm(prefix=_prefix(proposal), formdata=None, data=values), proposal.number)


def _filled(proposals: Sequence[Proposal]) -> list[Row]:
    """Rows with what was typed."""
    forms = [RowForm(prefix=_prefix(proposal)) for proposal in proposals]
    return [Row(proposal, form, form.told) for proposal, form in zip(proposals, forms, strict=True)]


def _renumber(home, rows: Sequence[Row]) -> list[Row]:
    """With the number that each typed sheet would get now."""
    numbers = saving.numbers(home, [one.form.sheet_no.data or "" for one in rows])
    return [replace(one, number=number) for one, number in zip(rows, numbers, strict=True)]


def _prefix(proposal: Proposal) -> str:
    return f"u{proposal.upload.id}-"


def _entry(row: Row) -> Entry:
    form = row.form
    return Entry(row.upload, form.sheet_no.data or "", form.title.data or "", form.scale.data or "", form.note.data or "", form.told)


def _blame(row: Row, decision, only: Sequence[str] = ()) -> None:
    """Put each thing that is missing beside its field."""
    if decision.verdict is not Saving.REFUSED:
        return
    for fault in decision.trace:
        if not only or fault.facts["key"] in only:
            field = row.form[fault.facts["key"]]
            field.errors = [*field.errors, reason(fault)]
