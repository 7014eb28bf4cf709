"""The field for a password that is to be set."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import InputRequired, ValidationError

USUAL = {
    "password",
    "12345678",
    "123456789",
    "1234567890",
    "11111111",
    "88888888",
    "66666666",
    "00000000",
    "qwertyui",
    "qwerty123",
    "abc12345",
    "a1234567",
    "password1",
    "iloveyou",
    "woaini1314",
    "5201314520",
}


def _long_enough(_form, field) -> None:
    if not 8 <= len(field.data or "") <= 200:
        raise ValidationError(_("密码至少8个字符，越长越安全。"))


def _not_usual(_form, field) -> None:
    if (field.data or "").lower() in USUAL or len(set(field.data or "")) < 3:
        raise ValidationError(_("这个密码太常见，容易被猜到，请换一个。"))


class NewPasswordField(PasswordField):
    """A password to be set: 8 to 200 characters, none of the most usual ones. Never written back into the page."""

    def __init__(self, label=_l("新密码"), **kwargs):
        super().__init__(label, [InputRequired(_l("请填写密码。")), _long_enough, _not_usual], **kwargs)
