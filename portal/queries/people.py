"""Lists of people and messages: page by page, a fixed number of queries."""

from __future__ import annotations

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import selectinload

from portal.extensions import db
from portal.models import Message, RoleGrant, User
from portal.rules.access import Role

PAGE = 50


def staff(*, words: str = "", role: str = "", state: str = "active", page: int = 1) -> tuple[list[User], bool]:
    """One page of staff by name, and whether there is another. `words` is part of a name, phone or staff number."""
    held = select(RoleGrant.user_id).where(RoleGrant.role != Role.HOMEOWNER.value)
    if role:
        held = held.where(RoleGrant.role == role, RoleGrant.ended_at.is_(None))
    statement = select(User).where(User.id.in_(held)).options(selectinload(User.grants))
    if state != "all":
        statement = statement.where(User.disabled_at.is_(None) if state == "active" else User.disabled_at.is_not(None))
    if words:
        like = f"%{_plain(words)}%"
        digits = "".join(ch for ch in words if ch.isdigit())
        asked = [User.name.ilike(like, escape="\\"), User.staff_no.ilike(like, escape="\\")]
        statement = statement.where(or_(*asked, *([User.phone.contains(digits)] if len(digits) >= 3 else [])))
    return _page(statement.order_by(User.name, User.id), page)


def outbox(
    messages: Select, *, channel: str = "", state: str = "", kind: str = "", before: int = 0
) -> tuple[list[Message], bool]:
    """One page of `messages` (scoped already), the newest first, below id `before`; and whether older ones follow."""
    statement = messages.where(Message.channel == channel) if channel else messages.where(Message.channel != "portal")
    states = {
        "waiting": (Message.sent_at.is_(None), Message.failed_at.is_(None)),
        "sent": (Message.sent_at.is_not(None),),
        "failed": (Message.failed_at.is_not(None),),
    }
    statement = statement.where(*states.get(state, ()))
    if kind:
        statement = statement.where(Message.kind == kind)
    return _older(statement, before)


def inbox(user: User, *, before: int = 0) -> tuple[list[Message], bool]:
    """What the portal told `user`, the newest first."""
    return _older(select(Message).where(Message.user_id == user.id, Message.channel == "portal"), before)


def own_message(user: User) -> Select:
    """The messages of her inbox."""
    return select(Message).where(Message.user_id == user.id, Message.channel == "portal")


def _older(statement: Select, before: int) -> tuple[list[Message], bool]:
    if before:
        statement = statement.where(Message.id < before)
    found = list(db.session.scalars(statement.order_by(Message.id.desc()).limit(PAGE + 1)))
    return found[:PAGE], len(found) > PAGE


def _page(statement: Select, page: int) -> tuple[list, bool]:
    found = list(db.session.scalars(statement.limit(PAGE + 1).offset((max(page, 1) - 1) * PAGE)))
    return found[:PAGE], len(found) > PAGE


def _plain(words: str) -> str:
    """Typed signs mean themselves, not wildcards."""
    return words[:60].replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_")
