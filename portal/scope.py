"""Which rows may this person see: one function per noun, and find(). The privacy of the portal is this file.

`homes…` are the homeowner's own; the other functions are for staff. What is not yours does not exist: 404.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, or_, select
from werkzeug.exceptions import NotFound

from portal.extensions import db
from portal.models import (
    Assignment,
    Complaint,
    Document,
    Drawing,
    DrawingRevision,
    Estimate,
    EstimateRevision,
    Lead,
    Membership,
    Message,
    Order,
    Photo,
    PreviewPage,
    Project,
    Remark,
    Upload,
    User,
    Visit,
)

LARGEST_ID = 2**63 - 1


def find(rows: Select, ident: Any) -> Any:
    """The row of `rows` with primary key `ident`, else 404, whether it is absent or somebody else's."""
    entity = rows.column_descriptions[0]["entity"]
    key = next(iter(entity.__table__.primary_key))
    if isinstance(ident, int) and not 0 < ident <= LARGEST_ID:
        raise NotFound
    found = db.session.scalars(rows.where(key == ident)).unique().one_or_none()
    if found is None:
        raise NotFound
    return found


def every(rows: Select) -> list:
    """All rows of a statement that went through this file."""
    return list(db.session.scalars(rows).unique())


# ── the homeowner ──


def homes(user: User) -> Select:
    """The projects whose household she belongs to."""
    return select(Project).join(Membership).where(Membership.user_id == user.id, Membership.ended_at.is_(None))


def home_visits(user: User) -> Select:
    return select(Visit).where(Visit.project_id.in_(_home_ids(user)))


def home_drawings(user: User) -> Select:
    """Only drawings that were shown to the household."""
    shown = select(DrawingRevision.drawing_id).where(DrawingRevision.shown_at.is_not(None))
    return select(Drawing).where(
        Drawing.project_id.in_(_home_ids(user)), Drawing.withdrawn_at.is_(None), Drawing.id.in_(shown)
    )


def home_drawing_revisions(user: User) -> Select:
    return (
        select(DrawingRevision)
        .join(Drawing)
        .where(
            Drawing.project_id.in_(_home_ids(user)),
            Drawing.withdrawn_at.is_(None),
            DrawingRevision.shown_at.is_not(None),
        )
    )


def home_pages(user: User) -> Select:
    return select(PreviewPage).where(
        PreviewPage.revision_id.in_(home_drawing_revisions(user).with_only_columns(DrawingRevision.id))
    )


def home_revisions(user: User, *, withdrawn: bool = False) -> Select:
    """Only estimate revisions that were presented (R073): those that stand, or those that the company took back."""
    return (
        select(EstimateRevision)
        .join(Estimate)
        .where(
            Estimate.project_id.in_(_home_ids(user)),
            EstimateRevision.presented_at.is_not(None),
            EstimateRevision.withdrawn_at.is_not(None) if withdrawn else EstimateRevision.withdrawn_at.is_(None),
        )
    )


def home_documents(user: User) -> Select:
    return select(Document).where(
        Document.revision_id.in_(home_revisions(user).with_only_columns(EstimateRevision.id))
    )


def home_orders(user: User) -> Select:
    return select(Order).where(Order.project_id.in_(_home_ids(user)))


def home_complaints(user: User) -> Select:
    return select(Complaint).where(Complaint.project_id.in_(_home_ids(user)))


def home_photos(user: User) -> Select:
    """Photos of her home; those of staff-only notes are filtered by the page that shows the note."""
    return select(Photo).where(Photo.project_id.in_(_home_ids(user)), Photo.subject.not_in(STAFF_ONLY_PHOTOS))


STAFF_ONLY_PHOTOS = ("staff_note",)


def _home_ids(user: User) -> Select:
    return select(Membership.project_id).where(Membership.user_id == user.id, Membership.ended_at.is_(None))


# ── staff ──


