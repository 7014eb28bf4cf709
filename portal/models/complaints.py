"""Complaints: filed at any hour, with a number, a named person and a visible clock (R159–R165)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.people import User
from portal.models.projects import Project


class Complaint(db.Model):
    """One complaint. `due_at` is the next promise that runs, kept for the queue; null when nothing runs.

    `started_at` is where its clock began: when it was filed, opened again or graded anew. `done_at` is when the result
    was reported and the customer asked; the company ends it with her word, or she herself does.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(90), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    category: Mapped[str] = mapped_column(String(20))
    subcategory: Mapped[str] = mapped_column(String(40), default="")
    severity: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(String(4000))
    place: Mapped[str] = mapped_column(String(80), default="")  # where in the home
    visiting_time: Mapped[str] = mapped_column(String(120), default="")  # when somebody may come
    channel: Mapped[str] = mapped_column(String(10), default="portal")  # portal, phone, wechat, visit, other
    reporter_name: Mapped[str] = mapped_column(String(60), default="")  # who told staff, when staff filed it for her
    filed_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    filed_at: Mapped[datetime] = mapped_column(index=True)
    started_at: Mapped[datetime | None]  # null: when it was filed
    request_key: Mapped[str | None] = mapped_column(String(64), unique=True)  # one form, one complaint
    assignee_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    first_reply_due_at: Mapped[datetime]
    on_site_due_at: Mapped[datetime | None]
    plan_due_at: Mapped[datetime]
    done_due_at: Mapped[datetime]
    first_replied_at: Mapped[datetime | None]
    planned_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    cause: Mapped[str] = mapped_column(String(1000), default="")
    solution: Mapped[str] = mapped_column(String(1000), default="")
    result: Mapped[str] = mapped_column(String(1000), default="")
    closed_at: Mapped[datetime | None]
    reopened: Mapped[int] = mapped_column(default=0)
    satisfaction: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    project: Mapped[Project] = relationship()
    filed_by: Mapped[User] = relationship(foreign_keys=[filed_by_id])
    assignee: Mapped[User] = relationship(foreign_keys=[assignee_id])
    events: Mapped[list[ComplaintEvent]] = relationship(back_populates="complaint", order_by="ComplaintEvent.id")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "closed_at", "due_at"), Index(None, "assignee_id", "closed_at", "due_at"))


class ComplaintEvent(db.Model):
    """One step (rules.complaint_clock.Act). What is not `for_homeowner` never leaves the staff side."""

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(String(4000), default="")
    for_homeowner: Mapped[bool] = mapped_column(default=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    by_name: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    complaint: Mapped[Complaint] = relationship(back_populates="events")
    by: Mapped[User | None] = relationship()


class ComplaintNotice(db.Model):
    """That somebody was told of a promise: `kind` "soon" before `due_at`, "overdue" after it. Once each, for ever."""

    id: Mapped[int] = mapped_column(primary_key=True)
    complaint_id: Mapped[int] = mapped_column(ForeignKey("complaint.id"))
    due_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10))
    told_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("complaint_id", "due_at", "kind"),)


class ComplaintCounter(db.Model):
    """How many complaints had a number on a local day."""

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
