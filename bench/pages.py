"""The pages of the line, each as the person who uses it."""

from __future__ import annotations

from sqlalchemy import select

from portal.extensions import db
from portal.models import Assignment, Complaint, Drawing, EstimateRevision, Lead, Membership, Order, Project, User


def pages() -> list[tuple[User, str, str]]:
    """(person, page, address): homeowner of the villa, its team, and those who see everything."""
    villa = db.session.scalars(select(Project).where(Project.import_id == "SAMPLE-VILLA-320")).one()
    owner = db.session.scalars(select(User).join(Membership).where(Membership.project_id == villa.id)).first()
    team = {one.role: one.user for one in db.session.scalars(select(Assignment).where(Assignment.project_id == villa.id))}
    boss = db.session.scalars(select(User).where(User.staff_no == "A003")).one()
    service = db.session.scalars(select(User).where(User.staff_no == "A002")).one()
    seller = db.session.scalars(select(User).join(Lead, Lead.registered_by_id == User.id).order_by(Lead.id)).first()
    order = db.session.scalars(select(Order).where(Order.project_id == villa.id)).one()
    revision = db.session.scalars(select(EstimateRevision).where(EstimateRevision.estimate.has(project_id=villa.id)).order_by(EstimateRevision.number.desc())).first()
    complaint = db.session.scalars(select(Complaint).where(Complaint.project_id == villa.id)).first()
    lead = db.session.scalars(select(Lead).where(Lead.registered_by_id == seller.id).order_by(Lead.id.desc())).first()
    drawing = db.session.scalars(select(Drawing).order_by(Drawing.id)).first()
    listed = [
        (owner, "first screen", "/customer/"),
        (owner, "progress", f"/customer/orders/{order.id}"),
        (owner, "plans", "/customer/plans/"),
        (owner, "estimates", "/customer/estimates/"),
        (owner, "estimate, 220 lines", f"/customer/estimates/{revision.id}"),
        (owner, "schedule", "/customer/schedule/"),
        (owner, "complaints", "/customer/complaints/"),
        (owner, "complaint", f"/customer/complaints/{complaint.id}"),
        (boss, "today", "/staff/"),
        (seller, "leads", "/staff/leads/"),
        (seller, "lead", f"/staff/leads/{lead.id}"),
        (seller, "follow-ups", "/staff/follow-ups/"),
        (boss, "projects", "/staff/projects/"),
        (boss, "project", f"/staff/projects/{villa.id}"),
        (team["project_manager"], "orders", "/staff/orders/"),
        (boss, "all orders", "/staff/orders/"),
        (team["project_manager"], "order", f"/staff/orders/{order.id}"),
        (team["estimator"], "estimates", "/staff/estimates/"),
        (team["estimator"], "ledger, 220 lines", f"/staff/estimates/{revision.id}"),
        (team.get("chief_designer") or team["designer"], "plans", "/staff/plans/"),
        (service, "complaints, queue", "/staff/complaints/"),
        (service, "complaint", f"/staff/complaints/{complaint.id}"),
        (boss, "visits", "/staff/visits/"),
    ]
    if drawing is not None:
        viewer = db.session.scalars(select(User).join(Membership).where(Membership.project_id == drawing.project_id)).first()
        listed.append((viewer, "drawing", f"/customer/plans/{drawing.id}"))
    return listed
