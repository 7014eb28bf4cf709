"""Drawings, their revisions, what the homeowner remarked and decided."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.files import Blob
from portal.models.people import User
from portal.models.projects import Project


class Drawing(db.Model):
    """One sheet of a project. The next revision number is counted here, so that none is ever used twice."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    sheet_no: Mapped[str] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(String(80))
    scale: Mapped[str] = mapped_column(String(10), default="")
    next_number: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    project: Mapped[Project] = relationship()
    revisions: Mapped[list[DrawingRevision]] = relationship(
        back_populates="drawing", order_by="DrawingRevision.number.desc()"
    )
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("project_id", "sheet_no"),)


class DrawingRevision(db.Model):
    """R0, R1 …: one file, never changed, with the editable file it was drawn in (`source_…`) where both were sent.

    `preview` is waiting, ready, none (no converter) or failed; `preview_notes` say in plain words what is missing.
    `compared_with_id` is the revision that the marked changes refer to: the one the homeowner saw before.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    drawing_id: Mapped[int] = mapped_column(ForeignKey("drawing.id"))
    number: Mapped[int]
    file_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    file_name: Mapped[str] = mapped_column(String(255))
    file_kind: Mapped[str] = mapped_column(String(20))
    change_note: Mapped[str] = mapped_column(String(500), default="")
    source_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    source_name: Mapped[str] = mapped_column(String(255), default="")
    source_kind: Mapped[str] = mapped_column(String(20), default="")
    compared_with_id: Mapped[int | None] = mapped_column(ForeignKey("drawing_revision.id"))
    uploaded_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    uploaded_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]  # from when on the homeowner sees it
    shown_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    preview: Mapped[str] = mapped_column(String(10), default="waiting")
    preview_notes: Mapped[list] = mapped_column(default=list)
    drawing: Mapped[Drawing] = relationship(back_populates="revisions")
    uploaded_by: Mapped[User] = relationship(foreign_keys=[uploaded_by_id])
    pages: Mapped[list[PreviewPage]] = relationship(order_by="PreviewPage.number")
    decisions: Mapped[list[DrawingDecision]] = relationship(order_by="DrawingDecision.at")
    __table_args__ = (UniqueConstraint("drawing_id", "number"),)


class PreviewPage(db.Model):
    """A page of a revision as an image; sizes in pixels.

    `changes` are the regions [left, top, width, height] (shares of the page, 0–1) that differ from the same page of the
    revision it was compared with; None when there was nothing to compare. `overlay_sha256` shows both in two colours.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("drawing_revision.id"))
    number: Mapped[int]
    image_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    thumb_sha256: Mapped[str] = mapped_column(ForeignKey("blob.sha256"))
    width: Mapped[int]
    height: Mapped[int]
    title: Mapped[str] = mapped_column(String(120), default="")
    changes: Mapped[list | None] = mapped_column(JSON(none_as_null=True))
    overlay_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    image: Mapped[Blob] = relationship(foreign_keys=[image_sha256])
    __table_args__ = (UniqueConstraint("revision_id", "number"),)


class Remark(db.Model):
    """A remark pinned on a page; x and y are shares of its width and height (0–1). Stays open until resolved."""

    id: Mapped[int] = mapped_column(primary_key=True)
    drawing_id: Mapped[int] = mapped_column(ForeignKey("drawing.id"), index=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("drawing_revision.id"))
    page: Mapped[int] = mapped_column(default=1)
    x: Mapped[Decimal | None]
    y: Mapped[Decimal | None]
    body: Mapped[str] = mapped_column(String(1000))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(String(1000), default="")
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_at: Mapped[datetime | None]
    request_key: Mapped[str | None] = mapped_column(String(40))  # of the form it came with: a double click is one remark
    resolved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    resolved_at: Mapped[datetime | None]
    drawing: Mapped[Drawing] = relationship()
    revision: Mapped[DrawingRevision] = relationship()
    by: Mapped[User] = relationship(foreign_keys=[by_id])
    answered_by: Mapped[User | None] = relationship(foreign_keys=[answered_by_id])
    resolved_by: Mapped[User | None] = relationship(foreign_keys=[resolved_by_id])
    __table_args__ = (UniqueConstraint("by_id", "request_key"),)


class DrawingDecision(db.Model):
    """The homeowner's word on one revision: approved, or changes wanted with a reason."""

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("drawing_revision.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    approved: Mapped[bool]
    reason: Mapped[str] = mapped_column(String(1000), default="")
    by: Mapped[User] = relationship()
    __table_args__ = (UniqueConstraint("revision_id", "by_id"),)


class Upload(db.Model):
    """A file on its way in, in pieces; the storage knows under `token` how many bytes have arrived.

    Finished: it has a content (`file_…`) or a `fault`, the record of a storage refusal. Confirmed: it has a revision.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    token: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(255))
    size_bytes: Mapped[int]
    stamp: Mapped[str] = mapped_column(String(40), default="")  # when the file was last changed: a resumed one is the same
    begun_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    file_sha256: Mapped[str | None] = mapped_column(ForeignKey("blob.sha256"))
    file_kind: Mapped[str] = mapped_column(String(20), default="")
    fault: Mapped[dict | None] = mapped_column(JSON(none_as_null=True))
    revision_id: Mapped[int | None] = mapped_column(ForeignKey("drawing_revision.id"))
    by: Mapped[User] = relationship()
    __table_args__ = (Index(None, "by_id", "project_id"),)
