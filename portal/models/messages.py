"""The outbox: what is to be told to whom, written with the act and sent after it was committed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.people import User


class Message(db.Model):
    """One message to one person by one channel. Never dropped: sent, waiting, or failed with the reason.

    `carrier` says what took it: portal, smtp, command, or outbox (a demo without a way out shows it to staff only).
    A `secret` one holds a code or a single-use link. `failure` is the last try's; `failed_at` says that nobody tries again.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    channel: Mapped[str] = mapped_column(String(10))  # sms, email, portal
    address: Mapped[str] = mapped_column(String(254))
    kind: Mapped[str] = mapped_column(String(40))
    subject: Mapped[str] = mapped_column(String(200))
    body: Mapped[str]
    link: Mapped[str] = mapped_column(String(300), default="")
    language: Mapped[str] = mapped_column(String(5), default="zh")
    queued_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    carrier: Mapped[str] = mapped_column(String(10), default="")
    secret: Mapped[bool] = mapped_column(default=False)
    attempts: Mapped[int] = mapped_column(default=0)
    failure: Mapped[str] = mapped_column(String(300), default="")
    user: Mapped[User | None] = relationship()
    __table_args__ = (
        Index(None, "sent_at", "queued_at"),
        Index(None, "user_id", "channel", "id"),  # a person's inbox, the newest first
        Index(None, "channel", "id"),  # the outbox, by channel
        Index(None, "failed_at"),
    )
