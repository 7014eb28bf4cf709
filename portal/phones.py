"""A phone as people type it becomes E.164, or a sentence that says what is wrong with it."""

from __future__ import annotations

import re

import phonenumbers

from portal.rules.contact import phone_key
from portal.rules.decision import because
from portal.rules.words import N_, Refused

HOME_REGION = "CN"
_DIALLED = re.compile(r"\+?[0-9]+")
_HOME_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_MOST_SIGNS = 40
_FIELD = "phone"


def phone_e164(text: str, region: str = HOME_REGION) -> str:
    """ "138 0013 8000", "０１０-…", "+86 138…", "0086138…" → "+8613800138000"; foreign numbers with + or 00.

    Raises Refused, whose reason can be translated. Mainland mobile numbers need only have the right shape: new
    prefixes are given out faster than any list knows.
    """
    if not text or not text.strip():
        raise Refused(because("PHONE", "请填写电话号码"), _FIELD)
    if len(text) > _MOST_SIGNS:
        raise Refused(because("PHONE", "电话号码太长，请检查"), _FIELD)
    dialled = re.sub(r"[().（）]", "", phone_key(text))
    if dialled.startswith("00"):
        dialled = "+" + dialled[2:]
    if not _DIALLED.fullmatch(dialled):
        raise Refused(because("PHONE", "电话号码只能包含数字，国外号码以 + 开头"), _FIELD)
    if region == HOME_REGION and _HOME_MOBILE.fullmatch(dialled):
        return f"+86{dialled}"
    return _parsed(dialled, region)


def _parsed(dialled: str, region: str) -> str:
    try:
        number = phonenumbers.parse(dialled, region)
    except phonenumbers.NumberParseException:
        raise Refused(because("PHONE", "电话号码不完整或不存在，请检查"), _FIELD) from None
    if not phonenumbers.is_valid_number(number):
        raise Refused(because("PHONE", _what_is_wrong(dialled)), _FIELD)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _what_is_wrong(dialled: str) -> str:
    if dialled.startswith("1") and len(dialled) != 11:
        return N_("手机号码应为11位数字，请检查")
    return N_("电话号码不完整或不存在，请检查")
