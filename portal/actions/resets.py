"""Setting a forgotten password with a code. Nothing here tells whether an account exists."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import select

from portal import audit, clock, notify
from portal.actions import accounts, codes
from portal.extensions import db
from portal.jobs import queue
from portal.jobs.registry import job
from portal.models import SignInAttempt
from portal.rules import throttle

PURPOSE, SUBJECT = "password", "account"
ASKS_PER_HOUR = 10


def ask(*, identifier: str, address: str, at: datetime) -> None:
    """Have a code sent if there is such an account. Raises TooMany after 10 wishes in an hour from one address.

    The look-up happens in the background, so that the answer takes the same time for everybody.
    """
    network = throttle.network(address)
    mine = (
        SignInAttempt.address == network,
        SignInAttempt.identifier == "reset",
        SignInAttempt.at > at - timedelta(hours=1),
    )
    asked = db.session.scalars(
        select(SignInAttempt.at).where(*mine).order_by(SignInAttempt.at.desc()).limit(ASKS_PER_HOUR)
    ).all()
    if len(asked) == ASKS_PER_HOUR:
        raise accounts.TooMany(int((asked[-1] + timedelta(hours=1) - at).total_seconds()) + 1)
    db.session.add(SignInAttempt(identifier="reset", address=network, at=at, succeeded=True))
    queue.enqueue(db.session, "account.send_reset_code", {"identifier": identifier}, urgent=True)


@job("account.send_reset_code", attempts=3, timeout_s=30)
def send_reset_code(identifier: str) -> str:
    """Issue and queue the code; answers the same whether or not anything was sent."""
    user, now = accounts.find(identifier), clock.now()
    if user is not None and user.is_active and user.roles:
        try:
            code = codes.issue(user, purpose=PURPOSE, subject=SUBJECT, channel=notify.SMS, at=now)
        except accounts.TooMany:
            return "done"
        notify.tell(
            user,
            "account.code",
            secret=True,
            subject=_l("重新设置密码的验证码"),
            body=_l(
                "您的验证码是%(code)s，10分钟内有效，用来重新设置登录密码。不是您本人操作的话，请不用理会，也不要告诉别人。",
                code=code,
            ),
        )
        audit.record("account.reset_code_sent", user, by=user, at=now)
    return "done"


def finish(*, identifier: str, code: str, new_hash: str, address: str, at: datetime) -> codes.Checked:
    """With the right code the new password counts and all devices are signed out. Commit also after a refusal.

    Raises TooMany when too much went wrong from this address.
    """
    wait_s = accounts.address_wait_s(address, at)
    if wait_s:
        raise accounts.TooMany(wait_s)
    user = accounts.find(identifier)
    if user is not None and not user.is_active:
        user = None
    checked = codes.check(user, purpose=PURPOSE, subject=SUBJECT, code=code, at=at)
    if checked.ok:
        accounts.set_password(user, new_hash, by=user, at=at)
        _tell_of_change(user)
    else:
        db.session.add(SignInAttempt(identifier="reset code", address=throttle.network(address), at=at, succeeded=False))
    return checked


def _tell_of_change(user) -> None:
    notify.tell(
        user,
        "account.password_set",
        subject=_l("登录密码已修改"),
        body=_l("您的登录密码刚刚用短信验证码重新设置。如果不是您本人操作，请马上联系我们。"),
    )
