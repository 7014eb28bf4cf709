"""Orders in the office: the list, the stage in hand, and every step with its refusals in words."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest

from portal import clock
from portal.models import Message, OrderStage, Photo, StageNote
from portal.rules.access import Role
from tests import factories, works
from tests.queries import assert_same_cost

pytestmark = pytest.mark.usefixtures("at_noon")
TODAY = "2026-11-24"


@pytest.fixture
def home(db, marcus):
    project = factories.make_project(title="云栖苑 1栋")
    factories.assign(project, marcus, Role.PROJECT_MANAGER)
    factories.make_homeowner(project, name="林知秋")
    db.session.commit()
    return project


@pytest.fixture
def order(app, home, marcus):
    return works.ordered(app, home, marcus)


def step_data(stage, **fields) -> dict:
    """What the form of a stage sends."""
    given = {"on": TODAY, "body": "", "for_homeowner": "y", "version": str(stage.version)} | fields
    return {f"step{stage.id}-{name}": value for name, value in given.items() if value is not None}


def send(browser, person, order, stage, step, *, htmx=False, **fields):
    where = {"order_id": order.id, "stage_id": stage.id, "step": step}
    return browser.as_(person).post("staff.orders.step", step_data(stage, **fields), htmx=htmx, **where)


def note(browser, person, order, stage, **fields):
    return browser.as_(person).post("staff.orders.note", step_data(stage, **fields), order_id=order.id, stage_id=stage.id)


def pictures(*contents: bytes) -> list:
    return [(io.BytesIO(content), f"IMG_{n}.jpg") for n, content in enumerate(contents)]


def test_the_list_leads_to_the_stage_in_hand(db, browser, order, marcus):
    page = browser.as_(marcus).get("staff.orders.index")
    row = page.one(".list-row")
    assert "云栖苑 1栋" in row.get_text()
    assert "开工交底与成品保护" in row.get_text()
    desk = browser.as_(marcus).get(row.a["href"]).one(".stage-desk")
    assert "S01" in desk.get_text()
    assert "开始“开工交底与成品保护”" in desk.get_text()


def test_begin_and_finish_with_a_photo_and_words(db, browser, order, marcus):
    first = works.stage(order, "S01")
    page = send(browser, marcus, order, first, "start", body="交底完成", pictures=pictures(works.jpeg()))
    assert (page.status, page.location) == (303, f"/staff/orders/{order.id}")
    db.session.expire_all()
    row = db.session.query(StageNote).one()
    assert (row.act, row.body, row.by_id) == ("started", "交底完成", marcus.id)
    assert db.session.query(Photo).one().subject == "stage_note"
    page = send(browser, marcus, order, first, "end", begin_next="y")
    assert page.status == 303
    db.session.expire_all()
    assert (first.actual_end, works.stage(order, "S02").actual_start) == (clock.today(), clock.today())
    shown = browser.as_(marcus).get("staff.orders.show", order_id=order.id)
    assert "S02" in shown.one(".stage-desk").get_text()
    assert "已完成1个阶段，共20个" in shown.words


def test_htmx_gets_the_stages_alone_with_a_word(db, browser, order, marcus):
    page = send(browser, marcus, order, works.stage(order, "S01"), "start", htmx=True)
    assert page.status == 200
    assert page.soup.select_one("#stages")
    assert not page.all("h1")
    assert "已开始" in page.headers["HX-Trigger"].encode().decode("unicode_escape")


def test_a_note_needs_words_or_a_photo(db, browser, order, marcus):
    first = works.stage(order, "S01")
    page = note(browser, marcus, order, first)
    assert page.status == 422
    assert page.faults() == ["写一句话，或放一张照片。"]
    assert note(browser, marcus, order, first, body="材料到了").status == 303
    assert note(browser, marcus, order, first, pictures=pictures(works.jpeg(), works.jpeg("navy"))).status == 303
    assert db.session.query(StageNote).count() == 2
    assert db.session.query(Photo).count() == 2


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"on": "2026-11-25"}, "开始日期不能晚于今天"),
        ({"on": "0000-01-01"}, "请填写日期"),
        ({"on": ""}, "请填写这一项"),
        ({"on": "2026-13-45"}, "请填写日期"),
        ({"body": "字" * 1001}, "最多1000个字"),
        ({"body": "字" * 340_000}, "最多1000个字"),
        ({"body": "看\x00不见"}, "控制字符"),
    ],
)
def test_bad_input_is_said_and_nothing_is_saved(db, browser, order, marcus, fields, said):
    page = send(browser, marcus, order, works.stage(order, "S01"), "start", **({"body": "上午到场"} | fields))
    assert page.status == 422
    assert said in page.words
    if "body" not in fields:
        assert page.one(f'textarea[name="step{works.stage(order, "S01").id}-body"]').get_text().strip() == "上午到场"
    assert db.session.query(StageNote).count() == 0
    assert works.stage(order, "S01").actual_start is None


@pytest.mark.parametrize("content", [b"", b"<svg onload=alert(1)>", b"\xff\xd8\xff broken"])
def test_a_file_that_is_no_photo_is_named_and_the_words_are_kept(db, browser, order, marcus, content):
    first = works.stage(order, "S01")
    page = send(browser, marcus, order, first, "start", body="看照片", pictures=pictures(works.jpeg(), content))
    assert page.status == 422
    assert any("IMG_1.jpg" in fault for fault in page.faults())
    assert "请重新选择" in page.words
    assert page.one(f'textarea[name="step{first.id}-body"]').get_text().strip() == "看照片"
    assert db.session.query(Photo).count() == db.session.query(StageNote).count() == 0


def test_ten_photos_are_too_many(db, browser, order, marcus):
    page = send(browser, marcus, order, works.stage(order, "S01"), "start", pictures=pictures(*[b"x"] * 10))
    assert page.status == 422
    assert any("最多上传 9 张" in fault for fault in page.faults())


def test_an_inspection_is_not_passed_without_a_photo(app, db, browser, home, marcus):
    order = works.ordered(app, home, marcus, start_on=date(2026, 9, 7))
    inspection = works.begin(app, order, "S05", marcus)
    page = send(browser, marcus, order, inspection, "end", body="打压合格")
    assert page.status == 422
    assert "请先上传至少一张照片" in page.words
    assert "打压合格" in page.one(f'textarea[name="step{inspection.id}-body"]').get_text()
    assert send(browser, marcus, order, inspection, "end", pictures=pictures(works.jpeg())).status == 303


def test_a_greyed_out_button_says_why(db, browser, order, marcus):
    page = browser.as_(marcus).get("staff.orders.show", order_id=order.id)
    later = page.one(f"#stage-{works.stage(order, 'S03').id}")
    button = later.select_one("[aria-disabled=true]")
    assert "开始“砌墙抹灰”" in button.get_text()
    assert "“开工交底与成品保护”尚未完成，不能开始“砌墙抹灰”" in later.select_one(".reason").get_text()
    page = send(browser, marcus, order, works.stage(order, "S03"), "start")
    assert page.status == 422
    assert "不能开始“砌墙抹灰”" in page.one(".alert.tone-bad").get_text()


def test_a_warning_asks_before_going_on(app, db, browser, order, marcus):
    works.begin(app, order, "S02", marcus)
    third = works.stage(order, "S03")
    box = f'input[name="step{third.id}-confirmed"]'
    shown = browser.as_(marcus).get("staff.orders.show", order_id=order.id)
    assert "还没有结束，确定同时进行吗" in shown.one(f"#stage-{third.id}").get_text()
    assert shown.all(box)
    page = send(browser, marcus, order, third, "start", body="两组人同时做")
    assert page.status == 422
    assert "确定同时进行吗" in page.words
    assert "两组人同时做" in page.one(f'textarea[name="step{third.id}-body"]').get_text()
    assert third.actual_start is None
    assert send(browser, marcus, order, third, "start", confirmed="y").status == 303
    db.session.expire_all()
    assert third.actual_start == clock.today()


def test_the_other_was_quicker_and_the_words_are_kept(db, browser, order, marcus):
    first = works.stage(order, "S01")
    seen = first.version
    send(browser, marcus, order, first, "start")
    db.session.expire_all()
    page = send(browser, marcus, order, first, "end", version=str(seen), body="我也在现场")
    assert page.status == 409
    assert "刚被别人更新过" in page.words
    assert page.one(f'textarea[name="step{first.id}-body"]').get_text().strip() == "我也在现场"
    assert page.one(f'input[name="step{first.id}-version"]')["value"] == str(first.version)
    db.session.expire_all()
    assert first.actual_end is None


def delay_data(stage, **fields):
    given = {"days": "3", "body": "电梯停运", "version": str(stage.version)} | fields
    return {f"delay{stage.id}-{name}": value for name, value in given.items()}


def test_a_delay_has_days_and_a_reason_that_the_household_reads(db, browser, order, marcus):
    first = works.stage(order, "S01")
    address = {"order_id": order.id, "stage_id": first.id}
    page = browser.as_(marcus).post("staff.orders.delay", delay_data(first, body=" "), **address)
    assert (page.status, page.faults()) == (422, ["请填写这一项。"])
    assert page.one(f'input[name="delay{first.id}-days"]')["value"] == "3"
    for days in ("0", "-3", "NaN", "1.5", "401", "1e3"):
        assert browser.as_(marcus).post("staff.orders.delay", delay_data(first, days=days), **address).status == 422
    assert browser.as_(marcus).post("staff.orders.delay", delay_data(first), **address).status == 303
    db.session.expire_all()
    assert (first.delay_wd, first.forecast_end) == (3, date(2026, 11, 27))
    assert db.session.query(StageNote).one().days_wd == 3
    assert "电梯停运" in db.session.query(Message).filter_by(kind="order.delayed", channel="portal").one().body
    page = browser.as_(marcus).post("staff.orders.delay", delay_data(first, version="1"), **address)
    assert page.status == 409


def test_reopening_wants_a_reason_and_nothing_begun_after_it(app, db, browser, order, marcus):
    works.begin(app, order, "S03", marcus)
    second = works.stage(order, "S02")
    shown = browser.as_(marcus).get("staff.orders.show", order_id=order.id)
    assert "后面的阶段已经开始" in shown.one(f"#stage-{second.id} .reason").get_text()
    data = {f"reopen{second.id}-body": "漏拆一面墙", f"reopen{second.id}-version": str(second.version)}
    page = browser.as_(marcus).post("staff.orders.reopen", data, order_id=order.id, stage_id=second.id)
    assert page.status == 422
    assert second.actual_end is not None
    works.stage(order, "S03").actual_start = None
    db.session.commit()
    data[f"reopen{second.id}-version"] = str(second.version)
    assert browser.as_(marcus).post("staff.orders.reopen", data, order_id=order.id, stage_id=second.id).status == 303
    db.session.expire_all()
    assert second.actual_end is None


def test_the_start_is_planned_and_changed_until_works_begin(app, db, browser, home, marcus):
    order = works.ordered(app, home, marcus, start_on=None)
    shown = browser.as_(marcus).get("staff.orders.show", order_id=order.id)
    assert "定开工日期" in shown.words
    page = browser.as_(marcus).post("staff.orders.plan", {"start_on": "soon", "version": str(order.version)}, order_id=order.id)
    assert page.status == 422
    assert page.one('input[name="start_on"]')["value"] == "soon"
    page = browser.as_(marcus).post("staff.orders.plan", {"start_on": "2026-11-24", "version": str(order.version)}, order_id=order.id)
    assert page.status == 303
    assert db.session.query(OrderStage).count() == 20
    page = browser.as_(marcus).post("staff.orders.plan", {"start_on": "2026-12-01", "version": "1"}, order_id=order.id)
    assert page.status == 409
    assert "开工安排刚被别人改过" in page.words
    db.session.expire_all()
    assert order.start_on == date(2026, 11, 24)


def test_strangers_find_nothing(db, browser, order, sam, dora, ada):
    first = works.stage(order, "S01")
    where = {"order_id": order.id, "stage_id": first.id}
    other = factories.make_user(Role.PROJECT_MANAGER, name="别组的经理")
    db.session.commit()
    assert browser.as_(other).get("staff.orders.show", order_id=order.id).status == 404
    assert browser.as_(other).post("staff.orders.step", step_data(first), step="start", **where).status == 404
    assert browser.as_(other).get("staff.orders.project", project_id=order.project_id).status == 404
    factories.assign(order.project, dora, Role.DESIGNER)
    db.session.commit()
    assert browser.as_(dora).get("staff.orders.show", order_id=order.id).status == 200
    assert browser.as_(ada).get("staff.orders.show", order_id=order.id).status == 200
    for person in (dora, ada):  # they see it and move nothing
        assert browser.as_(person).post("staff.orders.step", step_data(first), step="start", **where).status == 404
        assert not browser.as_(person).get("staff.orders.show", order_id=order.id).all("#stages form")
    assert browser.as_(None).get("staff.orders.index").status == 302
    assert browser.as_(other).post("staff.orders.note", step_data(first), **where).status == 404
    assert first.actual_start is None


def test_a_stage_of_another_order_is_not_moved_through_this_one(app, db, browser, order, marcus):
    elsewhere = works.ordered(app, factories.make_project(), marcus)
    theirs = works.stage(elsewhere, "S01")
    page = browser.as_(marcus).post("staff.orders.step", step_data(theirs), order_id=order.id, stage_id=theirs.id, step="start")
    assert page.status == 404


def _four(app, db, marcus) -> dict[str, str]:
    """State → title, one order each."""
    titles = {"unplanned": "待排期的家", "late": "超期的家", "running": "施工的家", "finished": "完工的家"}
    starts = {"unplanned": None, "late": date(2026, 9, 7), "running": works.MONDAY, "finished": date(2026, 6, 1)}
    for state, title in titles.items():
        project = factories.make_project(title=title, customer_name=title[:2])
        factories.assign(project, marcus, Role.PROJECT_MANAGER)
        made = works.ordered(app, project, marcus, start_on=starts[state])
        if state == "late":
            made.expected_on = clock.today() - timedelta(days=3)
        if state == "finished":
            made.finished_on, made.expected_on = clock.today(), None
    db.session.commit()
    return titles


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("", ["unplanned", "late", "running"]), ("open", ["unplanned", "late", "running"]), ("unplanned", ["unplanned"]),
        ("late", ["late"]), ("running", ["late", "running"]), ("finished", ["finished"]),
        ("all", ["finished", "running", "late", "unplanned"]), ("nonsense", ["unplanned", "late", "running"]),
    ],
)
def test_the_list_shows_a_state_with_what_is_due_on_top(app, db, browser, marcus, state, shown):
    titles = _four(app, db, marcus)
    page = browser.as_(marcus).get("staff.orders.index", **({"state": state} if state else {}))
    assert [row.get_text().strip() for row in page.all(".list-row-title")] == [titles[one] for one in shown]


def test_the_list_finds_every_word_and_takes_signs_as_they_are(app, db, browser, marcus):
    titles = _four(app, db, marcus)
    found = browser.as_(marcus).get("staff.orders.index", q="的家 超期")
    assert [row.get_text().strip() for row in found.all(".list-row-title")] == [titles["late"]]
    for nothing in ("%", "_", "超期 施工", "\\"):
        page = browser.as_(marcus).get("staff.orders.index", q=nothing)
        assert not page.all(".list-row")
        assert "没有符合条件的订单" in page.words


def test_a_long_list_goes_on_over_pages(app, db, browser, ada, marcus):
    for _n in range(53):
        factories.make_order(project := factories.make_project(), works.signed(project, marcus), expected_on=clock.today())
    db.session.commit()
    first = browser.as_(ada).get("staff.orders.index")
    second = browser.as_(ada).get(first.one('.pager a[rel="next"]')["href"])
    titles = [row.get_text() for page in (first, second) for row in page.all(".list-row-title")]
    assert (len(first.all(".list-row")), len(second.all(".list-row")), len(set(titles))) == (50, 3, 53)
    assert browser.as_(ada).get("staff.orders.index", page=-4).status == 200
    assert browser.as_(ada).get("staff.orders.index", page=10**12).status == 200


def test_the_pages_cost_the_same_with_more_orders_notes_and_photos(app, db, browser, order, marcus, ada):
    first = works.stage(order, "S01")

    def grow():
        for n in range(8):
            project = factories.make_project()
            factories.assign(project, marcus, Role.PROJECT_MANAGER)
            works.ordered(app, project, marcus)
            note(browser, marcus, order, first, body=f"第{n}天", pictures=pictures(works.jpeg()), for_homeowner="y" if n % 2 else None)

    note(browser, marcus, order, first, body="起", pictures=pictures(works.jpeg()))
    note(browser, marcus, order, first, body="内部", pictures=pictures(works.jpeg()), for_homeowner=None)
    as_marcus, as_ada = browser.as_(marcus), browser.as_(ada)

    def ask():
        assert as_marcus.get("staff.orders.index").status == 200
        assert as_ada.get("staff.orders.index").status == 200
        assert as_marcus.get("staff.orders.show", order_id=order.id).status == 200

    assert_same_cost(app, ask, grow)


@pytest.mark.parametrize(("language", "words"), [("zh", "拍照或选照片"), ("en", "Take or choose photos")])
def test_both_languages(db, browser, order, marcus, language, words):
    page = browser.as_(marcus, language=language).get("staff.orders.show", order_id=order.id)
    assert words in page.words
    assert browser.as_(marcus, language=language).get("staff.orders.index").status == 200


def test_a_home_without_order_says_so(db, browser, home, marcus):
    page = browser.as_(marcus).get("staff.orders.project", project_id=home.id)
    assert "还没有订单" in page.words
