"""A home under renovation, its rooms, its household and the staff assigned to it."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.people import User


class Project(db.Model):
    """One home from the first lead to the warranty. `code` is what people say on the phone."""

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    customer_name: Mapped[str] = mapped_column(String(60))
    customer_phone: Mapped[str] = mapped_column(String(20), index=True)  # E.164
    address: Mapped[str] = mapped_column(String(160))
    community: Mapped[str] = mapped_column(String(60), default="")
    building: Mapped[str] = mapped_column(String(20), default="")
    unit: Mapped[str] = mapped_column(String(20), default="")
    room_no: Mapped[str] = mapped_column(String(20), default="")
    house_type: Mapped[str] = mapped_column(String(10), default="平层")
    decoration_mode: Mapped[str] = mapped_column(String(20), default="HALF_PACKAGE")
    new_or_old: Mapped[str] = mapped_column(String(10), default="毛坯新房")
    building_area_m2: Mapped[Decimal | None]
    inner_area_m2: Mapped[Decimal | None]
    layout: Mapped[str] = mapped_column(String(80), default="")
    style: Mapped[str] = mapped_column(String(40), default="")
    contract_no: Mapped[str | None] = mapped_column(String(40), unique=True)
    import_id: Mapped[str | None] = mapped_column(String(40), unique=True)  # the id in an imported file
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(index=True)
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    rooms: Mapped[list[Room]] = relationship(back_populates="project", order_by="Room.position")
    members: Mapped[list[Membership]] = relationship(back_populates="project", order_by="Membership.id")
    assignments: Mapped[list[Assignment]] = relationship(back_populates="project", order_by="Assignment.id")
    __mapper_args__ = {"version_id_col": version}


class Room(db.Model):
    """A room as measured, lengths in mm; `openings` is a list of {type, w_mm, h_mm, note}."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    floor: Mapped[str] = mapped_column(String(8), default="")
    kind: Mapped[str] = mapped_column(String(10), default="dry")
    length_mm: Mapped[int]
    width_mm: Mapped[int]
    height_mm: Mapped[int]
    openings: Mapped[list]
    waterproof_wall_height_mm: Mapped[int | None]
    tile_wall_height_mm: Mapped[int | None]
    project: Mapped[Project] = relationship(back_populates="rooms")
    __table_args__ = (UniqueConstraint("project_id", "code"),)


class Membership(db.Model):
    """A household member of a project: `right` is "sign" or "view"; everyone who may sign has to."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    relation: Mapped[str] = mapped_column(String(20))  # owner, spouse, parent, other
    right: Mapped[str] = mapped_column(String(10))
    joined_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    project: Mapped[Project] = relationship(back_populates="members")
    user: Mapped[User] = relationship()
    __table_args__ = (UniqueConstraint("project_id", "user_id"),)


class Assignment(db.Model):
    """A member of staff who works on a project in one role; ended, not deleted."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    role: Mapped[str] = mapped_column(String(40))
    assigned_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    project: Mapped[Project] = relationship(back_populates="assignments")
    user: Mapped[User] = relationship()
    __table_args__ = (
        UniqueConstraint("project_id", "user_id", "role"),
        Index(None, "project_id", "role"),
        Index(None, "user_id", "ended_at", "project_id"),  # what she may see, read from the index alone
    )


class ImportedFact(db.Model):
    """A part of an imported file that the portal has no place for yet: kept whole, to be taken up later."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"))
    section: Mapped[str] = mapped_column(String(60))
    body: Mapped[dict]
    as_of: Mapped[date]
    __table_args__ = (UniqueConstraint("project_id", "section"),)
