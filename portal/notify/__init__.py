"""Telling people: messages are rows of the same transaction as the act, and leave after its commit.

`tell()` reaches a person with an account, `tell_number()` somebody who has only a phone number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import LazyString, force_locale

from portal import clock, i18n
from portal.extensions import db
from portal.jobs import queue
from portal.models import Message, User

Words = str | LazyString | Callable[[], str]
PORTAL, SMS, EMAIL = "portal", "sms", "email"


def tell(
    user: User,
    kind: str,
    *,
    subject: Words,
    body: Words,
    link: str = "",
    project_id: int | None = None,
    channel: str | None = None,
    secret: bool = False,
) -> list[Message]:
    """Queue a message to `user` in her own language; empty for a disabled account.

    `subject` and `body` are lazy (`lazy_gettext(…)`, or a function that is called with her language switched on: use
    one when the words hold dates or money). `link` is a path of the portal. She always finds it in the portal; without
    `channel` it also goes by e-mail where she has an address, and by SMS to homeowners. `channel` ("sms", "email",
    "portal") names the one other way instead. A `secret` message (a code, a single-use link) is never shown in the
    portal itself and goes by SMS unless `channel` says otherwise.
    """
    if not user.is_active:
        return []
    ways = _ways(user, channel, secret)
    with force_locale(i18n.LANGUAGES.get(user.language, i18n.LANGUAGES["zh"])):
        said = {"subject": _said(subject)[:200], "body": _said(body)}
    shared = {"kind": kind, "link": link, "project_id": project_id, "secret": secret, "language": user.language, **said}
    return [_queue(user_id=user.id, channel=way, address=address, **shared) for way, address in ways]


def tell_number(
    phone: str,
    kind: str,
    *,
    subject: Words,
    body: Words,
    link: str = "",
    project_id: int | None = None,
    language: str = "zh",
    secret: bool = False,
) -> Message:
    """Queue an SMS to an E.164 number whose owner need not have an account."""
    with force_locale(i18n.LANGUAGES[language]):
        said = {"subject": _said(subject)[:200], "body": _said(body)}
    return _queue(
        user_id=None,
        channel=SMS,
        address=phone,
        kind=kind,
        link=link,
        project_id=project_id,
        secret=secret,
        language=language,
        **said,
    )


def again(message: Message) -> None:
    """Send a message that was given up once more."""
    message.failed_at, message.failure, message.attempts = None, "", 0
    queue.enqueue(db.session, "message.send", {"message_id": message.id}, urgent=message.secret)


def _ways(user: User, channel: str | None, secret: bool) -> list[tuple[str, str]]:
    addresses = {PORTAL: str(user.id), SMS: user.phone, EMAIL: user.email or ""}
    if secret:
        wanted = [channel or SMS]
    elif channel:
        wanted = [PORTAL, channel]
    else:
        wanted = [PORTAL, EMAIL] + ([SMS] if user.is_homeowner else [])
    return [(way, addresses[way]) for way in dict.fromkeys(wanted) if addresses[way]]


def _queue(*, channel: str, secret: bool, **facts: Any) -> Message:
    now = clock.now()
    at_once = channel == PORTAL
    message = Message(
        channel=channel,
        secret=secret,
        queued_at=now,
        sent_at=now if at_once else None,
        carrier=PORTAL if at_once else "",
        **facts,
    )
    db.session.add(message)
    db.session.flush()
    if not at_once:
        queue.enqueue(
            db.session,
            "message.send",
            {"message_id": message.id},
            unique_key=f"message.send {message.id}",
            urgent=secret,
        )
    return message


def _said(words: Words) -> str:
    return str(words()) if callable(words) else str(words)
