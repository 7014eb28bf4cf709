"""What is entered about a stage."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField

from portal.fields import DayField, Form, Prose, VersionField, WholeNumberField


class PlanForm(Form):
    """The day on which works begin."""

    start_on = DayField(_l("开工日期"))
    version = VersionField()


class StepForm(Form):
    """Begin, end, note: a day, words, photos."""

    on = DayField(_l("日期"))
    body = Prose(_l("说明"), longest=1000, optional=True)
    pictures = MultipleFileField(_l("照片"))
    for_homeowner = BooleanField(_l("业主可见"), default=True)
    version = VersionField()


class DelayForm(Form):
    """How many working days longer, and why."""

    days = WholeNumberField(_l("多用几个工作日"), lowest="1", highest="400")
    body = Prose(_l("原因（业主会看到）"), longest=1000)
    version = VersionField()


class ReopenForm(Form):
    """Why a finished stage is opened again."""

    body = Prose(_l("重新打开的原因"), longest=1000)
    version = VersionField()
