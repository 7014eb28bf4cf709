"""What a homeowner fills in about a drawing."""

from __future__ import annotations

import secrets

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice

from portal.fields import Form, Prose
from portal.rules.plans import CELLS

PLACES = [SelectChoice("", _l("整页")), *(SelectChoice(key, _l(where)) for key, where in CELLS.items())]


class RemarkForm(Form):
    """A remark and where it belongs. `request_key` makes a form that is sent twice one remark."""

    body = Prose(_l("留言内容"), longest=1000)
    cell = SelectField(_l("说的是图上哪里"), choices=PLACES, default="")
    x = HiddenField()
    y = HiddenField()
    number = HiddenField()
    page = HiddenField()
    request_key = HiddenField()

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.request_key.data = (self.request_key.data or "")[:40] or secrets.token_urlsafe(24)


class DecisionForm(Form):
    """Approve, or ask for a change with the reason."""

    number = HiddenField()
    answer = HiddenField()
    reason = Prose(_l("要改什么"), longest=1000, optional=True)


def whole_number(text: str | None) -> int:
    """A small number out of a hidden field or an address; 0 when it is none."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 6 else 0
