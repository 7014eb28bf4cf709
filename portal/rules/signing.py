"""May this person sign this revision at this moment? One answer, before anything is written (R073, R100)."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.rules.decision import Decision, Reason, because, decide
from portal.rules.estimate import is_valid


class Signing(StrEnum):
    """What becomes of an attempt to sign."""

    MAY_SIGN = "may_sign"
    NOT_PRESENTED = "not_presented"
    WITHDRAWN = "withdrawn"
    STALE = "stale"
    ALREADY_SIGNED = "already_signed"
    DECLINED = "declined"
    NOT_A_SIGNER = "not_a_signer"
    EXPIRED = "expired"
    NOT_READY = "not_ready"
    OTHER_LANGUAGE = "other_language"
    OTHER_BYTES = "other_bytes"
    NO_CONSENT = "no_consent"
    OTHER_NAME = "other_name"


# Verdicts that mean "something newer or already done": the answer is a conflict, not a fault of the form.
CONFLICTS = frozenset(
    {Signing.WITHDRAWN, Signing.STALE, Signing.ALREADY_SIGNED, Signing.DECLINED, Signing.EXPIRED, Signing.NOT_READY,
     Signing.OTHER_LANGUAGE, Signing.OTHER_BYTES, Signing.NOT_PRESENTED, Signing.NOT_A_SIGNER}
)


@dataclass(frozen=True)
class SigningFacts:
    """What is known when somebody presses "sign". Hashes are SHA-256 in lower-case hex."""

    presented: bool
    withdrawn: bool
    newest: bool
    signed_by_person: bool
    declined_by_person: bool
    required: bool
    valid_until: date | None
    ready: bool
    language_of_record: str | None
    language: str
    shown_sha256: str
    document_sha256: str | None
    consent: bool
    typed_name: str
    person_name: str


Check = Callable[[SigningFacts, datetime], Reason | None]


def judge_signature(facts: SigningFacts, *, at: datetime) -> Decision[Signing]:
    """The first obstacle in the order of CHECKS, or MAY_SIGN. The one-time code is consumed afterwards, by itself."""
    for verdict, check in CHECKS:
        obstacle = check(facts, at)
        if obstacle is not None:
            return decide(verdict, obstacle)
    return decide(Signing.MAY_SIGN, because("R100", "可以签字：版本最新、仍在有效期内、文件与您看到的一致。"))


def same_name(typed: str, name: str) -> bool:
    """Whether the typed name is the person's: width, case and spaces do not count, nor a remark in brackets."""
    return _bare(typed) == _bare(name) != ""


def _bare(name: str) -> str:
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(folded.partition("(")[0].split())


def _when(condition: Callable[[SigningFacts, datetime], bool], rule: str, says: str) -> Check:
    return lambda facts, at: because(rule, says) if condition(facts, at) else None


CHECKS: tuple[tuple[Signing, Check], ...] = (
    (Signing.NOT_PRESENTED, _when(lambda f, at: not f.presented, "R073", "这一版还没有出示，不能签字。")),
    (Signing.ALREADY_SIGNED, _when(lambda f, at: f.signed_by_person, "R100", "您已经签过这一版，不用再签。")),
    (Signing.WITHDRAWN, _when(lambda f, at: f.withdrawn, "R091", "公司撤回了这一版，不能再签字。")),
    (Signing.STALE, _when(lambda f, at: not f.newest, "R091", "公司已经出示了更新的一版。请看新的一版，这一版不能再签字，您刚才没有签任何内容。")),
    (Signing.DECLINED, _when(lambda f, at: f.declined_by_person, "R100", "您已经拒绝签署这一版。等公司出示新的一版后再签。")),
    (Signing.NOT_A_SIGNER, _when(lambda f, at: not f.required, "R100", "这份文件不需要您签字。")),
    (Signing.EXPIRED, _when(lambda f, at: not is_valid(f.valid_until, at), "R073", "这份报价已经过了有效期，不能再签字。请联系公司更新报价。")),
    (Signing.NOT_READY, _when(lambda f, at: not f.ready, "R100", "正式文件还在生成，请稍候再签。")),
    (Signing.OTHER_LANGUAGE, _when(
        lambda f, at: f.language_of_record not in (None, f.language), "R100",
        "家人已经签了另一种语言的文件，请打开那一份一起签。")),
    (Signing.OTHER_BYTES, _when(
        lambda f, at: f.shown_sha256 != f.document_sha256, "R100",
        "您看到的文件和现在的文件不一致，请重新打开后再签。您刚才没有签任何内容。")),
    (Signing.NO_CONSENT, _when(lambda f, at: not f.consent, "R100", "请先勾选同意，再签字。")),
    (Signing.OTHER_NAME, _when(lambda f, at: not same_name(f.typed_name, f.person_name), "R100", "请填写您本人的姓名，和账户里的姓名一致。")),
)
