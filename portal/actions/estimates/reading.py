"""What a household member has seen, and with what a revision is compared for her."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from portal.extensions import db
from portal.models import Document, EstimateRevision, EstimateView, Refusal, Signature, User
from portal.rules.estimate import is_expired


def note_view(revision: EstimateRevision, *, by: User, at: datetime) -> None:
    """Remember that `by` looked at the revision, the first and the last time."""
    seen = db.session.scalars(
        select(EstimateView).where(EstimateView.revision_id == revision.id, EstimateView.user_id == by.id)
    ).one_or_none()
    if seen is None:
        db.session.add(EstimateView(revision_id=revision.id, user_id=by.id, first_at=at, last_at=at))
    else:
        seen.last_at = at


def base_for(revision: EstimateRevision, user: User) -> tuple[EstimateRevision | None, str]:
    """The latest earlier revision that `user` signed or saw, and which of the two; else the one before ("before")."""
    signed = select(Signature.revision_id).where(Signature.user_id == user.id)
    seen = select(EstimateView.revision_id).where(EstimateView.user_id == user.id)
    known = _earlier(revision).where(EstimateRevision.id.in_(signed) | EstimateRevision.id.in_(seen))
    found = db.session.scalars(known).first()
    if found is None:
        return db.session.scalars(_earlier(revision)).first(), "before"
    hers = db.session.scalar(signed.where(Signature.revision_id == found.id))
    return found, "signed" if hers else "seen"


def states(revisions: Sequence[EstimateRevision], user: User) -> dict[int, str]:
    """Revision id → signed, declined or open, as far as `user` is concerned: two queries for the whole list."""
    ids = [revision.id for revision in revisions]
    found = dict.fromkeys(ids, "open")
    found |= dict.fromkeys(
        db.session.scalars(select(Refusal.revision_id).where(Refusal.revision_id.in_(ids), Refusal.user_id == user.id)), "declined"
    )
    found |= dict.fromkeys(
        db.session.scalars(select(Signature.revision_id).where(Signature.revision_id.in_(ids), Signature.user_id == user.id)), "signed"
    )
    return found


def standings(revisions: Sequence[EstimateRevision], user: User, *, at: datetime) -> dict[int, str]:
    """Revision id → what it is for `user`: paper, signed, declined, superseded, expired, to_sign, to_read.

    `revisions` are newest first. Four queries, however many there are.
    """
    mine = states(revisions, user)
    ids = [revision.id for revision in revisions]
    papers = db.session.execute(select(Document.revision_id, Document.signers).where(Document.revision_id.in_(ids)))
    asked = {revision_id for revision_id, signers in papers if any(one["user_id"] == user.id for one in signers)}
    refused = set(db.session.scalars(select(Refusal.revision_id).where(Refusal.revision_id.in_(ids))))
    newest: dict[int, int] = {}
    for revision in revisions:
        newest[revision.estimate_id] = max(newest.get(revision.estimate_id, 0), revision.number)
    found = {}
    for revision in revisions:
        if revision.agreed_on_paper_on:
            found[revision.id] = "paper"
        elif mine[revision.id] != "open":
            found[revision.id] = mine[revision.id]
        elif revision.number < newest[revision.estimate_id]:
            found[revision.id] = "superseded"
        elif is_expired(revision.valid_until, at):
            found[revision.id] = "expired"
        else:
            found[revision.id] = "to_sign" if revision.id in asked - refused else "to_read"
    return found


def _earlier(revision: EstimateRevision):
    return (
        select(EstimateRevision)
        .where(
            EstimateRevision.estimate_id == revision.estimate_id,
            EstimateRevision.number < revision.number,
            EstimateRevision.presented_at.is_not(None),
        )
        .order_by(EstimateRevision.number.desc())
        .options(selectinload(EstimateRevision.lines))
        .limit(1)
    )
