"""Who is at the other end: a device with a revocable token, not a person's number in a cookie."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta

from flask import Flask, current_app, request, session
from flask_login import login_user, logout_user
from sqlalchemy import select, update
from sqlalchemy.orm import joinedload

from portal import clock
from portal.extensions import db, login
from portal.models import User, UserSession

KEY = "device"


def init_app(app: Flask) -> None:
    login.init_app(app)
    login.session_protection = None  # the device row is the protection: it can be listed and revoked
    login.user_loader(_load)
    app.permanent_session_lifetime = timedelta(days=app.config["SETTINGS"].session_idle_days)


def begin(user: User) -> None:
    """Sign `user` in on this device with a new token; whatever the cookie held before is gone."""
    session.clear()
    token = secrets.token_urlsafe(32)
    now = clock.now()
    db.session.add(
        UserSession(
            token_hash=_hash(token), user_id=user.id, created_at=now, seen_at=now,
            address=request.address, device=request.device,
        )
    )
    login_user(user)
    session[KEY] = token
    session.permanent = True


def end() -> None:
    """Sign this device out; its token opens nothing any more."""
    revoke(UserSession.token_hash == _hash(session.get(KEY, "")))
    logout_user()
    session.clear()


def revoke(*which) -> int:
    """Revoke the sessions that match `which`; answers how many."""
    statement = update(UserSession).where(*which, UserSession.revoked_at.is_(None)).values(revoked_at=clock.now())
    return db.session.execute(statement).rowcount


def _load(user_id: str) -> User | None:
    idle = clock.now() - timedelta(days=current_app.config["SETTINGS"].session_idle_days)
    statement = select(UserSession).where(
        UserSession.token_hash == _hash(session.get(KEY, "")),
        UserSession.revoked_at.is_(None),
        UserSession.seen_at > idle,
    )
    person = joinedload(UserSession.user, innerjoin=True).joinedload(User.grants)  # every page asks for her roles
    row = db.session.scalars(statement.options(person)).unique().one_or_none()
    if row is None or str(row.user_id) != user_id or not row.user.is_active:
        return None
    _notice(row)
    row.user.session = row
    return row.user


def _notice(row: UserSession) -> None:
    """Reading changes nothing; any other request renews the device at most once an hour, in its own transaction's commit."""
    now = clock.now()
    if request.method not in ("GET", "HEAD", "OPTIONS") and now - row.seen_at > timedelta(hours=1):
        row.seen_at = now


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
