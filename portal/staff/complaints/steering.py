"""Who answers, and how grave it is."""

from __future__ import annotations

from flask import Response
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms.validators import AnyOf

from portal import scope
from portal.actions.complaints import steering
from portal.queries import complaints as reads
from portal.security import needs
from portal.staff.complaints import bp
from portal.staff.complaints.forms import AssignmentForm, SeverityForm
from portal.staff.complaints.steps import step


@bp.post("/<int:complaint_id>/assignment")
@needs("complaint.assign")
def assign(complaint_id: int) -> Response:
    """Give it to a colleague; the customer reads the new name."""
    complaint = scope.find(scope.complaints(current_user), complaint_id)
    people = {person.id: person for person, _roles in reads.candidates(complaint)}
    form = AssignmentForm(prefix="assignment-")
    form.assignee_id.validators = [*form.assignee_id.validators, AnyOf(people, _l("请选一位同事。"))]

    def act(found, **who) -> None:
        steering.assign(found, people[form.assignee_id.data], form.reason.data or "", **who)

    return step(complaint_id, "assignment", form, act, _("已更换负责人"))


@bp.post("/<int:complaint_id>/severity")
@needs("complaint.work")
def grade(complaint_id: int) -> Response:
    """Another level with its reason; the promises follow."""
    form = SeverityForm(prefix="grading-")

    def act(complaint, **who) -> None:
        steering.grade(complaint, form.severity.data, form.reason.data, **who)

    return step(complaint_id, "grading", form, act, _("级别已调整，时限已重新计算"))
