"""Drafts: begun from nothing or from the revision before, edited line by line, thrown away or presented."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from sqlalchemy import delete, func, select

from portal import audit
from portal.extensions import db
from portal.models import (
    CatalogueItem,
    CatalogueSplit,
    Estimate,
    EstimateLine,
    EstimateRevision,
    LineSplit,
    Project,
    User,
)
from portal.rules.estimate import amount, totals

COPIED = ("line_key", "no", "space", "group_code", "group_name", "code", "name", "unit", "quantity", "unit_price_fen",
          "amount_fen", "stage_code", "warranty_class", "terms", "note")
STANDARD_MANAGEMENT_BP, STANDARD_TAX_BP = 800, 300  # the percent lines of the price book (domain.md 2)
SPLIT = ("main_fen", "aux_fen", "labor_fen", "loss_fen")


class NotADraft(Exception):
    """The revision was presented or withdrawn meanwhile: nothing in it may change any more."""


@dataclass(frozen=True)
class LineFacts:
    """What an estimator types of a line; the rest comes from the price book."""

    space: str
    quantity: Decimal
    note: str = ""
    change_reason: str = ""


def begin(project: Project, *, kind: str, by: User, at: datetime) -> EstimateRevision:
    """The draft of `project`: the open one, else a new revision that copies the newest one line by line.

    Lines keep their key. The estimate's version counter lets only one of two simultaneous drafts through.
    """
    estimate = db.session.scalars(select(Estimate).where(Estimate.project_id == project.id)).one_or_none()
    if estimate is None:
        estimate = Estimate(project_id=project.id, next_number=1)
        db.session.add(estimate)
        db.session.flush()
    open_draft = draft_of(estimate)
    if open_draft is not None:
        return open_draft
    base = newest(estimate)
    revision = EstimateRevision(
        estimate_id=estimate.id, number=estimate.next_number, kind=kind, label=_label(estimate, kind),
        base_id=base.id if base else None, prepared_by_id=by.id, prepared_at=at,
        management_rate_bp=base.management_rate_bp if base else STANDARD_MANAGEMENT_BP,
        tax_rate_bp=base.tax_rate_bp if base else STANDARD_TAX_BP, discount_fen=base.discount_fen if base else 0,
    )
    estimate.next_number += 1
    db.session.add(revision)
    db.session.flush()
    if base is not None:
        _copy_lines(base, revision)
    total(revision)
    audit.record("estimate.begun", revision, by=by, at=at, project_id=project.id, number=revision.number, kind=kind)
    return revision


def draft_of(estimate: Estimate) -> EstimateRevision | None:
    return db.session.scalars(
        select(EstimateRevision).where(
            EstimateRevision.estimate_id == estimate.id,
            EstimateRevision.presented_at.is_(None),
            EstimateRevision.withdrawn_at.is_(None),
        )
    ).one_or_none()


def newest(estimate: Estimate) -> EstimateRevision | None:
    """The last revision that was presented, whether or not it still stands."""
    return db.session.scalars(
        select(EstimateRevision)
        .where(EstimateRevision.estimate_id == estimate.id, EstimateRevision.presented_at.is_not(None))
        .order_by(EstimateRevision.number.desc())
        .limit(1)
    ).one_or_none()


def add_line(revision: EstimateRevision, item: CatalogueItem, facts: LineFacts, *, by: User, at: datetime) -> EstimateLine:
    """A line with the item's price as the price book has it today: a fixed item costs the same everywhere (R070)."""
    _must_be_draft(revision)
    line = EstimateLine(
        revision_id=revision.id, line_key=_key(revision, item, facts.space), no=_next_no(revision), space=facts.space,
        group_code=item.group_code, group_name=item.group_name, code=item.code, name=item.name, unit=item.unit,
        quantity=facts.quantity, unit_price_fen=item.unit_price_fen,
        amount_fen=amount(facts.quantity, item.unit_price_fen), stage_code=item.stage_code,
        warranty_class=item.warranty_class, terms=[], note=facts.note, change_reason=facts.change_reason,
    )
    db.session.add(line)
    db.session.flush()
    split = db.session.get(CatalogueSplit, item.id)
    if split is not None:
        db.session.add(LineSplit(line_id=line.id, **{part: getattr(split, part) for part in SPLIT}))
    total(revision)
    audit.record("estimate.line_added", revision, by=by, at=at, project_id=revision.estimate.project_id, code=line.code,
                 space=line.space, quantity=str(line.quantity))
    return line


