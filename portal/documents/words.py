"""A finding in plain words, Chinese or English: for the command line and for the page where anybody may verify a
file.
"""

from __future__ import annotations

from collections.abc import Callable

from portal.documents.report import Problem, SignerReport, Verification
from portal.documents.writing import moment, translator


def N_(message: str) -> str:
    return message


PROBLEMS = {
    "no_root": N_("这里没有可信的根证书，无法判断签名由谁签发：签发机构未知。"),
    "too_large": N_("文件太大，不是本门户签发的文件。"),
    "not_a_pdf": N_("这不是PDF文件。"),
    "unreadable": N_("文件已损坏或被改动，无法读出签名。"),
    "unsigned": N_("文件里没有电子签名。"),
    "too_many_signatures": N_("签名太多，不是本门户签发的文件。"),
    "altered": N_("在“%(name)s”签名之后，签名所覆盖的内容被改动了。"),
    "loose_bytes": N_("“%(name)s”的签名数据里有被改动的字节。"),
    "unknown_authority": N_("“%(name)s”的证书由未知机构“%(issuer)s”签发，不能相信。"),
    "unknown_time_service": N_("“%(name)s”的时间戳无效，或来自未知的时间戳服务。"),
    "not_certified": N_("文件开头的签名不是公司的认证（“%(name)s”）。"),
    "wrong_signer": N_("“%(name)s”不是应在此处签名的人。"),
    "foreign": N_("“%(name)s”的签名不是由本门户完成的，没有证据记录。"),
    "appended": N_("在最后一个签名之后，文件末尾又添加了%(bytes)s个字节。"),
    "rewritten": N_("在“%(name)s”签名之后，文件被追加了不允许的改动。"),
    "fields_differ": N_("文件里的签名栏与公司认证的不一致。"),
    "original_differs": N_("文件开头与公司认证时的原文不一致。"),
    "not_shown": N_("“%(name)s”签名时看到的文件不是这一份。"),
    "times_differ": N_("“%(name)s”的签名时间自相矛盾，或缺少应有的时间戳。"),
    "not_locked": N_("签名已齐，但文件没有被最后一个签名锁定。"),
}

CHANNELS = {"sms": N_("短信验证码"), "password": N_("登录密码"), "paper": N_("纸质签署")}


def words(found: Verification, language: str) -> str:
    """The whole statement: the verdict, why not, who signed what and when, who has to sign yet, and what it is
    worth.
    """
    _ = translator(language)
    lines = [headline(found, language)]
    lines += [f"  · {problem_in_words(problem, language)}" for problem in found.problems]
    if found.title:
        lines.append(_("文件：%(title)s（%(company)s）", title=found.title, company=found.company))
    lines += [line for one in found.signers for line in signer_in_words(one, language)]
    lines += [missing_in_words(found, language)] if found.missing else []
    lines += assurance_in_words(found, language) if found.intact else []
    return "\n".join([*lines, f"SHA-256  {found.sha256}"])


def headline(found: Verification, language: str) -> str:
    """The verdict in one sentence."""
    _ = translator(language)
    if found.valid:
        return _("有效：文件完整，没有任何改动，所需签名齐全。")
    if found.intact:
        return _("未完成：文件没有被改动，但还缺少签名。")
    return _("无效：这份文件不可信。")


def problem_in_words(problem: Problem, language: str) -> str:
    return translator(language)(PROBLEMS[problem.code]) % {"name": "", "issuer": "", "bytes": "", **problem.facts}


def missing_in_words(found: Verification, language: str) -> str:
    """Who has to sign yet."""
    _ = translator(language)
    people = [
        f"{one.name}（{_(one.role)}）" if language == "zh" else f"{one.name} ({_(one.role)})" for one in found.missing
    ]
    return _("还没有签名：%(people)s", people=("、" if language == "zh" else ", ").join(people))


def signer_in_words(one: SignerReport, language: str) -> list[str]:
    """Who signed when, then the evidence, one line each."""
    _ = translator(language)
    at = moment(one.at, language) if one.at else _("时间不明")
    mark = "✓" if one.holds else "✗"
    if one.kind == "company":
        said = _("%(name)s 于 %(at)s 认证", name=one.name, at=at)
    else:
        said = _("%(name)s（%(role)s）于 %(at)s 签署", name=one.name, role=_(one.role) if one.role else "—", at=at)
    return [f"{mark} {said}", *(f"    {line}" for line in _evidence(one, language, _))]


def _evidence(one: SignerReport, language: str, _: Callable[..., str]) -> list[str]:
    said = one.evidence
    lines = [_("时间戳服务证明的时间：%(at)s", at=moment(one.stamped_at, language))] if one.stamped_at else []
    channel = str(said.get("channel", ""))
    for label, value in (
        (_("身份验证"), _(CHANNELS.get(channel, channel)) if channel else ""),
        (_("网络地址"), said.get("address")),
        (_("设备"), said.get("device")),
    ):
        lines += [f"{label}  {value}"] if value else []
    if said.get("record") == "signature":
        spoken = {"zh": _("中文"), "en": _("英文")}.get(str(said.get("language")), str(said.get("language")))
        lines += [
            _("显示语言  %(language)s", language=spoken),
            _("所见文件  %(hash)s", hash=said.get("shown_sha256", "")),
        ]
    return [*lines, _("证书编号  %(number)s", number=one.certificate_number)]


def assurance_in_words(found: Verification, language: str) -> list[str]:
    """What the signatures are worth, said honestly."""
    _ = translator(language)
    certified = found.facts
    commercial = certified.get("assurance") == "commercial"
    seal = (
        _("公司印章的证书由第三方认证机构签发；各签署人的证书由公司自建的认证系统签发。")
        if commercial
        else _("保证级别：内部。证书由公司自建的认证系统签发，不是持牌的第三方认证机构。")
    )
    return [
        seal,
        _(
            "签署人的私钥由门户服务器为这一次签名生成，用后即弃：它证明门户核验了谁、以何种方式确认，不等于本人独自掌握的密钥。"
        ),
        _("时间由第三方时间戳服务证明。")
        if certified.get("clock") == "service"
        else _("时间取自门户自己的时钟，没有第三方时间戳。"),
    ]
