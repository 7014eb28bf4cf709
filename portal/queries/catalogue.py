"""The price book for pages: its editions, its items, and for those who may see it what a price is made of."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.models import Catalogue, CatalogueItem, CatalogueSplit

PAGE = 50
EDITIONS = 10


def editions() -> list[tuple[Catalogue, int]]:
    """The latest editions, the one in force first, each with the number of its items."""
    newest = select(Catalogue.id).order_by(Catalogue.id.desc()).limit(EDITIONS)
    counted = (
        select(CatalogueItem.catalogue_id, func.count().label("size"))
        .where(CatalogueItem.catalogue_id.in_(newest))
        .group_by(CatalogueItem.catalogue_id)
        .subquery()
    )
    rows = (
        select(Catalogue, counted.c.size)
        .join(counted, counted.c.catalogue_id == Catalogue.id)
        .options(joinedload(Catalogue.imported_by))
        .order_by(Catalogue.id.desc())
    )
    return [(edition, items) for edition, items in db.session.execute(rows)]


def items(edition: Catalogue, *, words: str = "", group: str = "", after: int = 0) -> list[CatalogueItem]:
    """A page of items and one more, in the book's order, by part of code, name or group; `after` is a position."""
    rows = select(CatalogueItem).where(CatalogueItem.catalogue_id == edition.id, CatalogueItem.position > after)
    if group:
        rows = rows.where(CatalogueItem.group_code == group)
    for word in words.split():
        rows = rows.where(or_(*(_holds(column, word) for column in (CatalogueItem.code, CatalogueItem.name, CatalogueItem.group_name))))
    return list(db.session.scalars(rows.order_by(CatalogueItem.position).limit(PAGE + 1)))


def groups(edition: Catalogue) -> list[tuple[str, str]]:
    """Code and name of every group of works, in the book's order."""
    first = func.min(CatalogueItem.position)
    rows = select(CatalogueItem.group_code, CatalogueItem.group_name).where(CatalogueItem.catalogue_id == edition.id)
    return [
        (code, name) for code, name in db.session.execute(rows.group_by(CatalogueItem.group_code, CatalogueItem.group_name).order_by(first))
    ]


def splits(shown: Sequence[CatalogueItem]) -> dict[int, CatalogueSplit]:
    """Item id → how its price is made up. For those with `cost.see` only (R072)."""
    rows = select(CatalogueSplit).where(CatalogueSplit.item_id.in_([item.id for item in shown]))
    return {split.item_id: split for split in db.session.scalars(rows)}


def _holds(column, word: str):
    return column.icontains(word, autoescape=True)
