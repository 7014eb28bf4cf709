"""How a document writes numbers, days and moments: always in full, never "today", so that it reads the same in ten
years.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from babel.dates import format_date

from portal import clock, i18n
from portal.rules import money


def filters(language: str) -> dict[str, Callable]:
    """Jinja filters of one language."""
    return {
        "yuan": yuan,
        "signed_yuan": signed_yuan,
        "capitals": money.in_words,
        "quantity": lambda value: f"{value:,f}",
        "percent": percent,
        "day": lambda value: day(value, language),
        "moment": lambda value: moment(value, language),
        "grouped": grouped,
        "translated": i18n.catalogue(language).gettext,  # a fact such as a role; never read as a pattern with %
        "known": lambda name, kind: i18n.catalogue(language).pgettext(kind, name),
    }


def translator(language: str) -> Callable[..., str]:
    """`_("…%(name)s", name=…)` in `language`, without a request."""
    catalogue = i18n.catalogue(language)
    return lambda message, **facts: catalogue.gettext(message) % facts if facts else catalogue.gettext(message)


def yuan(amount_fen: int) -> str:
    """¥79,085.68; a negative amount with a real minus."""
    return f"{'−' if amount_fen < 0 else ''}¥{money.yuan(abs(amount_fen))}"


def signed_yuan(amount_fen: int) -> str:
    return f"+{yuan(amount_fen)}" if amount_fen > 0 else yuan(amount_fen)


def percent(rate_bp: int) -> str:
    """Hundredths of a percent: 800 → 8%, 950 → 9.5%."""
    text = format(Decimal(rate_bp) / 100, "f")
    return f"{text.rstrip('0').rstrip('.') if '.' in text else text}%"


def day(value: date, language: str) -> str:
    """2026年3月27日 / 27 March 2026, with the year, always."""
    return (
        f"{value.year}年{value.month}月{value.day}日"
        if language == "zh"
        else format_date(value, "d MMMM y", locale="en")
    )


def moment(value: datetime, language: str) -> str:
    """The company's wall clock with its offset: 2026年11月24日 12:00:05 (UTC+8)."""
    local = clock.local(value)
    return f"{day(local.date(), language)} {local:%H:%M:%S} (UTC{_offset(local)})"


def grouped(hexadecimal: str) -> str:
    """A fingerprint in groups of four, to be compared by eye."""
    return " ".join(hexadecimal[at : at + 4] for at in range(0, len(hexadecimal), 4))


def _offset(local: datetime) -> str:
    minutes = int(local.utcoffset().total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02d}" if rest else "")
