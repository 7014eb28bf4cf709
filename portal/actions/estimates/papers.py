"""The paper of a presented revision: rendered once, certified by the company, kept with its hash."""

from __future__ import annotations

from datetime import datetime

from flask_babel import force_locale, gettext
from sqlalchemy import select

from portal import audit, clock, company
from portal.actions import files
from portal.actions.estimates import presenting
from portal.documents import estimate as paper
from portal.documents import authority
from portal.documents.sealing import Sealing, SignerField, open_sealing
from portal.documents.timestamps import TimestampUnavailable
from portal.extensions import db, settings
from portal.i18n import LANGUAGES
from portal.jobs import job
from portal.models import Company, Document, DocumentFile, EstimateRevision, User
from portal.queries import estimates as reads
from portal.rules.comparison import Change, Comparison
from portal.rules.estimate import totals
from portal.rules.words import N_

PDF = "application/pdf"
RELATIONS = {"owner": N_("业主"), "spouse": N_("配偶"), "parent": N_("父母"), "other": N_("家庭成员")}
KINDS = {"estimate": N_("估算"), "budget": N_("预算")}
LATER = N_("时间戳服务暂时连不上，稍后自动重试")


@job("document.prepare", attempts=50)
def prepare(document_id: int) -> str:
    """Render and certify one document. Run again, it finds what is done and does only the rest."""
    document = db.session.get(Document, document_id)
    if document.state != "preparing":
        return "already prepared"
    rendered = _rendered(document)
    sealing = sealing_of_company()
    try:
        certified = sealing.certify(
            rendered, company=company.name(), title=title_of(document.revision, document.language), signers=signer_fields(document),
            at=clock.now(), language=document.language,
            facts={"revision": document.revision.number, "label": document.revision.label, "total_fen": document.revision.total_fen},
        )
    except TimestampUnavailable:
        document.note = LATER
        db.session.commit()
        raise
    _file(document, 1, certified, "certified", clock.now())
    document.state, document.note = "ready", ""
    document.shown_sha256 = document.files[-1].sha256
    audit.record("document.certified", document, project_id=document.revision.estimate.project_id, sha256=document.shown_sha256,
                 language=document.language)
    return document.shown_sha256


def sealing_of_company() -> Sealing:
    """The company's means of sealing; its certificate authority is made the first time it is needed."""
    authority.create(settings.keys_dir, settings.secret_key, company=company.name(), at=clock.now())
    return open_sealing(settings)


def signer_fields(document: Document) -> list[SignerField]:
    """Everyone who has to sign, her place in the family in the document's language."""
    with force_locale(LANGUAGES[document.language]):
        return [
            SignerField(key=one["field"], name=one["name"], number=str(one["user_id"]),
                        role=gettext(RELATIONS.get(one["relation"], RELATIONS["other"])))
            for one in document.signers
        ]


def title_of(revision: EstimateRevision, language: str) -> str:
    with force_locale(LANGUAGES[language]):
        return f"{revision.estimate.project.title} {gettext(KINDS[revision.kind])} {revision.label}"


def latest(document: Document) -> DocumentFile | None:
    """The file as it stands now: certified, with every signature so far."""
    return db.session.scalars(
        select(DocumentFile).where(DocumentFile.document_id == document.id).order_by(DocumentFile.number.desc()).limit(1)
    ).one_or_none()


def add_file(document: Document, content: bytes, what: str, at: datetime) -> DocumentFile:
    """The next state of the file; earlier states stay."""
    last = latest(document)
    return _file(document, last.number + 1 if last else 0, content, what, at)


def _rendered(document: Document) -> bytes:
    """The bytes as first rendered; rendering happens once, also when sealing has to be tried again."""
    if document.files:
        return files.contents(document.files[0].sha256)
    content = paper.estimate_pdf(_facts(document), document.language)
    _file(document, 0, content, "rendered", clock.now())
    return content


def _file(document: Document, number: int, content: bytes, what: str, at: datetime) -> DocumentFile:
    sha256 = files.keep_bytes(content, media_type=PDF, at=at)
    kept = DocumentFile(document_id=document.id, number=number, sha256=sha256, made_at=at, what=what)
    document.files.append(kept)
    db.session.flush()
    return kept


def _facts(document: Document) -> paper.EstimateDocument:
    revision = document.revision
    project = revision.estimate.project
    issuer = db.session.get(Company, 1)
    area = project.building_area_m2
    return paper.EstimateDocument(
        issuer=paper.Issuer(issuer.name if issuer else "", issuer.city if issuer else "", issuer.phone if issuer else ""),
        kind=revision.kind, revision=revision.number, project_title=project.title, project_address=project.address,
        customer_name=project.customer_name, prepared_on=clock.local(revision.prepared_at).date(),
        prepared_by=db.session.get(User, revision.prepared_by_id).name, valid_until=revision.valid_until,
        rooms=tuple(_room(room) for room in reads.by_room(revision)),
        groups=tuple(paper.Share(name, amount) for name, amount in reads.by_group(revision)),
        totals=paper.Totals(
            direct_fen=revision.direct_fen, management_rate_bp=revision.management_rate_bp, management_fen=revision.management_fen,
            discount_fen=revision.discount_fen, tax_rate_bp=revision.tax_rate_bp, tax_fen=revision.tax_fen,
            total_fen=revision.total_fen, per_m2_fen=_per_m2(revision, area),
        ),
        signers=tuple(paper.Signer(one.key, one.name, one.role) for one in signer_fields(document)),
        project_number=project.code, area_m2=area, changes=_changes(presenting.changes(revision), revision.base),
    )


def _per_m2(revision: EstimateRevision, area) -> int | None:
    return totals(revision.lines, management_rate_bp=revision.management_rate_bp, discount_fen=revision.discount_fen,
                  tax_rate_bp=revision.tax_rate_bp, building_area_m2=area).per_m2_fen


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
    return paper.Change(change.line.space, change.line.name, _said(change.before), _said(change.after), change.difference_fen, change.reason)


def _said(line) -> str:
    return f"{line.quantity} {line.unit}" if line is not None else ""
