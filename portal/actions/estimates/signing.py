"""The signature of a household member, and the refusal. What is signed is a revision and the bytes she was shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from portal import audit, notify
from portal.actions import codes, files, orders
from portal.actions.estimates import holding, presenting
from portal.extensions import db
from portal.jobs import enqueue
from portal.models import Assignment, Document, EstimateRevision, Refusal, Signature, User
from portal.rules.access import Role
from portal.rules.decision import Decision
from portal.rules.signing import (
    Code,
    RevisionState,
    Signer,
    Submission,
    Verdict,
    judge_readiness,
    judge_signature,
)

PURPOSE = "sign"
PNG = "image/png"


@dataclass(frozen=True)
class Attempt:
    """What the person sent: her name, her stroke (PNG or None), her consent, and the hash of the bytes on her screen.

    `language` is the one she read the file in; `consent_words` are the very words she ticked.
    """

    typed_name: str
    drawn_png: bytes | None
    consent: bool
    consent_words: str
    shown_sha256: str
    language: str
    address: str
    device: str


def subject_of(document: Document) -> str:
    """What a one-time code for signing is good for: this document and no other."""
    return f"document:{document.id}"


def hold(document: Document) -> Document:
    """The document and its revision as they are now; nothing of this estimate moves before the commit."""
    presenting.hold(document.revision)
    return holding.hold(document)


def judge(document: Document, attempt: Attempt, *, by: User, at: datetime) -> Decision[Verdict]:
    """Whether `by` may sign now; nothing is written. Hold the document first.

    The code is left out here: one conditional UPDATE (`use_code`) is the only honest judge of a code that two
    people may enter in the same moment.
    """
    code = Code(matches=True, expires_at=at + timedelta(seconds=1))
    submission = Submission(attempt.shown_sha256, attempt.typed_name, attempt.consent, code)
    return judge_signature(state_of(document), signer_of(document, by), submission, at)


def readiness(document: Document, *, by: User, at: datetime) -> Decision[Verdict]:
    """Whether the form may be shown to `by` at all, and if not why."""
    return judge_readiness(state_of(document), signer_of(document, by), at)


def state_of(document: Document) -> RevisionState:
    revision = document.revision
    newer = presenting.newer(revision)
    refusal = db.session.scalars(select(Refusal).where(Refusal.revision_id == revision.id).limit(1)).one_or_none()
    return RevisionState(
        presented_at=revision.presented_at,
        withdrawn_at=revision.withdrawn_at,
        newer_presented=newer.label if newer else "",
        valid_until=revision.valid_until,
        declined_by=refusal.user.name if refusal else "",
        document_ready=document.state in ("ready", "sealing"),
        shown_sha256=_sha256_of_record(document),
    )


def _sha256_of_record(document: Document) -> str | None:
    """Once somebody has signed the paper in one language, only that paper counts."""
    language = language_of_record(document.revision)
    if language in (None, document.language):
        return document.shown_sha256
    return db.session.scalar(
        select(Document.shown_sha256).where(Document.revision_id == document.revision_id, Document.language == language)
    )


def signer_of(document: Document, by: User) -> Signer:
    mine = _signature_of(document.revision, by)
    required = any(one["user_id"] == by.id for one in document.signers)
    return Signer(name=by.name, required=required, signed_at=mine.at if mine else None)


def sign(document: Document, attempt: Attempt, *, code_id: int, by: User, at: datetime) -> Signature:
    """Write the signature of an attempt that `judge` let through, with the consumed code `code_id`.

    UNIQUE(revision, user) and UNIQUE(code) make a second one impossible. The last required one makes the order.
    """
    revision = document.revision
    field = next(one["field"] for one in document.signers if one["user_id"] == by.id)
    drawn = files.keep_bytes(attempt.drawn_png, media_type=PNG, at=at) if attempt.drawn_png else None
    signature = Signature(
        revision_id=revision.id,
        document_id=document.id,
        user_id=by.id,
        field=field,
        typed_name=attempt.typed_name,
        drawn_sha256=drawn,
        consent=attempt.consent_words,
        code_id=code_id,
        shown_sha256=attempt.shown_sha256,
        language=attempt.language,
        address=attempt.address,
        device=attempt.device,
        at=at,
    )
    db.session.add(signature)
    document.state = "sealing"
    db.session.flush()
    enqueue(db.session, "document.seal", {"signature_id": signature.id}, unique_key=f"document.seal:{signature.id}")
    audit.record(
        "estimate.signed",
        revision,
        by=by,
        at=at,
        project_id=revision.estimate.project_id,
        number=revision.number,
        shown_sha256=attempt.shown_sha256,
        language=document.language,
        typed_name=attempt.typed_name,
    )
    if missing(document) == 0:
        orders.make(revision, by=by, at=at)
        tell_office(
            revision,
            "estimate.signed",
            _l("业主签了报价"),
            _l("%(project)s 的报价（%(label)s）已全部签署，订单已生成。", project=revision.estimate.project.title, label=revision.label),
        )
    return signature


def send_code(document: Document, *, by: User, at: datetime) -> None:
    """A one-time code for signing this document, to the person's phone. Raises TooMany when asked for too often."""
    code = codes.issue(by, purpose=PURPOSE, subject=subject_of(document), channel=notify.SMS, at=at)
    project = document.revision.estimate.project
    notify.tell(
        by,
        "estimate.code",
        secret=True,
        project_id=project.id,
        subject=_l("签署报价的验证码"),
        body=_l(
            "您的验证码是%(code)s，10分钟内有效，用来签署%(project)s的报价（%(label)s）。请不要告诉任何人，包括我们的员工。",
            code=code,
            project=project.title,
            label=document.revision.label,
        ),
    )
    audit.record("estimate.code_sent", document.revision, by=by, at=at, project_id=project.id, document_id=document.id)


