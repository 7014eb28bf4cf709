"""The signing ceremony: read the very file, get a code, sign with name, stroke, consent and code. Or decline."""

from __future__ import annotations

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import BooleanField, HiddenField, StringField

from portal import clock, scope
from portal.actions.accounts import TooMany
from portal.actions.estimates import drawn, signing
from portal.customer.estimates import bp
from portal.customer.estimates.facts import about
from portal.errors import Conflict
from portal.extensions import db
from portal.fields import Form, Prose, TextLine
from portal.filters import reason
from portal.queries import estimates as reads
from portal.rendering import moved, page
from portal.rules.signing import Verdict
from portal.security import needs

CONSENT = _l("我已逐项阅读这份报价，同意其中的全部内容；我同意用电子签名签署，并认可它与我的手写签名具有同等效力。")


FIELDS = {"name": "typed_name", "consent": "consent"}  # the rule's name of a field → the form's


class SignatureForm(Form):
    """What makes a signature. `stroke` is the drawn signature as a PNG data address; without scripts the name stands for it."""

    document_id = HiddenField()
    shown_sha256 = HiddenField()
    typed_name = TextLine(_l("您的姓名"), longest=60)
    stroke = HiddenField()
    consent = BooleanField(CONSENT)
    code = StringField(_l("短信验证码"))


class RefusalForm(Form):
    """Why she does not sign."""

    reason = Prose(_l("不接受的原因"), longest=1000)


@bp.get("/<int:revision_id>/signature")
@needs("home.act")
def signature(revision_id: int) -> Response:
    """The ceremony, step by step."""
    revision = _revision(revision_id)
    return page("customer/estimates/signature.html", **_facts(revision))


@bp.post("/<int:revision_id>/code")
@needs("home.act")
def code(revision_id: int) -> Response:
    """Send a one-time code to her phone. Asked for too often, it says when to try again."""
    revision = _revision(revision_id)
    facts = _facts(revision)
    document = facts["document"]
    if document is None or document.shown_sha256 is None:
        raise Conflict(_("正式文件还在生成，请稍候再试。"))
    try:
        signing.send_code(document, by=current_user, at=clock.now())
    except TooMany as wait:
        said = _("刚发过验证码，请%(seconds)s秒后再试。", seconds=wait.wait_s)
        return page("customer/estimates/signature.html", **facts | {"code_refused": said}), 422
    db.session.commit()
    return moved(url_for(".signature", revision_id=revision_id) + "#sign", said=_("验证码已发送"))


@bp.post("/<int:revision_id>/signature")
@needs("home.act")
def sign(revision_id: int) -> Response:
    """Sign. Stale, expired, already signed: 409 in plain words, nothing written. A fault of the form: 422, words kept."""
    revision = _revision(revision_id)
    form = SignatureForm()
    document = scope.find(scope.home_documents(current_user), _number(form.document_id.data))
    if document.revision_id != revision.id:
        raise Conflict(_("您看到的文件和现在的文件不一致，请重新打开后再签。您刚才没有签任何内容。"))
    stroke = drawn.png_of(form.stroke.data)
    attempt = signing.Attempt(
        typed_name=form.typed_name.data or "", drawn_png=stroke, consent=form.consent.data, consent_words=str(CONSENT),
        shown_sha256=form.shown_sha256.data or "", language=document.language, address=request.address, device=request.device,
    )
    decision = signing.judge(document, attempt, by=current_user, at=clock.now())
    if decision.verdict.is_conflict:
        return page("customer/estimates/signature.html", **_facts(revision) | {"form": form, "obstacle": decision.deciding}), 409
    valid = form.validate()
    _blame(form, decision)
    used = None
    if valid and decision.verdict is Verdict.SIGNABLE:
        used = signing.use_code(document, form.code.data or "", by=current_user, at=clock.now())
    if used is None or not used.ok:
        if used is not None:
            form.code.errors = [reason(used.reason)]
            db.session.commit()  # the try of a wrong code counts
        return page("customer/estimates/signature.html", **_facts(revision) | {"form": form}), 422
    signing.sign(document, attempt, code_id=used.code.id, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id), said=_("签署成功，文件正在封存"))


@bp.post("/<int:revision_id>/refusal")
@needs("home.act")
def decline(revision_id: int) -> Response:
    """Decline with a reason; it reaches the estimator and the account manager."""
    revision = _revision(revision_id)
    form = RefusalForm()
    facts = _facts(revision)
    if facts["mine"] != "open":
        raise Conflict(_("您已经处理过这一版，不用再操作。"))
    if current_user.id not in facts["required"]:
        raise Conflict(_("这份文件不需要您签字。"))
    if not form.validate():
        return page("customer/estimates/signature.html", **facts | {"refusal": form}), 422
    signing.decline(revision, reason=form.reason.data, by=current_user, at=clock.now())
    db.session.commit()
    return moved(url_for(".show", revision_id=revision_id), said=_("已告诉公司，您的客户经理会联系您"))


def _revision(revision_id: int):
    return scope.find(reads.with_lines(scope.home_revisions(current_user)), revision_id)


def _facts(revision) -> dict:
    facts = about(revision, current_user)
    document = facts["document"]
    return facts | {
        "form": SignatureForm(formdata=None),
        "refusal": RefusalForm(formdata=None),
        "obstacle": None,
        "code_refused": "",
        "code_sent": document is not None and signing.code_sent(document, by=current_user, at=clock.now()),
    }


def _blame(form: SignatureForm, decision) -> None:
    """Put the obstacle beside the field it is about."""
    field = form._fields.get(FIELDS.get(decision.verdict.field, ""))
    if field is not None and not field.errors:
        field.errors = [reason(decision.deciding)]


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0
