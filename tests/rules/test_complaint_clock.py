"""Complaints: when the company owes what, and what closing takes (R159–R163, C19; domain 6)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from portal.rules.complaint_clock import (
    SUBCATEGORIES,
    Category,
    CloseFacts,
    Closing,
    ComplaintState,
    Progress,
    Promise,
    QueueItem,
    Severity,
    default_severity,
    due_times,
    is_overdue,
    judge_close,
    judge_reopen,
    judge_solution,
    queue_order,
    running,
    severity_after_reopening,
    state_of,
)
from portal.rules.working_time import ZONE, DayKind, WorkingCalendar


def at(text):
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=ZONE)


@pytest.mark.parametrize("filed, first_reply, plan", [
    ("03-04T10:00", "03-04T12:00", "03-05T17:30"),   # R160: two working hours
    ("03-07T02:30", "03-07T11:00", "03-09T17:30"),   # R159: taken in at night; Saturday is worked, Sunday is not
    ("03-04T16:30", "03-05T10:00", "03-05T17:30"),
    ("03-04T11:30", "03-04T15:30", "03-05T17:30"),   # over noon
    ("05-06T11:30", "05-06T16:00", "05-07T18:00"),   # in summer the afternoon begins at half past two
    ("02-14T17:00", "02-24T10:30", "02-24T17:30"),   # over the Spring Festival
])  # fmt: skip
def test_ordinary_complaints_run_in_office_hours(filed, first_reply, plan):
    for severity in ("L2", "L3", "L4"):
        due = due_times(severity, at(filed))
        assert (due.first_reply_at, due.plan_at) == (at(first_reply), at(plan))
        assert not due.by_the_clock


@pytest.mark.parametrize("severity, first_reply, on_site, plan, done", [
    ("L0", 15, 3 * 60, 24 * 60, 3 * 24 * 60), ("L1", 30, 12 * 60, 24 * 60, 7 * 24 * 60),
])  # fmt: skip
def test_urgent_ones_run_by_the_clock(severity, first_reply, on_site, plan, done):
    """C19, domain 6.2: in the night of a Sunday of the Spring Festival too."""
    filed = at("02-22T02:30")
    due = due_times(severity, filed)
    found = [(moment - filed) / timedelta(minutes=1) for moment in (due.first_reply_at, due.on_site_at, due.plan_at, due.done_at)]
    assert found == [first_reply, on_site, plan, done]
    assert due.by_the_clock
    assert due.trace[0].rule == "C19"


@pytest.mark.parametrize("severity, on_site, done", [("L2", "03-05T17:30", "03-12T17:30"), ("L3", "03-07T17:30", "03-21T17:30"), ("L4", None, "03-07T17:30")])
def test_results_are_owed_in_working_days(severity, on_site, done):
    due = due_times(severity, at("03-04T10:00"))
    assert due.on_site_at == (at(on_site) if on_site else None)
    assert due.done_at == at(done)


def test_the_company_calendar_is_the_one_that_counts():
    closed = WorkingCalendar({date(2026, 3, 5): DayKind.FREE})
    assert due_times("L2", at("03-04T16:30"), closed).first_reply_at == at("03-06T10:00")


def test_a_complaint_outside_office_hours_says_when_its_clock_starts():
    assert [reason.rule for reason in due_times("L2", at("03-07T02:30")).trace] == ["C19", "R160"]
    assert [reason.rule for reason in due_times("L2", at("03-07T10:30")).trace] == ["R160"]


@pytest.mark.parametrize("moment, late", [("03-04T12:00:00", False), ("03-04T12:00:01", True)])
def test_the_due_moment_itself_is_in_time(moment, late):
    """R160."""
    assert is_overdue(due_times("L2", at("03-04T10:00")).first_reply_at, at(moment)) is late
    assert not is_overdue(None, at(moment))


@pytest.mark.parametrize("category, subcategory, severity", [
    ("安全", "", "L0"), ("安全", "漏电", "L0"), ("安全", "表扬", "L0"), ("质量", "渗漏水", "L1"), ("质量", "瓷砖空鼓", "L2"),
    ("质量", "", "L2"), ("费用", "增项未签", "L1"), ("费用", "发票", "L3"), ("服务", "泄露隐私", "L1"), ("材料", "品牌型号不符", "L1"),
    ("环保", "检测超标", "L1"), ("工期", "进度落后", "L2"), ("其他", "", "L3"), ("其他", "表扬", "L4"), ("其他", "建议", "L4"),
])  # fmt: skip
def test_how_urgent_it_is_until_somebody_looks(category, subcategory, severity):
    assert default_severity(category, subcategory) is Severity(severity)


def test_every_category_has_its_words_and_no_other_is_known():
    assert set(SUBCATEGORIES) == set(Category)
    with pytest.raises(ValueError, match="天气"):
        default_severity("天气")


FILED = Progress(at("03-04T12:00"), at("03-05T17:30"), at("03-12T17:30"))


@pytest.mark.parametrize("happened, promise, due, state", [
    ({}, Promise.FIRST_REPLY, "03-04T12:00", ComplaintState.RECEIVED),
    ({"first_replied_at": at("03-04T11:00")}, Promise.PLAN, "03-05T17:30", ComplaintState.ANSWERED),
    ({"first_replied_at": at("03-04T11:00"), "planned_at": at("03-05T11:00")}, Promise.RESULT, "03-12T17:30", ComplaintState.PLANNED),
    ({"first_replied_at": at("03-04T11:00"), "planned_at": at("03-05T11:00"), "done_at": at("03-06T11:00")}, None, None, ComplaintState.DONE),
    ({"closed_at": at("03-06T11:00")}, None, None, ComplaintState.CLOSED),
])  # fmt: skip
def test_one_promise_runs_at_a_time(happened, promise, due, state):
    progress = replace(FILED, **happened)
    clock = running(progress)
    assert state_of(progress) is state
    assert (clock and clock.promise, clock and clock.due_at) == (promise, due and at(due))


COMPLETE = CloseFacts("基层未清理", "铲除重贴", "已重贴并复验", customer_asked=True)


@pytest.mark.parametrize("missing, says", [
    ({"cause": " "}, "请填写查明的原因"), ({"solution": ""}, "请填写处理方案"), ({"result": "\n"}, "请填写处理结果"),
    ({"customer_asked": False}, "请先回访业主，确认处理结果"),
])  # fmt: skip
def test_closing_takes_all_four_steps(missing, says):
    """R161."""
    assert judge_close(COMPLETE).verdict is Closing.ALLOWED
    decision = judge_close(replace(COMPLETE, **missing))
    assert decision.verdict is Closing.REFUSED
    assert [reason.in_words() for reason in decision.trace] == [says]


def test_every_missing_step_is_named():
    assert len(judge_close(CloseFacts("", "", "", customer_asked=False)).trace) == 4


@pytest.mark.parametrize("cause, verdict", [("", Closing.REFUSED), (" ", Closing.REFUSED), ("基层未清理", Closing.ALLOWED)])
def test_no_solution_without_a_cause(cause, verdict):
    """R161."""
    assert judge_solution(cause).verdict is verdict


@pytest.mark.parametrize("closed, moment, verdict", [
    ("03-01T10:00", "03-31T23:59", Closing.ALLOWED), ("03-01T10:00", "04-01T00:00", Closing.REFUSED), (None, "03-02T10:00", Closing.REFUSED),
])  # fmt: skip
def test_reopening_within_thirty_days(closed, moment, verdict):
    assert judge_reopen(closed and at(closed), at(moment)).verdict is verdict


@pytest.mark.parametrize("severity, times, after", [
    ("L2", 0, "L2"), ("L2", 1, "L2"), ("L2", 2, "L1"), ("L1", 3, "L1"), ("L1", 4, "L0"), ("L0", 2, "L0"), ("L4", 2, "L3"),
])  # fmt: skip
def test_opened_twice_is_one_level_graver(severity, times, after):
    assert severity_after_reopening(severity, times) is Severity(after)


def test_complaints_come_first_and_the_earliest_promise_first_among_them():
    """R163."""
    noon = datetime(2026, 3, 4, 4, tzinfo=UTC)
    items = [
        QueueItem("task", "task", noon - timedelta(days=9)),
        QueueItem("idle", "complaint", None),
        QueueItem("late", "complaint", noon + timedelta(hours=2), Severity.L1),
        QueueItem("grave", "complaint", noon, Severity.L0),
        QueueItem("early", "complaint", noon, Severity.L2),
        QueueItem("someday", "task", None),
    ]
    assert [item.ref for item in queue_order(items)] == ["grave", "early", "late", "idle", "task", "someday"]
