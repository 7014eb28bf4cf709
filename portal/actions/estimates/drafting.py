"""Drafts: begun from nothing or from the revision before, edited line by line, thrown away or presented."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, select

from portal import audit
from portal.actions.estimates.holding import hold
from portal.extensions import db
from portal.models import Estimate, EstimateLine, EstimateRevision, LineSplit, Project, User
from portal.rules.estimate import RevisionKind, totals
from portal.rules.words import Refused

COPIED = (
    "line_key",
    "no",
    "space",
    "group_code",
    "group_name",
    "code",
    "name",
    "unit",
    "quantity",
    "unit_price_fen",
    "amount_fen",
    "stage_code",
    "warranty_class",
    "terms",
    "note",
)
STANDARD_MANAGEMENT_BP, STANDARD_TAX_BP = 800, 300  # the percent lines of the price book (domain.md 2)
SPLIT = ("main_fen", "aux_fen", "labor_fen", "loss_fen")


class NotADraft(Exception):
    """The revision was presented or withdrawn meanwhile: nothing in it may change any more."""


def begin(project: Project, *, kind: str, by: User, at: datetime) -> EstimateRevision:
    """The draft of `project`: the open one, else a new revision that copies the newest one line by line.

    Lines keep their key. Of two people who begin at once the second gets the first one's draft: the project's row is
    held, and a partial unique index allows one open draft per estimate.
    """
    hold(project)
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
        estimate_id=estimate.id,
        number=estimate.next_number,
        kind=kind,
        label=_label(estimate, kind),
        base_id=base.id if base else None,
        prepared_by_id=by.id,
        prepared_at=at,
        management_rate_bp=base.management_rate_bp if base else STANDARD_MANAGEMENT_BP,
        tax_rate_bp=base.tax_rate_bp if base else STANDARD_TAX_BP,
        discount_fen=base.discount_fen if base else 0,
        materials_chosen_on=base.materials_chosen_on if base else None,
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


def set_terms(
    revision: EstimateRevision,
    *,
    management_rate_bp: int,
    discount_fen: int,
    tax_rate_bp: int,
    valid_until: date | None,
    change_summary: str,
    materials_chosen_on: date | None = None,
    by: User,
    at: datetime,
) -> None:
    """Rates, discount, validity, the day on which the homeowner confirmed her materials (R068), the word about what changed.

    Refused, with `discount_fen` as its field, when the discount is more than what it is taken off (T4).
    """
    lock(revision)
    revision.management_rate_bp, revision.tax_rate_bp = management_rate_bp, tax_rate_bp
    revision.discount_fen, revision.valid_until, revision.change_summary = discount_fen, valid_until, change_summary
    revision.materials_chosen_on = materials_chosen_on
    total(revision)
    audit.record(
        "estimate.terms_set",
        revision,
        by=by,
        at=at,
        project_id=revision.estimate.project_id,
        management_rate_bp=management_rate_bp,
        discount_fen=discount_fen,
        tax_rate_bp=tax_rate_bp,
    )


def discard(revision: EstimateRevision, *, by: User, at: datetime) -> None:
    """A draft that is not wanted any more; its number is not used again."""
    lock(revision)
    revision.withdrawn_at = at
    audit.record("estimate.discarded", revision, by=by, at=at, project_id=revision.estimate.project_id, number=revision.number)


def lock(revision: EstimateRevision) -> EstimateRevision:
    """The draft as it is now, held against everybody else until the commit. Raises NotADraft."""
    hold(revision)
    if revision.presented_at is not None or revision.withdrawn_at is not None:
        raise NotADraft
    return revision


def total(revision: EstimateRevision) -> None:
    """T1–T6 from the lines as they stand in the database. Refused when the discount exceeds what it is taken off."""
    db.session.flush()
    lines = select(EstimateLine.quantity, EstimateLine.unit_price_fen, EstimateLine.group_code, EstimateLine.space)
    try:
        sums = totals(
            db.session.execute(lines.where(EstimateLine.revision_id == revision.id)),
            management_rate_bp=revision.management_rate_bp,
            discount_fen=revision.discount_fen,
            tax_rate_bp=revision.tax_rate_bp,
        )
    except Refused as refused:
        raise Refused(refused.reason, "discount_fen") from None
    for name in ("direct_fen", "management_fen", "taxable_fen", "tax_fen", "total_fen"):
        setattr(revision, name, getattr(sums, name))
    db.session.flush()


def _label(estimate: Estimate, kind: str) -> str:
    """E1, E2 … for 估算; B1, B2 … for 预算."""
    count = db.session.scalar(select(func.count()).where(EstimateRevision.estimate_id == estimate.id, EstimateRevision.kind == kind))
    return f"{kind[0].upper()}{count + 1}"


def _copy_lines(base: EstimateRevision, revision: EstimateRevision) -> None:
    splits = {
        split.line_id: split
        for split in db.session.scalars(select(LineSplit).join(EstimateLine).where(EstimateLine.revision_id == base.id))
    }
    copies = [
        (
            line.id,
            EstimateLine(revision_id=revision.id, explained_at=_explained(base, line), **{name: getattr(line, name) for name in COPIED}),
        )
        for line in base.lines
    ]
    db.session.add_all(copy for _, copy in copies)
    db.session.flush()
    db.session.add_all(
        LineSplit(line_id=copy.id, **{part: getattr(splits[old], part) for part in SPLIT}) for old, copy in copies if old in splits
    )
    db.session.flush()


def _explained(base: EstimateRevision, line: EstimateLine) -> datetime | None:
    """A line taken over unchanged from a budget that was gone through needs no second explanation (R074)."""
    return line.explained_at or (base.presented_at if base.kind == RevisionKind.BUDGET else None)
