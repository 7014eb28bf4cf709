"""Signatures into the file, one after the other, in the worker. An unreachable time-stamp service means: later, not "now"."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal import audit, clock, notify
from portal.actions import files
from portal.actions.estimates import papers, presenting, signing
from portal.actions.estimates.holding import hold
from portal.documents.timestamps import TimestampUnavailable
from portal.extensions import db
from portal.jobs import job
from portal.models import Document, Signature


@job("document.seal", attempts=20)
def seal(signature_id: int) -> str:
    """Append the signature to its document, after all that were made before it: they go in one by one, in their order.

    Of two workers that try at once one finds the next number of the file taken (UNIQUE), and its job is tried again.
    """
    document = db.session.get(Document, db.session.get(Signature, signature_id).document_id)
    for waiting in _unsealed(document):
        try:
            _append(document, waiting)
        except TimestampUnavailable:
            return papers.try_later(document, "document.seal", {"signature_id": signature_id}, since=waiting.at)
        if waiting.id == signature_id:
            break
    return f"document {document.id}: {document.state}"


def _unsealed(document: Document) -> list[Signature]:
    return list(
        db.session.scalars(
            select(Signature).where(Signature.document_id == document.id, Signature.sealed_at.is_(None)).order_by(Signature.id)
        )
    )


def _append(document: Document, signature: Signature) -> None:
    """Sign first, then write: the time-stamp service may take long, and nobody waits for it."""
    last = papers.latest(document)
    drawn = files.contents(signature.drawn_sha256) if signature.drawn_sha256 else None
    sealed = papers.sealing_of_company().sign(
        files.contents(last.sha256), signature.field, at=signature.at, evidence=_evidence(signature), drawn_png=drawn
    )
    hold(document)
    papers.file(document, last.number + 1, sealed, "signed", clock.now())
    signature.sealed_at = clock.now()
    document.note = ""
    db.session.flush()
    audit.record(
        "document.signed",
        document,
        project_id=document.revision.estimate.project_id,
        signature_id=signature.id,
        sha256=document.files[-1].sha256,
    )
    if not _unsealed(document):
        _complete(document) if signing.missing(document) == 0 else _wait_for_others(document)


def _wait_for_others(document: Document) -> None:
    document.state = "ready"


def _complete(document: Document) -> None:
    document.state, document.sealed_at = "sealed", clock.now()
    revision = document.revision
    audit.record("document.sealed", document, project_id=revision.estimate.project_id, sha256=document.files[-1].sha256)
    for member in presenting.members_of(revision):
        notify.tell(
            member.user,
            "document.sealed",
            project_id=revision.estimate.project_id,
            link=f"/customer/estimates/{revision.id}",
            subject=_l("报价已签署完成"),
            body=_l(
                "%(project)s 的报价（%(label)s）已全部签署并封存，您可以随时下载和验证。",
                project=revision.estimate.project.title,
                label=revision.label,
            ),
        )


def _evidence(signature: Signature) -> dict:
    """Who, when, from where, with what, shown what: it becomes part of the sealed file."""
    return {
        "address": signature.address,
        "device": signature.device,
        "channel": "sms",
        "language": signature.language,
        "shown_sha256": signature.shown_sha256,
        "typed_name": signature.typed_name,
        "consent": signature.consent,
        "drawn_sha256": signature.drawn_sha256 or "",
        "signature_id": signature.id,
    }
