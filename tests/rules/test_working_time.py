"""Working days and hours: section 0 of the requirements, R061, R065, R067, R167, R168, C19."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from portal.rules.working_time import CALENDAR, ZONE, DayKind, WorkingCalendar, end_of_day, is_public_holiday, local_day

SAMPLES = json.loads((Path(__file__).parents[2] / "portal/demo/samples.json").read_text())
MAKE_UP_SUNDAYS = {date(2026, 1, 4), date(2026, 9, 20)}


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def day(text):
    return date.fromisoformat(text)


def test_every_day_of_2026_agrees_with_the_official_list():
    """The demo company's list of 2026 holds the State Council's free days; make-up Saturdays are worked anyway."""
    free = {day(text) for text in SAMPLES["meta"]["holidays_2026"]}
    for offset in range(365):
        one = date(2026, 1, 1) + timedelta(offset)
        worked = one in MAKE_UP_SUNDAYS or (one.weekday() != 6 and one not in free)
        assert CALENDAR.is_working(one) is worked, one


@pytest.mark.parametrize("text, free", [
    ("2026-02-21", True),   # the Saturday inside the Spring Festival
    ("2026-02-14", False),  # a make-up Saturday before it
    ("2026-04-04", True),   # the Saturday before a Monday off
    ("2026-10-10", False),
    ("2026-03-07", False),  # an ordinary Saturday
    ("2025-10-08", True),
    ("2025-12-31", False),
    ("2023-12-30", True),   # joined to New Year's Day of the next year
])  # fmt: skip
def test_public_holidays(text, free):
    assert is_public_holiday(day(text)) is free


def test_years_whose_list_is_not_out_are_said_to_be_open():
    assert [CALENDAR.covered(year) for year in (2024, 2025, 2026, 2035)] == [True, True, True, False]
    assert WorkingCalendar(confirmed_years=[2035]).covered(2035)
    assert CALENDAR.uncovered_years(day("2026-12-01"), day("2026-12-31")) == ()
    assert CALENDAR.uncovered_years(day("2034-12-01"), day("2036-01-31")) == (2034, 2035, 2036)


@pytest.mark.parametrize("start, n, expected", [
    ("2026-03-04", 2, "2026-03-06"),  # R061: Wednesday → Friday
    ("2026-03-06", 2, "2026-03-09"),  # R061: Friday → Monday, as Saturday is worked
    ("2026-03-04", 1, "2026-03-05"),  # R067
    ("2026-03-07", 1, "2026-03-09"),  # Saturday → Monday
    ("2026-03-08", 1, "2026-03-09"),  # from a Sunday
    ("2026-03-04", 0, "2026-03-04"),
    ("2026-02-13", 2, "2026-02-24"),  # over the Spring Festival, with the make-up Saturday of the 14th
    ("2026-09-19", 1, "2026-09-20"),  # a Sunday that is made up
])  # fmt: skip
def test_adding_working_days(start, n, expected):
    assert CALENDAR.add_working_days(day(start), n) == day(expected)


def test_a_company_with_a_five_day_week():
    """R061's other example: done Friday, due Tuesday."""
    five = WorkingCalendar(weekdays=range(5))
    assert five.add_working_days(day("2026-03-06"), 2) == day("2026-03-10")


@pytest.mark.parametrize("first, n, last", [("2026-03-02", 1, "2026-03-02"), ("2026-03-02", 6, "2026-03-07"),
                                            ("2026-03-01", 1, "2026-03-02"), ("2026-03-07", 2, "2026-03-09")])  # fmt: skip
def test_the_last_of_n_days(first, n, last):
    assert CALENDAR.last_of(day(first), n) == day(last)
    assert CALENDAR.working_days(day(first), day(last)) == n


@pytest.mark.parametrize("n", [0, -1, 100_000])
def test_a_number_of_days_that_makes_no_sense(n):
    with pytest.raises(ValueError, match="working days"):
        CALENDAR.last_of(day("2026-03-02"), n)


def test_no_working_days_between_days_the_wrong_way_round():
    assert CALENDAR.working_days(day("2026-03-09"), day("2026-03-02")) == 0


