"""The page behind a single-use link: who invites, to which home, and the way in."""

from __future__ import annotations

from flask import Response, abort, redirect, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from portal import clock, filters, i18n, passwords, sessions
from portal.actions import entry, household
from portal.extensions import db
from portal.fields import Form, words
from portal.front.account import bp
from portal.front.account.sign_in import landing
from portal.password_field import NewPasswordField
from portal.rendering import moved, page
from portal.rules.household import Relation, Right
from portal.rules.words import Refused
from portal.security import public


class EntryForm(Form):
    new = NewPasswordField(_l("设置登录密码"))


@bp.get("/invitations/<token>")
@public
def invitation(token: str) -> Response:
    return _door_page(_door(token), EntryForm(), token)


@bp.post("/invitations/<token>")
@public
def accept(token: str):
    """Somebody new sets a password and is in."""
    door, form = _door(token), EntryForm()
    if door.state != "open":
        return _door_page(door, form, token)
    if not form.validate():
        return _door_page(door, form, token)[0], 422
    db.session.rollback()  # nobody waits for a transaction that hashes
    new_hash = passwords.hashed(form.new.data)
    try:
        user = entry.enter(
            invitation=_door(token).invitation, new_hash=new_hash, language=i18n.language(), at=clock.now()
        )
    except Refused as fault:
        return _too_late(token, form, fault)
    sessions.begin(user)
    db.session.commit()
    return moved(landing(user), said=_("欢迎，%(name)s！以后用手机号和这个密码登录。", name=user.name))


@bp.post("/invitations/<token>/membership")
@public
def join(token: str):
    """Somebody with an account, signed in, joins one more home."""
    door = _door(token)
    if not current_user.is_authenticated or door.account is None or door.account.id != current_user.id:
        return redirect(url_for("account.invitation", token=token), 303)
    try:
        household.join(invitation=door.invitation, user=door.account, at=clock.now())
    except Refused as fault:
        return _too_late(token, EntryForm(), fault)
    db.session.commit()
    return moved(url_for("customer.home.show"), said=_("您已加入「%(home)s」。", home=door.project.title))


def _door(token: str) -> entry.Door:
    return entry.behind(token, at=clock.now()) or abort(404)


def _too_late(token: str, form: EntryForm, fault: Refused) -> tuple[Response, int]:
    """Somebody was quicker, or the world changed: the page as it is now, and why."""
    db.session.rollback()
    form.form_errors.append(filters.reason(fault.reason))
    return _door_page(_door(token), form, token)[0], 409


def _door_page(door: entry.Door, form: EntryForm, token: str) -> tuple[Response, int]:
    """A worthless link is gone (410), in plain words."""
    mine = door.account is not None and current_user.is_authenticated and current_user.id == door.account.id
    said = {"relations": words(Relation), "rights": words(Right)}
    answer = page("account/invitation.html", door=door, form=form, token=token, mine=mine, **said)
    return answer, 200 if door.state == "open" else 410
