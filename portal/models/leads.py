"""Leads: who registered which customer first, and every contact since (R001–R050)."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.people import User


class Lead(db.Model):
    """One registration of a customer. Kept also when invalid; `*_claim` is set only while it is protected (R003).

    The two claims are unique: of two registrations in the same instant the database lets exactly one win.
    """

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(String(20), default="own")
    name: Mapped[str] = mapped_column(String(60))
    phone: Mapped[str] = mapped_column(String(20))  # E.164
    community: Mapped[str] = mapped_column(String(60))
    building: Mapped[str] = mapped_column(String(20))
    unit: Mapped[str] = mapped_column(String(20))
    room: Mapped[str] = mapped_column(String(20))
    phone_key: Mapped[str] = mapped_column(String(20), index=True)
    address_key: Mapped[str] = mapped_column(String(160), index=True)
    phone_claim: Mapped[str | None] = mapped_column(String(20), unique=True)
    address_claim: Mapped[str | None] = mapped_column(String(160), unique=True)
    source: Mapped[str] = mapped_column(String(40), default="")
    note: Mapped[str] = mapped_column(String(500), default="")
    registered_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    registered_at: Mapped[datetime]
    role: Mapped[str] = mapped_column(String(40))
    verdict: Mapped[str] = mapped_column(String(20))  # valid, or the reason why not
    trace: Mapped[list]
    last_contact_at: Mapped[datetime]
    next_step: Mapped[str] = mapped_column(String(200), default="")
    next_on: Mapped[date | None]
    released_at: Mapped[datetime | None]
    project_id: Mapped[int | None] = mapped_column(ForeignKey("project.id"), unique=True)
    version: Mapped[int] = mapped_column(default=1)
    registered_by: Mapped[User] = relationship(foreign_keys=[registered_by_id])
    contacts: Mapped[list[LeadContact]] = relationship(back_populates="lead", order_by="LeadContact.at.desc()")
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        Index(None, "registered_by_id", "registered_at"),
        Index(None, "registered_by_id", "next_on"),
        Index(None, "registered_by_id", "project_id"),
    )


class LeadContact(db.Model):
    """One contact with the customer. It always leads to a next step with a day (R035)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    way: Mapped[str] = mapped_column(String(20))
    summary: Mapped[str] = mapped_column(String(500))
    next_step: Mapped[str] = mapped_column(String(200))
    next_on: Mapped[date | None]
    lead: Mapped[Lead] = relationship(back_populates="contacts")
    by: Mapped[User] = relationship()
    __table_args__ = (CheckConstraint("next_step <> ''", name="next_step_given"),)
