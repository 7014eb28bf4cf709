"""What the demo company has not yet, so that every form stands on some page: drafts, a paper to sign, visits to measure,
files on their way, drawings in every state, an order without a day, open invitations, a message that failed.
"""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from PIL import Image
from sqlalchemy import select

from portal import clock, demo
from portal.actions import calendar_feed, household, visits
from portal.actions.estimates import drafting, lines, papers, prices
from portal.actions.plans import showing, talking, uploads
from portal.extensions import db
from portal.models import Assignment, Document, Drawing, Estimate, EstimateRevision, Message, Order, Project, User, UserSession
from portal.queries import estimates as book
from tests import factories

HOME = "云栖样板苑 5栋1单元802"


def furnish() -> dict[str, str]:
    """Add it through the acts where there is one; answers the addresses that few or no links lead to."""
    home = db.session.scalars(select(Project).where(Project.title == HOME)).one()
    people = {one.staff_no or one.phone: one for one in db.session.scalars(select(User))}
    found = _estimates(home, people) | _works(home, people) | _visits_and_people(home, people)
    db.session.commit()
    return found


def _estimates(home: Project, people: dict[str, User]) -> dict[str, str]:
    """A revision that waits for a signature, a draft that can be presented, and a budget with everything against it."""
    at, by = clock.now(), people["S004"]
    newest = select(EstimateRevision).join(Estimate).where(Estimate.project_id == home.id, EstimateRevision.presented_at.is_not(None))
    waiting = db.session.scalars(newest.order_by(EstimateRevision.id.desc())).first()
    papers.prepare(document_id=db.session.scalars(select(Document.id).filter_by(revision_id=waiting.id, language="zh")).one())
    draft = drafting.begin(home, kind="estimate", by=by, at=at)
    lines.add_line(draft, book.item("NW-008"), lines.LineFacts("书房", Decimal(5), change_reason="业主加做"), by=by, at=at)
    drafting.set_terms(draft, management_rate_bp=800, discount_fen=0, tax_rate_bp=300, change_summary="加做书房",
                       valid_until=clock.today() + timedelta(days=20), materials_chosen_on=clock.today(), by=by, at=at)
    flat = db.session.get(Project, 1)
    budget = drafting.begin(flat, kind="budget", by=by, at=at)
    cheaper = lines.add_line(budget, book.item("NW-008"), lines.LineFacts("书房", Decimal(5), change_reason="加做"), by=by, at=at)
    item = prices.OwnItem("QT", "其他", "进口柜体", "项", 99_000_000, 90_000_000, 4_000_000, 4_000_000, 1_000_000)
    own = prices.add_own(budget, item, lines.LineFacts("客餐厅", Decimal(1), change_reason="加做"), by=by, at=at)
    cheaper.unit_price_fen -= 100  # as if the price book had moved on since
    db.session.flush()
    return {
        "signing": f"/customer/estimates/{waiting.id}/signature", "draft": f"/staff/estimates/{draft.id}",
        "budget": f"/staff/estimates/{budget.id}", "own": f"/staff/estimates/{budget.id}/lines/{own.id}",
        "explanation": f"/staff/estimates/{budget.id}/explanation",
    }


def _works(home: Project, people: dict[str, User]) -> dict[str, str]:
    """Drawings withdrawn, not shown yet and with an open remark; a finished order, and one without a first day."""
    at, by = clock.now(), people["S002"]
    rows = db.session.scalars(select(Drawing).where(Drawing.project_id == home.id).order_by(Drawing.id)).all()
    gone, remarked = rows[1], rows[2]
    showing.withdraw(gone, by=by, at=at)
    talking.remark(remarked.revisions[0], page=1, place=(None, None), body="这里再看看", by=people["+8619900000201"], at=at)
    hidden = factories.make_drawing(home, by, shown=False, sheet_no="P-40")
    half = uploads.begin(project=home, name="半张.pdf", size=9_000, stamp="1", by=by, at=at)
    revision = db.session.scalars(select(EstimateRevision).order_by(EstimateRevision.id.desc())).first()
    unplanned = Order(number="D000099", project_id=home.id, revision_id=revision.id, total_fen=revision.total_fen, made_at=at)
    db.session.add(unplanned)
    done = db.session.scalars(select(Order).where(Order.project_id == 1)).one()
    for stage in done.stages:
        stage.actual_start, stage.actual_end = stage.plan_start, stage.plan_end
    db.session.flush()
    return {"gone drawing": f"/staff/plans/{gone.id}", "remarked": f"/staff/plans/{remarked.id}", "unseen": f"/staff/plans/{hidden.id}",
            "half": f"/staff/plans/uploads/{half.id}", "unplanned": f"/staff/orders/{unplanned.id}", "done": f"/staff/orders/{done.id}"}


def _visits_and_people(home: Project, people: dict[str, User]) -> dict[str, str]:
    at, by = clock.now(), people["S001"]
    mine = select(Assignment).where(Assignment.project_id == home.id, Assignment.role == "designer", Assignment.ended_at.is_(None))
    for days, who in ((1, db.session.scalars(mine).one()), (2, None)):
        starts = at + timedelta(days=days)
        visits.book(project=home, by=by, at=at, kind="measurement", purpose="免费上门量房", starts_at=starts,
                    ends_at=starts + timedelta(hours=1), assignment=who)
    relative = {"project": home, "by": by, "at": at, "relation": "parent", "right": "view"}
    _new, invitation = household.invite(name="叶小禾", phone="+8619900000299", **relative)
    _known, membership = household.invite(name="林知秋", phone="+8619900000001", **relative)
    calendar_feed.make(by=people["+8619900000201"], at=at)
    failed = db.session.scalars(select(Message).where(Message.channel != "portal").order_by(Message.id.desc()).limit(1)).one()
    failed.failed_at = at
    device = UserSession(token_hash="a telephone", user_id=by.id, created_at=at, seen_at=at, address="127.0.0.1", device="telephone")
    seller = factories.make_user("salesperson", phone="+8619900009999", staff_no="S999", disabled_at=at)
    db.session.add(device)
    return {"invitation": invitation, "membership": membership, "gone": f"/staff/people/{seller.id}"}


def a_drawing() -> tuple[io.BytesIO, str]:
    """A small file that is taken as a drawing."""
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(file, "PNG")
    file.seek(0)
    return file, "草图.png"


def a_file(form) -> tuple[io.BytesIO, str]:
    """A file that this form asks for."""
    if form.endpoint == "staff.catalogue.create":
        return io.BytesIO((Path(demo.__file__).parent / "catalogue.csv").read_bytes()), "价目.csv"
    return a_drawing()
