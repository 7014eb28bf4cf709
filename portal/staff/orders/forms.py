"""What is entered about a stage. Every stage has its own forms on one page, told apart by their prefix."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField

from portal.actions.orders import MOST_PHOTOS
from portal.fields import DayField, Form, Prose, VersionField, WholeNumberField
from portal.photo_field import PhotosField


class PlanForm(Form):
    """The day on which works begin."""

    start_on = DayField(_l("开工日期"))
    version = VersionField()


class StepForm(Form):
    """Begin, end, note: a day, words, photos. `confirmed` answers a warning that was shown."""

    body = Prose(_l("现场说明"), longest=1000, optional=True)
    pictures = PhotosField(_l("现场照片"), most=MOST_PHOTOS)
    on = DayField(_l("日期"))
    for_homeowner = BooleanField(_l("业主可见"), default=True)
    begin_next = BooleanField(_l("同时开始下一阶段"))
    confirmed = BooleanField(_l("我已了解，仍然继续"))
    version = VersionField()


class DelayForm(Form):
    """How many working days longer, and why."""

    days = WholeNumberField(_l("多用几个工作日"), lowest="1", highest="400")
    body = Prose(_l("原因（业主会看到）"), longest=1000)
    version = VersionField()


class ReopenForm(Form):
    """Why a finished stage is opened again."""

    body = Prose(_l("重新打开的原因（业主会看到）"), longest=1000)
    version = VersionField()
