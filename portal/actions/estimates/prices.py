"""Prices of lines: made for this home with their split sheet, or brought to the price book in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import func, select

from portal import audit
from portal.actions.estimates.drafting import SPLIT, lock, total
from portal.actions.estimates.lines import LineFacts, held, keep, next_no, typed
from portal.extensions import db
from portal.models import Catalogue, CatalogueItem, CatalogueSplit, EstimateLine, EstimateRevision, LineSplit, User
from portal.rules.estimate import amount
from portal.rules.presentation import judge_split
from portal.rules.words import Refused

OWN = "N"  # off the price book: NW-N01


@dataclass(frozen=True)
class OwnItem:
    """An item that the price book does not have, with its split sheet: the four parts of the unit price, in fen (R071)."""

    group_code: str
    group_name: str
    name: str
    unit: str
    unit_price_fen: int
    main_fen: int
    aux_fen: int
    labor_fen: int
    loss_fen: int

    @property
    def split(self) -> dict[str, int]:
        return {part: getattr(self, part) for part in SPLIT}


def add_own(revision: EstimateRevision, item: OwnItem, facts: LineFacts, *, by: User, at: datetime) -> EstimateLine:
    """A line off the price book. Refused when its split sheet does not add up to the unit price (R071)."""
    lock(revision)
    _must_add_up(item)
    line = EstimateLine(
        revision_id=revision.id,
        line_key=uuid4(),
        no=next_no(revision),
        group_code=item.group_code,
        group_name=item.group_name,
        code=_own_code(revision, item.group_code),
        name=item.name,
        unit=item.unit,
        unit_price_fen=item.unit_price_fen,
        change_reason=facts.change_reason,
        **typed(facts, item.unit_price_fen),
    )
    return keep(revision, line, item.split, by=by, at=at)


def reprice_own(line: EstimateLine, item: OwnItem, *, by: User, at: datetime) -> EstimateLine:
    """A new price with its split sheet for a line off the price book (R071)."""
    revision = held(line)
    _must_add_up(item)
    before = line.unit_price_fen
    if (item.name, item.unit, item.unit_price_fen) != (line.name, line.unit, before):
        line.explained_at = None
    line.name, line.unit, line.unit_price_fen = item.name, item.unit, item.unit_price_fen
    line.amount_fen = amount(line.quantity, item.unit_price_fen)
    _split(line, item.split)
    total(revision)
    audit.record(
        "estimate.line_priced",
        revision,
        by=by,
        at=at,
        project_id=revision.estimate.project_id,
        code=line.code,
        before_fen=before,
        after_fen=line.unit_price_fen,
    )
    return line


def adopt_book_prices(revision: EstimateRevision, *, by: User, at: datetime) -> int:
    """Bring every line to the price book in force (R070); answers how many changed."""
    lock(revision)
    book = {item.code: item for item in db.session.scalars(_priced_items())}
    changed = [line for line in revision.lines if line.code in book and line.unit_price_fen != book[line.code].unit_price_fen]
    for line in changed:
        item = book[line.code]
        line.unit_price_fen, line.explained_at = item.unit_price_fen, None
        line.amount_fen = amount(line.quantity, item.unit_price_fen)
        split = db.session.get(CatalogueSplit, item.id)
        if split is not None:
            _split(line, {part: getattr(split, part) for part in SPLIT})
    total(revision)
    audit.record("estimate.prices_adopted", revision, by=by, at=at, project_id=revision.estimate.project_id, lines=len(changed))
    return len(changed)


def _priced_items():
    newest = select(func.max(Catalogue.id)).scalar_subquery()
    return select(CatalogueItem).where(CatalogueItem.catalogue_id == newest, CatalogueItem.unit_price_fen.is_not(None))


def _must_add_up(item: OwnItem) -> None:
    decision = judge_split(item.unit_price_fen, item.split)
    if decision.trace:
        raise Refused(decision.trace[0], "unit_price_fen")


def _own_code(revision: EstimateRevision, group_code: str) -> str:
    """NW-N01, NW-N02 …: never used twice in an estimate, so that a code means one item in all its revisions."""
    start = f"{group_code}-{OWN}"
    taken = db.session.scalars(
        select(EstimateLine.code)
        .join(EstimateRevision)
        .where(EstimateRevision.estimate_id == revision.estimate_id, EstimateLine.code.startswith(start, autoescape=True))
        .distinct()
    )
    numbers = [int(code[len(start) :]) for code in taken if code[len(start) :].isdigit()]
    return f"{start}{max(numbers, default=0) + 1:02d}"


def _split(line: EstimateLine, parts: dict[str, int]) -> None:
    kept = db.session.get(LineSplit, line.id) or LineSplit(line_id=line.id)
    for part, fen in parts.items():
        setattr(kept, part, fen)
    db.session.add(kept)
