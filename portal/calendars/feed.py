"""Appointments as iCalendar (RFC 5545), the way calendar programs subscribe to them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event

PRODUCT = "-//Customer portal//Schedule//ZH"
REFRESH_EVERY = timedelta(hours=1)


@dataclass(frozen=True)
class Appointment:
    """One entry. `uid` never changes, `sequence` grows with every change; moments are aware, `all_day` goes by the local day."""

    uid: str
    sequence: int
    starts_at: datetime
    ends_at: datetime
    all_day: bool
    summary: str
    description: str
    location: str
    url: str
    changed_at: datetime
    cancelled: bool = False


def write(appointments: Iterable[Appointment], *, name: str, zone: ZoneInfo) -> bytes:
    """The feed: the same appointments give the same bytes, so its hash may serve as its ETag."""
    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("X-WR-TIMEZONE", zone.key)
    calendar.add("REFRESH-INTERVAL", REFRESH_EVERY, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT1H")
    for appointment in appointments:
        calendar.add_component(_event(appointment, zone))
    calendar.add_missing_timezones(first_date=date(2000, 1, 1), last_date=date(2100, 1, 1))
    return calendar.to_ical()


def _event(appointment: Appointment, zone: ZoneInfo) -> Event:
    event = Event()
    event.add("UID", appointment.uid)
    event.add("SEQUENCE", appointment.sequence)
    # The moment of the last change and not of the download: what did not change stays the same to the byte.
    event.add("DTSTAMP", appointment.changed_at.astimezone(UTC))
    event.add("LAST-MODIFIED", appointment.changed_at.astimezone(UTC))
    starts_at, ends_at = appointment.starts_at.astimezone(zone), appointment.ends_at.astimezone(zone)
    if appointment.all_day:
        event.add("DTSTART", starts_at.date())
        event.add("DTEND", _day_after(starts_at, ends_at))
    else:
        event.add("DTSTART", starts_at)
        event.add("DTEND", max(ends_at, starts_at + timedelta(minutes=1)))
    event.add("SUMMARY", appointment.summary)
    event.add("DESCRIPTION", appointment.description)
    event.add("LOCATION", appointment.location)
    event.add("URL", appointment.url)
    event.add("STATUS", "CANCELLED" if appointment.cancelled else "CONFIRMED")
    event.add("TRANSP", "TRANSPARENT" if appointment.all_day or appointment.cancelled else "OPAQUE")
    return event


def _day_after(starts_at: datetime, ends_at: datetime) -> date:
    """The first day that no longer belongs to it; at least one day long."""
    last = (ends_at - timedelta(microseconds=1)).date()
    return max(last, starts_at.date()) + timedelta(days=1)
