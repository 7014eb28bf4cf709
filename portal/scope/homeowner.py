"""What a homeowner may see: her own homes, and of them only what the company has shown."""

from __future__ import annotations

from sqlalchemy import Select, select

from portal.models import (
    Complaint,
    Document,
    Drawing,
    DrawingRevision,
    Estimate,
    EstimateRevision,
    Membership,
    Order,
    Photo,
    PreviewPage,
    Project,
    User,
    Visit,
)


def homes(user: User) -> Select:
    """The projects whose household she belongs to."""
    return select(Project).join(Membership).where(Membership.user_id == user.id, Membership.ended_at.is_(None))


def home_visits(user: User) -> Select:
    return select(Visit).where(Visit.project_id.in_(_home_ids(user)))


def home_drawings(user: User) -> Select:
    """Only drawings that were shown to the household."""
    shown = Drawing.revisions.any(DrawingRevision.shown_at.is_not(None))
    return select(Drawing).where(Drawing.project_id.in_(_home_ids(user)), Drawing.withdrawn_at.is_(None), shown)


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
