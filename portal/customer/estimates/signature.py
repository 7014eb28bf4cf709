"""The signing ceremony: read the very file, get a code, sign with name, stroke, consent and code. Or decline."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.exceptions import NotFound
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import ValidationError

from portal import clock, scope
from portal.actions.accounts import TooMany
from portal.actions.estimates import declining, drawn, signing
from portal.customer.estimates import bp
from portal.customer.estimates.facts import about, find
from portal.documents.stamp import UnusableDrawing
from portal.errors import Conflict
from portal.extensions import db
from portal.fields import Form, Prose, TextLine
from portal.filters import reason
from portal.rendering import moved, page
from portal.rules.signing import Verdict
from portal.security import accepts, needs

CONSENT = _l("我已逐项阅读这份报价，同意其中的全部内容；我同意用电子签名签署，并认可它与我的手写签名具有同等效力。")
FIELDS = {"name": "typed_name", "consent": "consent", "drawing": "stroke"}  # the rule's name of a field → the form's
TEMPLATE = "customer/estimates/signature.html"
FORM_BYTES = 2 * 1024 * 1024


class SignatureForm(Form):
    """What makes a signature. `stroke` is the drawn signature as a PNG data address; without scripts the name stands for it."""

    document_id = HiddenField()
    shown_sha256 = HiddenField()
    typed_name = TextLine(_l("您的姓名"), longest=60)
    stroke = HiddenField()
    consent = BooleanField(CONSENT)
    code = StringField(_l("短信验证码"))

    png: bytes | None = None

    def validate_stroke(self, field) -> None:
        """Empty is fine; anything else is a small PNG or does not count, and is not sent back into the page."""
        if not field.data:
            return
        try:
            self.png = drawn.png_of(field.data)
        except UnusableDrawing:
            field.data = ""
            raise ValidationError(_("手写签名没有收到，请重新写一次，或留空、以姓名为准。")) from None


class RefusalForm(Form):
    """Why she does not sign."""

    reason = Prose(_l("不接受的原因"), longest=1000)


@bp.get("/<int:revision_id>/signature")
@needs("home.act")
def signature(revision_id: int) -> Response:
    """The ceremony, step by step."""
    return page(TEMPLATE, **_facts(find(current_user, revision_id)))


@bp.post("/<int:revision_id>/code")
@needs("home.act")
def code(revision_id: int) -> Response:
    """Send a one-time code to her phone. Asked for too often, it says when to try again."""
    facts = _facts(find(current_user, revision_id))
    document = facts["document"]
    if facts["obstacle"] is not None or document is None:
        return page(TEMPLATE, **facts), 409
    try:
        signing.send_code(document, by=current_user, at=clock.now())
    except TooMany as wait:
        said = _("刚发过验证码，请%(seconds)s秒后再试。", seconds=wait.wait_s)
        return page(TEMPLATE, **facts | {"code_refused": said}), 422
    db.session.commit()
    return moved(url_for(".signature", revision_id=revision_id) + "#sign", said=_("验证码已发送"))


@bp.post("/<int:revision_id>/signature")
@needs("home.act")
@accepts(FORM_BYTES)
def sign(revision_id: int) -> Response:
    """Sign. Stale, expired, already signed: 409 in plain words, nothing written. A fault of the form: 422, words kept."""
    revision = find(current_user, revision_id)
    form = SignatureForm()
    document = _paper(revision_id, form)
    if document.revision_id != revision.id:
        raise Conflict(_("您看到的文件和现在的文件不一致，请重新打开后再签。您刚才没有签任何内容。"))
    signing.hold(document)
    valid = form.validate()
    attempt = _attempt(form, document)
    decision = signing.judge(document, attempt, by=current_user, at=clock.now())
    if decision.verdict.is_conflict:
        return page(TEMPLATE, **_facts(revision) | {"form": form, "obstacle": decision}), 409
    _blame(form, decision)
    if not valid or decision.verdict is not Verdict.SIGNABLE:
        return page(TEMPLATE, **_facts(revision) | {"form": form}), 422
    used = signing.use_code(document, form.code.data or "", by=current_user, at=clock.now())
    if not used.ok:
        db.session.commit()  # the try of a wrong code counts
        form.code.errors = [reason(used.reason)]
        return page(TEMPLATE, **_facts(revision) | {"form": form, "code_sent": True}), 422
    signing.sign(document, attempt, code_id=used.code.id, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id), said=_("签署成功，文件正在封存"))


@bp.post("/<int:revision_id>/refusal")
@needs("home.act")
def decline(revision_id: int) -> Response:
    """Decline with a reason; it reaches the estimator and the account manager."""
    revision = find(current_user, revision_id)
    form = RefusalForm()
    document = _facts(revision)["document"]
    if document is None:
        raise Conflict(_("这份文件不需要您签字。"))
    signing.hold(document)
    decision = declining.judge(document, form.reason.data or "", by=current_user, at=clock.now())
    if decision.verdict.is_conflict:
        return page(TEMPLATE, **_facts(revision) | {"obstacle": decision}), 409
    if not form.validate() or decision.verdict is not Verdict.SIGNABLE:
        return page(TEMPLATE, **_facts(revision) | {"refusal": form}), 422
    declining.decline(revision, reason=form.reason.data, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id), said=_("已告诉公司，您的客户经理会联系您"))


def _facts(revision) -> dict:
    """`obstacle` is the decision that stands in the way of signing, None while nothing does."""
    facts = about(revision, current_user)
    document, at = facts["document"], clock.now()
    ready = signing.readiness(document, by=current_user, at=at) if document else None
    return facts | {
        "form": SignatureForm(formdata=None),
        "refusal": RefusalForm(formdata=None),
        "obstacle": ready if ready and ready.verdict is not Verdict.SIGNABLE else None,
        "code_refused": "",
        "code_sent": document is not None and signing.code_sent(document, by=current_user, at=at),
    }


def _attempt(form: SignatureForm, document) -> signing.Attempt:
    return signing.Attempt(
        typed_name=form.typed_name.data or "",
        drawn_png=form.png,
        consent=form.consent.data,
        consent_words=str(CONSENT),
        shown_sha256=(form.shown_sha256.data or "")[:64],
        language=document.language,
        address=request.address,
        device=request.device,
    )


def _blame(form: SignatureForm, decision) -> None:
    """Put the obstacle beside the field it is about."""
    field = form._fields.get(FIELDS.get(decision.verdict.field, ""))
    if field is not None and not field.errors:
        field.errors = [reason(decision.deciding)]


def _paper(revision_id: int, form: SignatureForm):
    """The document she was shown. Gone because the company took the revision back in this very moment: said so, not 404."""
    try:
        return scope.find(scope.home_documents(current_user), _number(form.document_id.data))
    except NotFound:
        find(current_user, revision_id)
        raise


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