@pytest.mark.parametrize("text, afternoon", [("2026-04-30", "14:00-17:30"), ("2026-05-06", "14:30-18:00"),
                                             ("2026-09-30", "14:30-18:00"), ("2026-10-08", "14:00-17:30")])  # fmt: skip
def test_office_hours_follow_the_season(text, afternoon):
    """R167, R168."""
    hours = [f"{begins:%H:%M}-{ends:%H:%M}" for begins, ends in CALENDAR.hours(day(text))]
    assert hours == ["09:00-12:00", afternoon]


@pytest.mark.parametrize("since, minutes, until", [
    ("2026-03-04T10:00", 120, "2026-03-04T12:00"),  # R160: two hours within the morning
    ("2026-03-04T10:00", 195, "2026-03-04T15:15"),  # R065: over noon
    ("2026-03-04T15:00", 195, "2026-03-05T09:45"),  # R065: into the next day
    ("2026-03-04T02:30", 120, "2026-03-04T11:00"),  # at night the clock stands (C19)
    ("2026-03-04T12:30", 60, "2026-03-04T15:00"),   # at noon too
    ("2026-03-07T16:30", 120, "2026-03-09T10:00"),  # over Sunday
    ("2026-03-04T17:30", 0, "2026-03-05T09:00"),    # zero minutes: when the clock starts
    ("2026-03-04T10:00", 0, "2026-03-04T10:00"),
    ("2026-02-14T17:00", 60, "2026-02-24T09:30"),   # over the Spring Festival
])  # fmt: skip
def test_adding_working_minutes(since, minutes, until):
    assert CALENDAR.add_working_minutes(at(since), minutes) == at(until)
    if minutes:
        assert CALENDAR.working_minutes(at(since), at(until)) == minutes


def test_half_a_day_is_half_of_that_day():
    """R065: 6.5 hours in winter are 195 minutes; a half day has half as much."""
    assert CALENDAR.add_half_days(at("2026-03-04T10:00"), 1) == at("2026-03-04T15:15")
    assert CALENDAR.add_half_days(at("2026-03-04T15:00"), 1) == at("2026-03-05T09:45")
    half = WorkingCalendar({day("2026-03-04"): DayKind.MORNING})
    assert half.add_half_days(at("2026-03-04T09:00"), 1) == at("2026-03-04T10:30")


def test_the_company_decides_about_single_days():
    own = WorkingCalendar({day("2026-03-04"): DayKind.FREE, day("2026-03-08"): DayKind.WORKING,
                           day("2026-03-05"): DayKind.MORNING, day("2026-03-06"): DayKind.AFTERNOON})  # fmt: skip
    assert own.add_working_days(day("2026-03-03"), 1) == day("2026-03-05")
    assert own.is_working(day("2026-03-08"))
    assert [len(own.hours(day(f"2026-03-0{n}"))) for n in (3, 4, 5, 6)] == [2, 0, 1, 1]
    assert own.close_of(day("2026-03-05")) == at("2026-03-05T12:00")
    assert own.close_of(day("2026-03-04")) == at("2026-03-03T17:30")  # free: the close before
    assert own.add_working_minutes(at("2026-03-05T11:00"), 90) == at("2026-03-06T14:30")


def test_within_n_working_days_ends_at_the_close_of_business():
    """R061, R067."""
    assert CALENDAR.close_after(at("2026-03-04T16:00"), 2) == at("2026-03-06T17:30")
    assert CALENDAR.close_after(at("2026-03-07T23:00"), 1) == at("2026-03-09T17:30")
    assert CALENDAR.close_after(at("2026-05-06T08:00"), 1) == at("2026-05-07T18:00")


def test_days_are_local_and_end_at_midnight():
    assert local_day(datetime.fromisoformat("2026-03-02T16:00:00+00:00")) == day("2026-03-03")
    assert end_of_day(day("2026-03-05")) == at("2026-03-06T00:00")


def test_a_week_needs_a_working_day():
    with pytest.raises(ValueError, match="week"):
        WorkingCalendar(weekdays=[])
    with pytest.raises(ValueError, match="ahead"):
        WorkingCalendar({date(2026, 1, 1) + timedelta(n): DayKind.FREE for n in range(4000)}).add_working_days(day("2026-03-02"), 1)
