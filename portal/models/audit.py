"""The hash-chained log: one line per act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db


class AuditEntry(db.Model):
    """One act. `hash` covers the content and the previous line's hash, so nothing can be taken out unseen."""

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    act: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[int | None]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"))
    facts: Mapped[dict]
    previous_hash: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    __table_args__ = (Index(None, "project_id", "seq"), Index(None, "subject", "subject_id"))


class AuditHead(db.Model):
    """The one row that names the last line; locking it puts concurrent acts in a row."""

    id: Mapped[int] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[str] = mapped_column(String(64))
