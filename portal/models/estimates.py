"""The price book, and estimates as immutable revisions with lines that keep their key."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.extensions import db
from portal.models.people import User
from portal.models.projects import Project


class Catalogue(db.Model):
    """One imported price book. The newest one is in force; issued estimates keep the prices they were made with."""

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    sha256: Mapped[str] = mapped_column(String(64))
    imported_at: Mapped[datetime]
    imported_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    imported_by: Mapped[User | None] = relationship()
    items: Mapped[list[CatalogueItem]] = relationship(back_populates="catalogue", order_by="CatalogueItem.position")


class CatalogueItem(db.Model):
    """One priced item. Percent items carry `rate_bp` instead of a price."""

    id: Mapped[int] = mapped_column(primary_key=True)
    catalogue_id: Mapped[int] = mapped_column(ForeignKey("catalogue.id"))
    position: Mapped[int]
    code: Mapped[str] = mapped_column(String(9))
    group_code: Mapped[str] = mapped_column(String(2))
    group_name: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(4))
    unit_price_fen: Mapped[int | None]
    rate_bp: Mapped[int | None]
    measure_rule: Mapped[str] = mapped_column(String(20))
    measure_rule_text: Mapped[str] = mapped_column(String(80))
    stage_code: Mapped[str] = mapped_column(String(3))
    warranty_class: Mapped[str] = mapped_column(String(20))
    owner_supplied_main: Mapped[str] = mapped_column(String(20), default="")
    process_note: Mapped[str] = mapped_column(default="")
    catalogue: Mapped[Catalogue] = relationship(back_populates="items")
    __table_args__ = (UniqueConstraint("catalogue_id", "code"),)


class CatalogueSplit(db.Model):
    """How an item's price is made up. Apart, so that no page of a homeowner or designer can join it by accident (R072)."""

    item_id: Mapped[int] = mapped_column(ForeignKey("catalogue_item.id"), primary_key=True)
    main_fen: Mapped[int]
    aux_fen: Mapped[int]
    labor_fen: Mapped[int]
    loss_fen: Mapped[int]
    loss_rate: Mapped[Decimal]


class Estimate(db.Model):
    """The priced list of a project; everything that changes is a revision."""

    id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("project.id"), unique=True)
    next_number: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    project: Mapped[Project] = relationship()
    revisions: Mapped[list[EstimateRevision]] = relationship(
        back_populates="estimate", order_by="EstimateRevision.number.desc()"
    )
    __mapper_args__ = {"version_id_col": version}


_IS_DRAFT = text("presented_at IS NULL AND withdrawn_at IS NULL")


class EstimateRevision(db.Model):
    """One revision. A draft until `presented_at`; from then on nothing in it changes (R073)."""

    id: Mapped[int] = mapped_column(primary_key=True)
    estimate_id: Mapped[int] = mapped_column(ForeignKey("estimate.id"))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))  # estimate, budget
    label: Mapped[str] = mapped_column(String(8))  # E1, B1 …
    base_id: Mapped[int | None] = mapped_column(ForeignKey("estimate_revision.id"))
    management_rate_bp: Mapped[int]
    discount_fen: Mapped[int] = mapped_column(default=0)
    tax_rate_bp: Mapped[int]
    direct_fen: Mapped[int] = mapped_column(default=0)
    management_fen: Mapped[int] = mapped_column(default=0)
    taxable_fen: Mapped[int] = mapped_column(default=0)
    tax_fen: Mapped[int] = mapped_column(default=0)
    total_fen: Mapped[int] = mapped_column(default=0)
    change_summary: Mapped[str] = mapped_column(String(500), default="")
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime]
    valid_until: Mapped[date | None]  # the last local day on which it can be signed
    presented_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    presented_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str] = mapped_column(String(200), default="")
    materials_chosen_on: Mapped[date | None]  # the day on which the homeowner confirmed her choice of materials (R068)
    released_because: Mapped[str] = mapped_column(String(200), default="")  # a budget far above the estimate (R069)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    agreed_on_paper_on: Mapped[date | None]  # imported: signed before the portal, recorded as paper
    version: Mapped[int] = mapped_column(default=1)
    estimate: Mapped[Estimate] = relationship(back_populates="revisions")
    base: Mapped[EstimateRevision | None] = relationship(remote_side="EstimateRevision.id")
    lines: Mapped[list[EstimateLine]] = relationship(back_populates="revision", order_by="EstimateLine.no")
    prepared_by: Mapped[User] = relationship(foreign_keys=[prepared_by_id])
    presented_by: Mapped[User | None] = relationship(foreign_keys=[presented_by_id])
    released_by: Mapped[User | None] = relationship(foreign_keys=[released_by_id])
    __mapper_args__ = {"version_id_col": version}
    __table_args__ = (
        UniqueConstraint("estimate_id", "number"),
        Index("uq_estimate_revision_one_draft", "estimate_id", unique=True, sqlite_where=_IS_DRAFT, postgresql_where=_IS_DRAFT),
    )


class EstimateLine(db.Model):
    """One priced item in one revision; `line_key` stays the same from revision to revision."""

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("estimate_revision.id"))
    line_key: Mapped[UUID]
    no: Mapped[int]
    space: Mapped[str] = mapped_column(String(40))
    group_code: Mapped[str] = mapped_column(String(2))
    group_name: Mapped[str] = mapped_column(String(40), default="")
    code: Mapped[str] = mapped_column(String(9))
    name: Mapped[str] = mapped_column(String(200))
    unit: Mapped[str] = mapped_column(String(4))
    quantity: Mapped[Decimal]
    unit_price_fen: Mapped[int]
    amount_fen: Mapped[int]
    stage_code: Mapped[str] = mapped_column(String(3), default="ALL")
    warranty_class: Mapped[str] = mapped_column(String(20), default="NONE")
    terms: Mapped[list]
    note: Mapped[str] = mapped_column(default="")
    change_reason: Mapped[str] = mapped_column(String(200), default="")
    explained_at: Mapped[datetime | None]  # when the estimator went through it with the homeowner (R074)
    revision: Mapped[EstimateRevision] = relationship(back_populates="lines")
    __table_args__ = (
        UniqueConstraint("revision_id", "line_key"),
        Index(None, "revision_id", "no"),
        CheckConstraint("amount_fen >= 0", name="amount_not_negative"),
    )


class LineSplit(db.Model):
    """How a line's unit price is made up. Staff only (R072): a table of its own that no customer query joins."""

    line_id: Mapped[int] = mapped_column(ForeignKey("estimate_line.id", ondelete="CASCADE"), primary_key=True)
    main_fen: Mapped[int]
    aux_fen: Mapped[int]
    labor_fen: Mapped[int]
    loss_fen: Mapped[int]


class EstimateView(db.Model):
    """When a household member first and last saw a revision: the base of "what changed since you last looked"."""

    id: Mapped[int] = mapped_column(primary_key=True)
    revision_id: Mapped[int] = mapped_column(ForeignKey("estimate_revision.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("revision_id", "user_id"),)
