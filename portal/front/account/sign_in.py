"""Signing in and out, and the language of the page."""

from __future__ import annotations

from flask import Response, current_app, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length

from portal import clock, i18n, passwords, sessions
from portal.actions import accounts
from portal.demo import people as demo_people
from portal.extensions import db
from portal.fields import Form, TextLine
from portal.front.account import bp
from portal.rendering import moved, page
from portal.security import own_address, public


class SignInForm(Form):
    identifier = TextLine(_l("手机号或工号"), longest=80)
    password = PasswordField(_l("密码"), [InputRequired(_l("请填写密码。")), Length(max=200, message=_l("密码不对。"))])
    next = HiddenField()


@bp.get("/login")
@public
def login() -> Response:
    """Everyone signs in here."""
    if current_user.is_authenticated:
        return redirect(landing(current_user, request.args.get("next")), 302)
    return _sign_in_page(SignInForm(next=own_address(request.args.get("next"))))


@bp.post("/login")
@public
def enter() -> Response:
    form = SignInForm()
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        knocked = accounts.knock(identifier=form.identifier.data, address=request.address, at=clock.now())
    except accounts.TooMany as refused:
        return _wait(form, refused.wait_s)
    db.session.commit()  # counted before it is answered; and no transaction waits while the password is hashed
    right = passwords.matches(knocked.password_hash, form.password.data)
    user = accounts.admit(knocked, at=clock.now()) if right else None
    if user is None:
        form.form_errors.append(_("手机号、工号或密码不对。"))
        return _sign_in_page(form), 422
    sessions.begin(user)
    db.session.commit()
    return redirect(landing(user, form.next.data), 303)


@bp.post("/logout")
@public
def logout() -> Response:
    if current_user.is_authenticated:
        sessions.end()
        db.session.commit()
    return redirect(own_address(request.args.get("next")) or url_for("front.home"), 303)


@bp.post("/language")
@public
def language() -> Response:
    """Chinese or English, from now on and on this device."""
    chosen = request.form.get("lang", "")
    chosen = chosen if chosen in i18n.LANGUAGES else "zh"
    if current_user.is_authenticated:
        accounts.speak(current_user, chosen)
        db.session.commit()
    response = moved(own_address(request.form.get("next")) or url_for("front.home"))
    response.set_cookie(
        i18n.COOKIE,
        chosen,
        max_age=365 * 86400,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
    return response


def _sign_in_page(form: SignInForm) -> Response:
    demo = demo_people.listed() if current_app.config["SETTINGS"].demo else []
    return page("account/login.html", form=form, demo=demo, demo_password=demo_people.PASSWORD)


def _wait(form: SignInForm, wait_s: int) -> tuple[Response, int, dict]:
    minutes = -(-wait_s // 60)
    form.form_errors.append(
        _("试的次数太多了。为了保护账户，请%(minutes)s分钟后再试，或者重新设置密码。", minutes=minutes)
    )
    return _sign_in_page(form), 429, {"Retry-After": str(wait_s)}


def landing(user, target: str | None = None) -> str:
    """Where the person was going, else her own first screen."""
    return own_address(target) or url_for(
        "customer.home.show" if user.is_homeowner and not user.is_staff else "staff.today.show"
    )
