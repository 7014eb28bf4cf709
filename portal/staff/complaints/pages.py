"""The queue, and one complaint with everything that can be done about it."""

from __future__ import annotations

from flask import Response, request
from flask_babel import gettext as _
from flask_login import current_user

from portal import clock, scope
from portal.actions.complaints import answering, customer
from portal.complaint_fields import WordsForm
from portal.queries import complaints as reads
from portal.rendering import page
from portal.rules.complaint_clock import Category, Severity
from portal.security import needs
from portal.staff.complaints import bp
from portal.staff.complaints.forms import AssignmentForm, ClosingForm, SeverityForm, StepForm
from portal.staff.project_tabs import tabs_of

LAST_PAGE = 200


@bp.get("/")
@needs("complaint.see")
def index() -> Response:
    """The queue by due time; filters by state, person, kind and words; or the complaints of one home."""
    asked = {
        "show": _one_of(request.args.get("show", ""), reads.STATES, "all" if "project_id" in request.args else "open"),
        "mine": request.args.get("mine") == "1",
        "category": _one_of(request.args.get("category", ""), [kind.value for kind in Category]),
        "severity": _one_of(request.args.get("severity", ""), [level.value for level in Severity]),
        "words": request.args.get("q", "").strip()[:60],
    }
    home = scope.find(scope.projects(current_user), _number("project_id")) if "project_id" in request.args else None
    at, number = clock.now(), min(max(_number("page"), 1), LAST_PAGE)
    rows = scope.complaints(current_user)
    found, more = reads.queue(rows, user=current_user, at=at, page=number, project_id=home and home.id, **asked)
    return page(
        "staff/complaints/index.html", "found", asked=asked, number=number, more=more, home=home,
        complaints=[(one, reads.state(one), reads.face(one, at)) for one in found],
        counts=None if home else {kind: _counted(n) for kind, n in reads.counts(rows, user=current_user, at=at).items()},
        project_tabs=tabs_of(home.id) if home else None,
        categories=[kind.value for kind in Category], levels=[(level.value, level.label) for level in Severity],
    )


@bp.get("/<int:complaint_id>")
@needs("complaint.see")
def show(complaint_id: int) -> Response:
    """One complaint: the clock that runs, what was said, and the next step first."""
    return page("staff/complaints/show.html", **desk(complaint_id))


def desk(complaint_id: int, **forms) -> dict:
    """What the page of one complaint shows; a refused form takes the place of the empty one."""
    complaint = scope.find(reads.whole(scope.complaints(current_user)), complaint_id)
    at = clock.now()
    facts = {
        "complaint": complaint,
        "state": reads.state(complaint),
        "face": reads.face(complaint, at),
        "why": reads.why(complaint),
        "said": reads.conversation(complaint, for_homeowner=False),
        "photos": reads.own_photos(complaint),
        "plan_ruling": answering.may_plan(complaint),
        "report_ruling": answering.may_report(complaint),
        "close_ruling": answering.may_close(complaint),
        "may_reopen": customer.may_reopen(complaint, at),
        "levels": [(level.value, level.label) for level in Severity],
        "stale": False,
    }
    return facts | _forms(complaint) | {name: _with_choices(name, form, complaint) for name, form in forms.items()}


def _forms(complaint) -> dict:
    version = complaint.version
    return {
        "reply": WordsForm(formdata=None, prefix="reply-"),
        "cause": StepForm(formdata=None, prefix="cause-", version=version, words=complaint.cause),
        "solution": StepForm(formdata=None, prefix="solution-", version=version, words=complaint.solution),
        "result": StepForm(formdata=None, prefix="result-", version=version, words=complaint.result),
        "reopening": StepForm(formdata=None, prefix="reopening-", version=version),
        "note": WordsForm(formdata=None, prefix="note-"),
        "closing": ClosingForm(formdata=None, prefix="closing-", version=version),
        "grading": SeverityForm(formdata=None, prefix="grading-", version=version, severity=complaint.severity),
        "assignment": _with_choices(
            "assignment", AssignmentForm(formdata=None, prefix="assignment-", version=version), complaint
        ),
    }


def _with_choices(name: str, form, complaint):
    if name == "assignment":
        form.assignee_id.choices = [("", _("请选择"))] + [
            (person.id, f"{person.name} · {roles}") for person, roles in reads.candidates(complaint)
        ]
    return form


def _counted(number: int) -> str:
    return str(number) if number < reads.MOST_COUNTED else f"{reads.MOST_COUNTED - 1}+"


def _one_of(value: str, known, default: str = "") -> str:
    return value if value in known else default


def _number(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
