"""The offer that stands: the newest presented revision of each home, and what is still wanted of one person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import joinedload

from portal import clock, scope
from portal.extensions import db
from portal.models import Document, Estimate, EstimateRevision, Membership, Order, Refusal, Signature, User
from portal.rules.estimate import is_expired


@dataclass(frozen=True)
class Offer:
    """The newest presented revision of a home, seen by one person."""

    revision: EstimateRevision
    signed_by_her_at: datetime | None
    declined_at: datetime | None  # by anybody of the household
    settled: bool  # everybody signed, or it was signed on paper
    is_signer: bool
    expired: bool

    @property
    def waits_for_her(self) -> bool:
        return self.is_signer and not (self.signed_by_her_at or self.declined_at or self.settled or self.expired)

    def journey_facts(self) -> dict:
        """What the journey says of this offer to this person, whatever happened to earlier ones."""
        if self.expired and not self.settled:
            return {"presented_at": None, "signed_by_her_at": None, "declined_at": None}
        return {"presented_at": self.revision.presented_at, "signed_by_her_at": self.signed_by_her_at, "declined_at": self.declined_at}


def of(user: User, project_ids: Sequence[int]) -> dict[int, Offer]:
    """Project → the offer that stands there for `user`: two queries."""
    newest = (
        select(func.max(EstimateRevision.number))
        .where(EstimateRevision.presented_at.is_not(None), EstimateRevision.withdrawn_at.is_(None),
               EstimateRevision.estimate_id == Estimate.id)
        .correlate(Estimate).scalar_subquery()
    )
    declined = select(func.max(Refusal.at)).where(Refusal.revision_id == EstimateRevision.id).scalar_subquery()
    rows = (
        scope.home_revisions(user)
        .where(Estimate.project_id.in_(list(project_ids)), EstimateRevision.number == newest)
        .outerjoin(Signature, and_(Signature.revision_id == EstimateRevision.id, Signature.user_id == user.id))
        .outerjoin(Order, Order.revision_id == EstimateRevision.id)
        .join(Membership, and_(Membership.project_id == Estimate.project_id, Membership.user_id == user.id))
        .add_columns(Signature.at, declined, Order.id, Membership.right)
        .options(joinedload(EstimateRevision.estimate))
    )
    found = db.session.execute(rows).all()
    signers = _signers([revision.id for revision, *_rest in found])
    now = clock.now()
    return {
        revision.estimate.project_id: Offer(
            revision, signed_at, declined_at, order_id is not None or revision.agreed_on_paper_on is not None,
            right == "sign" and user.id in signers.get(revision.id, {user.id}),
            revision.valid_until is not None and is_expired(revision.valid_until, now),
        )
        for revision, signed_at, declined_at, order_id, right in found
    }


def _signers(revision_ids: Sequence[int]) -> dict[int, set[int]]:
    """Revision → who was named as a signer when it was presented."""
    rows = select(Document.revision_id, Document.signers).where(Document.revision_id.in_(revision_ids))
    return {revision_id: {signer["user_id"] for signer in signers} for revision_id, signers in db.session.execute(rows)}