def change_line(line: EstimateLine, facts: LineFacts, *, by: User, at: datetime) -> EstimateLine:
    """New room, quantity or words of a line; its price stays the price book's."""
    _must_be_draft(line.revision)
    before = str(line.quantity)
    line.space, line.quantity, line.note, line.change_reason = facts.space, facts.quantity, facts.note, facts.change_reason
    line.amount_fen = amount(line.quantity, line.unit_price_fen)
    total(line.revision)
    audit.record("estimate.line_changed", line.revision, by=by, at=at, project_id=line.revision.estimate.project_id,
                 code=line.code, space=line.space, before=before, after=str(line.quantity))
    return line


def remove_line(line: EstimateLine, *, by: User, at: datetime) -> None:
    _must_be_draft(line.revision)
    revision = line.revision
    audit.record("estimate.line_removed", revision, by=by, at=at, project_id=revision.estimate.project_id, code=line.code,
                 space=line.space, quantity=str(line.quantity))
    db.session.execute(delete(LineSplit).where(LineSplit.line_id == line.id))
    db.session.delete(line)
    db.session.flush()
    total(revision)


def set_terms(revision: EstimateRevision, *, management_rate_bp: int, discount_fen: int, tax_rate_bp: int, valid_until,
              change_summary: str, by: User, at: datetime) -> None:
    """Rates, discount, validity and the word to the homeowner about what changed."""
    _must_be_draft(revision)
    revision.management_rate_bp, revision.tax_rate_bp = management_rate_bp, tax_rate_bp
    revision.discount_fen, revision.valid_until, revision.change_summary = discount_fen, valid_until, change_summary
    total(revision)
    audit.record("estimate.terms_set", revision, by=by, at=at, project_id=revision.estimate.project_id,
                 management_rate_bp=management_rate_bp, discount_fen=discount_fen, tax_rate_bp=tax_rate_bp)


def discard(revision: EstimateRevision, *, by: User, at: datetime) -> None:
    """A draft that is not wanted any more; its number is not used again."""
    _must_be_draft(revision)
    revision.withdrawn_at = at
    audit.record("estimate.discarded", revision, by=by, at=at, project_id=revision.estimate.project_id, number=revision.number)


def total(revision: EstimateRevision) -> None:
    """T1–T6 from the lines as they stand in the database. Refused when the discount exceeds what it is taken off."""
    db.session.flush()
    lines = select(EstimateLine.quantity, EstimateLine.unit_price_fen, EstimateLine.group_code, EstimateLine.space)
    sums = totals(
        db.session.execute(lines.where(EstimateLine.revision_id == revision.id)), management_rate_bp=revision.management_rate_bp,
        discount_fen=revision.discount_fen, tax_rate_bp=revision.tax_rate_bp,
    )
    for name in ("direct_fen", "management_fen", "taxable_fen", "tax_fen", "total_fen"):
        setattr(revision, name, getattr(sums, name))
    db.session.flush()


def _must_be_draft(revision: EstimateRevision) -> None:
    if revision.presented_at is not None or revision.withdrawn_at is not None:
        raise NotADraft


def _label(estimate: Estimate, kind: str) -> str:
    """E1, E2 … for 估算; B1, B2 … for 预算."""
    count = db.session.scalar(
        select(func.count()).where(EstimateRevision.estimate_id == estimate.id, EstimateRevision.kind == kind)
    )
    return f"{kind[0].upper()}{count + 1}"


def _copy_lines(base: EstimateRevision, revision: EstimateRevision) -> None:
    splits = {
        split.line_id: split
        for split in db.session.scalars(select(LineSplit).join(EstimateLine).where(EstimateLine.revision_id == base.id))
    }
    copies = [(line.id, EstimateLine(revision_id=revision.id, **{name: getattr(line, name) for name in COPIED})) for line in base.lines]
    db.session.add_all(copy for _, copy in copies)
    db.session.flush()
    db.session.add_all(
        LineSplit(line_id=copy.id, **{part: getattr(splits[old], part) for part in SPLIT}) for old, copy in copies if old in splits
    )
    db.session.flush()


def _key(revision: EstimateRevision, item: CatalogueItem, space: str):
    """A line that comes back after it was removed is the same line again: same room, same code, same key."""
    earlier = db.session.scalars(
        select(EstimateLine.line_key)
        .join(EstimateRevision)
        .where(EstimateRevision.estimate_id == revision.estimate_id, EstimateLine.code == item.code, EstimateLine.space == space)
        .order_by(EstimateLine.id.desc())
        .limit(1)
    ).one_or_none()
    taken = earlier and db.session.scalar(
        select(EstimateLine.id).where(EstimateLine.revision_id == revision.id, EstimateLine.line_key == earlier)
    )
    return earlier if earlier and not taken else uuid4()


def _next_no(revision: EstimateRevision) -> int:
    highest = db.session.scalar(select(func.max(EstimateLine.no)).where(EstimateLine.revision_id == revision.id))
    return (highest or 0) + 1
