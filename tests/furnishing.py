"""What the demo company has not yet: a draft, a paper to sign, a visit to measure, a file to confirm, an open invitation."""

from __future__ import annotations

import io
from datetime import timedelta
from decimal import Decimal

from PIL import Image
from sqlalchemy import select

from portal import clock
from portal.actions import calendar_feed, household, visits
from portal.actions.estimates import drafting, lines, papers
from portal.extensions import db
from portal.models import Assignment, Document, Estimate, EstimateRevision, Message, Project, User
from portal.queries import estimates as book
from tests import factories

HOME = "云栖样板苑 5栋1单元802"


def furnish() -> dict[str, str]:
    """Add them through the acts; answers the addresses that no link leads to."""
    home = db.session.scalars(select(Project).where(Project.title == HOME)).one()
    people = {one.staff_no or one.phone: one for one in db.session.scalars(select(User))}
    at = clock.now()
    for document in db.session.scalars(select(Document).where(Document.language == "zh", Document.state == "preparing")):
        papers.prepare(document_id=document.id)
    draft = drafting.begin(home, kind="estimate", by=people["S004"], at=at)
    lines.add_line(draft, book.item("NW-008"), lines.LineFacts("书房", Decimal(5)), by=people["S004"], at=at)
    assignment = db.session.scalars(select(Assignment).where(Assignment.project_id == home.id, Assignment.role == "designer")).one()
    for days, who in ((1, assignment), (2, None)):
        starts = at + timedelta(days=days)
        visits.book(project=home, by=people["S001"], at=at, kind="measurement", purpose="免费上门量房", starts_at=starts,
                    ends_at=starts + timedelta(hours=1), assignment=who)
    _invited, path = household.invite(project=home, by=people["S001"], at=at, name="叶小禾", phone="+8619900000299", relation="parent", right="view")
    calendar_feed.make(by=people["+8619900000201"], at=at)
    failed = db.session.scalars(select(Message).limit(1)).one()
    failed.failed_at = at
    seller = factories.make_user("salesperson", phone="+8619900009999", staff_no="S999", disabled_at=at)
    db.session.commit()
    newest = select(EstimateRevision).join(Estimate).where(Estimate.project_id == home.id, EstimateRevision.presented_at.is_not(None))
    waiting = db.session.scalars(newest.order_by(EstimateRevision.id.desc())).first()
    return {"signing": f"/customer/estimates/{waiting.id}/signature", "invitation": path, "draft": f"/staff/estimates/{draft.id}", "gone": f"/staff/people/{seller.id}"}


def a_drawing() -> tuple[io.BytesIO, str]:
    """A small file that is taken as a drawing."""
    file = io.BytesIO()
    Image.new("RGB", (60, 40), "white").save(file, "PNG")
    file.seek(0)
    return file, "草图.png"
