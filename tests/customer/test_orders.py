"""Progress for the homeowner: done, now, next, when, whom to ask; nothing that is meant for staff."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest

from portal import clock
from portal.models import Photo
from portal.rules.access import Role
from tests import factories, works
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")
INTERNAL, PUBLIC = "工头吵架，别让业主知道", "墙面已经找平"


@pytest.fixture
def home(db, marcus):
    project = factories.make_project(title="云栖苑 1栋")
    factories.assign(project, marcus, Role.PROJECT_MANAGER)
    db.session.commit()
    return project


@pytest.fixture
def owner(db, home):
    user = factories.make_homeowner(home, name="林知秋")
    db.session.commit()
    return user


@pytest.fixture
def order(app, home, marcus):
    return works.ordered(app, home, marcus)


def staff_writes(browser, person, order, stage, words, *, visible):
    data = {f"step{stage.id}-on": "2026-11-24", f"step{stage.id}-body": words, f"step{stage.id}-version": str(stage.version),
            f"step{stage.id}-pictures": [(io.BytesIO(works.jpeg("red" if visible else "navy")), "IMG_1.jpg")]}
    data |= {f"step{stage.id}-for_homeowner": "y"} if visible else {}
    page = browser.as_(person).post("staff.orders.note", data, order_id=order.id, stage_id=stage.id)
    assert page.status == 303


def pages_of(browser, person, order):
    her = browser.as_(person)
    return [her.get("customer.orders.show", order_id=order.id), her.get("customer.orders.index"), her.get("customer.home.show"),
            her.get("customer.messages.index")]


def test_done_now_next_when_and_whom_to_ask(app, db, browser, owner, order, marcus):
    works.begin(app, order, "S02", marcus)
    page = browser.as_(owner).get("customer.orders.show", order_id=order.id)
    states = {tag.select_one(".stage-title").get_text(" ").split()[0]: tag["class"][1] for tag in page.all(".stage")}
    assert (states["开工交底与成品保护"], states["拆改"], states["砌墙抹灰"], states["水电施工"]) == (
        "stage-done", "stage-now", "stage-next", "stage-planned")
    now = page.one(".stage-now").get_text(" ")
    assert "按图拆除和清运，承重结构不会动。" in now
    assert "11月24日–11月26日" in now
    assert "已完成1个阶段，共20个" in page.words
    assert "竣工验收" in page.words
    person = page.all(".person")[0]
    assert "马库斯" in person.get_text()
    assert "当前负责人" in person.get_text()


def test_words_and_photos_for_staff_never_reach_her(db, browser, owner, order, marcus):
    """The same note is there for staff and gone for her: on every page, as a photo, as a thumbnail, in her messages."""
    first = works.stage(order, "S01")
    staff_writes(browser, marcus, order, first, PUBLIC, visible=True)
    staff_writes(browser, marcus, order, first, INTERNAL, visible=False)
    shown, hidden = (db.session.query(Photo).filter_by(subject=kind).one().id for kind in ("stage_note", "staff_note"))
    staff = browser.as_(marcus).get("staff.orders.show", order_id=order.id)
    assert INTERNAL in staff.words
    assert f"/staff/photos/{hidden}" in staff.text
    assert browser.as_(marcus).get("staff.photos.show", photo_id=hidden).status == 200
    pages = pages_of(browser, owner, order)
    assert PUBLIC in pages[0].words
    assert f"/customer/photos/{shown}" in pages[0].text
    for page in pages:
        assert page.status == 200
        assert INTERNAL not in page.text
        assert f"photos/{hidden}" not in page.text
        assert "仅内部" not in page.words
    her = browser.as_(owner)
    assert her.get("customer.photos.show", photo_id=shown).status == 200
    assert her.get("customer.photos.show", photo_id=hidden).status == 404
    assert her.get("customer.photos.show", photo_id=hidden, size="thumb").status == 404


def test_the_expected_day_is_never_one_that_has_passed(app, db, browser, home, owner, marcus):
    order = works.ordered(app, home, marcus, start_on=date(2026, 10, 12))
    stage = works.begin(app, order, "S02", marcus)
    stage.actual_start, stage.forecast_end = date(2026, 11, 2), date(2026, 11, 5)
    db.session.commit()
    page = browser.as_(owner).get("customer.orders.show", order_id=order.id)
    late = page.one(".stage-late").get_text(" ")
    assert "拆改" in late
    assert "11月2日–11月24日" in late
    assert "比原来说的晚" in browser.as_(owner).get("customer.home.show").words


def test_a_delay_is_read_with_its_reason(app, db, browser, owner, order, marcus):
    first = works.stage(order, "S01")
    data = {f"delay{first.id}-days": "4", f"delay{first.id}-body": "台风停工", f"delay{first.id}-version": str(first.version)}
    browser.as_(marcus).post("staff.orders.delay", data, order_id=order.id, stage_id=first.id)
    page = browser.as_(owner).get("customer.orders.show", order_id=order.id)
    note = page.one(".note").get_text(" ")
    assert "延期4个工作日" in note
    assert "台风停工" in note
    assert "原计划11月23日" in page.words


def test_before_there_is_an_order_the_way_is_shown(db, browser, home, owner, sally):
    factories.make_lead(sally, project_id=home.id)
    db.session.commit()
    page = browser.as_(owner).get("customer.orders.index")
    titles = [tag.get_text(" ").split()[0] for tag in page.all(".stage-title")]
    assert titles == ["咨询登记", "上门量房", "方案设计", "报价", "签约", "施工", "交付"]
    assert "上门量房" in page.one(".stage-now").get_text()


def test_an_order_without_plan_says_what_happens(app, db, browser, home, owner, marcus):
    order = works.ordered(app, home, marcus, start_on=None)
    assert "正在安排开工日期" in browser.as_(owner).get("customer.orders.show", order_id=order.id).words
    assert "施工" in browser.as_(owner).get("customer.orders.index").one(".stage-now").get_text()


def test_another_household_finds_nothing(db, browser, order, marcus):
    stranger = factories.make_homeowner(factories.make_project(title="隔壁"), name="隔壁的人")
    former = factories.make_homeowner(order.project, name="前任", relation="other")
    member = next(one for one in order.project.members if one.user_id == former.id)
    member.ended_at = clock.now() - timedelta(days=1)
    db.session.commit()
    for person in (stranger, former):
        assert browser.as_(person).get("customer.orders.show", order_id=order.id).status == 404
        assert "云栖苑 1栋" not in browser.as_(person).get("customer.orders.index").text
    assert browser.as_(marcus).get("customer.orders.index").status == 404
    assert browser.as_(None).get("customer.orders.index").status == 302


def test_the_page_costs_the_same_with_more_notes_and_photos(app, db, browser, owner, order, marcus):
    first = works.stage(order, "S01")
    staff_writes(browser, marcus, order, first, "第一天", visible=True)
    her = browser.as_(owner)

    def ask():
        assert her.get("customer.orders.show", order_id=order.id).status == 200
        assert her.get("customer.orders.index").status == 200

    def grow():
        for n in range(5):
            staff_writes(browser, marcus, order, first, f"又一天{n}", visible=True)
            works.ordered(app, factories.make_project(), marcus)

    assert_same_cost(app, ask, grow)


@pytest.mark.parametrize(("language", "words"), [("zh", "已完成0个阶段"), ("en", "0 of 20 stages done")])
def test_both_languages(db, browser, owner, order, language, words):
    assert words in browser.as_(owner, language=language).get("customer.orders.show", order_id=order.id).words
