"""The list of drawings, and the viewer."""

from __future__ import annotations

from flask import Response, abort, request
from flask_login import current_user

from portal import plan_files, scope
from portal.actions.plans import talking
from portal.customer.plans import bp
from portal.customer.plans.forms import DecisionForm, RemarkForm, whole_number
from portal.queries import plans as reads
from portal.rendering import page
from portal.security import needs


@bp.get("/")
@needs("home.view")
def index() -> Response:
    """Every drawing she was shown, home by home, in the order of a bound set."""
    homes = scope.every(scope.homes(current_user))
    sheets = reads.sheets(scope.home_drawings(current_user), [home.id for home in homes], for_homeowner=True)
    return page("customer/plans/index.html", homes=[(home, sheets[home.id]) for home in homes])


@bp.get("/<int:drawing_id>")
@needs("home.view")
def show(drawing_id: int) -> Response:
    """One page of a drawing; `?revision=` an older one, `?page=` another page, `?compare=side|overlay` beside the one before."""
    drawing = scope.find(scope.home_drawings(current_user), drawing_id)
    number = whole_number(request.args["revision"]) if request.args.get("revision") else None
    return page("customer/plans/show.html", **about(drawing, number, whole_number(request.args.get("page"))))


def about(drawing, number: int | None, page_number: int, *, remark: RemarkForm | None = None, decision: DecisionForm | None = None,
          obstacle=None) -> dict:
    """What the viewer shows; the same for a fresh page and a refused form. Only revisions that were shown to her exist."""
    view = reads.viewed(drawing, number=number, page_number=page_number or 1, for_homeowner=True)
    if view is None:
        abort(404)
    ruling = talking.ruling(view.revision, by=current_user)
    mine = next((one for one in view.revision.decisions if one.by_id == current_user.id), None)
    compare = request.args.get("compare", "")
    return {
        "drawing": drawing, "view": view, "sentences": plan_files.sentences(view.revision.preview_notes),
        "ruling": ruling, "mine": mine, "obstacle": obstacle,
        "remark_form": remark or RemarkForm(formdata=None), "decision_form": decision or DecisionForm(formdata=None),
        "compare": compare if compare in ("side", "overlay") and view.can_compare else "",
    }
