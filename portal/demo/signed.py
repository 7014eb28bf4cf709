"""The villa's supplement: presented, certified, signed by its owner with a code, sealed; a file to verify."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import select

from portal import clock
from portal.actions import codes, files
from portal.actions.estimates import drafting, explaining, lines, papers, presenting, sealing, signing
from portal.extensions import db, settings
from portal.models import Document, EstimateLine, EstimateRevision, Membership, OneTimeCode, Project, Signature, User

FILE = "signed-estimate.pdf"
CONSENT = "我已逐项阅读这份报价，同意其中的全部内容；我同意用电子签名签署，并认可它与我的手写签名具有同等效力。"


def villa(office: dict[str, User], *, at: datetime) -> None:
    """Revision 3 of the villa: three lines differ from the contract. Its file also lies in the portal's home folder."""
    home = db.session.scalars(select(Project).where(Project.import_id == "SAMPLE-VILLA-320")).one()
    estimator = next(one.user for one in home.assignments if one.role == "estimator")
    revision = _presented(home, estimator, at=at)
    documents = db.session.scalars(select(Document).where(Document.revision_id == revision.id)).all()
    for document in documents:
        papers.prepare(document.id)
    document = next(one for one in documents if one.language == "zh")
    owner = db.session.scalars(select(User).join(Membership).where(Membership.project_id == home.id)).one()
    signature = _signed(document, owner, at=clock.now())
    db.session.flush()
    sealing.seal(signature.id)
    target = settings.home / "demo"
    target.mkdir(exist_ok=True)
    (target / FILE).write_bytes(files.contents(papers.latest(document).sha256))


def _presented(home: Project, estimator: User, *, at: datetime) -> EstimateRevision:
    draft = drafting.begin(home, kind="budget", by=estimator, at=at)
    rows = list(db.session.scalars(select(EstimateLine).where(EstimateLine.revision_id == draft.id).order_by(EstimateLine.no)))
    for line, factor, why in ((rows[4], "1.10", "现场复核后工程量增加"), (rows[9], "0.80", "业主取消部分墙面")):
        quantity = (line.quantity * Decimal(factor)).quantize(Decimal("0.01"))
        lines.change_line(line, lines.LineFacts(line.space, quantity, line.note, why), by=estimator, at=at)
    lines.remove_line(rows[-1], by=estimator, at=at)
    drafting.set_terms(draft, management_rate_bp=draft.management_rate_bp, discount_fen=draft.discount_fen, tax_rate_bp=draft.tax_rate_bp,
                       valid_until=clock.local(at).date() + timedelta(days=30), by=estimator, at=at,
                       materials_chosen_on=clock.local(at).date(), change_summary="施工中的补充预算：按现场复核调整两项，取消一项。")
    db.session.refresh(draft)
    explaining.explain(draft, [line.id for line in draft.lines], by=estimator, at=at)
    found = presenting.present(draft, by=estimator, at=at)
    if not found.ready:
        raise RuntimeError([reason.in_words() for reason in found.blocking])
    return draft


def _signed(document: Document, owner: User, *, at: datetime) -> Signature:
    """Through the same code and the same act as in the browser."""
    codes.issue(owner, purpose=signing.PURPOSE, subject=signing.subject_of(document), channel="sms", at=at)
    db.session.flush()
    code = db.session.scalars(select(OneTimeCode).where(OneTimeCode.user_id == owner.id).order_by(OneTimeCode.id.desc())).first()
    code.used_at = at
    attempt = signing.Attempt(
        typed_name=owner.name, drawn_png=None, consent=True, consent_words=CONSENT, shown_sha256=document.shown_sha256,
        language="zh", address="127.0.0.1", device="演示数据",
    )
    return signing.sign(document, attempt, code_id=code.id, by=owner, at=at)
