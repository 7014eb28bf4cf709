"""The paper of a presented revision, its sealed files, and who signed or declined it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.estimates import EstimateRevision
from portal.models.people import User


class Document(db.Model):
    """One revision in one language. `state`: preparing, ready (certified), sealing (a signature waits), sealed, failed."""

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("estimate_revision.id"))
    language: Mapped[str] = mapped_column(String(5))
    state: Mapped[str] = mapped_column(String(12), default="preparing")
    note: Mapped[str] = mapped_column(String(300), default="")
    signers: Mapped[list]  # [{"user_id", "name", "relation", "field"}], frozen when presented
    shown_sha256: Mapped[str | None] = mapped_column(String(64))  # the certified bytes that signers are shown
    prepared_at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    revision: Mapped[EstimateRevision] = relationship()
    files: Mapped[list[DocumentFile]] = relationship(order_by="DocumentFile.number")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("revision_id", "language"),)


class DocumentFile(db.Model):
    """Every state of the file, kept: 0 as rendered, 1 certified by the company, 2… after each signature."""

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"), index=True)
    made_at: Mapped[datetime]
    what: Mapped[str] = mapped_column(String(20))  # rendered, certified, signed
    __table_args__ = (UniqueConstraint("document_id", "number"),)


class DocumentPage(db.Model):
    """A page of the certified file as a picture: what she reads on her phone before she signs."""

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"))
    number: Mapped[int]
    image_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    media_type: Mapped[str] = mapped_column(String(20))
    width: Mapped[int]
    height: Mapped[int]
    __table_args__ = (UniqueConstraint("document_id", "number"),)


class Signature(db.Model):
    """A person's signature under one revision, with its evidence. `sealed_at` is set when it stands in the file."""

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("estimate_revision.id"))
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    field: Mapped[str] = mapped_column(String(40))
    typed_name: Mapped[str] = mapped_column(String(60))
    drawn_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    consent: Mapped[str] = mapped_column(String(1000))
    code_id: Mapped[int] = mapped_column(ForeignKey("one_time_code.id"), unique=True)
    shown_sha256: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(5))
    address: Mapped[str] = mapped_column(String(60))
    device: Mapped[str] = mapped_column(String(300))
    at: Mapped[datetime]
    sealed_at: Mapped[datetime | None]
    revision: Mapped[EstimateRevision] = relationship()
    user: Mapped[User] = relationship()
    __table_args__ = (UniqueConstraint("revision_id", "user_id"),)


class Refusal(db.Model):
    """A household member declined to sign a revision, and why."""

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("estimate_revision.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(String(1000))
    at: Mapped[datetime]
    user: Mapped[User] = relationship()
    __table_args__ = (UniqueConstraint("revision_id", "user_id"),)
