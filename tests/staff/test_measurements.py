"""Measuring: a designer with his time of arrival, a record in which nothing is left open, the next date told at once."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from PIL import Image

from portal import clock
from portal.models import MeasurementRecord, Message, Photo, Room, Visit
from portal.rules.access import Role
from portal.rules.measurement import Item
from tests import factories
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")

TOMORROW_TEN = datetime(2026, 11, 25, 2, 0, tzinfo=UTC)


@pytest.fixture
def home(db, grace):
    project = factories.make_project()
    factories.assign(project, grace, Role.ACCOUNT_MANAGER)
    db.session.commit()
    return project


@pytest.fixture
def mother(db, home):
    person = factories.make_homeowner(home)
    db.session.commit()
    return person


def booked(home, **facts) -> Visit:
    facts = {"starts_at": TOMORROW_TEN, "purpose": "免费上门量房", "person_name": "", "person_role": ""} | facts
    return factories.make_visit(home, **facts)


def jpeg() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "teal").save(out, "JPEG")
    out.seek(0)
    return out


def test_a_measurement_is_booked_free_of_charge(db, browser, grace, home, mother):
    as_grace = browser.as_(grace)
    assert "免费" in as_grace.get("staff.measurements.new", project_id=home.id).words
    form = {"how": "later", "day": "2026-11-25", "time": "10:00"}
    page = as_grace.post("staff.measurements.create", form, project_id=home.id)
    visit = db.session.query(Visit).one()
    assert (page.status, visit.kind, visit.starts_at, visit.person_id) == (303, "measurement", TOMORROW_TEN, None)
    words = browser.as_(mother).get("customer.schedule.index").words
    assert "免费上门量房" in words
    assert "人员安排中" in words
    assert "Measuring, free of charge" in browser.as_(mother, language="en").get("customer.schedule.index").words


def test_without_all_four_parts_of_the_address_nobody_is_sent(db, browser, grace, home):
    home.room_no = ""
    page = browser.as_(grace).post("staff.measurements.create", {"how": "at_once"}, project_id=home.id)
    assert page.status == 422
    assert "房号" in page.faults()[0]
    assert db.session.query(Visit).count() == 0


def dispatch(visit, sent, **other):
    facts = {"designer": f"designer:{sent.id}", "when": "agreed", "eta_minutes": "", "version": visit.version} | other
    return {f"visit{visit.id}-{name}": value for name, value in facts.items()}


def test_a_designer_leaves_now_and_is_late_when_his_time_has_passed(db, browser, grace, dora, home, mother):
    as_grace = browser.as_(grace)
    assert as_grace.post("staff.measurements.create", {"how": "at_once"}, project_id=home.id).status == 303
    visit = db.session.query(Visit).one()
    page = as_grace.post("staff.measurements.send", dispatch(visit, dora, when="now", eta_minutes="25"), visit_id=visit.id)
    assert page.status == 303
    assert visit.arrival_at == visit.starts_at == clock.now() + timedelta(minutes=25)
    told = db.session.query(Message).filter_by(user_id=mother.id, kind="measurement.sent", channel="portal").one()
    assert f"{dora.name}预计11月24日 周二 12:25到达" in told.body
    assert "迟到" not in as_grace.get("staff.measurements.index").words
    clock.stand_still(clock.now() + timedelta(minutes=26))
    assert "迟到" in as_grace.get("staff.measurements.index").words
    assert "未按时到达" in browser.as_(mother).get("customer.schedule.show", visit_id=visit.id).words
    as_dora = browser.as_(dora)
    assert as_dora.post("staff.measurements.arrive", visit_id=visit.id).status == 303
    assert visit.arrived_at == clock.now()
    assert "迟到" not in as_grace.get("staff.measurements.index").words


def test_for_a_busy_designer_the_first_free_one_is_offered(db, browser, grace, dora, home):
    dan = factories.make_user(Role.DESIGNER, name="丹丹")
    other = factories.make_project()
    factories.make_visit(other, dora, starts_at=TOMORROW_TEN - timedelta(minutes=30), kind="weekly")
    factories.make_visit(other, dan, starts_at=TOMORROW_TEN, ends_at=TOMORROW_TEN + timedelta(minutes=20), kind="weekly")
    visit = booked(home)
    page = browser.as_(grace).post("staff.measurements.send", dispatch(visit, dora), visit_id=visit.id)
    assert page.status == 422
    assert f"{dora.name}要到10:30才有空。最早有空的是丹丹（10:20）" in page.faults()[0]
    assert visit.person_id is None


def test_two_dispatchers_do_not_send_two_designers(db, browser, grace, dora, home):
    dan = factories.make_user(Role.DESIGNER, name="丹丹")
    visit = booked(home)
    first, second = dispatch(visit, dora), dispatch(visit, dan)
    as_grace = browser.as_(grace)
    assert as_grace.post("staff.measurements.send", first, visit_id=visit.id).status == 303
    assert as_grace.post("staff.measurements.send", second, visit_id=visit.id).status == 409
    assert visit.person_id == dora.id
    assert browser.as_(dora).get("staff.projects.show", project_id=home.id).status == 200


@pytest.mark.parametrize("forged", ["salesperson:1", "designer:99999", "homeowner:1", "x", "designer:1e9"])
def test_only_designers_are_sent(db, browser, grace, dora, home, forged):
    visit = booked(home)
    page = browser.as_(grace).post("staff.measurements.send", dispatch(visit, dora, designer=forged), visit_id=visit.id)
    assert page.status in (404, 422)
    assert visit.person_id is None


def findings(**other) -> dict:
    said = {f"{item.value}-present": "yes" for item in Item} | {f"{item.value}-position": "北墙离地300" for item in Item}
    return said | {"base_condition": "墙面平整", "customer_opinion": "想要大厨房", "day": "2026-11-27", "time": "15:00"} | other


@pytest.fixture
def surveyed(db, home, dora):
    """A measurement that Dora is to record."""
    factories.assign(home, dora, Role.DESIGNER)
    visit = booked(home, person_id=dora.id, person_name=dora.name, person_role="designer")
    db.session.commit()
    return visit


def test_a_whole_record_is_kept_and_the_next_date_stands_in_the_schedule(db, browser, dora, mother, surveyed):
    form = findings(**{"gas_pipe-present": "no", "gas_pipe-position": ""})
    page = browser.as_(dora).post(
        "staff.measurements.submit", form | {"photos": [(jpeg(), "a.jpg"), (jpeg(), "b.jpg")]}, visit_id=surveyed.id
    )
    assert page.status == 303, page.faults()
    record = db.session.query(MeasurementRecord).one()
    assert len(record.items) == len(Item)
    assert db.session.query(Photo).filter_by(subject="measurement", subject_id=record.id).count() == 2
    assert surveyed.done_at
    as_mother = browser.as_(mother)
    assert "11月27日 周五 15:00" in as_mother.get("customer.schedule.index").words
    shown = as_mother.get("customer.schedule.show", visit_id=surveyed.id)
    for words in ("北墙离地300", "墙面平整", "想要大厨房", "没有"):
        assert words in shown.words
    picture = shown.all("img[loading=lazy]")[0]["src"]
    assert as_mother.get(picture).data[:4] == b"RIFF"
    again = browser.as_(dora).post("staff.measurements.submit", findings() | {"photos": (jpeg(), "a.jpg")}, visit_id=surveyed.id)
    assert again.status == 409
    assert db.session.query(MeasurementRecord).count() == 1


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        ({"ac_hole-present": ""}, "空调孔"),
        ({"ac_hole-position": " "}, "空调孔的准确位置"),
        ({"base_condition": ""}, "基层"),
        ({"photos": []}, "至少上传1张"),
        ({"day": ""}, "看方案的时间"),
        ({"day": "2026-11-23"}, "不能早于今天"),
        ({"photos": (io.BytesIO(b"<svg/>"), "x.jpg")}, "x.jpg"),
        ({"base_condition": "字" * 1001}, "最多1000个字"),
    ],
)
def test_an_incomplete_record_is_not_half_saved_and_keeps_its_words(db, browser, dora, surveyed, missing, said):
    page = browser.as_(dora).post("staff.measurements.submit", findings() | {"photos": (jpeg(), "a.jpg")} | missing, visit_id=surveyed.id)
    assert page.status == 422
    assert any(said in fault for fault in page.faults()), page.faults()
    assert "想要大厨房" in page.text
    assert db.session.query(MeasurementRecord).count() == 0
    assert db.session.query(Photo).count() == 0
    assert surveyed.done_at is None
    assert db.session.query(Visit).count() == 1


def rows(*given: dict, seen: str) -> dict:
    form = {"seen": seen}
    for number, row in enumerate(given):
        form |= {f"rooms-{number}-{name}": value for name, value in ({"kind": "dry"} | row).items()}
    return form


LIVING = {"name": "客厅", "length_mm": "5000", "width_mm": "4000", "height_mm": "2800", "openings": "门 900x2100；窗 1800×1500 南"}


def seen(browser, person, home) -> str:
    return browser.as_(person).get("staff.measurements.rooms", project_id=home.id).one('input[name="seen"]')["value"]


def test_openings_are_typed_and_shown_in_english(db, browser, dora, home, surveyed):
    as_dora = browser.as_(dora, language="en")
    living = LIVING | {"openings": "door 900x2100; Sliding door 1800×2200 south; 窗 600x600"}
    answer = as_dora.post("staff.measurements.update_rooms", rows(living, seen=seen(browser, dora, home)), project_id=home.id)
    assert answer.status == 303
    assert [one["type"] for one in db.session.query(Room).one().openings] == ["门", "推拉门", "窗"]
    page = browser.as_(dora, language="en").get("staff.measurements.rooms", project_id=home.id)
    assert page.one("[name=rooms-0-openings]")["value"].startswith("Door 900×2100；Sliding door 1800×2200 south")


def test_rooms_are_typed_straight_down_and_keep_their_code(db, browser, dora, home, surveyed):
    before = seen(browser, dora, home)
    form = rows(
        LIVING, {"name": ""}, {"name": "厨房", "kind": "wet", "length_mm": "3000", "width_mm": "2000", "height_mm": "2600"}, seen=before
    )
    as_dora = browser.as_(dora)
    assert as_dora.post("staff.measurements.update_rooms", form, project_id=home.id).status == 303
    living, kitchen = db.session.query(Room).order_by(Room.position)
    assert (living.code, living.length_mm, kitchen.kind) == ("R1", 5000, "wet")
    assert living.openings == [
        {"type": "门", "w_mm": 900, "h_mm": 2100, "note": ""},
        {"type": "窗", "w_mm": 1800, "h_mm": 1500, "note": "南"},
    ]
    words = as_dora.get("staff.measurements.rooms", project_id=home.id).words
    assert "20" in words
    renamed = rows(
        LIVING | {"ident": str(living.id), "name": "客餐厅"},
        {"ident": str(kitchen.id), "name": "厨房", "gone": "y"},
        seen=seen(browser, dora, home),
    )
    assert as_dora.post("staff.measurements.update_rooms", renamed, project_id=home.id).status == 303
    left = db.session.query(Room).one()
    assert (left.id, left.code, left.name) == (living.id, "R1", "客餐厅")
    stale = as_dora.post("staff.measurements.update_rooms", rows(LIVING, seen=before), project_id=home.id)
    assert stale.status == 409


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"length_mm": "-5"}, "100"),
        ({"length_mm": "NaN"}, "数"),
        ({"length_mm": ""}, "长、宽、高"),
        ({"openings": "大门"}, "看不懂"),
        ({"openings": "窗 90000×90000"}, "门窗洞大于墙面"),
        ({"name": ""}, "名称"),
        ({"name": "字" * 41}, "最多40个字"),
    ],
)
def test_a_wrong_size_is_said_in_its_row(db, browser, dora, home, surveyed, typed, said):
    page = browser.as_(dora).post(
        "staff.measurements.update_rooms", rows(LIVING | typed, seen=seen(browser, dora, home)), project_id=home.id
    )
    assert page.status == 422
    assert any(said in fault for fault in page.faults()), page.faults()
    assert page.one('input[name="rooms-0-width_mm"]')["value"] == "4000"
    assert db.session.query(Room).count() == 0


def test_homes_of_others_do_not_exist(db, browser, sally, dora, home):
    visit = booked(home)
    for person in (sally, dora):
        browser_of = browser.as_(person)
        assert browser_of.post("staff.measurements.create", {"how": "at_once"}, project_id=home.id).status == 404
        assert browser_of.post("staff.measurements.send", {}, visit_id=visit.id).status == 404
        assert browser_of.post("staff.measurements.arrive", visit_id=visit.id).status == 404
        assert browser_of.post("staff.measurements.submit", {}, visit_id=visit.id).status == 404
        assert browser_of.get("staff.measurements.rooms", project_id=home.id).status == 404
        assert home.title not in browser_of.get("staff.measurements.index").words


def test_the_board_costs_the_same_with_one_and_with_thirty(app, db, browser, grace, dora):
    def one():
        project = factories.make_project()
        factories.assign(project, grace, Role.ACCOUNT_MANAGER)
        booked(project)
        booked(project, person_id=dora.id, person_name=dora.name, person_role="designer")

    def grow():
        for _ in range(30):
            one()
        db.session.commit()

    one()
    as_grace = browser.as_(grace)
    assert_same_cost(app, lambda: as_grace.get("staff.measurements.index"), grow)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_speaks_the_language(browser, grace, dora, home, surveyed, language):
    as_dora = browser.as_(dora, language=language)
    assert (
        as_dora.get("staff.measurements.record", visit_id=surveyed.id).one("h1").get_text(strip=True)
        == {"zh": "原房量房记录单", "en": "Measurement record"}[language]
    )
    assert as_dora.get("staff.measurements.rooms", project_id=home.id).status == 200
    assert browser.as_(grace, language=language).get("staff.measurements.new", project_id=home.id).status == 200
    assert as_dora.get("staff.measurements.index").status == 200


def test_of_two_records_in_the_same_instant_one_is_kept(db, browser, dora, surveyed):
    windows, ident = [browser.as_(dora), browser.as_(dora)], surveyed.id
    db.session.commit()
    gate = threading.Barrier(2)

    def send(window):
        gate.wait()
        return window.post(f"/staff/measurements/{ident}/record", findings() | {"photos": (jpeg(), "a.jpg")}).status

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(send, windows)) == [303, 409]
    assert db.session.query(MeasurementRecord).count() == 1
    assert db.session.query(Photo).count() == 1
