"""Phone numbers: any usual spelling in, E.164 out. A number without a country is a Chinese one."""

from __future__ import annotations

import unicodedata

import phonenumbers

HOME = "CN"
_DASHES = str.maketrans({"—": "-", "–": "-", "‐": "-", "－": "-", "\u00a0": " ", "\u3000": " "})


def e164(text: str) -> str | None:
    """"138 0013 8000", "+86-138…", "１３８…", "0086 138…" → "+8613800138000"; None when it is no possible number."""
    plain = unicodedata.normalize("NFKC", text or "").translate(_DASHES).strip()
    if not plain or len(plain) > 40:
        return None
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    try:
        number = phonenumbers.parse(plain, HOME)
    except phonenumbers.NumberParseException:
        return None
    if number.extension or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def is_mobile(number: str) -> bool:
    """Whether a message can reach this E.164 number."""
    kind = phonenumbers.number_type(phonenumbers.parse(number))
    return kind in (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)


def masked(number: str) -> str:
    """"138****8000": enough to recognise one's own number, too little to call somebody else's."""
    national = number[3:] if number.startswith("+86") else number
    return f"{national[:3]}****{national[-4:]}" if len(national) > 7 else "****"
