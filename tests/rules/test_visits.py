"""Visits: booking, moving, dispatching (R051–R053, R155)."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal.rules.visits import (
    Booking,
    Dispatch,
    Move,
    VisitState,
    VisitTimes,
    expected_arrival,
    judge_booking,
    judge_cancel,
    judge_dispatch,
    judge_move,
    overlaps,
    state_of,
)
from portal.rules.working_time import ZONE


def at(text):
    return datetime.fromisoformat(f"2026-03-{text}").replace(tzinfo=ZONE)


VISIT = VisitTimes(at("20T10:00"), at("20T11:00"))
SENT = replace(VISIT, arrival_at=at("20T10:15"))


@pytest.mark.parametrize("visit, moment, state", [
    (VISIT, "19T10:00", VisitState.PLANNED),
    (VISIT, "20T09:59", VisitState.PLANNED),
    (VISIT, "20T10:00", VisitState.UNDER_WAY),
    (VISIT, "20T11:00", VisitState.UNCONFIRMED),
    (SENT, "20T10:00", VisitState.ON_THE_WAY),
    (SENT, "20T10:15", VisitState.ON_THE_WAY),       # R052: by then
    (SENT, "20T10:15:01", VisitState.LATE),
    (replace(SENT, arrived_at=at("20T10:14")), "20T10:20", VisitState.UNDER_WAY),
    (replace(SENT, arrived_at=at("20T10:40")), "20T10:50", VisitState.UNDER_WAY),
    (replace(SENT, arrived_at=at("20T10:14"), done_at=at("20T10:50")), "20T10:55", VisitState.DONE),
    (replace(VISIT, done_at=at("20T10:50")), "25T00:00", VisitState.DONE),
    (replace(VISIT, cancelled_at=at("18T10:00"), done_at=at("20T10:50")), "25T00:00", VisitState.CANCELLED),
])  # fmt: skip
def test_the_state_follows_from_the_moments(visit, moment, state):
    assert state_of(visit, at(moment)) is state


@pytest.mark.parametrize("visit, to, reason, moment, verdict", [
    (VISIT, "23T10:00", "材料未到", "19T23:59", Move.ALLOWED),       # R155: told the day before
    (VISIT, "23T10:00", "材料未到", "20T00:00", Move.TOLD_LATE),     # on the day itself
    (VISIT, "23T10:00", " ", "19T10:00", Move.REFUSED),
    (VISIT, "19T09:00", "提前", "19T10:00", Move.REFUSED),           # into the past
    (VISIT, "20T10:00", "x", "19T10:00", Move.REFUSED),              # to where it is
    (VISIT, "23T10:00", "x", "20T10:00", Move.REFUSED),              # has begun
    (VISIT, "23T10:00", "x", "25T10:00", Move.REFUSED),              # is past
    (replace(VISIT, cancelled_at=at("18T10:00")), "23T10:00", "x", "19T10:00", Move.REFUSED),
    (replace(VISIT, done_at=at("18T10:00")), "23T10:00", "x", "19T10:00", Move.REFUSED),
    (replace(VISIT, arrived_at=at("20T09:50")), "23T10:00", "x", "20T09:55", Move.REFUSED),
])  # fmt: skip
def test_moving_a_visit(visit, to, reason, moment, verdict):
    decision = judge_move(visit, at(to), reason, at(moment))
    assert decision.verdict is verdict
    assert verdict.may_move is (verdict is not Move.REFUSED)
    assert decision.trace


def test_a_visit_is_not_moved_into_another_century():
    assert judge_move(VISIT, at("19T10:00").replace(year=2126), "x", at("19T10:00")).verdict is Move.REFUSED


@pytest.mark.parametrize("starts, ends, verdict", [
    ("20T10:00", "20T11:00", Booking.ALLOWED), ("19T10:00", "19T11:00", Booking.REFUSED), ("18T10:00", "20T11:00", Booking.REFUSED),
    ("20T10:00", "20T10:00", Booking.REFUSED), ("20T10:00", "20T09:00", Booking.REFUSED), ("20T10:00", "21T10:00", Booking.ALLOWED),
    ("20T10:00", "21T10:01", Booking.REFUSED),
])  # fmt: skip
def test_booking_a_visit(starts, ends, verdict):
    assert judge_booking(at(starts), at(ends), at("19T10:00")).verdict is verdict


@pytest.mark.parametrize("visit, reason, moment, verdict", [
    (VISIT, "业主出差", "19T10:00", Booking.ALLOWED), (VISIT, "", "19T10:00", Booking.REFUSED), (VISIT, "x", "21T10:00", Booking.REFUSED),
])  # fmt: skip
def test_cancelling_a_visit(visit, reason, moment, verdict):
    assert judge_cancel(visit, reason, at(moment)).verdict is verdict


HOME = {"community": "云杉里", "building": "3", "unit": "2", "room": "1201"}


@pytest.mark.parametrize("part, name", [("community", "小区"), ("building", "楼栋"), ("unit", "单元"), ("room", "房号")])
def test_a_dispatch_states_all_four_parts(part, name):
    """R053."""
    decision = judge_dispatch(**(HOME | {part: " "}), has_designer=True, eta_minutes=15)
    assert decision.verdict is Dispatch.REFUSED
    assert [reason.in_words() for reason in decision.trace] == [f"派单须写明{name}"]


@pytest.mark.parametrize("designer, eta, verdict", [
    (True, 15, Dispatch.READY), (True, None, Dispatch.REFUSED), (True, 0, Dispatch.REFUSED), (True, 1441, Dispatch.REFUSED),
    (False, 15, Dispatch.REFUSED),
])  # fmt: skip
def test_a_dispatch_tells_who_comes_and_when(designer, eta, verdict):
    """R052."""
    assert judge_dispatch(**HOME, has_designer=designer, eta_minutes=eta).verdict is verdict


def test_a_request_at_ten_with_fifteen_minutes_is_expected_at_a_quarter_past():
    """R052."""
    assert expected_arrival(at("20T10:00"), 15) == at("20T10:15")


@pytest.mark.parametrize("shift, collides", [(-60, False), (-59, True), (0, True), (59, True), (60, False)])
def test_one_person_is_in_one_place(shift, collides):
    moved = timedelta(minutes=shift)
    assert overlaps(VISIT.starts_at, VISIT.ends_at, VISIT.starts_at + moved, VISIT.ends_at + moved) is collides
