"""The order that a signed estimate becomes, and its way through the stages."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from portal import audit
from portal.extensions import db
from portal.models import EstimateRevision, Order, User


def make(revision: EstimateRevision, *, by: User, at: datetime) -> Order:
    """The order of a fully signed revision. UNIQUE(project) and UNIQUE(revision): exactly one ever.

    A home whose 估算 was signed before has its order already: the signed 预算 becomes what that order is about.
    """
    order = db.session.scalars(select(Order).where(Order.project_id == revision.estimate.project_id)).one_or_none()
    act = "order.made" if order is None else "order.resigned"
    if order is None:
        order = Order(number=f"D{revision.estimate.project_id:06d}", project_id=revision.estimate.project_id, made_at=at)
        db.session.add(order)
    order.revision_id, order.total_fen = revision.id, revision.total_fen
    db.session.flush()
    audit.record(act, order, by=by, at=at, number=order.number, total_fen=order.total_fen, revision=revision.number)
    return order