def leads(user: User) -> Select:
    """Everybody's for those who lead sales; else only what the person registered."""
    if user.can("lead.see_all"):
        return select(Lead)
    return select(Lead).where(Lead.registered_by_id == user.id)


def own_leads(user: User) -> Select:
    return select(Lead).where(Lead.registered_by_id == user.id)


def assignments(user: User) -> Select:
    """Who works on the projects that the person sees."""
    return select(Assignment).where(Assignment.project_id.in_(_project_ids(user)))


def projects(user: User) -> Select:
    """All for those who run the company; else what the person is assigned to or brought as a lead."""
    if user.can("project.see_all"):
        return select(Project)
    return select(Project).where(or_(Project.id.in_(_assigned_ids(user)), Project.id.in_(_own_lead_projects(user))))


def visits(user: User) -> Select:
    return select(Visit).where(Visit.project_id.in_(_project_ids(user)))


def drawings(user: User) -> Select:
    return select(Drawing).where(Drawing.project_id.in_(_project_ids(user)))


def drawing_revisions(user: User) -> Select:
    return select(DrawingRevision).join(Drawing).where(Drawing.project_id.in_(_project_ids(user)))


def pages(user: User) -> Select:
    return select(PreviewPage).where(
        PreviewPage.revision_id.in_(drawing_revisions(user).with_only_columns(DrawingRevision.id))
    )


def remarks(user: User) -> Select:
    return select(Remark).join(Drawing).where(Drawing.project_id.in_(_project_ids(user)))


def uploads(user: User) -> Select:
    """Unfinished files belong to the person who sends them."""
    return select(Upload).where(Upload.by_id == user.id, Upload.project_id.in_(_project_ids(user)))


def estimates(user: User) -> Select:
    return select(Estimate).where(Estimate.project_id.in_(_project_ids(user)))


def revisions(user: User) -> Select:
    """Estimate revisions. Before a presentation only those who price see them (R073)."""
    rows = select(EstimateRevision).join(Estimate).where(Estimate.project_id.in_(_project_ids(user)))
    if user.can("estimate.edit") or user.can("cost.see"):
        return rows
    return rows.where(EstimateRevision.presented_at.is_not(None))


def documents(user: User) -> Select:
    return select(Document).where(Document.revision_id.in_(revisions(user).with_only_columns(EstimateRevision.id)))


def orders(user: User) -> Select:
    return select(Order).where(Order.project_id.in_(_project_ids(user)))


def complaints(user: User) -> Select:
    """All for those who answer for complaints; else one's own and those of one's projects."""
    if user.can("complaint.see_all"):
        return select(Complaint)
    return select(Complaint).where(
        or_(Complaint.assignee_id == user.id, Complaint.project_id.in_(_project_ids(user)))
    )


def photos(user: User) -> Select:
    return select(Photo).where(
        or_(
            Photo.project_id.in_(_project_ids(user)),
            Photo.project_id.in_(complaints(user).with_only_columns(Complaint.project_id)),
        )
    )


def people(user: User) -> Select:
    return select(User)


def colleagues(*roles: str) -> Select:
    """Active staff who hold one of `roles`: for choosing whom to assign. Names and roles only."""
    from portal.models import RoleGrant

    holders = select(RoleGrant.user_id).where(RoleGrant.role.in_(roles), RoleGrant.ended_at.is_(None))
    return select(User).where(User.id.in_(holders), User.disabled_at.is_(None)).order_by(User.name)


def messages(user: User) -> Select:
    """The outbox for those who may see it, else one's own messages."""
    rows = select(Message)
    return rows if user.can("outbox.see") else rows.where(Message.user_id == user.id)


def _project_ids(user: User) -> Select:
    return projects(user).with_only_columns(Project.id)


def _assigned_ids(user: User) -> Select:
    return select(Assignment.project_id).where(Assignment.user_id == user.id, Assignment.ended_at.is_(None))


def _own_lead_projects(user: User) -> Select:
    return select(Lead.project_id).where(Lead.registered_by_id == user.id, Lead.project_id.is_not(None))
