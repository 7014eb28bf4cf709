"""A forgotten password: a code to the person's phone, then a new password. Says the same to everybody."""

from __future__ import annotations

from flask import Response, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal import clock, filters, passwords
from portal.actions import accounts, resets
from portal.extensions import db
from portal.fields import Form, TextLine
from portal.front.account import bp
from portal.password_field import NewPasswordField
from portal.rendering import moved, page
from portal.security import public


class ForgottenForm(Form):
    identifier = TextLine(_l("手机号或工号"), longest=80)


class NewPasswordForm(ForgottenForm):
    code = TextLine(_l("短信验证码"), longest=20)
    new = NewPasswordField()


@bp.get("/password")
@public
def password() -> Response:
    return page("account/password.html", form=ForgottenForm(identifier=session.get("reset", "")))


@bp.post("/password")
@public
def send_code():
    """Whether or not the account exists, exactly the same happens here: the background looks it up."""
    form = ForgottenForm()
    if not form.validate():
        return page("account/password.html", form=form), 422
    try:
        resets.ask(identifier=form.identifier.data, address=request.address, at=clock.now())
    except accounts.TooMany as refused:
        return _wait("account/password.html", form, refused.wait_s)
    db.session.commit()
    session["reset"] = form.identifier.data
    return redirect(url_for("account.code"), 303)


@bp.get("/password/code")
@public
def code() -> Response:
    return page("account/code.html", form=NewPasswordForm(identifier=session.get("reset", "")))


@bp.post("/password/code")
@public
def use_code():
    form = NewPasswordForm()
    if not form.validate():
        return page("account/code.html", form=form), 422
    wait_s = accounts.address_wait_s(request.address, clock.now())
    if wait_s:  # before the costly part: whoever is sent away costs nothing
        return _wait("account/code.html", form, wait_s)
    db.session.rollback()  # nobody waits for a transaction that hashes
    new_hash = passwords.hashed(form.new.data)  # before anybody is looked up: the same time for everybody
    try:
        done = resets.finish(
            identifier=form.identifier.data,
            code=form.code.data,
            new_hash=new_hash,
            address=request.address,
            at=clock.now(),
        )
    except accounts.TooMany as refused:
        return _wait("account/code.html", form, refused.wait_s)
    db.session.commit()  # a wrong code was counted
    if not done.ok:
        form.code.errors = [filters.reason(done.reason)]
        return page("account/code.html", form=form), 422
    session.pop("reset", None)
    return moved(url_for("account.login"), said=_("密码已设置好，请用新密码登录。"))


def _wait(template: str, form: Form, wait_s: int):
    form.form_errors.append(_("试的次数太多了，请%(minutes)s分钟后再试。", minutes=-(-wait_s // 60)))
    return page(template, form=form), 429, {"Retry-After": str(wait_s)}
