"""What the portal told a person, and what of it she has read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select, update

from portal.extensions import db
from portal.models import Message, User


def unread(user: User) -> int:
    """How many messages wait for her."""
    return db.session.scalar(select(func.count()).select_from(Message).where(*_mine(user), Message.read_at.is_(None)))


def read_all(user: User, *, up_to: int, at: datetime) -> None:
    """She has seen everything up to this message; what came since stays unread."""
    db.session.execute(
        update(Message).where(*_mine(user), Message.read_at.is_(None), Message.id <= up_to).values(read_at=at)
    )


def _mine(user: User) -> tuple:
    return Message.user_id == user.id, Message.channel == "portal"
