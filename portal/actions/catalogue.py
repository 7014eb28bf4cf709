"""The price book: every import is a new edition; the newest is in force, older ones stay for the estimates made with them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from portal import audit, spreadsheets
from portal.extensions import db
from portal.models import Catalogue, CatalogueItem, CatalogueSplit, User
from portal.rules import catalogue_file


def read(data: bytes) -> catalogue_file.CatalogueReading:
    """The items of a CSV or XLSX price book, or its faults. Raises spreadsheets.NotReadable for what is neither."""
    if spreadsheets.is_workbook(data):
        return catalogue_file.read_rows(spreadsheets.first_sheet(data))
    return catalogue_file.read_csv(data)


def adopt(items, *, name: str, data: bytes, by: User | None, at: datetime) -> Catalogue:
    """A new edition from the accepted `items` of a catalogue file (rules/catalogue_file)."""
    edition = Catalogue(
        name=name[:120], sha256=hashlib.sha256(data).hexdigest(), imported_at=at, imported_by_id=by.id if by else None
    )
    db.session.add(edition)
    db.session.flush()
    rows = [_item(edition, position, item) for position, item in enumerate(items, 1)]
    db.session.add_all(rows)
    db.session.flush()
    db.session.add_all(_split(row, item) for row, item in zip(rows, items, strict=True) if item.unit_price_fen is not None)
    audit.record("catalogue.imported", edition, by=by, at=at, items=len(rows), sha256=edition.sha256)
    return edition


def _item(edition: Catalogue, position: int, item) -> CatalogueItem:
    return CatalogueItem(
        catalogue_id=edition.id, position=position, code=item.code, group_code=item.group_code, group_name=item.group_name,
        name=item.name, unit=item.unit, unit_price_fen=item.unit_price_fen, rate_bp=item.rate_bp,
        measure_rule=item.measure_rule, measure_rule_text=item.measure_rule_text, stage_code=item.stage_code,
        warranty_class=item.warranty_class, owner_supplied_main=item.owner_supplied_main, process_note=item.process_note,
    )


def _split(row: CatalogueItem, item) -> CatalogueSplit:
    return CatalogueSplit(
        item_id=row.id, main_fen=item.main_fen, aux_fen=item.aux_fen, labor_fen=item.labor_fen, loss_fen=item.loss_fen,
        loss_rate=item.loss_rate_pct,
    )
