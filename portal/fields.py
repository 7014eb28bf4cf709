"""Form fields that return values (E.164, fen, Decimal, dates), not strings, and never let a strange character in.

A field that refuses says why beside itself and keeps the words that were typed.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, time
from decimal import Decimal

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional, ValidationError
from wtforms.widgets import DateInput, TelInput, TimeInput

from portal import filters, phones
from portal.rules import money
from portal.rules.words import Labelled, Refused

# Control characters (also NUL), marks that turn the direction of reading, and half characters.
STRANGE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
# A comma parts thousands and nothing else: in "1,5" it may mean a decimal point, and nobody wants ten times the price.
_NUMBER = re.compile(r"[+-]?(\d{1,15}|\d{1,3}(,\d{3}){1,4})(\.\d{1,9})?")
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_TIME = re.compile(r"(\d{1,2})[:：](\d{2})(?::\d{2})?")


class Form(FlaskForm):
    """A form whose `values()` are the keyword arguments of the action behind it."""

    def values(self, *, without: tuple[str, ...] = ()) -> dict:
        """What was entered, field by field, without the token, the version and what `without` names."""
        return {name: value for name, value in self.data.items() if name not in ("csrf_token", "version", *without)}


def words(kind: type[Labelled]) -> dict[str, LazyString]:
    """The translated word of every member of an enum, by its value."""
    return {member.value: LazyString(_, member.label) for member in kind}


def choices(kind: type[Labelled]) -> list[SelectChoice]:
    """The members of an enum, to choose from in a SelectField or RadioField."""
    return [SelectChoice(value, label) for value, label in words(kind).items()]


def clean(text: str, *, lines: bool = False) -> str:
    """NFC, trimmed, without characters that no one types. Line ends become \\n, or blanks when `lines` is off."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    text = unicodedata.normalize("NFC", STRANGE.sub("", text))
    return text.strip() if lines else " ".join(text.split())


class _Text:
    """What one line and several lines share: cleaning, a length that is said, an emptiness that is said."""

    lines = False

    def __init__(self, label=None, validators=(), *, longest: int, optional: bool = False, **kwargs):
        first = Optional(strip_whitespace=False) if optional else DataRequired(_l("请填写这一项。"))
        length = Length(max=longest, message=_l("最多%(longest)s个字，请写短一些。", longest=longest))
        super().__init__(label, [first, length, *validators], **kwargs)

    def process_formdata(self, valuelist):
        if not valuelist:
            self.data = self.data or ""  # a form that was made up may leave anything out
            return
        typed = valuelist[0]
        self.data = clean(typed, lines=self.lines)
        if STRANGE.search(typed.replace("\r", "")):
            raise ValueError(_("这里有看不见的控制字符，我们已经去掉了，请检查后再提交。"))


class TextLine(_Text, StringField):
    """One line: `TextLine(_l("姓名"), longest=60)`; `optional=True` allows it to be empty ("")."""


class Prose(_Text, TextAreaField):
    """Several lines; line ends are \\n."""

    lines = True


class _Parsed(StringField):
    """A text that means a value; what was typed stays in the field when it means none."""

    refusal = _l("这里填得不对。")

    def __init__(self, label=None, validators=(), *, optional: bool = False, **kwargs):
        first = Optional() if optional else InputRequired(_l("请填写这一项。"))
        super().__init__(label, [first, *validators], **kwargs)

    def parse(self, text: str):
        """The value of `text`, or ValueError with the sentence that says what is wrong with it."""
        raise NotImplementedError

    def write(self, value) -> str:
        """How `value` stands in the field."""
        return str(value)

    def process_formdata(self, valuelist):
        if not valuelist:
            return
        self.data = None
        text = clean(unicodedata.normalize("NFKC", valuelist[0][:200]))
        if text:
            self.data = self.parse(text)

    def _value(self):
        if self.data is not None:
            return self.write(self.data)
        return clean(str(self.raw_data[0])[:200]) if self.raw_data else ""


class PhoneField(_Parsed):
    """Any spelling of a phone number → E.164."""

    widget = TelInput()

    def __init__(self, label=_l("手机号"), validators=(), **kwargs):
        super().__init__(label, validators, **kwargs)

    def parse(self, text):
        try:
            return phones.phone_e164(text)
        except Refused as refused:
            raise ValueError(filters.reason(refused.reason)) from None

    def write(self, value):
        return filters.phone(value)


