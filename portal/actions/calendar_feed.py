"""The calendar feed of one person: a key that opens it without signing in, and that can be taken back."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import Select, select

from portal import audit, calendars, clock, filters
from portal.extensions import db, settings
from portal.models import CalendarKey, User, Visit
from portal.queries import visits as reads

BACK = timedelta(days=365)
MOST = 2000
KEY_BYTES = 24


def key_of(user: User) -> CalendarKey | None:
    """The key that works now."""
    rows = select(CalendarKey).where(CalendarKey.user_id == user.id, CalendarKey.revoked_at.is_(None))
    return db.session.scalars(rows.order_by(CalendarKey.id.desc()).limit(1)).one_or_none()


def make(*, by: User, at: datetime) -> CalendarKey:
    """A new key; the old one opens nothing any more."""
    revoke(by=by, at=at)
    key = CalendarKey(user_id=by.id, key=secrets.token_urlsafe(KEY_BYTES), created_at=at)
    db.session.add(key)
    db.session.flush()
    audit.record("calendar.opened", key, by=by, at=at)
    return key


def revoke(*, by: User, at: datetime) -> None:
    """Close the feed for whoever has its address."""
    rows = select(CalendarKey).where(CalendarKey.user_id == by.id, CalendarKey.revoked_at.is_(None)).with_for_update()
    for key in db.session.scalars(rows):
        key.revoked_at = at
        audit.record("calendar.revoked", key, by=by, at=at)


def owner_of(key: str) -> User | None:
    """Whose feed the key opens; None for a key that is unknown, revoked, or of a disabled account."""
    rows = (
        select(User)
        .join(CalendarKey, CalendarKey.user_id == User.id)
        .where(CalendarKey.key == key, CalendarKey.revoked_at.is_(None), User.disabled_at.is_(None))
    )
    return db.session.scalars(rows).unique().one_or_none()


def write(rows: Select, *, name: str, at: datetime) -> bytes:
    """The visits of `rows` as iCalendar, from a year ago on, in the language that is being spoken."""
    rows = rows.where(Visit.ends_at > at - BACK).order_by(Visit.starts_at, Visit.id).limit(MOST)
    visits = db.session.scalars(reads.shown(rows)).unique()
    return calendars.write((_appointment(visit) for visit in visits), name=name, zone=clock.ZONE)


def _appointment(visit: Visit) -> calendars.Appointment:
    return calendars.Appointment(
        uid=f"visit-{visit.id}@{settings.public_url.partition('://')[2].partition(':')[0]}",
        sequence=visit.version - 1,
        starts_at=visit.starts_at,
        ends_at=visit.ends_at,
        all_day=visit.all_day,
        summary=f"{reads.called(visit)} · {visit.project.title}",
        description="\n".join(_lines(visit)),
        location=visit.project.address,
        url=f"{settings.public_url}/customer/schedule/{visit.id}",
        changed_at=visit.changed_at or visit.booked_at,
        cancelled=visit.cancelled_at is not None,
    )


def _lines(visit: Visit) -> list[str]:
    """What it is for, who comes, how it was moved, what came of it."""
    lines = [filters.translated(visit.purpose)]
    if visit.person_name:
        phone = f" {filters.phone(visit.person.phone)}" if visit.person else ""
        lines.append(_("上门：%(name)s", name=visit.person_name) + phone)
    for move in visit.moves:
        lines.append(
            _(
                "原定%(before)s，因“%(reason)s”改到%(after)s。",
                before=reads.when_of(visit, move.from_at),
                reason=move.reason,
                after=reads.when_of(visit, move.to_at),
            )
        )
    if visit.cancelled_at:
        lines.append(_("已取消：%(reason)s", reason=visit.cancel_reason))
    elif visit.done_at:
        lines.append(_("已完成：%(result)s", result=filters.translated(visit.result)) if visit.result else _("已完成"))
    return [line for line in lines if line]
