"""Estimates for pages: revisions with their lines grouped by room, the price book, lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from portal.extensions import db
from portal.models import Catalogue, CatalogueItem, Estimate, EstimateLine, EstimateRevision, LineSplit, Project, Room
from portal.queries.projects import contains

PAGE = 50


@dataclass(frozen=True)
class RoomLines:
    """The lines of one room and their sum in fen."""

    space: str
    lines: Sequence[EstimateLine]
    amount_fen: int


def by_room(revision: EstimateRevision) -> list[RoomLines]:
    """Lines grouped by room, rooms in the order of their first line."""
    rooms: dict[str, list[EstimateLine]] = {}
    for line in revision.lines:
        rooms.setdefault(line.space, []).append(line)
    return [RoomLines(space, lines, sum(line.amount_fen for line in lines)) for space, lines in rooms.items()]


def by_group(revision: EstimateRevision) -> list[tuple[str, int]]:
    """Name and sum in fen of every group of works, in the order of the lines."""
    sums: dict[str, int] = {}
    for line in revision.lines:
        name = line.group_name or line.group_code
        sums[name] = sums.get(name, 0) + line.amount_fen
    return list(sums.items())


def with_lines(rows: Select) -> Select:
    """A revision with everything its page shows: five queries, however many lines."""
    return rows.options(
        selectinload(EstimateRevision.lines),
        joinedload(EstimateRevision.estimate).joinedload(Estimate.project).selectinload(Project.rooms),
        joinedload(EstimateRevision.prepared_by),
        joinedload(EstimateRevision.presented_by),
        joinedload(EstimateRevision.base),
    )


def is_revision(revision_id: int) -> ColumnElement[bool]:
    """The condition that names one revision, for a statement that went through scope."""
    return EstimateRevision.id == (revision_id if 0 < revision_id < 2**63 else 0)


def costs(revision: EstimateRevision) -> dict[int, Row]:
    """Line id → main_fen, aux_fen, labor_fen, loss_fen of its unit price. For those with `cost.see` only (R072)."""
    columns = select(LineSplit.line_id, LineSplit.main_fen, LineSplit.aux_fen, LineSplit.labor_fen, LineSplit.loss_fen)
    rows = db.session.execute(columns.join(EstimateLine).where(EstimateLine.revision_id == revision.id))
    return {split.line_id: split for split in rows}


def siblings(revision: EstimateRevision, rows: Select) -> list[EstimateRevision]:
    """All revisions of the same estimate that `rows` lets see, newest first."""
    return list(
        db.session.scalars(rows.where(EstimateRevision.estimate_id == revision.estimate_id).order_by(EstimateRevision.number.desc()))
    )


def listed(rows: Select, *, words: str = "", before: int | None = None) -> list[EstimateRevision]:
    """A page of revisions, newest first, found by part of the home's title, number or the customer's name."""
    if words:
        part = contains(words)
        named = or_(*(field.like(part, escape="\\") for field in (Project.title, Project.customer_name, Project.code)))
        rows = rows.join(Project, Project.id == Estimate.project_id).where(named)
    if before is not None:
        rows = rows.where(EstimateRevision.id < before)
    # The keys of the page first: what is sorted is narrow, and only what is shown is read.
    keys = rows.with_only_columns(EstimateRevision.id, maintain_column_froms=True).order_by(EstimateRevision.id.desc()).limit(PAGE + 1)
    whole = select(EstimateRevision).where(EstimateRevision.id.in_(keys.subquery().select())).options(
        joinedload(EstimateRevision.estimate, innerjoin=True).joinedload(Estimate.project, innerjoin=True),
        joinedload(EstimateRevision.prepared_by, innerjoin=True),
    )
    return list(db.session.scalars(whole.order_by(EstimateRevision.id.desc())))


def of_project(project: Project, rows: Select) -> list[EstimateRevision]:
    """The revisions of one home, newest first."""
    return list(
        db.session.scalars(
            rows.where(Estimate.project_id == project.id)
            .options(joinedload(EstimateRevision.prepared_by))
            .order_by(EstimateRevision.number.desc())
        )
    )


def line_of(revision: EstimateRevision, line_id: int) -> EstimateLine | None:
    return db.session.scalars(select(EstimateLine).where(EstimateLine.id == line_id, EstimateLine.revision_id == revision.id)).one_or_none()


def spaces(revision: EstimateRevision) -> list[str]:
    """Rooms to choose from: the measured ones and whatever the lines already name."""
    measured = db.session.scalars(select(Room.name).where(Room.project_id == revision.estimate.project_id).order_by(Room.position))
    return list(dict.fromkeys(["全屋", *measured, *(line.space for line in revision.lines)]))


def lines_in(revision: EstimateRevision, space: str) -> list[EstimateLine]:
    return list(db.session.scalars(select(EstimateLine).where(EstimateLine.revision_id == revision.id, EstimateLine.space == space)))


def split_of(line: EstimateLine) -> LineSplit | None:
    """How the line's unit price is made up. For those with `cost.see` only (R072)."""
    return db.session.get(LineSplit, line.id)


