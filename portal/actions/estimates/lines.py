"""The lines of a draft: from the price book or made for this home, changed, removed, brought to today's prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select

from portal import audit
from portal.actions.estimates.drafting import SPLIT, lock, total
from portal.extensions import db
from portal.models import CatalogueItem, CatalogueSplit, EstimateLine, EstimateRevision, LineSplit, User
from portal.rules.estimate import amount
from portal.rules.words import N_, Refused, refuse


class LineGone(Exception):
    """Somebody removed the line meanwhile."""


@dataclass(frozen=True)
class LineFacts:
    """What an estimator says of a line; name and price come from the price book.

    `terms` tell how the quantity comes about (Q1); none for a number that was simply typed.
    """

    space: str
    quantity: Decimal
    note: str = ""
    change_reason: str = ""
    terms: Sequence[Mapping] = ()


def add_line(revision: EstimateRevision, item: CatalogueItem, facts: LineFacts, *, by: User, at: datetime) -> EstimateLine:
    """A line with the item's price as the price book has it today: a fixed item costs the same everywhere (R070).

    Refused when the room has that item already (L2), and when the amount is more than can be written.
    """
    lock(revision)
    _must_be_new(revision, item.code, facts.space)
    split = db.session.get(CatalogueSplit, item.id)
    line = EstimateLine(
        revision_id=revision.id,
        line_key=_key(revision, item.code, facts.space),
        no=next_no(revision),
        group_code=item.group_code,
        group_name=item.group_name,
        code=item.code,
        name=item.name,
        unit=item.unit,
        unit_price_fen=item.unit_price_fen,
        stage_code=item.stage_code,
        warranty_class=item.warranty_class,
        change_reason=facts.change_reason,
        **typed(facts, item.unit_price_fen),
    )
    return keep(revision, line, {part: getattr(split, part) for part in SPLIT} if split else None, by=by, at=at)


def change_line(line: EstimateLine, facts: LineFacts, *, by: User, at: datetime) -> EstimateLine:
    """New room, quantity or words of a line; its price stays the price book's. What was explained of it is void (R074)."""
    revision = held(line)
    if facts.space != line.space:
        _must_be_new(revision, line.code, facts.space)
    before = str(line.quantity)
    if not facts.terms and facts.quantity == line.quantity:
        facts = LineFacts(facts.space, facts.quantity, facts.note, facts.change_reason, line.terms)
    if (facts.space, facts.quantity, facts.note) != (line.space, line.quantity, line.note):
        line.explained_at = None
    for name, value in typed(facts, line.unit_price_fen).items():
        setattr(line, name, value)
    line.change_reason = facts.change_reason
    total(revision)
    audit.record(
        "estimate.line_changed",
        revision,
        by=by,
        at=at,
        project_id=revision.estimate.project_id,
        code=line.code,
        space=line.space,
        before=before,
        after=str(line.quantity),
    )
    return line


def remove_line(line: EstimateLine, *, by: User, at: datetime) -> None:
    """Take the line out. Refused when the discount would then exceed what it is taken off (T4)."""
    revision = held(line)
    _log("estimate.line_removed", revision, line, by=by, at=at)
    db.session.execute(delete(LineSplit).where(LineSplit.line_id == line.id))
    db.session.delete(line)
    db.session.flush()
    total(revision)


def _log(act: str, revision: EstimateRevision, line: EstimateLine, *, by: User, at: datetime) -> None:
    facts = {"code": line.code, "space": line.space, "quantity": str(line.quantity)}
    audit.record(act, revision, by=by, at=at, project_id=revision.estimate.project_id, **facts)


def held(line: EstimateLine) -> EstimateRevision:
    """The draft of the line, held, and the line as it is now. Raises NotADraft, LineGone."""
    revision = lock(line.revision)
    if db.session.get(EstimateLine, line.id, populate_existing=True) is None:
        raise LineGone
    return revision


def keep(revision: EstimateRevision, line: EstimateLine, split: dict[str, int] | None, *, by: User, at: datetime) -> EstimateLine:
    db.session.add(line)
    db.session.flush()
    if split is not None:
        db.session.add(LineSplit(line_id=line.id, **split))
    total(revision)
    _log("estimate.line_added", revision, line, by=by, at=at)
    return line


def typed(facts: LineFacts, unit_price_fen: int) -> dict:
    try:
        fen = amount(facts.quantity, unit_price_fen)
    except Refused as refused:
        raise Refused(refused.reason, "quantity") from None
    return {"space": facts.space, "quantity": facts.quantity, "amount_fen": fen, "terms": list(facts.terms), "note": facts.note}


def _must_be_new(revision: EstimateRevision, code: str, space: str) -> None:
    there = select(EstimateLine.id).where(EstimateLine.revision_id == revision.id, EstimateLine.code == code, EstimateLine.space == space)
    if db.session.scalar(there.limit(1)) is not None:
        refused = refuse("L2", N_("“{space}”里已经有{code}，直接改它的数量就好"), space=space, code=code)
        raise Refused(refused.reason, "space")


def _key(revision: EstimateRevision, code: str, space: str) -> UUID:
    """A line that comes back after it was removed is the same line again: same room, same code, same key."""
    earlier = db.session.scalars(
        select(EstimateLine.line_key)
        .join(EstimateRevision)
        .where(EstimateRevision.estimate_id == revision.estimate_id, EstimateLine.code == code, EstimateLine.space == space)
        .order_by(EstimateLine.id.desc())
        .limit(1)
    ).one_or_none()
    taken = earlier and db.session.scalar(
        select(EstimateLine.id).where(EstimateLine.revision_id == revision.id, EstimateLine.line_key == earlier)
    )
    return earlier if earlier and not taken else uuid4()


def next_no(revision: EstimateRevision) -> int:
    highest = db.session.scalar(select(func.max(EstimateLine.no)).where(EstimateLine.revision_id == revision.id))
    return (highest or 0) + 1
