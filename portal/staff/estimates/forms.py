"""What an estimator may type."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField

from portal.fields import DayField, Form, MoneyField, Prose, QuantityField, TextLine, VersionField


class DraftForm(Form):
    """Begin a draft: a rough 估算, or the detailed 预算 that the contract will be about."""

    kind = RadioField(_l("种类"), choices=[("estimate", _l("估算")), ("budget", _l("预算"))], default="estimate")


class LineForm(Form):
    """One line: where, how much, and why it is there or differs."""

    space = TextLine(_l("空间"), longest=40)
    quantity = QuantityField(_l("数量"), lowest="0.01", highest="999999", places=2)
    note = Prose(_l("工艺与说明"), longest=4000, optional=True)
    change_reason = TextLine(_l("调整原因"), longest=200, optional=True)


class QuantityForm(Form):
    """Only how much, in the ledger itself."""

    quantity = QuantityField(_l("数量"), lowest="0.01", highest="999999", places=2)


class NewLineForm(LineForm):
    """A line taken from the price book."""

    code = TextLine(_l("项目编号"), longest=9)


class TermsForm(Form):
    """Rates, discount, validity, and the word to the homeowner."""

    management_rate = QuantityField(_l("管理费率"), highest="100", places=2)
    tax_rate = QuantityField(_l("税率"), highest="100", places=2)
    discount_fen = MoneyField(_l("优惠金额"))
    valid_until = DayField(_l("报价有效期至"), optional=True)
    change_summary = Prose(_l("给业主的说明"), longest=500, optional=True)
    version = VersionField()


class WithdrawalForm(Form):
    """Take a presented revision back."""

    reason = TextLine(_l("撤回原因"), longest=200)
