"""The accounts of the demo company: one known password, offered on the sign-in page of a demo only."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import func, select

from portal import passwords
from portal.extensions import db
from portal.models import User

PASSWORD = "yangban-2026"
MOST_SHOWN = 24


def give_password(people: Iterable[User]) -> None:
    """All of them get the demo password, as one and the same hash: that is how `listed` knows them."""
    one_hash = passwords.hashed(PASSWORD)
    for person in people:
        person.password_hash = one_hash


def listed() -> list[User]:
    """Who can be tried out: active people whose demo password was not changed. Staff first, in the order they were made.

    Hashes are salted, so two people have the same one only when `give_password` gave it.
    """
    shared = select(User.password_hash).where(User.password_hash.is_not(None)).group_by(User.password_hash)
    statement = select(User).where(
        User.password_hash.in_(shared.having(func.count() > 1)), User.disabled_at.is_(None)
    )
    return list(db.session.scalars(statement.order_by(User.staff_no.is_(None), User.id).limit(MOST_SHOWN)))
