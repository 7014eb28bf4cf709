"""One-time codes: six digits to a person for one purpose and one subject, used once, few tries, ten minutes.

A purpose is a short word ("password", "sign"), a subject says what the code is good for ("document:12").
"""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update

from portal import passwords
from portal.actions.accounts import TooMany
from portal.extensions import db
from portal.models import OneTimeCode, User
from portal.rules.decision import Reason, because

GOOD_FOR = timedelta(minutes=10)
MOST_TRIES = 5
PAUSE = timedelta(seconds=60)
MOST_PER_HOUR = 5


@dataclass(frozen=True)
class Checked:
    """What became of an entered code: the used row, or the reason why it does not count."""

    code: OneTimeCode | None
    reason: Reason | None = None

    @property
    def ok(self) -> bool:
        return self.code is not None


def issue(user: User, *, purpose: str, subject: str, channel: str, at: datetime) -> str:
    """A new code, to be told to `user` by `channel` as a secret message; earlier ones for the same thing are void.

    Raises TooMany within a minute of the last one and after five in an hour.
    """
    # Wishes at the same moment come one after the other: each code more would be five tries more.
    db.session.execute(select(User.id).where(User.id == user.id).with_for_update())
    wait_s = wait_before_next(user, purpose=purpose, at=at)
    if wait_s:
        raise TooMany(wait_s)
    mine = (OneTimeCode.user_id == user.id, OneTimeCode.purpose == purpose, OneTimeCode.subject == subject)
    db.session.execute(
        update(OneTimeCode)
        .where(*mine, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > at)
        .values(expires_at=at)
    )
    code = f"{secrets.randbelow(10**6):06d}"
    db.session.add(
        OneTimeCode(
            user_id=user.id,
            purpose=purpose,
            subject=subject,
            code_hash=_hash(user, purpose, subject, code),
            channel=channel,
            sent_at=at,
            expires_at=at + GOOD_FOR,
        )
    )
    db.session.flush()
    return code


def void(user: User, *, at: datetime) -> None:
    """No code that `user` was sent counts any more: somebody else may have her number now."""
    waiting = update(OneTimeCode).where(OneTimeCode.user_id == user.id, OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > at)
    db.session.execute(waiting.values(expires_at=at))


def wait_before_next(user: User, *, purpose: str, at: datetime) -> int:
    """Seconds until `user` may be sent another code for this purpose; 0 when now."""
    sent = select(OneTimeCode.sent_at).where(
        OneTimeCode.user_id == user.id, OneTimeCode.purpose == purpose, OneTimeCode.sent_at > at - timedelta(hours=1)
    )
    moments = db.session.scalars(sent.order_by(OneTimeCode.sent_at.desc())).all()
    free_at = moments[0] + PAUSE if moments else at
    if len(moments) >= MOST_PER_HOUR:
        free_at = max(free_at, moments[MOST_PER_HOUR - 1] + timedelta(hours=1))
    return max(0, -(-(free_at - at) // timedelta(seconds=1)))


def is_open(user: User, *, purpose: str, subject: str, at: datetime) -> bool:
    """Whether a code that was sent can still be entered."""
    waiting = select(OneTimeCode.id).where(
        OneTimeCode.user_id == user.id,
        OneTimeCode.purpose == purpose,
        OneTimeCode.subject == subject,
        OneTimeCode.used_at.is_(None),
        OneTimeCode.expires_at > at,
        OneTimeCode.attempts < MOST_TRIES,
    )
    return db.session.scalar(waiting.limit(1)) is not None


def check(user: User | None, *, purpose: str, subject: str, code: str, at: datetime) -> Checked:
    """Use the code up. Of two people with the same right code at the same moment exactly one gets it.

    Commit also after a refusal, because the try was counted. `user` None (nobody has this number) is refused in the
    same words as a wrong code.
    """
    digits = "".join(ch for ch in unicodedata.normalize("NFKC", code) if ch.isdecimal())
    open_code = (
        select(OneTimeCode.id)
        .where(
            OneTimeCode.user_id == (user.id if user else 0),
            OneTimeCode.purpose == purpose,
            OneTimeCode.subject == subject,
            OneTimeCode.used_at.is_(None),
            OneTimeCode.expires_at > at,
            OneTimeCode.attempts < MOST_TRIES,
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    counted = (
        update(OneTimeCode)
        .where(OneTimeCode.id == open_code, OneTimeCode.attempts < MOST_TRIES)
        .values(attempts=OneTimeCode.attempts + 1)
        .returning(OneTimeCode.id, OneTimeCode.code_hash)
        .execution_options(synchronize_session=False)
    )
    row = db.session.execute(counted).first()
    right = row is not None and hmac.compare_digest(row.code_hash, _hash(user, purpose, subject, digits))
    if not right or not _use(row.id, at):
        return Checked(None, because("CODE", "验证码不对，或者已经过期。请检查最新的一条短信。"))
    return Checked(db.session.get(OneTimeCode, row.id, populate_existing=True))


def _use(code_id: int, at: datetime) -> bool:
    """The database decides who was first."""
    once = update(OneTimeCode).where(OneTimeCode.id == code_id, OneTimeCode.used_at.is_(None)).values(used_at=at)
    return db.session.execute(once.execution_options(synchronize_session=False)).rowcount == 1


def _hash(user: User, purpose: str, subject: str, code: str) -> str:
    return passwords.keyed(f"{user.id}|{purpose}|{subject}|{code}")
