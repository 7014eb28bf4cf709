"""Single-use links: into a household, or to a first password. Only the hash of a link is kept."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select, update

from portal import audit
from portal.extensions import db
from portal.models import Invitation, User

HOUSEHOLD_GOOD_FOR = timedelta(days=7)
PASSWORD_GOOD_FOR = timedelta(days=3)
PATH = "/invitations/"


class State(StrEnum):
    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


def state_of(invitation: Invitation, at: datetime) -> State:
    if invitation.used_at:
        return State.USED
    if invitation.revoked_at:
        return State.REVOKED
    return State.OPEN if invitation.expires_at > at else State.EXPIRED


def make(
    *, name: str, phone: str, by: User | None, at: datetime, good_for: timedelta, **facts
) -> tuple[Invitation, str]:
    """A new invitation and the path of its link, which can never be shown again."""
    token = secrets.token_urlsafe(24)
    invitation = Invitation(
        name=name,
        phone=phone,
        token_hash=_hash(token),
        invited_by_id=by.id if by else None,
        invited_at=at,
        expires_at=at + good_for,
        **facts,
    )
    db.session.add(invitation)
    db.session.flush()
    return invitation, PATH + token


def find(token: str) -> Invitation | None:
    """The invitation behind a link, open or not."""
    return db.session.scalars(select(Invitation).where(Invitation.token_hash == _hash(token))).one_or_none()


def use(invitation: Invitation, *, user: User, at: datetime) -> bool:
    """Use the link up. False when it was used, revoked or ran out meanwhile; the database says who was first."""
    once = update(Invitation).where(
        Invitation.id == invitation.id,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > at,
    )
    values = once.values(used_at=at, used_by_id=user.id).execution_options(synchronize_session=False)
    done = db.session.execute(values).rowcount == 1
    db.session.refresh(invitation)
    return done


def revoke(*which, by: User | None, at: datetime) -> int:
    """Make open links worthless; answers how many."""
    found = db.session.scalars(
        select(Invitation).where(*which, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    ).all()
    for invitation in found:
        invitation.revoked_at = at
        audit.record("invitation.revoked", invitation, by=by, at=at)
    return len(found)


def withdraw(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Make one open link worthless."""
    revoke(Invitation.id == invitation.id, by=by, at=at)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
