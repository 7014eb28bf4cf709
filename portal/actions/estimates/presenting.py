"""Presenting is an act: before it the household sees nothing, after it the revision never changes (R073)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal import audit, notify
from portal.actions.estimates import holding
from portal.actions.estimates.drafting import SPLIT, lock, total
from portal.extensions import db
from portal.i18n import LANGUAGES
from portal.jobs import enqueue
from portal.models import (
    Catalogue,
    CatalogueItem,
    Document,
    EstimateLine,
    EstimateRevision,
    LineSplit,
    Membership,
    Signature,
    User,
)
from portal.rules.comparison import Comparison, compare
from portal.rules.presentation import Line, Preflight, RevisionFacts, preflight

SIGN = "sign"


def judge(revision: EstimateRevision, *, at: datetime) -> Preflight:
    """Everything that stands in the way of presenting a draft, and what is worth a second look."""
    before = newest_of_kind(revision, "estimate") if revision.kind == "budget" else None
    prices, splits = book_prices(), split_sheets(revision)
    facts = RevisionFacts(
        lines=[
            Line(
                line.space,
                line.group_code,
                line.name,
                line.unit,
                line.quantity,
                line.unit_price_fen,
                line.line_key,
                line.code,
                line.note,
                line.change_reason,
                prices.get(line.code),
                line.code not in prices,
                splits.get(line.id),
                line.explained_at is not None,
            )
            for line in revision.lines
        ],
        management_rate_bp=revision.management_rate_bp,
        discount_fen=revision.discount_fen,
        tax_rate_bp=revision.tax_rate_bp,
        valid_until=revision.valid_until,
        presented_at=revision.presented_at,
        withdrawn_at=revision.withdrawn_at,
        signers=len(signers_of(revision)),
        kind=revision.kind,
        estimate_total_fen=before.total_fen if before else None,
        released_because=revision.released_because,
        materials_chosen=revision.materials_chosen_on is not None,
    )
    return preflight(facts, at)


def book_prices() -> dict[str, int]:
    """Code → unit price in fen of the price book in force; percent items have none."""
    newest_book = select(func.max(Catalogue.id)).scalar_subquery()
    rows = select(CatalogueItem.code, CatalogueItem.unit_price_fen).where(
        CatalogueItem.catalogue_id == newest_book, CatalogueItem.unit_price_fen.is_not(None)
    )
    return dict(db.session.execute(rows).all())


def split_sheets(revision: EstimateRevision) -> dict[int, dict[str, int]]:
    """Line id → the four parts of its unit price in fen."""
    rows = db.session.scalars(select(LineSplit).join(EstimateLine).where(EstimateLine.revision_id == revision.id))
    return {split.line_id: {part: getattr(split, part) for part in SPLIT} for split in rows}


def hold(revision: EstimateRevision) -> EstimateRevision:
    """The revision as it is now; nobody presents, withdraws, signs or declines one of the same estimate before the commit."""
    holding.hold(revision.estimate)
    return holding.hold(revision)


def present(revision: EstimateRevision, *, by: User, at: datetime) -> Preflight:
    """Show the draft to the household and order its papers. An earlier revision that still stood is stale from now on.

    Nothing happened when the answer is not `ready`. Raises NotADraft when somebody was faster.
    """
    hold(revision)
    lock(revision)
    total(revision)
    found = judge(revision, at=at)
    if not found.ready:
        return found
    revision.presented_at, revision.presented_by_id = at, by.id
    signers = [
        {"user_id": member.user_id, "name": member.user.name, "relation": member.relation, "field": f"signer-{place}"}
        for place, member in enumerate(signers_of(revision), 1)
    ]
    for language in LANGUAGES:
        document = Document(revision_id=revision.id, language=language, signers=signers, prepared_at=at)
        db.session.add(document)
        db.session.flush()
        enqueue(db.session, "document.prepare", {"document_id": document.id}, unique_key=f"document.prepare:{document.id}")
    audit.record(
        "estimate.presented",
        revision,
        by=by,
        at=at,
        project_id=revision.estimate.project_id,
        number=revision.number,
        total_fen=revision.total_fen,
        valid_until=str(revision.valid_until),
        warnings=[reason.as_record() for reason in found.warnings],
    )
    for member in members_of(revision):
        notify.tell(
            member.user,
            "estimate.presented",
            project_id=revision.estimate.project_id,
            link=f"/customer/estimates/{revision.id}",
            subject=_l("新的报价请您过目"),
            body=_l(
                "%(project)s 的报价（%(label)s）已经出示，您可以逐项查看，和上一版的变化也列在里面。",
                project=revision.estimate.project.title,
                label=revision.label,
            ),
        )
    return found


def withdraw(revision: EstimateRevision, *, reason: str, by: User, at: datetime) -> bool:
    """Take a presented revision back. False, and nothing happened, when somebody has signed it or it does not stand."""
    hold(revision)
    signed = db.session.scalar(select(func.count()).where(Signature.revision_id == revision.id))
    if signed or revision.presented_at is None or revision.withdrawn_at is not None or revision.agreed_on_paper_on:
        return False
    revision.withdrawn_at, revision.withdraw_reason = at, reason
    audit.record("estimate.withdrawn", revision, by=by, at=at, project_id=revision.estimate.project_id, reason=reason)
    for member in members_of(revision):
        notify.tell(
            member.user,
            "estimate.withdrawn",
            project_id=revision.estimate.project_id,
            link="/customer/estimates/",
            subject=_l("报价已撤回"),
            body=_l(
                "%(project)s 的报价（%(label)s）已由公司撤回，原因：%(reason)s。您不需要做任何事。",
                project=revision.estimate.project.title,
                label=revision.label,
                reason=reason,
            ),
        )
    return True


def release(revision: EstimateRevision, *, because: str, by: User, at: datetime) -> None:
    """A supervisor lets a budget pass that is far above the estimate, and says why (R069). Raises NotADraft."""
    lock(revision)
    revision.released_because, revision.released_by_id = because, by.id
    audit.record("estimate.released", revision, by=by, at=at, project_id=revision.estimate.project_id, reason=because)


def newer(revision: EstimateRevision) -> EstimateRevision | None:
    """The latest revision of the same estimate that was presented after this one and stands; None when this is it."""
    later = select(EstimateRevision).where(
        EstimateRevision.estimate_id == revision.estimate_id,
        EstimateRevision.number > revision.number,
        EstimateRevision.presented_at.is_not(None),
        EstimateRevision.withdrawn_at.is_(None),
    )
    return db.session.scalars(later.order_by(EstimateRevision.number.desc()).limit(1)).one_or_none()


def newest_of_kind(revision: EstimateRevision, kind: str) -> EstimateRevision | None:
    """The last presented revision of `kind` before this one."""
    return db.session.scalars(
        select(EstimateRevision)
        .where(
            EstimateRevision.estimate_id == revision.estimate_id,
            EstimateRevision.kind == kind,
            EstimateRevision.presented_at.is_not(None),
            EstimateRevision.number < revision.number,
        )
        .order_by(EstimateRevision.number.desc())
        .limit(1)
    ).one_or_none()


def members_of(revision: EstimateRevision) -> list[Membership]:
    """The household of the revision's home, as it is now."""
    return list(
        db.session.scalars(
            select(Membership)
            .where(Membership.project_id == revision.estimate.project_id, Membership.ended_at.is_(None))
            .options(joinedload(Membership.user))
            .order_by(Membership.id)
        )
    )


def signers_of(revision: EstimateRevision) -> list[Membership]:
    """Everyone of the household who may sign; all of them have to."""
    return [member for member in members_of(revision) if member.right == SIGN]


def documents(revision: EstimateRevision) -> list[Document]:
    return list(db.session.scalars(select(Document).where(Document.revision_id == revision.id).order_by(Document.language.desc())))


def changes(revision: EstimateRevision) -> Comparison | None:
    """What differs from the revision it was copied from; None for a first one."""
    return compare(revision.base, revision) if revision.base is not None else None
