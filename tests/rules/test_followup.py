"""Every contact leads to a next step, and the day's queue (R035, R045)."""

from datetime import UTC, date, datetime

import pytest

from portal.rules.followup import Contact, Followup, Urgency, judge_contact, queue_order, urgency

ON = date(2026, 3, 4)
AT = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)  # already the 5th in Shanghai


@pytest.mark.parametrize("step, day, ends, keys", [
    ("周五量房", date(2026, 3, 6), False, []),
    ("今天再打", ON, False, []),
    ("", date(2026, 3, 6), False, ["next_step"]),
    (" \n", date(2026, 3, 6), False, ["next_step"]),
    ("周五量房", None, False, ["next_on"]),
    ("周五量房", date(2026, 3, 3), False, ["next_on"]),
    ("周五量房", date(2027, 3, 6), False, ["next_on"]),
    ("", None, False, ["next_step", "next_on"]),
    ("", None, True, []),                                 # moved to grade D, lost or closed
])  # fmt: skip
def test_a_contact_needs_a_next_step_with_a_day(step, day, ends, keys):
    """R035."""
    decision = judge_contact(step, day, on=ON, ends_the_lead=ends)
    assert decision.verdict is (Contact.REFUSED if keys else Contact.ALLOWED)
    assert [reason.facts.get("key") for reason in decision.trace] == (keys or [None])


@pytest.mark.parametrize("day, due, expected", [
    (date(2026, 3, 4), None, Urgency.OVERDUE), (date(2026, 3, 5), None, Urgency.TODAY), (date(2026, 3, 6), None, Urgency.TOMORROW),
    (date(2026, 3, 7), None, Urgency.LATER), (None, None, Urgency.UNPLANNED),
    (date(2026, 3, 9), datetime(2026, 3, 5, 16, tzinfo=UTC), Urgency.TODAY),     # protection ends with the 5th
    (date(2026, 3, 9), datetime(2026, 3, 4, 16, tzinfo=UTC), Urgency.OVERDUE),
    (None, datetime(2026, 3, 6, 16, tzinfo=UTC), Urgency.TOMORROW),
])  # fmt: skip
def test_how_urgent_a_followup_is(day, due, expected):
    assert urgency(Followup("x", day, due), AT) is expected


def test_the_queue_is_worked_day_by_day_and_what_was_missed_is_on_top():
    """R045."""
    due = datetime(2026, 3, 5, 16, tzinfo=UTC)
    queue = [
        Followup("tomorrow", date(2026, 3, 6), None),
        Followup("never", None, None),
        Followup("today", date(2026, 3, 5), None),
        Followup("today, and its protection ends", date(2026, 3, 5), due),
        Followup("missed", date(2026, 3, 2), None),
    ]
    assert [item.ref for item in queue_order(queue)] == [
        "missed", "today, and its protection ends", "today", "tomorrow", "never",
    ]  # fmt: skip
