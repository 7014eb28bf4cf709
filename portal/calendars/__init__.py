"""Months as grids and appointments as a feed that calendar programs subscribe to."""

from portal.calendars.feed import Appointment, write
from portal.calendars.month import Month, month_named, month_of

__all__ = ["Appointment", "Month", "month_named", "month_of", "write"]
