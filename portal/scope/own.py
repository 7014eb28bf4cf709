"""What belongs to every person who is signed in, staff or not."""

from __future__ import annotations

from sqlalchemy import Select, select

from portal.models import User, UserSession


def devices(user: User) -> Select:
    """The devices on which she signed in, also those that are signed out again."""
    return select(UserSession).where(UserSession.user_id == user.id)
