"""How long somebody who guesses has to wait."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

ACCOUNT_FAILURES = 5
ACCOUNT_WINDOW = timedelta(hours=1)
FIRST_WAIT_S = 60
LONGEST_WAIT_S = 15 * 60
ADDRESS_FAILURES = 30
ADDRESS_WINDOW = timedelta(minutes=15)


def account_wait_s(failures: Sequence[datetime], at: datetime) -> int:
    """Seconds until the next try after these failures of the last hour, in order and since the last success.

    Four are free; after the fifth a minute passes, and with every further one twice as long, at most 15 minutes.
    """
    if len(failures) < ACCOUNT_FAILURES:
        return 0
    wait_s = min(FIRST_WAIT_S * 2 ** (len(failures) - ACCOUNT_FAILURES), LONGEST_WAIT_S)
    return _left_s(failures[-1] + timedelta(seconds=wait_s), at)


def address_wait_s(failures: Sequence[datetime], at: datetime) -> int:
    """Seconds until one network address may try again: 30 failures in any 15 minutes, whoever was tried."""
    recent = [moment for moment in failures if moment > at - ADDRESS_WINDOW]
    if len(recent) < ADDRESS_FAILURES:
        return 0
    return _left_s(recent[-ADDRESS_FAILURES] + ADDRESS_WINDOW, at)


def network(address: str) -> str:
    """What counts as one address: IPv4 by itself, IPv6 by its /64, of which every single line has 2⁶⁴ addresses."""
    try:
        known = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or ip_network((known, 64), strict=False))


def _left_s(until: datetime, at: datetime) -> int:
    return max(0, -(-(until - at) // timedelta(seconds=1)))
