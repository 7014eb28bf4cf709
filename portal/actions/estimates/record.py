"""What the portal's own record says about a file that somebody brings: only that catches a signature that was cut off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from portal.extensions import db
from portal.models import Document, DocumentFile


@dataclass(frozen=True)
class Known:
    """A file of this portal: `newest` when no later state of the document exists; `signed_by_now` counts its signatures."""

    what: str
    made_at: datetime
    newest: bool
    document_state: str
    signatures_now: int


def of_file(sha256: str) -> Known | None:
    """The record of exactly these bytes; None when the portal never made them."""
    row = db.session.execute(
        select(DocumentFile, Document).join(Document, Document.id == DocumentFile.document_id).where(DocumentFile.sha256 == sha256)
    ).first()
    if row is None:
        return None
    kept, document = row
    last = db.session.scalar(select(func.max(DocumentFile.number)).where(DocumentFile.document_id == document.id))
    signed = db.session.scalar(select(func.count()).where(DocumentFile.document_id == document.id, DocumentFile.what == "signed"))
    return Known(kept.what, kept.made_at, kept.number == last, document.state, signed)


def is_cut_off(found, known: Known | None) -> bool:
    """Whether the file is an earlier state of a document that has gained signatures since."""
    return bool(found.intact and known is not None and not known.newest)
