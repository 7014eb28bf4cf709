"""Fen in, fen out: the only place that rounds money, always half up, away from zero (requirements, section 0)."""

from __future__ import annotations

from decimal import Context, Decimal, localcontext
from fractions import Fraction

FEN_PER_YUAN = 100
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")
_SECTIONS = ("", "万", "亿", "万亿")


def half_up(value: Decimal | Fraction | int) -> int:
    """The nearest integer, halves away from zero: 166.5 → 167, −166.5 → −167."""
    exact = Fraction(value)
    whole = (abs(exact) * 2 + 1) // 2
    return int(whole) if exact >= 0 else -int(whole)


def round_to(value: Decimal | Fraction, places: int) -> Decimal:
    """`value` with `places` decimals, halves away from zero; computed exactly."""
    return Decimal(half_up(Fraction(value) * 10**places)).scaleb(-places, Context(prec=60))


def times(quantity: Decimal, unit_price_fen: int) -> int:
    """Amount in fen of `quantity` at `unit_price_fen` (L3)."""
    return half_up(Fraction(quantity) * unit_price_fen)


def share_bp(amount_fen: int, rate_bp: int) -> int:
    """`rate_bp` hundredths of a percent of `amount_fen`, in fen (T3, T5)."""
    return half_up(Fraction(amount_fen * rate_bp, 10_000))


def ratio_bp(part_fen: int, whole_fen: int) -> int:
    """`part` of `whole` in hundredths of a percent, rounded half up (V1). `whole_fen` is not 0."""
    return half_up(Fraction(part_fen * 10_000, whole_fen))


def fen_from_yuan(yuan: str) -> int:
    """Fen of a plain decimal number of yuan, at most two decimals: "85.60" → 8560. ValueError otherwise."""
    with localcontext() as context:
        context.prec = 40
        fen = Decimal(yuan) * FEN_PER_YUAN if _is_plain(yuan) else None
    if fen is None or fen != fen.to_integral_value():
        raise ValueError(f"not an amount in yuan: {yuan!r}")
    return int(fen)


def yuan(amount_fen: int) -> str:
    """"79,085.68": yuan with thousands separators and two decimals, without a currency sign."""
    sign = "-" if amount_fen < 0 else ""
    whole, rest = divmod(abs(amount_fen), FEN_PER_YUAN)
    return f"{sign}{whole:,}.{rest:02d}"


def in_words(amount_fen: int) -> str:
    """大写 amount of a contract (W1): 7908568 → 柒万玖仟零捌拾伍元陆角捌分. `amount_fen` ≥ 0."""
    if amount_fen < 0:
        raise ValueError("an amount in words is not negative")
    whole, rest = divmod(amount_fen, FEN_PER_YUAN)
    jiao, fen = divmod(rest, 10)
    words = f"{_whole_in_words(whole)}元" if whole else ""
    if not rest:
        return f"{words or '零元'}整"
    words += f"{_DIGITS[jiao]}角" if jiao else ("零" if whole else "")
    return words + (f"{_DIGITS[fen]}分" if fen else "")


def _whole_in_words(whole: int) -> str:
    words, gap = "", False
    sections = []
    while whole:
        whole, section = divmod(whole, 10_000)
        sections.append(section)
    for rank in range(len(sections) - 1, -1, -1):
        section = sections[rank]
        if not section:
            gap = bool(words)
            continue
        if words and (gap or section < 1_000):
            words += "零"
        words += _section_in_words(section) + _SECTIONS[rank]
        gap = False
    return words


def _section_in_words(section: int) -> str:
    words, gap = "", False
    for place in (3, 2, 1, 0):
        digit = section // 10**place % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + _PLACES[place]
            gap = False
        else:
            gap = True
    return words


def _is_plain(number: str) -> bool:
    digits, _, decimals = number.removeprefix("-").partition(".")
    return (digits + decimals).isascii() and digits.isdigit() and (decimals.isdigit() or "." not in number)
