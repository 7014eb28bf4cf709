"""The paper of a presented revision: rendered once, certified by the company, kept with its hash."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from flask_babel import force_locale, gettext
from sqlalchemy import select

from portal import audit, clock, company
from portal.actions import files
from portal.actions.estimates import paper_facts
from portal.documents import authority
from portal.documents.estimate import estimate_pdf
from portal.documents.sealing import Sealing, SignerField, open_sealing
from portal.documents.timestamps import TimestampUnavailable
from portal.drawings.limits import Limits
from portal.drawings.preview import make_previews
from portal.extensions import db, settings, storage
from portal.i18n import LANGUAGES
from portal.jobs import enqueue, job
from portal.models import Document, DocumentFile, DocumentPage, EstimateRevision
from portal.rules.words import N_
from portal.storage.content import Kind

PDF = "application/pdf"
RELATIONS = {"owner": N_("业主"), "spouse": N_("配偶"), "parent": N_("父母"), "other": N_("家庭成员")}
KINDS = {"estimate": N_("估算"), "budget": N_("预算")}
PICTURES = Limits(side_px=1600)  # A4 at about 137 dpi: sharp on a phone, also zoomed in
LATER = N_("时间戳服务暂时连不上，稍后自动重试")


@job("document.prepare", attempts=20)
def prepare(document_id: int) -> str:
    """Render and certify one document. Run again, it finds what is done and does only the rest.

    Everything is computed before the first change: on SQLite nobody can write from there to the end.
    """
    document = db.session.get(Document, document_id)
    if document.state != "preparing":
        return "already prepared"
    rendered = files.contents(document.files[0].sha256) if document.files else _rendered(document)
    try:
        certified = _certified(document, rendered)
    except TimestampUnavailable:
        _keep_rendered(document, rendered)
        return try_later(document, "document.prepare", {"document_id": document.id}, since=document.prepared_at)
    _keep_rendered(document, rendered)
    file(document, 1, certified, "certified", clock.now())
    document.state, document.note = "ready", ""
    document.shown_sha256 = document.files[-1].sha256
    enqueue(db.session, "document.pages", {"document_id": document.id}, unique_key=f"document.pages:{document.id}")
    audit.record(
        "document.certified",
        document,
        project_id=document.revision.estimate.project_id,
        sha256=document.shown_sha256,
        language=document.language,
    )
    return document.shown_sha256


@job("document.pages", attempts=3)
def picture(document_id: int) -> str:
    """The pages of the certified file as pictures, for reading on a phone. Without them the file itself is there."""
    document = db.session.get(Document, document_id)
    if document.shown_sha256 is None or pages(document):
        return "nothing to do"
    with TemporaryDirectory() as folder:
        made = make_previews(storage.path(document.shown_sha256), Kind.PDF, Path(folder), PICTURES)
        for page in made:
            sha256 = files.keep_file(page.image_path, media_type=page.media_type, at=clock.now())
            db.session.add(
                DocumentPage(
                    document_id=document.id,
                    number=page.number,
                    image_sha256=sha256,
                    media_type=page.media_type,
                    width=page.width,
                    height=page.height,
                )
            )
    return f"{len(made)} pages"


def pages(document: Document) -> list[DocumentPage]:
    """The pictures of the certified file, in order; empty until they are made."""
    return list(db.session.scalars(select(DocumentPage).where(DocumentPage.document_id == document.id).order_by(DocumentPage.number)))


def page(document: Document, number: int) -> DocumentPage | None:
    return db.session.scalars(
        select(DocumentPage).where(DocumentPage.document_id == document.id, DocumentPage.number == number)
    ).one_or_none()


def file_name(document: Document) -> str:
    """What the file is called when she saves it."""
    return f"{title_of(document.revision, document.language)}.pdf".replace("/", "-")


def _rendered(document: Document) -> bytes:
    return estimate_pdf(paper_facts.facts_of(document, signer_fields(document)), document.language)


def _certified(document: Document, rendered: bytes) -> bytes:
    revision = document.revision
    return sealing_of_company().certify(
        rendered,
        company=company.name(),
        title=title_of(revision, document.language),
        signers=signer_fields(document),
        at=clock.now(),
        language=document.language,
        facts={"revision": revision.number, "label": revision.label, "total_fen": revision.total_fen},
    )


def _keep_rendered(document: Document, rendered: bytes) -> None:
    """The bytes as first rendered: rendering happens once, also when sealing has to be tried again."""
    if not document.files:
        file(document, 0, rendered, "rendered", clock.now())


def try_later(document: Document, kind: str, args: dict, *, since: datetime) -> str:
    """The time-stamp service is away: say so on the document, and come back; the longer it lasts, the more patiently."""
    now = clock.now()
    again = now + min(max((now - since) / 4, timedelta(seconds=15)), timedelta(minutes=10))
    document.note = LATER
    enqueue(db.session, kind, args, unique_key=f"{kind}:{document.id}@{again.isoformat(timespec='seconds')}", run_at=again)
    return f"the time-stamp service is away; again at {again.isoformat(timespec='seconds')}"


def sealing_of_company() -> Sealing:
    """The company's means of sealing; its certificate authority is made the first time it is needed."""
    authority.create(settings.keys_dir, settings.secret_key, company=company.name(), at=clock.now())
    return open_sealing(settings)


def signer_fields(document: Document) -> list[SignerField]:
    """Everyone who has to sign, her place in the family in the document's language."""
    with force_locale(LANGUAGES[document.language]):
        return [
            SignerField(
                key=one["field"],
                name=one["name"],
                number=str(one["user_id"]),
                role=gettext(RELATIONS.get(one["relation"], RELATIONS["other"])),
            )
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


def file(document: Document, number: int, content: bytes, what: str, at: datetime) -> DocumentFile:
    """The next state of the file; earlier states stay."""
    sha256 = files.keep_bytes(content, media_type=PDF, at=at)
    kept = DocumentFile(document_id=document.id, number=number, sha256=sha256, made_at=at, what=what)
    document.files.append(kept)
    db.session.flush()
    return kept