def is_own(line: EstimateLine) -> bool:
    """Whether the line is off the price book in force: then its price is made here, with a split sheet (R071)."""
    newest = select(func.max(Catalogue.id)).scalar_subquery()
    listed = select(CatalogueItem.id).where(CatalogueItem.catalogue_id == newest, CatalogueItem.code == line.code)
    return db.session.scalar(listed) is None


def item_groups() -> list[tuple[str, str]]:
    """Code and name of every group of works in the price book in force, in its order."""
    newest = select(func.max(Catalogue.id)).scalar_subquery()
    rows = select(CatalogueItem.group_code, CatalogueItem.group_name, func.min(CatalogueItem.position)).where(
        CatalogueItem.catalogue_id == newest
    )
    found = db.session.execute(rows.group_by(CatalogueItem.group_code, CatalogueItem.group_name).order_by(func.min(CatalogueItem.position)))
    return [(code, name) for code, name, _first in found]


def decimal(text: str) -> Decimal:
    return Decimal(text)


def catalogue_in_force() -> Catalogue | None:
    return db.session.scalars(select(Catalogue).order_by(Catalogue.id.desc()).limit(1)).one_or_none()


def items(words: str, *, limit: int | None = None, priced: bool = False) -> list[CatalogueItem]:
    """Items of the price book in force, by part of code, name or group."""
    newest = select(func.max(Catalogue.id)).scalar_subquery()
    rows = select(CatalogueItem).where(CatalogueItem.catalogue_id == newest).order_by(CatalogueItem.position)
    for word in words.split():
        part = f"%{word}%"
        rows = rows.where(or_(CatalogueItem.code.ilike(part), CatalogueItem.name.like(part), CatalogueItem.group_name.like(part)))
    if priced:
        rows = rows.where(CatalogueItem.unit_price_fen.is_not(None))
    return list(db.session.scalars(rows.limit(limit) if limit else rows))


def item(code: str) -> CatalogueItem | None:
    """The priced item with this code in the price book in force."""
    newest = select(func.max(Catalogue.id)).scalar_subquery()
    return db.session.scalars(
        select(CatalogueItem).where(
            CatalogueItem.catalogue_id == newest, CatalogueItem.code == code, CatalogueItem.unit_price_fen.is_not(None)
        )
    ).one_or_none()


def presented(rows: Select) -> list[EstimateRevision]:
    """What was presented to a household, newest first."""
    return list(
        db.session.scalars(
            rows.options(joinedload(EstimateRevision.estimate).joinedload(Estimate.project)).order_by(
                EstimateRevision.presented_at.desc(), EstimateRevision.id.desc()
            )
        ).unique()
    )
