"""Who comes to the home, when and why; what was measured; the calendar feed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.people import User
from portal.models.projects import Project


class Visit(db.Model):
    """One visit. Its state follows from its rows: cancelled_at, done_at, else planned."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    kind: Mapped[str] = mapped_column(String(20))
    purpose: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    all_day: Mapped[bool] = mapped_column(default=False)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    person_name: Mapped[str] = mapped_column(String(60))
    person_role: Mapped[str] = mapped_column(String(40))
    owner_presence: Mapped[str] = mapped_column(String(20), default="")
    arrival_at: Mapped[datetime | None]  # promised arrival of a dispatched designer (R052)
    arrived_at: Mapped[datetime | None]
    booked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    booked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(String(500), default="")
    cancelled_at: Mapped[datetime | None]
    cancel_reason: Mapped[str] = mapped_column(String(200), default="")
    changed_at: Mapped[datetime | None]  # what calendar programs ask for; None: never since it was booked
    version: Mapped[int] = mapped_column(default=1)
    project: Mapped[Project] = relationship()
    person: Mapped[User | None] = relationship(foreign_keys=[person_id])
    moves: Mapped[list[VisitMove]] = relationship(back_populates="visit", order_by="VisitMove.at")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "project_id", "starts_at"), Index(None, "person_id", "starts_at"), Index(None, "starts_at"))


class VisitMove(db.Model):
    """One change of a visit's time: from, to, why, by whom and when it was told."""

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), index=True)
    from_at: Mapped[datetime]
    to_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    visit: Mapped[Visit] = relationship(back_populates="moves")
    by: Mapped[User] = relationship()
    __table_args__ = (CheckConstraint("reason <> ''", name="reason_given"),)


class MeasurementRecord(db.Model):
    """F21 原房量房记录单: every listed item placed or "none" (R057), photos (R058), the next date told (R059)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id"), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), index=True)
    items: Mapped[list]  # [{"item": …, "present": bool, "position": …}]
    base_condition: Mapped[str] = mapped_column(String(1000), default="")
    customer_opinion: Mapped[str] = mapped_column(String(1000), default="")
    next_plan_at: Mapped[datetime]
    submitted_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    submitted_at: Mapped[datetime]
    visit: Mapped[Visit] = relationship()
    submitted_by: Mapped[User] = relationship()


class CalendarKey(db.Model):
    """The secret of one person's calendar feed for one project; revoked, never reused."""

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    key: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    user: Mapped[User] = relationship()
