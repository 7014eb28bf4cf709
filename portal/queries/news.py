"""Since you were last here: what a person was told and has not read, what weighs most on top."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from portal.extensions import db
from portal.models import Message, User

SHOWN, LOOKED_AT = 5, 60
# Part of a message's kind → its weight; the first that fits counts. What wants her decision comes before what only happened.
_WEIGHTS = (
    ("estimate.presented", 9), ("complaint.result", 8), ("complaint.done", 8), ("drawing.shown", 8), ("plan.shown", 8),
    ("order.delayed", 7), ("visit.cancelled", 7), ("visit.moved", 7), ("estimate.", 6), ("complaint.", 6), ("visit.", 5),
    ("drawing.", 5), ("plan.", 5), ("order.planned", 5), ("order.stage_reopened", 4), ("order.stage_finished", 3), ("order.", 2),
)


@dataclass(frozen=True)
class News:
    """`shown` by weight, then the newest; `more` unread ones are left out; `up_to` is the newest of all that were looked at."""

    shown: Sequence[Message]
    more: int
    up_to: int


def of(user: User) -> News:
    """What she has not read. Several messages about the same thing count once: the newest speaks. One query."""
    rows = select(Message).where(Message.user_id == user.id, Message.channel == "portal", Message.read_at.is_(None))
    unread = list(db.session.scalars(rows.order_by(Message.id.desc()).limit(LOOKED_AT)))
    latest = {(message.link, message.kind): message for message in reversed(unread)}
    ranked = sorted(latest.values(), key=lambda message: (-weight(message.kind), -message.id))
    return News(ranked[:SHOWN], max(0, len(ranked) - SHOWN), max((message.id for message in unread), default=0))


def weight(kind: str) -> int:
    """How much a kind of message weighs for a homeowner."""
    return next((points for part, points in _WEIGHTS if kind.startswith(part)), 1)