class QuantityField(_Parsed):
    """A plain decimal number → Decimal with at most `places` decimals, from `lowest` to `highest`."""

    def __init__(self, label=None, validators=(), *, lowest="0", highest="999999", places: int = 3, **kwargs):
        self.lowest, self.highest, self.places = Decimal(lowest), Decimal(highest), places
        super().__init__(label, validators, **kwargs)

    def parse(self, text):
        number = _number(text)
        if -number.as_tuple().exponent > self.places:
            raise ValueError(_("最多%(places)s位小数。", places=self.places) if self.places else _("请填整数。"))
        if not self.lowest <= number <= self.highest:
            raise ValueError(_("请填%(lowest)s到%(highest)s之间的数。", lowest=self.lowest, highest=self.highest))
        return number

    def write(self, value):
        return filters.quantity(value)


class WholeNumberField(QuantityField):
    """A whole number → int."""

    def __init__(self, label=None, validators=(), **kwargs):
        super().__init__(label, validators, places=0, **kwargs)

    def parse(self, text):
        return int(super().parse(text))

    def write(self, value):
        return str(value)


class MoneyField(_Parsed):
    """Yuan with at most two decimals → fen (int), from `lowest_fen` to `highest_fen`."""

    def __init__(self, label=None, validators=(), *, lowest_fen: int = 0, highest_fen: int = 10**10, **kwargs):
        self.lowest_fen, self.highest_fen = lowest_fen, highest_fen
        super().__init__(label, validators, **kwargs)

    def parse(self, text):
        number = _number(text.removeprefix("¥").removesuffix("元").strip())
        if -number.as_tuple().exponent > 2:
            raise ValueError(_("金额最多到分，也就是两位小数。"))
        fen = money.fen_from_yuan(format(number, "f"))
        if not self.lowest_fen <= fen <= self.highest_fen:
            lowest, highest = money.yuan(self.lowest_fen), money.yuan(self.highest_fen)
            raise ValueError(_("金额请在%(lowest)s元到%(highest)s元之间。", lowest=lowest, highest=highest))
        return fen

    def write(self, value):
        return money.yuan(value).replace(",", "")


class DayField(_Parsed):
    """A day → date between the years 2000 and 2099."""

    widget = DateInput()

    def parse(self, text):
        match = _DAY.fullmatch(text)
        try:
            day = date(*map(int, match.groups()))
        except (AttributeError, ValueError):
            raise ValueError(_("请填写日期，例如2026-07-03。")) from None
        if not 2000 <= day.year <= 2099:
            raise ValueError(_("日期要在2000年到2099年之间。"))
        return day

    def write(self, value):
        return value.isoformat()


class TimeField(_Parsed):
    """A time of the day on the company's wall clock → time."""

    widget = TimeInput()

    def parse(self, text):
        match = _TIME.fullmatch(text)
        try:
            return time(int(match[1]), int(match[2]))
        except (TypeError, ValueError):
            raise ValueError(_("请填写时间，例如09:30。")) from None

    def write(self, value):
        return f"{value:%H:%M}"


class EmailField(TextLine):
    """An e-mail address of the usual shape; None when empty."""

    def __init__(self, label=_l("邮箱"), validators=(), **kwargs):
        super().__init__(label, validators, longest=254, **kwargs)

    def post_validate(self, form, validation_stopped):
        if self.data and not re.fullmatch(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\".]{2,}", self.data):
            raise ValidationError(_("这不像一个邮箱地址。"))
        self.data = self.data or None


class VersionField(HiddenField):
    """The version of the row that the page showed → int, 0 when it is missing or forged."""

    def process_formdata(self, valuelist):
        text = valuelist[0] if valuelist else ""
        self.data = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0


def _number(text: str) -> Decimal:
    plain = text.replace(" ", "").replace("−", "-")
    if not _NUMBER.fullmatch(plain) or not plain.isascii():
        raise ValueError(_("请填写一个数，例如12.5。"))
    return Decimal(plain.replace(",", ""))
