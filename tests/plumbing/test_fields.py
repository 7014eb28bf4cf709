"""Fields return values, say what is wrong, and keep what was typed."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal

import pytest

from portal.fields import (
    DayField,
    EmailField,
    Form,
    MoneyField,
    PhoneField,
    Prose,
    QuantityField,
    TextLine,
    TimeField,
    VersionField,
    WholeNumberField,
)
from portal.password_field import NewPasswordField


def filled(app, field, typed):
    class One(Form):
        it = field

    with app.test_request_context(method="POST", data={"it": typed}):
        form = One()
        valid = form.validate()
        return valid, form.it.data, [str(error) for error in form.it.errors], str(form.it())


@pytest.mark.parametrize(
    "field, typed, value",
    [
        (TextLine("x", longest=10), "  王  五 ", "王 五"),
        (TextLine("x", longest=10), "a\tb", "a b"),
        (TextLine("x", longest=10, optional=True), "  ", ""),
        (TextLine("x", longest=10), "👩‍👩‍👧", "👩‍👩‍👧"),
        (Prose("x", longest=20), "一\r\n二\r三\n", "一\n二\n三"),
        (PhoneField(), "１３８ 0013-8000", "+8613800138000"),
        (PhoneField(optional=True), "", None),
        (QuantityField("x"), "1,234.5", Decimal("1234.5")),
        (QuantityField("x"), "１２", Decimal("12")),
        (QuantityField("x", highest="9999999"), "1,234,567", Decimal("1234567")),
        (QuantityField("x"), "１，２３４", Decimal("1234")),
        (WholeNumberField("x", highest="9999"), "1,200", 1200),
        (WholeNumberField("x", highest="9"), "7", 7),
        (MoneyField("x"), "¥1,234.5", 123450),
        (MoneyField("x"), "85.60元", 8560),
        (MoneyField("x", lowest_fen=-10_000), "-85.6", -8560),
        (DayField("x"), "2026-07-03", date(2026, 7, 3)),
        (DayField("x"), "2026年7月3日", date(2026, 7, 3)),
        (TimeField("x"), "9：05", time(9, 5)),
        (EmailField(optional=True), " a@b.cn ", "a@b.cn"),
        (EmailField(optional=True), "", None),
        (VersionField(), "3", 3),
        (VersionField(), "x", 0),
        (VersionField(), "٣", 0),
    ],
)
def test_values(app, field, typed, value):
    assert filled(app, field, typed)[:3] == (True, value, [])


@pytest.mark.parametrize(
    "field, typed, sentence",
    [
        (TextLine("x", longest=10), "", "请填写这一项"),
        (TextLine("x", longest=10), "a" * 11, "最多10个字"),
        (TextLine("x", longest=10), "a\x00b", "控制字符"),
        (TextLine("x", longest=10), "a‮b", "控制字符"),
        (Prose("x", longest=10), "a\x1bb", "控制字符"),
        (PhoneField(), "138", "11位"),
        (QuantityField("x"), "NaN", "请填写一个数"),
        (QuantityField("x"), "Infinity", "请填写一个数"),
        (QuantityField("x"), "1e5", "请填写一个数"),
        (QuantityField("x"), "1_000", "请填写一个数"),
        *[(QuantityField("x"), typed, "请填写一个数") for typed in ("1,5", "12,34", "1,2345", "1234,567", ",5", "1,", "1，5", "1.5,000", "1,,000")],
        (MoneyField("x"), "1,5", "请填写一个数"),
        (MoneyField("x"), "¥12,50", "请填写一个数"),
        (WholeNumberField("x"), "1,00", "请填写一个数"),
        (QuantityField("x"), "-1", "0到999999之间"),
        (QuantityField("x"), "1.2345", "最多3位小数"),
        (QuantityField("x"), "9" * 100, "请填写一个数"),
        (WholeNumberField("x"), "1.5", "请填整数"),
        (MoneyField("x"), "1.234", "两位小数"),
        (MoneyField("x"), "-1", "之间"),
        (MoneyField("x"), "", "请填写这一项"),
        (DayField("x"), "0000-01-01", "例如2026-07-03"),
        (DayField("x"), "1999-12-31", "2000年到2099年"),
        (DayField("x"), "2100-01-01", "2000年到2099年"),
        (DayField("x"), "2026-02-30", "例如2026-07-03"),
        (TimeField("x"), "25:00", "例如09:30"),
        (EmailField(), "a@b", "不像一个邮箱"),
        (EmailField(), "a@b.cn\r\nBcc: x@y.cn", "不像一个邮箱"),
        (NewPasswordField(), "1234567", "至少8个字符"),
    ],
)
def test_refusals_say_why(app, field, typed, sentence):
    valid, _value, errors, _shown = filled(app, field, typed)
    assert not valid and sentence in " ".join(errors)


@pytest.mark.parametrize(
    "field, typed",
    [
        (QuantityField("x"), "zwölf"),
        (MoneyField("x"), "1.234"),
        (DayField("x"), "gestern"),
        (PhoneField(), "138"),
        (TextLine("x", longest=3), "viel zu lang"),
    ],
)
def test_what_was_typed_stays(app, field, typed):
    assert f'value="{typed}"' in filled(app, field, typed)[3]


def test_a_field_that_a_forged_form_leaves_out_is_empty(app):
    class Two(Form):
        asked, optional = TextLine("x", longest=9), Prose("x", longest=9, optional=True)

    with app.test_request_context(method="POST", data={"other": "1"}):
        form = Two()
        assert not form.validate() and list(form.errors) == ["asked"]
        assert (form.asked.data, form.optional.data) == ("", "")


def test_a_password_is_never_written_back(app):
    assert "hunter22" not in filled(app, NewPasswordField(), "hunter22")[3]


def test_a_megabyte_is_refused_quickly(app):
    valid, _value, errors, shown = filled(app, Prose("x", longest=500), "字" * 400_000)
    assert not valid and "最多500个字" in errors[0] and shown.count("字") == 400_000
    assert not filled(app, QuantityField("x"), "9" * 1_000_000)[0]
