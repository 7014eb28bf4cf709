"""Signatures into the file, one after the other, in the worker. An unreachable time-stamp service means: later, not "now"."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal import audit, clock, notify
from portal.actions import files
from portal.actions.estimates import papers, presenting, signing
from portal.documents.sealing import SigningRefused
from portal.documents.timestamps import TimestampUnavailable
from portal.extensions import db
from portal.jobs import job
from portal.models import Document, Signature


@job("document.seal", attempts=200)
def seal(signature_id: int) -> str:
    """Append the signature to its document. Signatures of one document go in one by one, in their own order."""
    signature = db.session.get(Signature, signature_id)
    document = db.session.scalars(
        select(Document).where(Document.id == signature.document_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    for waiting in _unsealed(document):
        _append(document, waiting)
    return f"document {document.id}: {document.state}"


def _unsealed(document: Document) -> list[Signature]:
    return list(
        db.session.scalars(
            select(Signature).where(Signature.document_id == document.id, Signature.sealed_at.is_(None)).order_by(Signature.id)
        )
    )


def _append(document: Document, signature: Signature) -> None:
    current = files.contents(papers.latest(document).sha256)
    drawn = files.contents(signature.drawn_sha256) if signature.drawn_sha256 else None
    try:
        sealed = papers.sealing_of_company().sign(current, signature.field, at=signature.at, evidence=_evidence(signature), drawn_png=drawn)
    except TimestampUnavailable:
        document.note = papers.LATER
        db.session.commit()
        raise
    except SigningRefused as refused:
        if refused.code != "already_signed":
            raise
        sealed = None  # an earlier run wrote the file and died before its row
    if sealed is not None:
        papers.add_file(document, sealed, "signed", clock.now())
    signature.sealed_at = clock.now()
    document.note = ""
    db.session.flush()
    audit.record("document.signed", document, project_id=document.revision.estimate.project_id, signature_id=signature.id,
                 sha256=papers.latest(document).sha256)
    if signing.missing(document) == 0 and not _unsealed(document):
        _complete(document)


def _complete(document: Document) -> None:
    document.state, document.sealed_at = "sealed", clock.now()
    revision = document.revision
    audit.record("document.sealed", document, project_id=revision.estimate.project_id, sha256=papers.latest(document).sha256)
    for member in presenting.members_of(revision):
        notify.tell(
            member.user, "document.sealed", project_id=revision.estimate.project_id, link=f"/customer/estimates/{revision.id}",
            subject=_l("报价已签署完成"),
            body=_l("%(project)s 的报价（%(label)s）已全部签署并封存，您可以随时下载和验证。",
                    project=revision.estimate.project.title, label=revision.label),
        )


def _evidence(signature: Signature) -> dict:
    """Who, when, from where, with what, shown what: it becomes part of the sealed file."""
    return {
        "address": signature.address, "device": signature.device, "channel": "sms", "language": signature.language,
        "shown_sha256": signature.shown_sha256, "typed_name": signature.typed_name, "consent": signature.consent,
        "drawn_sha256": signature.drawn_sha256 or "", "signature_id": signature.id,
    }
