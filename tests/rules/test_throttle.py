"""How long somebody who guesses waits."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.rules.throttle import account_wait_s, address_wait_s, network

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "failures, wait_s", [(0, 0), (4, 0), (5, 60), (6, 120), (7, 240), (8, 480), (9, 900), (40, 900)]
)
def test_every_failure_after_the_fifth_doubles_the_wait(failures, wait_s):
    assert account_wait_s([NOON] * failures, NOON) == wait_s


def test_the_wait_runs_from_the_last_failure():
    failures = [NOON - timedelta(seconds=90)] * 4 + [NOON - timedelta(seconds=20)]
    assert account_wait_s(failures, NOON) == 40
    assert account_wait_s(failures, NOON + timedelta(seconds=39.5)) == 1
    assert account_wait_s(failures, NOON + timedelta(seconds=40)) == 0


def test_an_address_waits_until_the_thirtieth_last_failure_is_a_quarter_of_an_hour_old():
    failures = [NOON + timedelta(seconds=n) for n in range(30)]
    at = NOON + timedelta(seconds=60)
    assert address_wait_s(failures[:29], at) == 0
    assert address_wait_s(failures, at) == 840
    assert address_wait_s(failures, NOON + timedelta(seconds=900)) == 0


@pytest.mark.parametrize(
    "address, counted_as",
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_the_many_addresses_of_one_line_count_as_one(address, counted_as):
    assert network(address) == counted_as
