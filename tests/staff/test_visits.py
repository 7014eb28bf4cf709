"""Visits: booked for everybody to see, moved with a reason told in time, never written over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal import clock
from portal.models import AuditEntry, Message, Visit, VisitMove
from portal.rules.access import Role
from tests import factories
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")

NINE = datetime(2026, 11, 26, 1, 0, tzinfo=UTC)  # Thursday, 9:00 in Shanghai


@pytest.fixture
def home(db, dora):
    project = factories.make_project()
    factories.assign(project, dora, Role.DESIGNER)
    db.session.commit()
    return project


@pytest.fixture
def mother(db, home):
    person = factories.make_homeowner(home, name="林妈妈")
    db.session.commit()
    return person


def form(home, dora, **other):
    assignment = home.assignments[0]
    return {
        "kind": "plan_review",
        "purpose": "讲解平面方案",
        "day": "2026-11-26",
        "time": "09:00",
        "minutes": "60",
        "person": str(assignment.id),
        "owner_presence": "必须",
    } | other


def test_a_booked_visit_stands_in_the_homeowners_schedule_at_once(db, browser, dora, home, mother):
    page = browser.as_(dora).post("staff.visits.create", form(home, dora), project_id=home.id)
    visit = db.session.query(Visit).one()
    assert (page.status, page.location) == (303, f"/staff/visits/{visit.id}")
    assert (visit.starts_at, visit.ends_at, visit.person_name) == (NINE, NINE + timedelta(hours=1), dora.name)
    schedule = browser.as_(mother).get("customer.schedule.index")
    for words in ("讲解平面方案", dora.name, "11月26日"):
        assert words in schedule.words
    told = db.session.query(Message).filter_by(user_id=mother.id, kind="visit.booked", channel="portal").one()
    assert "11月26日 周四 09:00" in told.body
    assert told.link == f"/customer/schedule/{visit.id}"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"day": "2026-11-23"}, "现在之后"),
        ({"day": "0000-00-00"}, "日期"),
        ({"day": "2099-01-01"}, "太远"),
        ({"time": "25:00"}, "时间"),
        ({"purpose": ""}, "请填写"),
        ({"purpose": "字" * 201}, "最多200个字"),
        ({"minutes": "-5"}, "选择"),
        ({"person": "999"}, "选择"),
        ({"kind": "measurement"}, "选择"),
    ],
)
def test_a_wrong_booking_is_said_beside_its_field(db, browser, dora, home, typed, said):
    page = browser.as_(dora).post("staff.visits.create", form(home, dora, **typed), project_id=home.id)
    assert page.status == 422
    assert any(said in fault for fault in page.faults()), page.faults()
    assert db.session.query(Visit).count() == 0


def test_a_double_click_books_one_visit(db, browser, dora, home):
    as_dora = browser.as_(dora)
    assert as_dora.post("staff.visits.create", form(home, dora), project_id=home.id).status == 303
    again = as_dora.post("staff.visits.create", form(home, dora), project_id=home.id)
    assert again.status == 422
    assert "已有安排（09:00–10:00）" in again.faults()[0]
    assert db.session.query(Visit).count() == 1


def test_a_day_without_an_hour_is_a_whole_day(db, browser, dora, home):
    page = browser.as_(dora).post("staff.visits.create", form(home, dora, all_day="y", time=""), project_id=home.id)
    visit = db.session.query(Visit).one()
    assert page.status == 303
    assert (visit.all_day, clock.local(visit.starts_at).hour, visit.ends_at - visit.starts_at) == (True, 0, timedelta(days=1))


def change(visit, prefix="move", **given):
    facts = {"day": "2026-11-27", "time": "14:30", "reason": "材料晚到", "version": visit.version} | given
    return {f"{prefix}-{name}": value for name, value in facts.items()}


def test_a_moved_visit_keeps_its_history_and_says_why(db, browser, dora, home, mother):
    visit = factories.make_visit(home, dora, starts_at=NINE)
    page = browser.as_(dora).post("staff.visits.move", change(visit), visit_id=visit.id)
    assert page.status == 303
    move = db.session.query(VisitMove).one()
    assert (move.from_at, clock.local(move.to_at).isoformat()) == (NINE, "2026-11-27T14:30:00+08:00")
    words = browser.as_(mother).get("customer.schedule.index").words
    assert "原定11月26日 周四 09:00，因“材料晚到”改到11月27日 周五 14:30" in words
    assert db.session.query(Message).filter_by(kind="visit.moved", user_id=mother.id, channel="portal").count() == 1
    assert db.session.query(AuditEntry).filter_by(act="visit.moved").one().facts["told_in_time"] is True


def test_moving_on_the_day_itself_is_kept_as_told_late(db, browser, dora, home):
    visit = factories.make_visit(home, dora, starts_at=clock.now() + timedelta(hours=3))
    assert browser.as_(dora).post("staff.visits.move", change(visit), visit_id=visit.id).status == 303
    assert db.session.query(AuditEntry).filter_by(act="visit.moved").one().facts["told_in_time"] is False


@pytest.mark.parametrize("given", [{"reason": ""}, {"day": "2026-11-23"}, {"day": "2026-11-26", "time": "09:00"}])
def test_a_move_without_reason_or_sense_changes_nothing(db, browser, dora, home, given):
    visit = factories.make_visit(home, dora, starts_at=NINE)
    page = browser.as_(dora).post("staff.visits.move", change(visit, **given), visit_id=visit.id)
    assert page.status == 422
    assert page.faults()
    assert visit.starts_at == NINE


def test_two_colleagues_do_not_move_the_same_visit_over_each_other(db, browser, dora, home):
    visit = factories.make_visit(home, dora, starts_at=NINE)
    stale = change(visit, day="2026-11-28")
    as_dora = browser.as_(dora)
    assert as_dora.post("staff.visits.move", change(visit), visit_id=visit.id).status == 303
    page = as_dora.post("staff.visits.move", stale, visit_id=visit.id)
    assert page.status == 409
    assert "被同事改过" in page.words
    assert clock.local(visit.starts_at).day == 27


def test_a_cancelled_visit_stays_and_says_why(db, browser, dora, home, mother):
    visit = factories.make_visit(home, dora, starts_at=NINE)
    as_dora = browser.as_(dora)
    assert as_dora.post("staff.visits.cancel", {"cancel-reason": "", "cancel-version": visit.version}, visit_id=visit.id).status == 422
    assert (
        as_dora.post("staff.visits.cancel", {"cancel-reason": "业主出差", "cancel-version": visit.version}, visit_id=visit.id).status == 303
    )
    words = browser.as_(mother).get("customer.schedule.index").words
    assert "业主出差" in words
    assert "已取消" in words
    assert as_dora.post("staff.visits.move", change(visit), visit_id=visit.id).status == 422


def test_a_result_is_written_on_the_day_and_once(db, browser, dora, home, mother):
    visit = factories.make_visit(home, dora, starts_at=NINE, kind="weekly")
    result = {"result-result": "水电已验收 100%", "result-version": visit.version}
    as_dora = browser.as_(dora)
    assert as_dora.post("staff.visits.complete", result, visit_id=visit.id).status == 422
    clock.stand_still(NINE + timedelta(hours=2))
    assert "待确认结果" in as_dora.get("staff.visits.index").words
    assert as_dora.post("staff.visits.complete", result, visit_id=visit.id).status == 303
    assert visit.done_at
    assert as_dora.post("staff.visits.complete", result | {"result-version": visit.version}, visit_id=visit.id).status == 422
    assert "水电已验收 100%" in browser.as_(mother).get("customer.schedule.index").words


def test_a_visit_to_a_home_of_others_does_not_exist(db, browser, home, dora, esther):
    visit = factories.make_visit(home, dora, purpose="独一无二的目的")
    stranger = factories.make_homeowner(factories.make_project())
    as_esther, as_stranger = browser.as_(esther), browser.as_(stranger)
    assert as_esther.get("staff.visits.show", visit_id=visit.id).status == 404
    assert as_esther.post("staff.visits.move", change(visit), visit_id=visit.id).status == 404
    assert as_esther.post("staff.visits.create", form(home, dora), project_id=home.id).status == 404
    assert "独一无二" not in as_esther.get("staff.visits.index", who="all").words
    assert as_stranger.get("customer.schedule.show", visit_id=visit.id).status == 404
    assert "独一无二" not in as_stranger.get("customer.schedule.index").words
    assert as_stranger.get("staff.visits.show", visit_id=visit.id).status == 404


def test_the_month_shows_the_visit_on_its_local_day(db, browser, dora, home, mother):
    late = datetime(2026, 11, 30, 15, 30, tzinfo=UTC)  # 23:30 on the 30th in Shanghai
    factories.make_visit(home, dora, starts_at=late, kind="delivery")
    page = browser.as_(mother).get("customer.schedule.month", month="2026-11")
    busy = page.one("td.date-busy")
    assert busy.select_one("time")["datetime"] == "2026-11-30"
    assert "23:30" in busy.get_text()
    for strange in ("9999-99", "0000-01", "x" * 500, "2099-12", "2000-01"):
        assert browser.as_(dora).get("staff.visits.month", month=strange, who="all").status == 200


def test_lists_cost_the_same_with_one_visit_and_with_thirty(app, db, browser, dora, home, mother):
    def grow():
        for days in range(30):
            visit = factories.make_visit(home, dora, starts_at=NINE + timedelta(days=days - 15))
            db.session.add(VisitMove(visit_id=visit.id, from_at=NINE, to_at=NINE, reason="雨", by_id=dora.id, at=clock.now()))
        db.session.commit()

    first = factories.make_visit(home, dora, starts_at=NINE)
    before = factories.make_visit(home, dora, starts_at=NINE - timedelta(days=5))
    for visit in (first, before):
        db.session.add(VisitMove(visit_id=visit.id, from_at=NINE, to_at=NINE, reason="雨", by_id=dora.id, at=clock.now()))
    as_dora, as_mother, ident = browser.as_(dora), browser.as_(mother), home.id

    def ask():
        as_dora.get("staff.visits.index", who="all")
        as_dora.get("staff.visits.index", project_id=ident)
        as_dora.get("staff.visits.month")
        as_mother.get("customer.schedule.index")
        as_mother.get("customer.schedule.month")

    assert_same_cost(app, ask, grow)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_the_language(db, browser, dora, home, mother, language):
    visit = factories.make_visit(home, dora, starts_at=NINE)
    as_dora, as_mother = browser.as_(dora, language=language), browser.as_(mother, language=language)
    word = {"zh": "日程", "en": "Schedule"}[language]
    assert as_mother.get("customer.schedule.index").one("h1").get_text(strip=True) == word
    assert {"zh": "预约上门", "en": "Book a visit"}[language] in as_dora.get("staff.visits.new", project_id=home.id).words
    assert as_dora.get("staff.visits.show", visit_id=visit.id).status == 200
    assert as_mother.get("customer.schedule.show", visit_id=visit.id).status == 200