def use_code(document: Document, code: str, *, by: User, at: datetime) -> codes.Checked:
    """Use the entered code up; commit also when it was wrong, because the try counts."""
    return codes.check(by, purpose=PURPOSE, subject=subject_of(document), code=code, at=at)


def code_sent(document: Document, *, by: User, at: datetime) -> bool:
    """Whether a code that was sent for this document can still be used."""
    return codes.is_open(by, purpose=PURPOSE, subject=subject_of(document), at=at)


def missing(document: Document) -> int:
    """How many required signatures are not there yet."""
    there = db.session.scalar(select(func.count()).where(Signature.document_id == document.id))
    return len(document.signers) - there


def language_of_record(revision: EstimateRevision) -> str | None:
    """The language in which the first signer signed; the others sign the same file."""
    return db.session.scalar(
        select(Document.language)
        .join(Signature, Signature.document_id == Document.id)
        .where(Signature.revision_id == revision.id)
        .order_by(Signature.id)
        .limit(1)
    )


def signatures(revision: EstimateRevision) -> list[Signature]:
    return list(db.session.scalars(select(Signature).where(Signature.revision_id == revision.id).order_by(Signature.id)))


def _signature_of(revision: EstimateRevision, user: User) -> Signature | None:
    return db.session.scalars(select(Signature).where(Signature.revision_id == revision.id, Signature.user_id == user.id)).one_or_none()


def tell_office(revision: EstimateRevision, kind: str, subject, body) -> None:
    for colleague in _answerable(revision):
        notify.tell(
            colleague, kind, project_id=revision.estimate.project_id, link=f"/staff/estimates/{revision.id}", subject=subject, body=body
        )


def _answerable(revision: EstimateRevision) -> list[User]:
    """Who presented it, and the account managers of the home."""
    managers = select(Assignment.user_id).where(
        Assignment.project_id == revision.estimate.project_id, Assignment.role == Role.ACCOUNT_MANAGER.value, Assignment.ended_at.is_(None)
    )
    return list(db.session.scalars(select(User).where((User.id == revision.presented_by_id) | User.id.in_(managers))))
