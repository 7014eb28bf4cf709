"""Stored contents and the photos that point at them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.extensions import db


class Blob(db.Model):
    """One stored content, named by its SHA-256; written once, never changed."""

    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    size_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(100))
    stored_at: Mapped[datetime]


class Photo(db.Model):
    """A cleaned photo (upright, no GPS, resized) of one subject: ("complaint", 12), ("stage_note", 3) …"""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    subject: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    full_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    thumb_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    width: Mapped[int]
    height: Mapped[int]
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    __table_args__ = (Index(None, "subject", "subject_id"),)
