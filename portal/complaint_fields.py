"""What a complaint is told with, the same for the homeowner and for staff who write it down for her."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, SelectField
from wtforms.validators import AnyOf, DataRequired, ValidationError

from portal.errors import Conflict
from portal.fields import Form, Prose, TextLine
from portal.filters import reason
from portal.photo_field import PhotosField
from portal.rules.complaint_clock import SUBCATEGORIES, Category
from portal.rules.words import Refused

MOST_PHOTOS = 9


class ComplaintForm(Form):
    """The form of a complaint. `request_key` makes a form that is sent twice one complaint."""

    category = RadioField(
        _l("是哪方面的问题？"), choices=[(kind.value, _l(kind.label)) for kind in Category], validate_choice=False,
        validators=[DataRequired(_l("请选一个类别。")), AnyOf([kind.value for kind in Category], _l("请选一个类别。"))],
    )
    subcategory = SelectField(_l("具体是什么"), validate_choice=False, default="")
    urgent = BooleanField(_l("现在有危险：正在漏水、漏电、漏气、着火，或有人受伤"))
    title = TextLine(_l("一句话说明"), longest=80)
    description = Prose(_l("发生了什么"), longest=4000)
    place = TextLine(_l("在家里什么位置"), longest=80, optional=True)
    visiting_time = TextLine(_l("什么时候方便上门"), longest=120, optional=True)
    photos = PhotosField(_l("照片"), most=MOST_PHOTOS)
    request_key = HiddenField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.subcategory.choices = _kinds()
        self.request_key.data = (self.request_key.data or "")[:64] or secrets.token_urlsafe(24)

    def validate_subcategory(self, field) -> None:
        kinds = SUBCATEGORIES[Category(self.category.data)] if self.category.data in set(Category) else ()
        if field.data and kinds and field.data not in kinds:
            category = _(Category(self.category.data).label)
            raise ValidationError(_("这一项不属于“%(category)s”，请重新选，或者选“不确定”。", category=category))

    def facts(self) -> dict:
        """What the action is called with, besides the home and the photos."""
        return self.values(without=("photos", "project_id")) | {"subcategory": self.subcategory.data or ""}


def _kinds() -> dict:
    """Exact kinds under their category, in the language of the page; the first is "not sure"."""
    groups = {_("不确定"): [("", _("不确定，你们来判断"))]}
    for category, kinds in SUBCATEGORIES.items():
        groups[_(category.label)] = [(kind, _(kind)) for kind in kinds]
    return groups


class WordsForm(Form):
    """Words with photos: a reply, a result, a reason."""

    words = Prose(_l("内容"), longest=4000)
    photos = PhotosField(_l("照片"), most=MOST_PHOTOS)


STARS = [(5, _l("5 非常满意")), (4, _l("4 满意")), (3, _l("3 一般")), (2, _l("2 不满意")), (1, _l("1 很不满意"))]


@contextmanager
def overtaken() -> Iterator[None]:
    """A ruling against an act that the page offered: 409 in the words of the rule, because the page was too old."""
    try:
        yield
    except Refused as refused:
        raise Conflict(reason(refused.reason)) from None


def stars(value) -> int | None:
    """The stars that were given, None for none; a forged choice is 0 stars, which no form takes."""
    return (whole(value) or 0) if value else None


def whole(value) -> int | None:
    """The whole number that a radio button or a select sent, None for anything else."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
