"""My account: my data, my language, my password, the devices on which I am signed in."""

from __future__ import annotations

from flask import Response, current_app, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import PasswordField
from wtforms.validators import InputRequired
from wtforms.widgets import PasswordInput

from portal import clock, devices, passwords, scope
from portal.actions import accounts
from portal.extensions import db
from portal.fields import Form
from portal.front.account import bp
from portal.password_field import NewPasswordField
from portal.rendering import moved, page
from portal.security import signed_in


class PasswordForm(Form):
    current = PasswordField(_l("现在的密码"), [InputRequired(_l("请填写密码。"))], widget=PasswordInput())
    new = NewPasswordField()


@bp.get("/account")
@signed_in
def show() -> Response:
    return _account_page(PasswordForm())


@bp.post("/account/password")
@signed_in
def change_password():
    """The old password proves that it is she; all other devices are signed out."""
    form = PasswordForm()
    if not form.validate():
        return _account_page(form), 422
    try:
        knocked = accounts.knock(identifier=current_user.phone, address="", at=clock.now())
    except accounts.TooMany as refused:
        form.current.errors = [_("试的次数太多了，请%(minutes)s分钟后再试。", minutes=-(-refused.wait_s // 60))]
        return _account_page(form), 429, {"Retry-After": str(refused.wait_s)}
    keep = current_user.session
    db.session.commit()  # counted before it is answered; and no transaction waits while the passwords are hashed
    right = passwords.matches(knocked.password_hash, form.current.data)
    new_hash = passwords.hashed(form.new.data) if right else ""
    user = accounts.admit(knocked, at=clock.now()) if right else None
    if user is None:
        form.current.errors = [_("现在的密码不对。")]
        return _account_page(form), 422
    accounts.set_password(user, new_hash, by=user, at=clock.now(), keep=keep)
    db.session.commit()
    return moved(url_for("account.show"), said=_("密码已修改，其他设备已退出登录。"))


@bp.post("/account/sessions/<int:device_id>/end")
@signed_in
def end_device(device_id: int):
    scope.find(scope.devices(current_user), device_id)
    ended = accounts.sign_out_device(current_user, device_id, at=clock.now())
    db.session.commit()
    return moved(url_for("account.show"), said=_("那台设备已退出登录。") if ended else _("那台设备早已退出登录。"))


@bp.post("/account/sessions/end-others")
@signed_in
def end_other_devices():
    count = accounts.sign_out_others(current_user, keep=current_user.session, at=clock.now())
    db.session.commit()
    return moved(url_for("account.show"), said=_("其他%(count)s台设备已退出登录。", count=count))


def _account_page(form: PasswordForm) -> Response:
    idle_days = current_app.config["SETTINGS"].session_idle_days
    found = accounts.devices(current_user, clock.now(), idle_days)
    listed = [
        {"row": row, "words": devices.in_words(row.device), "here": row.id == current_user.session.id} for row in found
    ]
    return page("account/show.html", form=form, devices=listed)
