"""A household with everything in it, and marks by which a leak of it would be seen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

from portal import clock
from portal.extensions import db
from portal.models import (
    CalendarKey,
    Complaint,
    ComplaintEvent,
    Document,
    DocumentFile,
    Invitation,
    MeasurementRecord,
    Message,
    Photo,
    PreviewPage,
    Project,
    Remark,
    StageNote,
    Upload,
    User,
)
from portal.rules.access import Role
from tests import factories

# Words that stand nowhere but in this household.
MARKS = ("MARK-HOMEOWNER", "MARK-TITLE", "MARK-COMPLAINT", "MARK-REMARK", "MARK-NOTE", "MARK-PURPOSE", "+8617799990001", "177 9999 0001")


@dataclass
class World:
    """`ids` fills the placeholders of addresses by their name."""

    project: Project
    owner: User
    team: dict[str, User]
    ids: dict[str, int | str] = field(default_factory=dict)


def build() -> World:
    """One home from the lead to the complaint, with a team of its own."""
    team = {role.value: factories.make_user(role, staff_no=f"W{place}") for place, role in enumerate(
        (Role.SALESPERSON, Role.ACCOUNT_MANAGER, Role.DESIGNER, Role.ESTIMATOR, Role.PROJECT_MANAGER, Role.CUSTOMER_SERVICE))}
    home = factories.make_project(title="MARK-TITLE 1栋", customer_name="MARK-HOMEOWNER", customer_phone="+8617799990001", address="MARK-TITLE 1栋")
    owner = factories.make_homeowner(home, name="MARK-HOMEOWNER", phone="+8617799990001")
    membership = db.session.query(User).get(owner.id) and home.members[0]
    assignments = {role: factories.assign(home, user, role) for role, user in team.items()}
    seller, designer, estimator = team["salesperson"], team["designer"], team["estimator"]
    lead = factories.make_lead(seller, name="MARK-HOMEOWNER", phone="+8617799990001", project_id=home.id)
    room = factories.make_room(home)
    visit = factories.make_visit(home, designer, purpose="MARK-PURPOSE")
    db.session.add(MeasurementRecord(visit_id=visit.id, project_id=home.id, items=[], next_plan_at=clock.now(),
                                     submitted_by_id=designer.id, submitted_at=clock.now()))
    drawing = factories.make_drawing(home, designer, title="MARK-TITLE 图")
    drawn = drawing.revisions[0]
    blob = factories.make_blob(b"\x89PNG fake", "image/png")
    sheet = _kept(PreviewPage(revision_id=drawn.id, number=1, image_sha256=blob.sha256, thumb_sha256=blob.sha256, width=10, height=10))
    remark = _kept(Remark(drawing_id=drawing.id, revision_id=drawn.id, body="MARK-REMARK", by_id=owner.id, at=clock.now()))
    upload = _kept(Upload(project_id=home.id, by_id=designer.id, token=uuid4().hex, name="MARK-TITLE.pdf", size_bytes=10, begun_at=clock.now()))
    revision = factories.make_estimate(home, estimator, presented=True)
    pdf = factories.make_blob(b"%PDF-1.7 fake")
    document = _kept(Document(revision_id=revision.id, language="zh", state="ready", shown_sha256=pdf.sha256, prepared_at=clock.now(),
                              signers=[{"user_id": owner.id, "name": owner.name, "relation": "owner", "field": "signer-1"}]))
    _kept(DocumentFile(document_id=document.id, number=1, sha256=pdf.sha256, made_at=clock.now(), what="certified"))
    order = factories.make_order(home, revision)
    stage = order.stages[0]
    note = _kept(StageNote(stage_id=stage.id, act="note", body="MARK-NOTE", by_id=designer.id, at=clock.now()))
    photo = _kept(Photo(project_id=home.id, subject="stage_note", subject_id=note.id, name="MARK.jpg", full_sha256=blob.sha256,
                        thumb_sha256=blob.sha256, width=1, height=1, by_id=designer.id, at=clock.now()))
    complaint = _complaint(home, owner, team["customer_service"])
    invitation = _kept(Invitation(project_id=home.id, name="MARK-HOMEOWNER", phone="+8617799990002", relation="spouse", right="view",
                                  token_hash=uuid4().hex, invited_by_id=seller.id, invited_at=clock.now(),
                                  expires_at=clock.now() + timedelta(days=1)))
    message = _kept(Message(user_id=owner.id, project_id=home.id, channel="sms", address=owner.phone, kind="k", subject="MARK-NOTE",
                            body="MARK-NOTE", queued_at=clock.now()))
    db.session.add(CalendarKey(user_id=owner.id, key=uuid4().hex, created_at=clock.now()))
    db.session.commit()
    ids = {
        "lead_id": lead.id, "project_id": home.id, "visit_id": visit.id, "drawing_id": drawing.id, "page_id": sheet.id,
        "remark_id": remark.id, "upload_id": upload.id, "revision_id": revision.id, "line_id": revision.lines[0].id,
        "document_id": document.id, "order_id": order.id, "stage_id": stage.id, "photo_id": photo.id, "complaint_id": complaint.id,
        "invitation_id": invitation.id, "message_id": message.id, "membership_id": membership.id, "room_id": room.id,
        "assignment_id": assignments["designer"].id, "person_id": seller.id, "device_id": 1, "step": "start", "token": "x" * 32,
        "number": 1, "language": "zh", "drawing_revision_id": drawn.id, "catalogue_id": 1, "item_id": 1, "week": "2026-W48",
        "month": "2026-11", "name": "x", "filename": "app.js", "event_id": 1, "code": "NW-001",
    }
    return World(home, owner, team, ids)


def _complaint(home: Project, owner: User, assignee: User) -> Complaint:
    now = clock.now()
    complaint = _kept(Complaint(
        number=f"T{home.id}", project_id=home.id, category="质量", severity="L2", title="MARK-COMPLAINT", description="MARK-COMPLAINT",
        filed_by_id=owner.id, filed_at=now, assignee_id=assignee.id, first_reply_due_at=now, plan_due_at=now, done_due_at=now, due_at=now,
    ))
    _kept(ComplaintEvent(complaint_id=complaint.id, act="filed", body="", by_id=owner.id, by_name=owner.name, at=now))
    return complaint


def _kept(row):
    db.session.add(row)
    db.session.flush()
    return row
