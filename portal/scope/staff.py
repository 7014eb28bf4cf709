"""What staff may see: their projects and all that hangs on them."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, or_, select, true
from sqlalchemy.orm import selectinload

from portal.models import (
    Assignment,
    Complaint,
    Document,
    Drawing,
    DrawingRevision,
    Estimate,
    EstimateRevision,
    Message,
    Order,
    Photo,
    PreviewPage,
    Project,
    Remark,
    RoleGrant,
    Upload,
    User,
    Visit,
)
from portal.scope.sales import own_lead_projects


def assignments(user: User) -> Select:
    """Who works on the projects that the person sees."""
    return select(Assignment).where(_hers(Assignment.project_id, user))


def projects(user: User) -> Select:
    """All for those who run the company; else what the person is assigned to or brought as a lead."""
    return select(Project).where(_hers(Project.id, user))


def visits(user: User) -> Select:
    return select(Visit).where(_hers(Visit.project_id, user))


def drawings(user: User) -> Select:
    return select(Drawing).where(_hers(Drawing.project_id, user))


def drawing_revisions(user: User) -> Select:
    return select(DrawingRevision).join(Drawing).where(_hers(Drawing.project_id, user))


def pages(user: User) -> Select:
    return select(PreviewPage).where(
        PreviewPage.revision_id.in_(drawing_revisions(user).with_only_columns(DrawingRevision.id))
    )


def remarks(user: User) -> Select:
    return select(Remark).join(Drawing).where(_hers(Drawing.project_id, user))


def uploads(user: User) -> Select:
    """Unfinished files belong to the person who sends them."""
    return select(Upload).where(Upload.by_id == user.id, _hers(Upload.project_id, user))


def estimates(user: User) -> Select:
    return select(Estimate).where(_hers(Estimate.project_id, user))


def revisions(user: User) -> Select:
    """Estimate revisions. Before a presentation only those who price see them (R073)."""
    rows = select(EstimateRevision).join(Estimate).where(_hers(Estimate.project_id, user))
    if user.can("estimate.edit") or user.can("cost.see"):
        return rows
    return rows.where(EstimateRevision.presented_at.is_not(None))


def documents(user: User) -> Select:
    return select(Document).where(Document.revision_id.in_(revisions(user).with_only_columns(EstimateRevision.id)))


def orders(user: User) -> Select:
    return select(Order).where(_hers(Order.project_id, user))


def complaints(user: User) -> Select:
    """All for those who answer for complaints; else one's own and those of one's projects."""
    if user.can("complaint.see_all"):
        return select(Complaint)
    return select(Complaint).where(
        or_(Complaint.assignee_id == user.id, _hers(Complaint.project_id, user))
    )


def photos(user: User) -> Select:
    return select(Photo).where(
        or_(
            _hers(Photo.project_id, user),
            Photo.project_id.in_(complaints(user).with_only_columns(Complaint.project_id)),
        )
    )


def people(user: User) -> Select:
    return select(User)


def colleagues(*roles: str) -> Select:
    """Active staff who hold one of `roles`: for choosing whom to assign. Names and roles only."""
    holders = select(RoleGrant.user_id).where(RoleGrant.role.in_(roles), RoleGrant.ended_at.is_(None))
    active = select(User).where(User.id.in_(holders), User.disabled_at.is_(None)).options(selectinload(User.grants))
    return active.order_by(User.name)


def messages(user: User) -> Select:
    """The outbox for those who may see it, else one's own messages."""
    rows = select(Message)
    return rows if user.can("outbox.see") else rows.where(Message.user_id == user.id)


def _hers(project_id: ColumnElement[int], user: User) -> ColumnElement[bool]:
    """That the project is one of those she sees. Both ways to one go by an index: none reads other people's projects."""
    if user.can("project.see_all"):
        return true()
    assigned = select(Assignment.project_id).where(Assignment.user_id == user.id, Assignment.ended_at.is_(None))
    return project_id.in_(assigned.union(own_lead_projects(user)))
