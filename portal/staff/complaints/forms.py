"""The forms of the office. Each that changes a complaint carries the version that was looked at."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, SelectField
from wtforms.validators import AnyOf, DataRequired

from portal.complaint_fields import STARS, ComplaintForm, WordsForm, stars, whole
from portal.fields import Form, Prose, TextLine, VersionField
from portal.rules.complaint_clock import Severity

CHANNELS = [("phone", _l("电话")), ("wechat", _l("微信")), ("visit", _l("当面")), ("other", _l("其他方式"))]


class StaffFilingForm(ComplaintForm):
    """A complaint that staff write down for a customer."""

    project_id = HiddenField()
    channel = SelectField(
        _l("从哪里来"), choices=CHANNELS, validate_choice=False, default="phone",
        validators=[AnyOf([key for key, _label in CHANNELS], _l("请选一种方式。"))],
    )
    reporter_name = TextLine(_l("谁反映的"), longest=60)


class StepForm(WordsForm):
    """Words and photos that change the complaint."""

    version = VersionField()


class ClosingForm(Form):
    """The customer's answer, which ends it (R161)."""

    asked = BooleanField(_l("我已问过业主，结果得到确认"))
    words = Prose(_l("业主怎么说"), longest=1000)
    satisfaction = SelectField(
        _l("业主打几分"), choices=[("", _l("没有打分")), *STARS], coerce=stars, validate_choice=False,
        validators=[AnyOf([None, 1, 2, 3, 4, 5], _l("请选一个评价。"))],
    )
    version = VersionField()


class AssignmentForm(Form):
    """Another person who answers."""

    assignee_id = SelectField(
        _l("新的负责人"), coerce=whole, validate_choice=False, validators=[DataRequired(_l("请选一位同事。"))]
    )
    reason = TextLine(_l("原因"), longest=200, optional=True)
    version = VersionField()


class SeverityForm(Form):
    """Another level, with the reason."""

    severity = SelectField(
        _l("级别"), choices=[(level.value, level.value) for level in Severity], validate_choice=False,
        validators=[AnyOf([level.value for level in Severity], _l("请选一个级别。"))],
    )
    reason = TextLine(_l("原因"), longest=200)
    version = VersionField()
