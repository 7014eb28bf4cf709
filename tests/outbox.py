"""What was sent to whom: runs the waiting work and finds codes and links the way a person would read them."""

from __future__ import annotations

import re

from portal.extensions import db
from portal.jobs import worker
from portal.jobs.registry import discover
from portal.models import Message


def deliver(app) -> None:
    """Do all work that is due, as the worker does."""
    discover()
    db.session.rollback()
    while worker.work_once(app) is not None:
        pass


def texts(channel: str = "sms", **facts) -> list[Message]:
    """Messages by this channel, the oldest first."""
    db.session.rollback()
    return db.session.query(Message).filter_by(channel=channel, **facts).order_by(Message.id).all()


def last_code() -> str:
    return re.search(r"\d{6}", texts(secret=True)[-1].body)[0]


def last_link() -> str:
    return texts(secret=True)[-1].link
