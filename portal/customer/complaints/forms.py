"""The homeowner's last word about a complaint."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.validators import AnyOf, DataRequired

from portal.complaint_fields import STARS, whole
from portal.fields import Form, Prose


class ConfirmationForm(Form):
    """Solved, and how content she is, from 1 to 5."""

    satisfaction = RadioField(
        _l("您对这次处理满意吗？"), choices=STARS, coerce=whole, validate_choice=False,
        validators=[DataRequired(_l("请选一个评价。")), AnyOf([1, 2, 3, 4, 5], _l("请选一个评价。"))],
    )
    words = Prose(_l("想说的话"), longest=1000, optional=True)
