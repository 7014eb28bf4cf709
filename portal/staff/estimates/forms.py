"""What an estimator may type."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import Optional

from portal import filters
from portal.actions.estimates import measuring
from portal.actions.estimates.lines import LineFacts
from portal.actions.estimates.measuring import Measure
from portal.actions.estimates.prices import OwnItem
from portal.fields import DayField, Form, MoneyField, Prose, QuantityField, TextLine
from portal.rules.estimate import MOST_FEN, UNITS
from portal.rules.words import Refused

_SUM = re.compile(r"[×xX*+]")


def mark(*said) -> str:
    """A word for what something said when the page was made: two people who edit it at once notice, one who edits something else not."""
    return hashlib.sha256("|".join(map(str, said)).encode()).hexdigest()[:20]


class AmountField(QuantityField):
    """How much: a number, or a sum of products such as 3.5×2.8+1.2, whose working is kept in `terms`."""

    def __init__(self, label=None, validators=(), **kwargs):
        self.terms: list[dict] = []
        super().__init__(label, validators, lowest="0.01", highest="999999", places=2, **kwargs)

    def parse(self, text):
        if not _SUM.search(text):
            return super().parse(text)
        try:
            number, self.terms = measuring.from_dimensions(re.sub("[xX*]", "×", text))
        except Refused as refused:
            raise ValueError(filters.reason(refused.reason)) from None
        return super().parse(str(number))


class DraftForm(Form):
    """Begin a draft: a rough 估算, or the detailed 预算 that the contract will be about."""

    kind = RadioField(_l("种类"), choices=[("estimate", _l("估算")), ("budget", _l("预算"))], default="estimate")


class QuantityForm(Form):
    """Only how much, in the ledger itself."""

    quantity = AmountField(_l("数量"))


class LineForm(Form):
    """One line: where, how much, and why it is there or differs. A chosen room size goes before a typed number."""

    space = TextLine(_l("空间"), longest=40)
    quantity = AmountField(_l("数量"), optional=True)
    measure = SelectField(_l("按房间量"), validators=[Optional()], default="")
    factor = QuantityField(_l("系数"), lowest="0.0001", highest="100", places=4, optional=True)
    change_reason = TextLine(_l("调整原因"), longest=200, optional=True)
    note = Prose(_l("工艺与说明"), longest=4000, optional=True)

    def offer(self, measured: Sequence[Measure]) -> LineForm:
        """Let her choose among the sizes of the rooms."""
        self.measured = measured
        self.quantity.flags.optional = False  # one of the two is needed; `validate` says so
        self.measure.choices = [("", _("不用，数量自己填"))] + [
            (one.key, f"{one.room.name} · {_(one.metric.label)} {one.value} {one.metric.unit}") for one in measured
        ]
        return self

    def validate(self, extra_validators=None) -> bool:
        right = super().validate(extra_validators)
        if right and not self.measure.data and self.quantity.data is None:
            self.quantity.errors = [_("请填写数量，或选一个房间的尺寸。")]
            right = False
        return right

    def facts(self) -> LineFacts:
        """The line as she wants it. Refused when the room's size does not make a quantity."""
        quantity, terms = self.quantity.data, self.quantity.terms
        if self.measure.data:
            quantity, terms = measuring.from_room(self.measured, self.measure.data, self.factor.data or 1)
        return LineFacts(self.space.data, quantity, self.note.data or "", self.change_reason.data or "", terms)


class NewLineForm(LineForm):
    """A line taken from the price book."""

    code = HiddenField()
    from_page = HiddenField()  # "1" from the item's own form, "" from the list of what was found


class SavedLineForm(LineForm):
    """A line that is there; `was` tells what it looked like when the page was opened."""

    was = HiddenField()


class PriceForm(Form):
    """The price of an item off the price book, with its split sheet (R071). Money in fen."""

    name = TextLine(_l("项目名称"), longest=200)
    unit = SelectField(_l("单位"), choices=[(unit, unit) for unit in UNITS])
    unit_price_fen = MoneyField(_l("单价"), highest_fen=MOST_FEN // 1000)
    main_fen = MoneyField(_l("主材"), highest_fen=MOST_FEN // 1000)
    aux_fen = MoneyField(_l("辅材"), highest_fen=MOST_FEN // 1000)
    labor_fen = MoneyField(_l("人工"), highest_fen=MOST_FEN // 1000)
    loss_fen = MoneyField(_l("损耗"), highest_fen=MOST_FEN // 1000)

    def item(self, group_code: str, group_name: str) -> OwnItem:
        given = {
            name: getattr(self, name).data for name in ("name", "unit", "unit_price_fen", "main_fen", "aux_fen", "labor_fen", "loss_fen")
        }
        return OwnItem(group_code=group_code, group_name=group_name, **given)


class OwnItemForm(PriceForm):
    """A new item off the price book and where it goes."""

    group = SelectField(_l("工种"))
    space = TextLine(_l("空间"), longest=40)
    quantity = AmountField(_l("数量"))
    change_reason = TextLine(_l("调整原因"), longest=200, optional=True)
    note = Prose(_l("工艺与说明"), longest=4000, optional=True)

    def facts(self) -> LineFacts:
        return LineFacts(self.space.data, self.quantity.data, self.note.data or "", self.change_reason.data or "", self.quantity.terms)


class TermsForm(Form):
    """Rates, discount, validity, and the word to the homeowner."""

    management_rate = QuantityField(_l("管理费率"), highest="100", places=2)
    tax_rate = QuantityField(_l("税率"), highest="100", places=2)
    discount_fen = MoneyField(_l("优惠金额"))
    valid_until = DayField(_l("报价有效期至"), optional=True)
    materials_chosen_on = DayField(_l("业主确认选材日"), optional=True)
    change_summary = Prose(_l("给业主的说明"), longest=500, optional=True)
    was = HiddenField()


class WithdrawalForm(Form):
    """Take a presented revision back."""

    reason = TextLine(_l("撤回原因"), longest=200)


class ReleaseForm(Form):
    """Let a budget pass that is far above the estimate (R069)."""

    reason = TextLine(_l("放行理由"), longest=200)
