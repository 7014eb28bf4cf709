"""The order that a signed estimate becomes, exactly once, and its stages."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.estimates import EstimateRevision
from portal.models.people import User
from portal.models.projects import Project


class Order(db.Model):
    """One order per signed revision and per project."""

    __tablename__ = "work_order"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("estimate_revision.id"), unique=True)
    total_fen: Mapped[int]
    made_at: Mapped[datetime] = mapped_column(index=True)
    start_on: Mapped[date | None]
    finished_on: Mapped[date | None]
    stage_code: Mapped[str] = mapped_column(String(3), default="")  # the stage in hand, for lists
    expected_on: Mapped[date | None]  # forecast end of the stage in hand, for lists
    version: Mapped[int] = mapped_column(default=1)
    project: Mapped[Project] = relationship()
    revision: Mapped[EstimateRevision] = relationship()
    stages: Mapped[list[OrderStage]] = relationship(back_populates="order", order_by="OrderStage.position")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (Index(None, "finished_on", "expected_on", "id"),)  # the list: what is due first


class OrderStage(db.Model):
    """One stage S01–S20: planned, forecast and actual days. Its state follows from the actual days."""

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("work_order.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(3))
    name: Mapped[str] = mapped_column(String(40))
    node: Mapped[str | None] = mapped_column(String(2))
    duration_wd: Mapped[int]  # as planned
    delay_wd: Mapped[int] = mapped_column(default=0)  # working days added since, each with its note
    plan_start: Mapped[date]
    plan_end: Mapped[date]
    forecast_start: Mapped[date]
    forecast_end: Mapped[date]
    actual_start: Mapped[date | None]
    actual_end: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
    order: Mapped[Order] = relationship(back_populates="stages")
    notes: Mapped[list[StageNote]] = relationship(back_populates="stage", order_by="StageNote.at")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (UniqueConstraint("order_id", "code"), Index(None, "order_id", "position"))


class StageNote(db.Model):
    """What happened in a stage, in words and photos; `act` is started, finished, note, delayed or reopened."""

    id: Mapped[int] = mapped_column(primary_key=True)
    stage_id: Mapped[int] = mapped_column(ForeignKey("order_stage.id"), index=True)
    act: Mapped[str] = mapped_column(String(20))
    body: Mapped[str] = mapped_column(String(1000), default="")
    days_wd: Mapped[int | None]  # of a delay: how many working days longer
    for_homeowner: Mapped[bool] = mapped_column(default=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    stage: Mapped[OrderStage] = relationship(back_populates="notes")
    by: Mapped[User] = relationship()
