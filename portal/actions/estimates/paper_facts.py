"""What the paper of a revision says: the lines, the totals, what changed, the drawings it covers, what it leaves out."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import force_locale, gettext

from portal import clock
from portal.actions.estimates import presenting
from portal.documents import estimate as paper
from portal.documents.sealing import SignerField
from portal.extensions import db
from portal.i18n import LANGUAGES
from portal.models import Company, Document, EstimateRevision, User
from portal.queries import covered
from portal.queries import estimates as reads
from portal.rules.comparison import Change, Comparison
from portal.rules.estimate import totals


def facts_of(document: Document, signers: Sequence[SignerField]) -> paper.EstimateDocument:
    """Everything that the paper says, in the document's language; the same whenever it is asked after the presentation."""
    revision = document.revision
    project = revision.estimate.project
    issuer = db.session.get(Company, 1)
    area = project.building_area_m2
    return paper.EstimateDocument(
        issuer=paper.Issuer(issuer.name if issuer else "", issuer.city if issuer else "", issuer.phone if issuer else ""),
        kind=revision.kind,
        revision=revision.number,
        project_title=project.title,
        project_address=project.address,
        customer_name=project.customer_name,
        prepared_on=clock.local(revision.prepared_at).date(),
        prepared_by=db.session.get(User, revision.prepared_by_id).name,
        valid_until=revision.valid_until,
        rooms=tuple(_room(room) for room in reads.by_room(revision)),
        groups=tuple(paper.Share(name, amount) for name, amount in reads.by_group(revision)),
        totals=paper.Totals(
            direct_fen=revision.direct_fen,
            management_rate_bp=revision.management_rate_bp,
            management_fen=revision.management_fen,
            discount_fen=revision.discount_fen,
            tax_rate_bp=revision.tax_rate_bp,
            tax_fen=revision.tax_fen,
            total_fen=revision.total_fen,
            per_m2_fen=_per_m2(revision, area),
        ),
        signers=tuple(paper.Signer(one.key, one.name, one.role) for one in signers),
        project_number=project.code,
        area_m2=area,
        changes=_changes(presenting.changes(revision), revision.base),
        drawings=tuple(
            paper.Drawing(f"{one.drawing.sheet_no} {one.drawing.title}", one.number, one.file_sha256)
            for one in covered.drawings_by(project.id, at=revision.presented_at)
        ),
        excluded=_excluded(covered.bought_by_owner(revision), document.language),
    )


def _excluded(materials: list[str], language: str) -> tuple[str, ...]:
    with force_locale(LANGUAGES[language]):
        return (gettext("主材由业主自购：%(names)s", names="、".join(materials)),) if materials else ()


def _per_m2(revision: EstimateRevision, area) -> int | None:
    return totals(
        revision.lines,
        management_rate_bp=revision.management_rate_bp,
        discount_fen=revision.discount_fen,
        tax_rate_bp=revision.tax_rate_bp,
        building_area_m2=area,
    ).per_m2_fen


def _room(room: reads.RoomLines) -> paper.Room:
    lines = tuple(
        paper.Line(line.no, line.code, line.name, line.unit, line.quantity, line.unit_price_fen, line.amount_fen, line.note)
        for line in room.lines
    )
    return paper.Room(room.space, lines, room.amount_fen)


def _changes(found: Comparison | None, base: EstimateRevision | None) -> paper.Changes | None:
    if found is None or base is None or not found.rooms:
        return None
    entries = tuple(_change(change) for room in found.rooms for change in room.changes)
    return paper.Changes(base.number, base.total_fen, entries)


def _change(change: Change) -> paper.Change:
    return paper.Change(
        change.line.space, change.line.name, _said(change.before), _said(change.after), change.difference_fen, change.reason
    )


def _said(line) -> str:
    return f"{line.quantity} {line.unit}" if line is not None else ""
