"""Proving who one is: signing in, passwords, one's own devices."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, or_, select, update

from portal import audit, phones, sessions
from portal.extensions import db
from portal.jobs.registry import every
from portal.models import SignInAttempt, User, UserSession
from portal.rules import throttle
from portal.rules.words import Refused

FORGET_ATTEMPTS_AFTER = timedelta(days=30)


class TooMany(Exception):
    """Somebody tried too often; `wait_s` seconds until the next try."""

    def __init__(self, wait_s: int):
        super().__init__(wait_s)
        self.wait_s = wait_s


@dataclass(frozen=True)
class Knock:
    """One try to sign in, already counted. Holds what is needed to check the password outside of a transaction."""

    attempt_id: int
    user_id: int | None
    password_hash: str | None


def knock(*, identifier: str, address: str, at: datetime) -> Knock:
    """Count a try for `identifier` (phone in any spelling, or staff number). Raises TooMany; then nothing is counted.

    Commit before checking the password: so tries at the same moment are counted before any of them is answered,
    and nobody waits for a transaction that hashes.
    """
    user = _locked(by_identifier(identifier))
    key = _key(user, identifier)
    wait_s = max(throttle.account_wait_s(_account_failures(key, at), at), address_wait_s(address, at))
    if wait_s:
        raise TooMany(wait_s)
    attempt = SignInAttempt(identifier=key, address=throttle.network(address), at=at, succeeded=False)
    db.session.add(attempt)
    db.session.flush()
    return Knock(attempt.id, user and user.id, user and user.password_hash)


def admit(knocked: Knock, *, at: datetime) -> User | None:
    """The person whose password was right, or None when the account is disabled or its password changed meanwhile."""
    user = _locked(select(User).where(User.id == knocked.user_id))
    if user is None or not user.is_active or user.password_hash != knocked.password_hash or not user.roles:
        return None
    db.session.execute(update(SignInAttempt).where(SignInAttempt.id == knocked.attempt_id).values(succeeded=True))
    # Not an edit of the person: the row's version stays.
    db.session.execute(update(User).where(User.id == user.id).values(seen_at=at))
    audit.record("account.signed_in", user, by=user, at=at)
    return user


def address_wait_s(address: str, at: datetime) -> int:
    """Seconds until this network address may try again; 0 when now. "" is the portal's own, never throttled."""
    if not address:
        return 0
    network = throttle.network(address)
    recent = _failures(SignInAttempt.address == network, SignInAttempt.at > at - throttle.ADDRESS_WINDOW)
    return throttle.address_wait_s(recent, at)


def by_identifier(identifier: str) -> Select:
    """Whoever has this phone number or staff number: at most one person."""
    number = unicodedata.normalize("NFKC", identifier).strip()
    return select(User).where(or_(User.phone == _phone(number), User.staff_no == number.upper()))


def find(identifier: str) -> User | None:
    found = db.session.scalars(by_identifier(identifier)).all()
    return found[0] if len(found) == 1 else None


def speak(user: User, language: str) -> None:
    """Remember the language she chose: messages and documents will come in it."""
    db.session.execute(update(User).where(User.id == user.id).values(language=language))


def set_password(user: User, new_hash: str, *, by: User, at: datetime, keep: UserSession | None = None) -> None:
    """From now on only the new password opens the account, and every device but `keep` is signed out."""
    user.password_hash = new_hash
    sessions.revoke(UserSession.user_id == user.id, *([UserSession.id != keep.id] if keep else []))
    db.session.execute(
        delete(SignInAttempt).where(SignInAttempt.identifier == _key(user, ""), ~SignInAttempt.succeeded)
    )
    audit.record("account.password_set", user, by=by, at=at)


def devices(user: User, at: datetime, idle_days: int) -> list[UserSession]:
    """Where she is signed in, the latest first."""
    statement = select(UserSession).where(
        UserSession.user_id == user.id,
        UserSession.revoked_at.is_(None),
        UserSession.seen_at > at - timedelta(days=idle_days),
    )
    return list(db.session.scalars(statement.order_by(UserSession.seen_at.desc(), UserSession.id.desc()).limit(50)))


def sign_out_device(user: User, device_id: int, *, at: datetime) -> bool:
    """Revoke one of her devices; False when there is none of this number."""
    done = sessions.revoke(UserSession.user_id == user.id, UserSession.id == device_id)
    if done:
        audit.record("account.device_signed_out", user, by=user, at=at, device_id=device_id)
    return bool(done)


def sign_out_others(user: User, *, keep: UserSession, at: datetime) -> int:
    """Revoke every device but the one at hand; answers how many."""
    count = sessions.revoke(UserSession.user_id == user.id, UserSession.id != keep.id)
    audit.record("account.others_signed_out", user, by=user, at=at, count=count)
    return count


@every("accounts.forget_attempts", daily_at="04:10")
def forget_attempts(at: datetime) -> str:
    """Who tried to sign in from where is kept for a month."""
    old = delete(SignInAttempt).where(SignInAttempt.at < at - FORGET_ATTEMPTS_AFTER)
    return f"{db.session.execute(old).rowcount} old attempts forgotten"


def _locked(statement: Select) -> User | None:
    """The row, locked until the commit: tries for one account are counted one after the other."""
    found = db.session.scalars(statement.with_for_update(of=User).execution_options(populate_existing=True)).all()
    return found[0] if len(found) == 1 else None


def _phone(number: str) -> str:
    try:
        return phones.phone_e164(number)
    except Refused:
        return ""


def _key(user: User | None, identifier: str) -> str:
    """Phone and staff number of one person count together; so do all spellings of a number that nobody has.

    Otherwise a second spelling would be throttled for known numbers only, which tells who has an account.
    """
    number = unicodedata.normalize("NFKC", identifier).strip()
    return f"user {user.id}" if user else (_phone(number) or number.upper())[:80]


def _account_failures(key: str, at: datetime) -> list[datetime]:
    """When tries for this account failed, the oldest first, since it last succeeded."""
    mine = SignInAttempt.identifier == key
    last = db.session.scalar(select(func.max(SignInAttempt.id)).where(mine, SignInAttempt.succeeded)) or 0
    return _failures(mine, SignInAttempt.id > last, SignInAttempt.at > at - throttle.ACCOUNT_WINDOW)


def _failures(*which) -> list[datetime]:
    statement = select(SignInAttempt.at).where(*which, ~SignInAttempt.succeeded)
    return list(reversed(db.session.scalars(statement.order_by(SignInAttempt.at.desc()).limit(300)).all()))
