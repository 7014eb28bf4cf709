"""How values are written: one filter per kind, in the language of the page and the company's zone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from decimal import Decimal

import phonenumbers
from flask import Flask
from flask_babel import format_date, gettext

from portal import clock, i18n
from portal.rules import money as fen_rules
from portal.rules.access import ROLE_NAMES, Role
from portal.rules.decision import Reason, recall

_ISO_DAY = re.compile(r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])")
_DAY_S, _HOUR_S, _MINUTE_S = 86_400, 3_600, 60


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        money=money, day=day, weekday=weekday, hour=hour, moment=moment, ago=ago, remaining=remaining,
        phone=phone, translated=translated, quantity=quantity, filesize=filesize, reason=reason, initials=initials, percent=percent,
        role_name=role_name, role_names=role_names,
    )


def money(fen: int | None, signed: bool = False) -> str:
    """¥79,085.68; negative with a real minus; `signed` also shows a plus."""
    if fen is None:
        return "—"
    mark = "−" if fen < 0 else "+" if signed and fen > 0 else ""
    return f"{mark}¥{fen_rules.yuan(abs(fen))}"


def percent(bp: int) -> str:
    """Hundredths of a percent: 800 → 8%."""
    return f"{quantity(Decimal(bp) / 100)}%"


def day(value: date | datetime | None, weekday: bool = True) -> str:
    """7月3日 周五, with the year when it is not this one."""
    if value is None:
        return "—"
    value = _local_day(value)
    this_year = value.year == clock.today().year
    if i18n.language() == "zh":
        text = f"{value.month}月{value.day}日" if this_year else f"{value.year}年{value.month}月{value.day}日"
    else:
        text = format_date(value, "d MMM" if this_year else "d MMM y")
    return f"{text} {_weekday(value)}" if weekday else text


def weekday(value: date | datetime) -> str:
    return _weekday(_local_day(value))


def hour(value: datetime) -> str:
    """09:05, on the company's wall clock."""
    return f"{clock.local(value):%H:%M}"


def moment(value: datetime | None, weekday: bool = True) -> str:
    return "—" if value is None else f"{day(value, weekday)} {hour(value)}"


def ago(value: datetime) -> str:
    """How far from now, in the largest unit: 3小时前, 2天后."""
    seconds = round((clock.now() - value).total_seconds())
    amount, unit = _largest_unit(abs(seconds))
    if unit is None:
        return gettext("刚刚")
    return gettext(_PAST[unit] if seconds > 0 else _FUTURE[unit], number=amount)


def remaining(value: datetime) -> dict:
    """What is left until `value`: {"words": 还剩2小时 / 已超时1天, "tone": neutral, attention (≤ 24 h) or bad}."""
    left = value - clock.now()
    amount, unit = _largest_unit(max(60, abs(round(left.total_seconds()))))
    if left < timedelta(0):
        return {"words": gettext(_OVER[unit], number=amount), "tone": "bad"}
    return {"words": gettext(_LEFT[unit], number=amount), "tone": "attention" if left <= timedelta(days=1) else "neutral"}


def phone(e164: str | None) -> str:
    """138 0013 8000 for a mainland mobile number, else the international form."""
    if not e164:
        return "—"
    if e164.startswith("+861") and len(e164) == 14:
        return f"{e164[3:6]} {e164[6:10]} {e164[10:]}"
    try:
        number = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def quantity(value: Decimal) -> str:
    """A decimal without meaningless zeros: 12.50 → 12.5, 3.00 → 3."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def filesize(size_bytes: int) -> str:
    for unit, size in (("GB", 1 << 30), ("MB", 1 << 20), ("KB", 1 << 10)):
        if size_bytes >= size:
            return f"{size_bytes / size:.1f} {unit}"
    return f"{size_bytes} B"


def reason(given: Reason | dict) -> str:
    """The sentence of a trace in the language of the page; so are the days and the words of ours that it mentions."""
    found = given if isinstance(given, Reason) else recall(given)
    facts = {name: _worded(value) for name, value in found.facts.items()}
    return Reason(found.rule, found.says, facts).in_words(gettext)


def _worded(fact):
    if isinstance(fact, datetime):
        return moment(fact)
    if isinstance(fact, date):
        return day(fact, weekday=False)
    if isinstance(fact, str) and _ISO_DAY.fullmatch(fact):
        with suppress(ValueError):  # 2026-02-31 is nobody's day, only somebody's words
            return day(date.fromisoformat(fact), weekday=False)
    return translated(fact) if isinstance(fact, str) else fact


def translated(text: str | None) -> str:
    """A stored text that may be one of ours, in the language of the page; anybody's own words as they are, also with a %."""
    return gettext(text) if text else ""


def role_name(role: str) -> str:
    """设计师 / Designer."""
    return gettext(ROLE_NAMES[Role(role)])


def role_names(roles: Iterable[str]) -> str:
    """All roles of a person, in the order of the permission matrix."""
    return gettext("、").join(role_name(role) for role in Role if role in roles)


def initials(name: str) -> str:
    """李 for 李雷, SK for Sally King."""
    words = name.split()
    return name[:1] if not name.isascii() or len(words) < 2 else (words[0][:1] + words[-1][:1]).upper()


def _local_day(value: date | datetime) -> date:
    return clock.local(value).date() if isinstance(value, datetime) else value


def _weekday(value: date) -> str:
    return f"周{'一二三四五六日'[value.weekday()]}" if i18n.language() == "zh" else format_date(value, "EEE")


def _largest_unit(seconds: int) -> tuple[int, str | None]:
    for unit, size in (("day", _DAY_S), ("hour", _HOUR_S), ("minute", _MINUTE_S)):
        if seconds >= size:
            return seconds // size, unit
    return 0, None


_PAST = {"day": "%(number)s天前", "hour": "%(number)s小时前", "minute": "%(number)s分钟前"}
_FUTURE = {"day": "%(number)s天后", "hour": "%(number)s小时后", "minute": "%(number)s分钟后"}
_LEFT = {"day": "还剩%(number)s天", "hour": "还剩%(number)s小时", "minute": "还剩%(number)s分钟"}
_OVER = {"day": "已超时%(number)s天", "hour": "已超时%(number)s小时", "minute": "已超时%(number)s分钟"}
