"""The background side: takes queued messages out of the house, and records every failure where staff see it."""

from __future__ import annotations

from sqlalchemy import update

from portal import clock, company
from portal.extensions import db, settings
from portal.jobs.registry import job
from portal.models import Message
from portal.notify import EMAIL, SMS
from portal.notify.carriers import Letter, Undeliverable, by_command, by_smtp
from portal.rules.words import N_

MOST_TRIES = 8


@job("message.send", attempts=MOST_TRIES, timeout_s=60)
def send(message_id: int) -> str:
    """Send one message, once: a message with `sent_at` is left alone. A failure is recorded and tried again later."""
    message = db.session.get(Message, message_id)
    if message is None or message.sent_at or message.failed_at:
        return "nothing to send"
    letter, channel, sender = _letter(message), message.channel, company.name()
    db.session.rollback()  # nobody waits for our database while a server far away answers
    try:
        carrier = _deliver(letter, channel, sender)
    except Undeliverable as never:
        _note_failure(message_id, str(never), for_good=True)
        return f"undeliverable: {never}"
    except Exception as fault:
        _note_failure(message_id, _plain(fault), for_good=False)
        raise
    _set(message_id, sent_at=clock.now(), carrier=carrier, failure="", attempts=Message.attempts + 1)
    return f"{channel} by {carrier}"


def _deliver(letter: Letter, channel: str, sender: str) -> str:
    """Sends it, and answers by what. In a demo without a way out, staff see it in the outbox."""
    if channel == SMS and settings.sms_command:
        by_command(letter, settings.sms_command)
        return "command"
    if channel == EMAIL and settings.smtp_url:
        by_smtp(letter, settings.smtp_url, sender)
        return "smtp"
    if settings.demo:
        return "outbox"
    raise Undeliverable(
        N_("没有配置短信通道：请设置PORTAL_SMS_COMMAND。")
        if channel == SMS
        else N_("没有配置邮件服务器：请设置PORTAL_SMTP_URL。")
    )


def _letter(message: Message) -> Letter:
    url = settings.public_url + message.link if message.link else ""
    return Letter(message.id, message.address, message.subject, message.body, url, message.language, message.kind)


def _note_failure(message_id: int, why: str, *, for_good: bool) -> None:
    """In a transaction of its own, because the attempt itself is rolled back and tried again."""
    db.session.rollback()
    _set(message_id, failure=why[:300], attempts=Message.attempts + 1)
    message = db.session.get(Message, message_id)
    if for_good or message.attempts >= MOST_TRIES:
        message.failed_at = clock.now()
    db.session.commit()


def _set(message_id: int, **values) -> None:
    db.session.execute(update(Message).where(Message.id == message_id).values(**values))


def _plain(fault: Exception) -> str:
    return f"{type(fault).__name__}: {fault}"
