"""May this person sign this revision now? Every answer names its reason; nothing is ever signed by halves.

The checks come in this order, the first that fails decides: the revision (presented, not withdrawn, not superseded,
not expired), the person (a signer, has not signed, nobody declined), the document (ready, the very bytes she was
shown), what she gave (consent, name, signature), and last the one-time code, so that no code is spent on a bad form.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from portal.rules.contact import fold
from portal.rules.decision import Decision, Reason, because
from portal.rules.words import N_, Labelled
from portal.rules.working_time import end_of_day

MOST_ATTEMPTS = 5
CODE_LIFE = timedelta(minutes=5)
RESEND_AFTER = timedelta(seconds=60)


class Verdict(Labelled):
    """SIGNABLE, or what stands in the way."""

    SIGNABLE = "signable", N_("可以签署")
    NOT_PRESENTED = "not_presented", N_("尚未出示")
    WITHDRAWN = "withdrawn", N_("已撤回")
    STALE = "stale", N_("已有新版")
    EXPIRED = "expired", N_("已过有效期")
    NOT_A_SIGNER = "not_a_signer", N_("无需您签署")
    ALREADY_SIGNED = "already_signed", N_("您已签署")
    DECLINED = "declined", N_("已拒签")
    NOT_READY = "not_ready", N_("文件准备中")
    CHANGED = "changed", N_("文件不一致")
    CONSENT_MISSING = "consent_missing", N_("未勾选同意")
    NAME_MISSING = "name_missing", N_("未填写姓名")
    NAME_MISMATCH = "name_mismatch", N_("姓名不符")
    DRAWING_MISSING = "drawing_missing", N_("未手写签名")
    CODE_MISSING = "code_missing", N_("未填验证码")
    CODE_BLOCKED = "code_blocked", N_("验证码已锁定")
    CODE_USED = "code_used", N_("验证码已使用")
    CODE_EXPIRED = "code_expired", N_("验证码已过期")
    CODE_WRONG = "code_wrong", N_("验证码错误")
    REASON_MISSING = "reason_missing", N_("未填写原因")

    @property
    def is_conflict(self) -> bool:
        """Whether the world has moved on (409), rather than the form being at fault (422)."""
        return self in _CONFLICTS

    @property
    def field(self) -> str:
        """The form field beside which the reason belongs; "" for none."""
        return _FIELDS.get(self, "")


_CONFLICTS = frozenset(
    {
        Verdict.NOT_PRESENTED,
        Verdict.WITHDRAWN,
        Verdict.STALE,
        Verdict.EXPIRED,
        Verdict.NOT_A_SIGNER,
        Verdict.ALREADY_SIGNED,
        Verdict.DECLINED,
        Verdict.NOT_READY,
        Verdict.CHANGED,
    }
)
_FIELDS = {
    Verdict.CONSENT_MISSING: "consent",
    Verdict.NAME_MISSING: "name",
    Verdict.NAME_MISMATCH: "name",
    Verdict.DRAWING_MISSING: "drawing",
    Verdict.CODE_MISSING: "code",
    Verdict.CODE_BLOCKED: "code",
    Verdict.CODE_USED: "code",
    Verdict.CODE_EXPIRED: "code",
    Verdict.CODE_WRONG: "code",
    Verdict.REASON_MISSING: "reason",
}


@dataclass(frozen=True)
class RevisionState:
    """What is known of the revision. `newer_presented` is the label of a later presented one, "" when there is none.

    `shown_sha256` is the fingerprint of the certified file that signers are shown, None while it is being prepared.
    `valid_until` is the last local day on which it can be signed, None for no end.
    """

    presented_at: datetime | None
    withdrawn_at: datetime | None = None
    newer_presented: str = ""
    valid_until: date | None = None
    declined_by: str = ""
    document_ready: bool = False
    shown_sha256: str | None = None


@dataclass(frozen=True)
class Signer:
    """The person who asks: `required` when her name stands among the signers frozen at the presentation."""

    name: str
    required: bool
    signed_at: datetime | None = None


@dataclass(frozen=True)
class Code:
    """The newest one-time code sent for this revision; `matches` says whether the given digits are right.

    `attempts` counts the wrong tries before this one.
    """

    matches: bool
    expires_at: datetime
    used_at: datetime | None = None
    attempts: int = 0


@dataclass(frozen=True)
class Submission:
    """What the form carried. `code` is None when none was given or none was ever sent."""

    shown_sha256: str
    typed_name: str
    consented: bool
    code: Code | None
    drawn: bool = True  # a drawn signature, or the typed one chosen in its place


Found = tuple[Verdict, Reason]


def judge_readiness(revision: RevisionState, signer: Signer, at: datetime) -> Decision[Verdict]:
    """Whether the form may be shown at all: everything that does not depend on what is typed into it."""
    return _first(_before_the_form(revision, signer, at))


def judge_signature(revision: RevisionState, signer: Signer, submission: Submission, at: datetime) -> Decision[Verdict]:
    """Whether the submission becomes a signature at `at`. Only on SIGNABLE is anything written or the code used."""
    ready = judge_readiness(revision, signer, at)
    if ready.verdict is not Verdict.SIGNABLE:
        return ready
    return _first(_in_the_form(revision, signer, submission, at))


def judge_decline(revision: RevisionState, signer: Signer, reason: str, at: datetime) -> Decision[Verdict]:
    """Whether a signer may decline, which needs a reason. An expired or unfinished document can be declined too."""
    open_to_decline = {Verdict.EXPIRED, Verdict.NOT_READY}
    found = [step for step in _before_the_form(revision, signer, at) if step[0] not in open_to_decline]
    if not reason.strip():
        found.append((Verdict.REASON_MISSING, because("SIGN", "请写明不签的原因，方便我们修改")))
    return _first(iter(found))


def names_agree(typed: str, name: str) -> bool:
    """Equal after folding full-width characters, trimming, and making runs of spaces one.

    A remark in brackets behind the registered name, such as 王芳(A座), need not be typed.
    """
    return _plain(typed) in (_plain(name), _plain(fold(name).partition("(")[0])) and bool(_plain(typed))


def _first(found: Iterator[Found]) -> Decision[Verdict]:
    verdict, reason = next(found, (Verdict.SIGNABLE, because("SIGN", "全部条件满足，可以签署")))
    return Decision(verdict, (reason,))


def _before_the_form(revision: RevisionState, signer: Signer, at: datetime) -> Iterator[Found]:
    if revision.presented_at is None:
        yield Verdict.NOT_PRESENTED, because("R073", "这份报价还没有正式出示，暂时不能签署")
    if revision.withdrawn_at is not None:
        yield Verdict.WITHDRAWN, because("SIGN", "这份报价已被公司撤回，请等待新版")
    if revision.newer_presented:
        yield Verdict.STALE, because("SIGN", "已有新版{label}，请查看并签署新版", label=revision.newer_presented)
    if revision.valid_until is not None and at >= end_of_day(revision.valid_until):
        yield (
            Verdict.EXPIRED,
            because("SIGN", "这份报价的有效期到{last_day}为止，已不能签署", last_day=revision.valid_until),
        )
    if not signer.required:
        yield Verdict.NOT_A_SIGNER, because("SIGN", "这份文件不需要您签署")
    if signer.signed_at is not None:
        yield Verdict.ALREADY_SIGNED, because("SIGN", "您已经签署过这份文件，无需再签")
    if revision.declined_by:
        yield Verdict.DECLINED, because("SIGN", "{name}已拒绝签署这一版，请等待公司修改", name=revision.declined_by)
    if not revision.document_ready or revision.shown_sha256 is None:
        yield Verdict.NOT_READY, because("SIGN", "签署文件正在生成，请稍候再试")


def _in_the_form(revision: RevisionState, signer: Signer, given: Submission, at: datetime) -> Iterator[Found]:
    if not hmac.compare_digest(given.shown_sha256.encode(), (revision.shown_sha256 or "").encode()):
        yield Verdict.CHANGED, because("SIGN", "您看到的文件与当前文件不一致，请刷新后重新核对")
    if not given.consented:
        yield Verdict.CONSENT_MISSING, because("SIGN", "请勾选同意使用电子签名")
    if not given.typed_name.strip():
        yield Verdict.NAME_MISSING, because("SIGN", "请填写您的姓名")
    elif not names_agree(given.typed_name, signer.name):
        yield Verdict.NAME_MISMATCH, because("SIGN", "姓名须与登记的“{name}”一致", name=signer.name)
    if not given.drawn:
        yield Verdict.DRAWING_MISSING, because("SIGN", "请手写签名，或选择使用键入的姓名")
    yield from _of_the_code(given.code, at)


def _of_the_code(code: Code | None, at: datetime) -> Iterator[Found]:
    if code is None:
        yield Verdict.CODE_MISSING, because("SIGN", "请先获取并填写验证码")
    elif code.used_at is not None:
        yield Verdict.CODE_USED, because("SIGN", "验证码已经用过，请重新获取")
    elif code.attempts >= MOST_ATTEMPTS:
        yield (
            Verdict.CODE_BLOCKED,
            because("SIGN", "输错{attempts}次，验证码已锁定，请重新获取", attempts=MOST_ATTEMPTS),
        )
    elif at >= code.expires_at:
        yield Verdict.CODE_EXPIRED, because("SIGN", "验证码已过期，请重新获取")
    elif not code.matches:
        left = MOST_ATTEMPTS - code.attempts - 1
        yield Verdict.CODE_WRONG, because("SIGN", "验证码不正确，还可以试{left}次", left=left)


def _plain(name: str) -> str:
    return " ".join(fold(name).split())
